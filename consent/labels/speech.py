"""Words that a line which the police can read should not hold: diagnoses, medicines, the trade's shorthand.

Both sides ask the same list, so that a word which stops an officer stops a clinician too.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from consent.labels.kinds import Kind
from consent.labels.medicines import medicines

FOLDER = Path(__file__).resolve().parent
# Seen and given on the street: that it was given is an observation, not a diagnosis.
SEEN_ON_SCENE = frozenset({"naloxone", "nalmefene", "diamorphine", "amphetamine", "methamphetamine"})


def phrases_in(path: Path) -> list[str]:
    """The phrases of a list, one a line; ``#`` begins a remark."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def finder(phrases: Iterable[str]) -> re.Pattern[str]:
    """Whole words and phrases, upper or lower case alike; hyphens, spaces and ends of lines are one."""
    parts = {r"[\s-]+".join(re.escape(word) for word in phrase.split()) for phrase in phrases}
    longest_first = sorted(parts, key=lambda part: (-len(part), part))
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE)


def found(pattern: re.Pattern[str], texts: Iterable[str]) -> list[str]:
    """Each phrase that stands in the texts, once, in small letters."""
    matches = (match.group().lower() for text in texts for match in pattern.finditer(folded(text)))
    return list(dict.fromkeys(matches))


def folded(text: str) -> str:
    """Typographic apostrophes and wide letters as a keyboard writes them."""
    return unicodedata.normalize("NFKC", text).replace("’", "'").replace("‐", "-").replace("‑", "-")


@cache
def _clinical() -> re.Pattern[str]:
    told = [each for each in medicines() if each.kind in (Kind.SUBSTANCE, Kind.MENTAL, Kind.HIV)]
    ingredients = {each.name for each in told} - SEEN_ON_SCENE
    brands = {brand for each in told if each.kind is Kind.HIV for brand in each.brands}
    return finder([*phrases_in(FOLDER / "trade.txt"), *ingredients, *brands])


def clinical_words(*texts: str) -> list[str]:
    """The clinical words in what was written."""
    return found(_clinical(), texts)
