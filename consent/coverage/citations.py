"""Citations in running text, read into the paragraphs they name.

"42 CFR 2.31(a)(4)(i), (5)(ii), 2.12(e)" names three: what follows a comma goes on at the level
of the outline where it fits. Only the sections of the table of paragraphs are known.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_STEP: Final = r"\((?:[a-z]{1,4}|[A-Z]|\d{1,2})\)"
_GOES_ON: Final = re.compile(rf"(?P<joint>-|, and |, | and |/)(?P<path>(?:{_STEP})+)")
# A citation that names its code; the number after it must be a section of the table.
_CODED: Final = re.compile(
    r"\b\d+ (?:CFR|U\.S\.C\.|P\.S\.|Pa\.C\.S\.|Pa\. Code|FR) (?:§+ ?)?(?P<number>\d[\w.]*)", re.ASCII
)
Path = tuple[str, ...]


class Reader:
    """Finds citations of known sections and of sources known by name."""

    def __init__(self, sections: Mapping[str, str], names: Iterable[str]) -> None:
        """``sections``: full citation by bare number, ``2.12`` for ``42 CFR 2.12``."""
        self.sections = sections
        self.names = tuple(names)
        numbers = "|".join(re.escape(each) for each in sorted(sections, key=len, reverse=True))
        self._section = re.compile(rf"(?<![\w.])(?P<number>{numbers})(?P<path>(?:{_STEP})*)(?!\w|\.\d)")

    def paragraphs(self, text: str) -> Iterator[str]:
        """The paragraphs that the text names, in its order."""
        yield from (name for name in self.names if name in text)
        for found in self._section.finditer(text):
            section, path = self.sections[found["number"]], steps(found["path"])
            yield section + written(path)
            place = found.end()
            while path and (more := _GOES_ON.match(text, place)):
                going_on = steps(more["path"])
                for each in _next(path, going_on, is_range=more["joint"] == "-"):
                    path = each
                    yield section + written(path)
                place = more.end()

    def unknown(self, text: str) -> Iterator[str]:
        """Citations whose section is not known."""
        for found in _CODED.finditer(text):
            number = found["number"].rstrip(".")
            known = number in self.sections or any(each.startswith(f"{number}-") for each in self.sections)
            if not known and not any(number in name for name in self.names):
                yield found[0]


def steps(path: str) -> Path:
    """``(a)(1)`` as ``a``, ``1``."""
    return tuple(re.findall(r"\((\w+)\)", path))


def written(path: Path) -> str:
    """The other way round."""
    return "".join(f"({each})" for each in path)


def _kind(step: str, place: int) -> str:
    if step.isdigit():
        return "number"
    if step.isupper():
        return "capital"
    return "letter" if place == 0 else "roman"


def _next(path: Path, going_on: Path, *, is_range: bool) -> list[Path]:
    """Where a citation goes on after a comma, or every paragraph up to where it ends."""
    level = _level(path, going_on[0])
    if not is_range or level >= len(path):
        return [path[:level] + going_on]
    between = [(*path[:level], each) for each in _between(path[level], going_on[0], level)]
    return [*between[:-1], path[:level] + going_on]


def _level(path: Path, step: str) -> int:
    """The deepest level whose kind fits; a lower-case numeral stays roman where the path has one."""
    kinds = [_kind(each, place) for place, each in enumerate(path)]
    wanted = {_kind(step, 0)}
    if step in ROMAN and "roman" in kinds:
        wanted = {"roman"}
    fitting = [place for place, kind in enumerate(kinds) if kind in wanted]
    return fitting[-1] if fitting else len(path)


def _between(first: str, last: str, level: int) -> list[str]:
    """The steps after ``first`` up to ``last``."""
    kind = _kind(first, level)
    if kind == "number":
        return [str(each) for each in range(int(first) + 1, int(last) + 1)]
    if kind == "roman":
        return list(ROMAN[ROMAN.index(first) + 1 : ROMAN.index(last) + 1])
    return [chr(each) for each in range(ord(first) + 1, ord(last) + 1)]


def ordered(cites: Iterable[str]) -> list[str]:
    """In the order of a code: by section, then by the outline."""
    return sorted(set(cites), key=sort_key)


def sort_key(cite: str) -> tuple[object, ...]:
    """Numbers by size, letters by the alphabet, numerals by what they count."""
    head, _, tail = cite.partition("(")
    path = steps(f"({tail}" if tail else "")
    number = tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|[^\d.\s-]+", head)
    )
    return (number, tuple(_rank(step, place) for place, step in enumerate(path)))


def _rank(step: str, place: int) -> tuple[int, str]:
    if step.isdigit():
        return (int(step), "")
    if _kind(step, place) == "roman" and step in ROMAN:
        return (ROMAN.index(step), "")
    return (0, step)


def ancestors(cite: str) -> Iterator[str]:
    """The paragraphs that it is part of, the nearest first, up to its section."""
    head, _, tail = cite.partition("(")
    path = steps(f"({tail}" if tail else "")
    for length in range(len(path) - 1, -1, -1):
        yield head + written(path[:length])
