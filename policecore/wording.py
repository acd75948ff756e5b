"""The words of a referral: what the chips say, and which words an officer is asked to think about.

Two lists. *Clinical* words warn, the same on both sides (`consent.labels.speech`): the officer writes
what was seen instead, or confirms that the person said it. Words of *record checks and investigations* must go:
no field may carry them across, a safety note least of all (28 CFR 20.33; 18 Pa.C.S. 9106).
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from consent.labels import speech

FOLDER = Path(__file__).resolve().parent / "words"

# Code, chip, and the hint: what it looked like, not what it is called.
REASONS = (
    ("basic_needs", "Basic needs", "Hungry, cold, no phone, no way home"),
    ("frequent_911", "Frequent 911", "Called several times, and nothing was settled"),
    ("fall_risk", "Falls", "Fell, or could not get up alone"),
    ("mental_health_concern_observed", "Mental health concern", "Very frightened, spoke to nobody in sight, could not be calmed"),
    ("arrest_diversion", "Diversion from arrest", "Instead of a charge, and the person wants to talk with LEAD"),
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


@cache
def _record() -> re.Pattern[str]:
    return speech.finder(speech.phrases_in(FOLDER / "record.txt"))


def clinical_words(*texts: str) -> list[str]:
    """The clinical words in what was written: diagnoses, medicines, and the trade's shorthand."""
    return speech.clinical_words(*texts)


def record_words(*texts: str) -> list[str]:
    """The words in what was written that come from a record check or an investigation."""
    return speech.found(_record(), texts)
