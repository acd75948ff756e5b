"""The words of a referral: what the chips say, and which words an officer is asked to think about.

Two lists, a file each. *Clinical* words warn: the officer writes what was seen instead,
or confirms that the person said it. Words of *record checks and investigations* must go:
no field may carry them across, a safety note least of all (28 CFR 20.33; 18 Pa.C.S. 9106).
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "words"

# Code, chip, and the hint: what it looked like, not what it is called.
REASONS = (
    ("basic_needs", "Basic needs", "Hungry, cold, no phone, no way home"),
    ("frequent_911", "Frequent 911", "Called several times, and nothing was settled"),
    ("fall_risk", "Falls", "Fell, or could not get up alone"),
    ("mental_health_concern_observed", "Mental health concern", "Very frightened, spoke to nobody in sight, could not be calmed"),
    ("overdose", "Overdose", "Did not wake, blue lips, naloxone was given"),
    ("victim", "Victim", "Was hurt or threatened"),
    ("family_of_victim", "Family of a victim", "Lost somebody, or lives with who was hurt"),
    ("housing", "Housing", "Sleeps outside or in a car, or is being put out"),
)  # fmt: skip
PROGRAMS = (
    ("", "Let them choose"),
    ("CO-RESPONSE", "Co-Response"),
    ("PINS", "PINS"),
    ("LEAD", "LEAD"),
    ("POST", "POST"),
    ("TSAP", "TSAP"),
    ("ROOTS", "ROOTS"),
)


def reason_words(codes: Iterable[str]) -> list[str]:
    """The chips' words for their codes."""
    words = {code: label for code, label, _hint in REASONS}
    return [words.get(code, code) for code in codes]


def program_words(slug: str) -> str:
    """The suggestion in words."""
    return dict(PROGRAMS).get(slug, slug)


@lru_cache(maxsize=4)
def _pattern(name: str) -> re.Pattern[str]:
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    phrases = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    parts = [r"[\s-]+".join(re.escape(word) for word in phrase.split()) for phrase in phrases]
    parts.sort(key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def _found(name: str, texts: Iterable[str]) -> list[str]:
    found = (match.group().lower() for text in texts for match in _pattern(name).finditer(_folded(text)))
    return list(dict.fromkeys(found))


def _folded(text: str) -> str:
    """Typographic apostrophes and wide letters as a keyboard writes them."""
    return unicodedata.normalize("NFKC", text).replace("’", "'").replace("‐", "-").replace("‑", "-")


def clinical_words(*texts: str) -> list[str]:
    """The clinical words in what was written: diagnoses, medicines, and the trade's shorthand."""
    return _found("clinical", texts)


def record_words(*texts: str) -> list[str]:
    """The words in what was written that come from a record check or an investigation."""
    return _found("record", texts)
