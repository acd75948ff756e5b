"""What is kept of a name, a birth date or a phone number for finding it again. No database, no key.

Names are spelled in many ways by people who heard them once, at night. So a name is taken
apart into words without case, accents, hyphens and apostrophes, and each word also counts
as it sounds. Nicknames are another question, which nobody can answer for a whole city.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import jellyfish

MOST_WORDS = 8  # of one question; nobody has more names than that
PHONE_DIGITS = 10  # the last ones: with and without the country's prefix is one number
FEWEST_PHONE_DIGITS = 7
FEWEST_LETTERS = 2
# Letters that are no letter with a mark, and what people without that key type for them.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)
_APOSTROPHES = "'’‘ʼʻ`´′＇"
_HYPHENS = "-‐‑‒–—−﹣－"
_INSIDE = re.compile(f"[{re.escape(_APOSTROPHES + _HYPHENS)}]+")
_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(rf"[^\W_]+(?:[{re.escape(_APOSTROPHES + _HYPHENS)}]+[^\W_]+)*")
_IS_LATIN = re.compile(r"[a-z]{2,}")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_MONTH = r"(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATES = (
    re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<m>\d{1,2})[-/.](?P<d>\d{1,2})[-/.](?P<y>\d{4})(?!\d)"),
    re.compile(rf"\b{_MONTH}\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})(?!\d)", re.IGNORECASE),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})\s+{_MONTH},?\s+(?P<y>\d{{4}})(?!\d)", re.IGNORECASE),
)
_PHONE = re.compile(r"\+?\(?\d[\d\s().\-/]{4,}\d")
# Words that describe somebody and name nobody: found as they stand, but no reason to take two for one.
DESCRIBING = frozenset(
    "unknown man woman male female person people boy girl child baby adult young old older elderly teen about "
    "approx aged age years year name names named gives given called calls says said short tall thin heavy black "
    "white brown gray grey red green blue yellow orange purple pink dark light blond blonde bald beard hair long "
    "coat jacket parka hoodie hat cap boots shoes shirt pants jeans dress glasses backpack bag suitcase wheeled "
    "wheelchair crutches cane walker dog cat small big large denim braid tattoo mid late early teens twenties "
    "thirties forties fifties sixties seventies eighties nineties a an the and or of no not yet in on at by near "
    "from to for with without under behind is was has had her his she he they their them it who goes street st "
    "ave avenue road rd alley corner block porch stairs steps bus station stop park bench bridge door house home "
    "apartment apt room floor shelter church store shop hotel neighbor neighbour mother father son daughter "
    "sister brother wife husband friend family phone lives stays sits sitting".split()
)


def plain(text: str) -> str:
    """``text`` in small letters without marks, whatever keyboard it came from.

    Compatibility forms first (NFKC), then case, then the marks that decomposition sets free.
    """
    small = unicodedata.normalize("NFKC", text).casefold()
    taken_apart = unicodedata.normalize("NFD", small)
    bare = "".join(c for c in taken_apart if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare).translate(_PLAIN_LETTERS)


def pieces(text: str) -> list[str]:
    """The words of a text; what a hyphen or an apostrophe joins is one: ``O'Brien`` is ``obrien``."""
    return [_INSIDE.sub("", piece) for piece in _PIECE.findall(plain(text))]


def spellings(name: str) -> set[str]:
    """Every word by which a name is found: its pieces, their parts, and all of it as one.

    ``Anna-Maria de la Cruz`` is found by each word, by ``annamaria`` and by ``delacruz``
    when that is the family name.
    """
    whole = pieces(name)
    parts = _WORD.findall(plain(name))
    return {each for each in (*whole, *parts, "".join(whole)) if each}


def sounds(word: str) -> frozenset[str]:
    """How a word sounds, in two ways; nothing for digits and for letters that are not Latin.

    Metaphone and NYSIIS miss different variants: together they find more than either, and take
    fewer for one than Soundex does (the figures stand in docs/decisions.md).
    """
    if not _IS_LATIN.fullmatch(word):
        return frozenset()
    by = (("m", jellyfish.metaphone(word)), ("n", jellyfish.nysiis(word)))
    return frozenset(f"{way}:{code}" for way, code in by if code)


def phone(text: str) -> str:
    """The last ten digits of a phone number; ``""`` for what has fewer than seven."""
    digits = "".join(str(unicodedata.digit(c)) for c in text if c.isdigit())
    return digits[-PHONE_DIGITS:] if len(digits) >= FEWEST_PHONE_DIGITS else ""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody typed to find a client: words in any order, a birth date, a phone number."""

    words: tuple[str, ...] = ()
    born_on: date | None = None
    phone: str = ""

    @property
    def is_enough(self) -> bool:
        """Is it enough to look for? One letter is not."""
        return bool(self.born_on or self.phone) or sum(map(len, self.words)) >= FEWEST_LETTERS


def read(text: str) -> Said:
    """Take what was typed apart; what is no date and no number is words."""
    born_on, rest = _take_date(unicodedata.normalize("NFKC", text))
    number, rest = _take_phone(rest)
    return Said(words=tuple(dict.fromkeys(pieces(rest)))[:MOST_WORDS], born_on=born_on, phone=number)


def _take_date(text: str) -> tuple[date | None, str]:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if found := _as_date(match):
                return found, f"{text[: match.start()]} {text[match.end() :]}"
    return None, text


def _as_date(match: re.Match[str]) -> date | None:
    month = match["m"].lower()
    try:
        return date(int(match["y"]), _MONTHS.get(month[:3]) or int(month), int(match["d"]))
    except ValueError:
        return None


def _take_phone(text: str) -> tuple[str, str]:
    for match in _PHONE.finditer(text):
        if found := phone(match[0]):
            return found, f"{text[: match.start()]} {text[match.end() :]}"
    return "", text


def naming(text: str) -> Iterator[str]:
    """The words of a description that could be somebody's name."""
    return (each for each in pieces(text) if each not in DESCRIBING and not each[0].isdigit())
