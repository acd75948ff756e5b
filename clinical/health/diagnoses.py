"""ICD-10-CM with its words: looked up by code, searched by words, out of the package's own tabular list.

The package builds a tree of everything in 180 MB when it is imported, in each worker. What a search
needs is a tenth of that, so its file is read here and its code is not run. The package's edition is
the code's edition: who upgrades the one upgrades the other.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from xml.etree import ElementTree

PACKAGE = "simple_icd_10_cm"
MOST = 20  # found by one search
_WORD = re.compile(r"[a-z0-9]+")
_CODE = re.compile(r"[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{0,4})?", re.IGNORECASE)
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A category or code, its words, and what else it is called there."""

    code: str
    words: str
    terms: tuple[str, ...]


class Tabular:
    """The tabular list, and which of its entries hold a word."""

    def __init__(self, entries: list[Diagnosis]) -> None:
        self.entries = entries
        self.by_code = {_bare(each.code): number for number, each in enumerate(entries)}
        postings: dict[str, array[int]] = {}
        for number, each in enumerate(entries):
            for word in set(_WORD.findall(" ".join((each.words, *each.terms)).lower())):
                postings.setdefault(word, array("I")).append(number)
        self.words = sorted(postings)
        self.postings = [postings[word] for word in self.words]

    def named(self, code: str) -> Diagnosis | None:
        """The entry of a code. Of one with a seventh character (which encounter it was) that without it."""
        plain = _bare(code)
        for candidate in (plain, plain[:6].rstrip("X") if len(plain) == 7 else plain):
            number = self.by_code.get(candidate)
            if number is not None:
                return self.entries[number]
        return None

    def search(self, said: str, most: int = MOST) -> list[Diagnosis]:
        """The entries that hold every word of ``said``, or the beginning of one; a code finds its family."""
        said = said.strip()
        if _CODE.fullmatch(said) and (found := self._family(_bare(said), most)):
            return found
        wanted = [word for word in _WORD.findall(said.lower()) if len(word) > 1]  # "a" begins everything
        if not wanted:
            return []
        numbers = set.intersection(*(set(self._holding(word)) for word in wanted))
        ranked = sorted(numbers, key=lambda number: self._rank(number, wanted))
        return [self.entries[number] for number in ranked[:most]]

    def _family(self, plain: str, most: int) -> list[Diagnosis]:
        codes = sorted(code for code in self.by_code if code.startswith(plain))
        return [self.entries[self.by_code[code]] for code in codes[:most]]

    def _holding(self, beginning: str) -> Iterator[int]:
        at = bisect_left(self.words, beginning)
        while at < len(self.words) and self.words[at].startswith(beginning):
            yield from self.postings[at]
            at += 1

    def _rank(self, number: int, wanted: list[str]) -> tuple[int, bool, int, str]:
        """Whole words of the entry's own name first, then names that begin so, then the shortest, then the code."""
        entry = self.entries[number]
        own = _WORD.findall(entry.words.lower())
        missing = sum(word not in own for word in wanted)
        return (missing, not own[0].startswith(wanted[0]), len(entry.words), entry.code)


def _bare(code: str) -> str:
    return code.replace(".", "").strip().upper()


def _file() -> Path:
    spec = find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    found = sorted(file for place in places for file in Path(place, "data").glob("*tabular*.xml"))
    if not found:
        raise FileNotFoundError(f"no tabular list in `{PACKAGE}`")
    return found[-1]


def _read() -> Iterator[Diagnosis]:
    for _event, element in ElementTree.iterparse(_file(), events=("end",)):
        if element.tag != "diag":
            continue
        notes = element.findall("inclusionTerm/note")
        terms = tuple(note.text.strip() for note in notes if note.text)
        yield Diagnosis(
            (element.findtext("name") or "").strip(), (element.findtext("desc") or "").strip(), terms
        )
        for child in list(element):
            element.remove(child)  # its parts were told already; the file is large


@cache
def _tabular() -> Tabular:
    return Tabular(list(_read()))


def tabular() -> Tabular:
    """The list, read once in a worker, by one thread."""
    with _lock:
        return _tabular()
