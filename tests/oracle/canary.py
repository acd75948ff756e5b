"""Canaries: values planted in protected fields, so that a leak can be recognised anywhere.

A token says nothing to a reader and everything to the scanner. Names, dates and phone
numbers look real, because code treats them as such: it cuts, capitalises, formats and
splits them, and the scanner must know them afterwards.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

TOKEN_PREFIX = "CNRY"
TOKEN_CHARACTERS = 12
# A truncated token is still a leak; four characters after the prefix tell a million apart.
TOKEN = re.compile(r"cnry[a-z2-7]{4,12}")
# One that nobody planted counts where it stands by itself: in a longer run of letters, a random key
# or form token, the same sixteen characters turn up once in some ten thousand answers.
ALONE = re.compile(r"(?<![a-z0-9_+/-])cnry[a-z2-7]{12}(?![a-z0-9_+/-])")

# Surnames nobody bears: the prefix, then consonant and vowel in turn.
SURNAME_PREFIX = "Zev"
CONSONANTS, VOWELS = "bdfgklmnprstvz", "aeiou"
SURNAME_SYLLABLES = 4
SURNAME = re.compile(rf"zev(?:[{CONSONANTS}][{VOWELS}]){{3,{SURNAME_SYLLABLES}}}")

FIRST_DAY, LAST_DAY = date(1901, 1, 1), date(1903, 12, 31)
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
MONTH = rf"(?P<{{0}}>{'|'.join(MONTHS)})[a-z]*\.?"
DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<y>190[1-3])[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?)(?!\d)",
        r"(?<!\d)(?P<m>\d\d?)[-/.](?P<d>\d\d?)[-/.](?P<y>190[1-3])(?!\d)",
        r"(?<!\d)(?P<y>190[1-3])(?P<m>[01]\d)(?P<d>[0-3]\d)(?=[^\d]|t\d|$)",
        rf"(?<![a-z]){MONTH.format('m')}\s+(?P<d>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<y>190[1-3])(?!\d)",
        rf"(?<!\d)(?P<d>\d\d?)(?:st|nd|rd|th)?\s+{MONTH.format('m')},?\s+(?P<y>190[1-3])(?!\d)",
    )
)
PHONE = re.compile(
    r"(?<!\d)(?:\+?1[-. ]?)?(?:\(?(?P<area>[2-9]\d\d)\)?[-. ]{0,2})?555[-. ]?(?P<line>01\d\d)(?!\d)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Canary:
    """A planted value, and whose protected field it stands in."""

    kind: str
    text: str
    segment: str
    record: str
    field: str
    subject: UUID | None = None
    compartment: int | None = None

    @property
    def place(self) -> tuple[str, str, str]:
        return (self.segment, self.record, self.field)

    def __str__(self) -> str:
        return f"{self.kind} {self.text} of {self.segment}/{self.record}/{self.field}"


def unplanted(token: str) -> Canary:
    """A token that no test of this session planted: from another one, or typed in by hand."""
    return Canary(kind="token", text=token.upper(), segment="?", record="?", field="?")


class CompartmentLike(Protocol):
    """What `World.of` reads of a compartment."""

    pk: int
    subject_id: UUID


@dataclass
class Registry:
    """Every canary planted in this session, found again by what is left of it."""

    by_token: dict[str, Canary] = field(default_factory=dict)
    by_surname: dict[str, set[Canary]] = field(default_factory=dict)
    by_date: dict[date, set[Canary]] = field(default_factory=dict)
    by_line: dict[str, set[Canary]] = field(default_factory=dict)

    def plant(self, canary: Canary) -> str:
        text = canary.text
        if canary.kind == "token":
            self.by_token[text.lower()] = canary
        elif canary.kind == "name":
            self.by_surname.setdefault(text.split()[-1].lower(), set()).add(canary)
        elif canary.kind == "date":
            self.by_date.setdefault(date.fromisoformat(text), set()).add(canary)
        else:
            self.by_line.setdefault(text[-4:], set()).add(canary)
        return text

    def find(self, text: str) -> set[Canary]:
        """The canaries that stand in ``text``, which is lower case and decoded already."""
        found: set[Canary] = set()
        if "cnry" in text:
            alone = set(ALONE.findall(text))
            found.update(*(self._of_token(token, token in alone) for token in set(TOKEN.findall(text))))
        if "zev" in text:
            found.update(*map(self._of_surname, set(SURNAME.findall(text))))
        if "190" in text:
            found.update(self._of_dates(text))
        if "555" in text:
            found.update(self._of_phones(text))
        return found

    def _of_token(self, token: str, is_alone: bool) -> Iterable[Canary]:
        if token in self.by_token:
            return [self.by_token[token]]
        if len(token) == len(TOKEN_PREFIX) + TOKEN_CHARACTERS:
            return [unplanted(token)] if is_alone else []
        return [canary for known, canary in self.by_token.items() if known.startswith(token)]

    def _of_surname(self, surname: str) -> Iterable[Canary]:
        if surname in self.by_surname:
            return self.by_surname[surname]
        cut = [known for known in self.by_surname if known.startswith(surname)]
        return [canary for known in cut for canary in self.by_surname[known]]

    def _of_dates(self, text: str) -> Iterable[Canary]:
        for pattern in DATES:
            for match in pattern.finditer(text):
                month = match["m"]
                number = int(month) if month.isdigit() else MONTHS.index(month) + 1
                try:
                    day = date(int(match["y"]), number, int(match["d"]))
                except ValueError:
                    continue
                yield from self.by_date.get(day, ())

    def _of_phones(self, text: str) -> Iterable[Canary]:
        for match in PHONE.finditer(text):
            for canary in self.by_line.get(match["line"], ()):
                if match["area"] in (None, canary.text[:3]):
                    yield canary


planted = Registry()


@dataclass(frozen=True)
class World:
    """A source of canaries; the same seed gives the same ones again."""

    seed: str = "world"
    registry: Registry = field(default_factory=lambda: planted, compare=False, repr=False)

    def _digest(self, *parts: str) -> bytes:
        return hashlib.sha256("\x1f".join((self.seed, *parts)).encode()).digest()

    def _plant(self, kind: str, text: str, place: "Place") -> str:
        return self.registry.plant(
            Canary(
                kind=kind,
                text=text,
                segment=place.segment,
                record=place.record,
                field=place.field,
                subject=place.subject,
                compartment=place.compartment,
            )
        )

    def token(self, place: "Place") -> str:
        """``CNRY`` and twelve base32 characters: 60 bits of the place it was planted in."""
        code = base64.b32encode(self._digest("token", *place.key)).decode()
        return self._plant("token", TOKEN_PREFIX + code[:TOKEN_CHARACTERS], place)

    def surname(self, place: "Place") -> str:
        digest = self._digest("name", *place.key)
        syllables = (
            CONSONANTS[digest[2 * i] % len(CONSONANTS)] + VOWELS[digest[2 * i + 1] % len(VOWELS)]
            for i in range(SURNAME_SYLLABLES)
        )
        return self._plant("name", SURNAME_PREFIX + "".join(syllables), place)

    def day(self, place: "Place") -> date:
        days = (LAST_DAY - FIRST_DAY).days + 1
        offset = int.from_bytes(self._digest("date", *place.key)[:4]) % days
        return date.fromisoformat(
            self._plant("date", (FIRST_DAY + timedelta(days=offset)).isoformat(), place)
        )

    def phone(self, place: "Place") -> str:
        number = int.from_bytes(self._digest("phone", *place.key)[:4])
        area, line = 200 + number % 800, number // 800 % 100
        return self._plant("phone", f"{area}-555-01{line:02}", place)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A protected field of a record."""

    segment: str
    record: str
    field: str
    subject: UUID | None = None
    compartment: int | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.segment, self.record, self.field)
