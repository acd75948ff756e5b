"""The tables: every paragraph known and what holds it, every rule and its tests.

The paragraphs are listed in the TOML files beside this one, by their numbers only, with the
reasons where no rule holds one. What holds a paragraph is read from the citations of the rules,
of the ids that only steer, and of the keys of the consent forms.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from consent import law
from consent.coverage.citations import Reader, ancestors, ordered
from consent.engine.rules import Library, Rule, library

HERE: Final = Path(__file__).resolve().parent
PARTS: Final = ("part2", "hipaa", "other")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One paragraph.

    Attributes:
        text_at_hand: Its words were before whoever wrote the rules; otherwise only what is said about it.
        rules: Ids of the rules, and of the ids that only steer, which cite just this paragraph.
        keys: Keys of consent forms that stand for it.
        note: Where else it is held, or why it is held by none; the author's words.
        within: The paragraph around it whose rules hold it too, or nothing.
        below: Paragraphs within it that have rules, where it has none of its own.
    """

    cite: str
    text_at_hand: bool
    rules: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    note: str = ""
    within: str = ""
    below: tuple[str, ...] = ()

    @property
    def is_explained(self) -> bool:
        """Does something hold it, or is it said why nothing does?"""
        return bool(self.rules or self.keys or self.note or self.within or self.below)


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section with its paragraphs; the first row is the section as a whole."""

    cite: str
    about: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A body of law."""

    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Coverage:
    """Everything that the page shows, put together from all packs there are and the data beside."""

    books: Library = field(default_factory=lambda: library(law.packs(law.PACKS)))

    @cached_property
    def data(self) -> Sequence[Mapping[str, Any]]:
        """The bodies of law as they are written down."""
        return [part for name in PARTS for part in _load(name)["part"]]

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """The citation of each key of a form."""
        return dict(_load("keys")["keys"])

    @cached_property
    def acts(self) -> Mapping[str, str]:
        """Where an id that only steers acts: a file, and a name in it."""
        return dict(_load("steering")["acts"])

    @cached_property
    def idle(self) -> Mapping[str, str]:
        """Why an id that only steers has no code of its own."""
        return dict(_load("steering")["idle"])

    @cached_property
    def named(self) -> Mapping[str, str]:
        """Sources that are no code of laws: cases, acts by number, local policy."""
        return dict(_load("other")["named"])

    @cached_property
    def reader(self) -> Reader:
        """Reads citations of the sections that are listed."""
        cites = [section["cite"] for part in self.data for section in part["section"]]
        numbers = {
            cite.rsplit(" ", 1)[-1]: cite for cite in cites if " section " not in cite and " FR " not in cite
        }
        whole = [cite for cite in cites if cite not in numbers.values()]
        return Reader(numbers, [*whole, *self.named])

    @cached_property
    def citing(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of rules and steering ids by the paragraph that they cite."""
        found: dict[str, set[str]] = {}
        for id_, cite in self.cites.items():
            for paragraph in self.reader.paragraphs(cite):
                found.setdefault(paragraph, set()).add(id_)
        return {paragraph: tuple(sorted(ids)) for paragraph, ids in found.items()}

    @cached_property
    def _standing(self) -> Mapping[str, tuple[str, ...]]:
        """Keys of forms by the paragraph that they stand for."""
        found: dict[str, list[str]] = {}
        for key, cite in sorted(self.keys.items()):
            for paragraph in self.reader.paragraphs(cite):
                found.setdefault(paragraph, []).append(key)
        return {paragraph: tuple(keys) for paragraph, keys in found.items()}

    @cached_property
    def _held(self) -> frozenset[str]:
        """What rules or keys cite exactly."""
        return frozenset(self.citing) | frozenset(self._standing)

    @cached_property
    def cites(self) -> Mapping[str, str]:
        """The citation of every rule and of every id that only steers."""
        found = {
            id_: "; ".join(_once(rule.cite for rule in rules)) for id_, rules in self.books.rules.items()
        }
        for pack in self.books.packs:
            for id_, cite in pack.gates.items():
                found.setdefault(id_, cite)
        return dict(sorted(found.items()))

    @property
    def rules(self) -> Mapping[str, Sequence[Rule]]:
        """The rules of each id."""
        return dict(sorted(self.books.rules.items()))

    @cached_property
    def steering(self) -> tuple[str, ...]:
        """The ids that only steer."""
        return tuple(id_ for id_ in self.cites if id_ not in self.books.rules)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The bodies of law with their paragraphs."""
        return tuple(
            Part(title=part["title"], sections=tuple(self._section(each) for each in part["section"]))
            for part in self.data
        )

    @cached_property
    def rows(self) -> Mapping[str, Row]:
        """Every paragraph by its citation."""
        return {row.cite: row for part in self.parts for section in part.sections for row in section.rows}

    def _section(self, written: Mapping[str, Any]) -> Section:
        cite = written["cite"]
        at_hand = set(written.get("text_at_hand", "").split())
        paths = written.get("paragraphs", "").split()
        notes = _notes(written.get("why", {})) | _notes(written.get("held", {}))
        known = {cite + path for path in paths} | {cite}
        rows = tuple(
            self._row(
                cite + path, path in at_hand or (not path and "whole" in at_hand), notes.get(path, ""), known
            )
            for path in ["", *paths]
        )
        return Section(cite=cite, about=written["about"], rows=rows)

    def _row(self, cite: str, at_hand: bool, note: str, known: Iterable[str]) -> Row:
        rules = self.citing.get(cite, ())
        keys = self._standing.get(cite, ())
        held = set(self.citing) | {
            each for where in self.keys.values() for each in self.reader.paragraphs(where)
        }
        around = [each for each in ancestors(cite) if "(" in each and each in held]
        has_none = not (rules or keys or note)
        below = tuple(each for each in ordered(known) if each.startswith(f"{cite}(") and each in self._held)
        return Row(
            cite=cite,
            text_at_hand=at_hand,
            rules=rules,
            keys=keys,
            note=note,
            within=around[0] if has_none and around else "",
            below=below if has_none and not around else (),
        )


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def _notes(written: Mapping[str, str]) -> dict[str, str]:
    """One reason may stand for several paragraphs, with spaces between them; ``whole`` is the section."""
    return {
        "" if path == "whole" else path: note for paths, note in written.items() for path in paths.split()
    }


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
