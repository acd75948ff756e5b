"""The map itself: lines of people, columns of segments, and for each pair the engine's answer in a few words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from clinical.bench.words import CARE_SEGMENTS, POLICE_SEGMENTS
from clinical.consents.catalog import KINDS
from clinical.consents.draft import information_of
from clinical.consents.selectors import consents_about
from clinical.privacymap.people import (
    GROUPS,
    Named,
    Person,
    organizations_shown,
    people,
)
from clinical.privacymap.trying import Known, Trial
from consent.access import NothingToTell
from consent.models import Compartment, Consent, Principal, Program, Scope
from consent.services.mapping import TELLING, Cell, Seen

_ORDER = {code: place for place, code in enumerate((*CARE_SEGMENTS, *POLICE_SEGMENTS))}
CARD: Final = frozenset({"REFIN"})
OPENS, CLOSES, OTHERWISE = "opens", "closes", "otherwise"
# A mark's words: what a trial does to a cell.
CHANGES: Final = {OPENS: "opens", CLOSES: "closes", OTHERWISE: "changes"}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A segment of one program's record."""

    program: Program
    segment: str
    is_on_forms_alone: bool = False  # no compartment of it is open to the asker; a form names it


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One cell as it is drawn; ``before`` is the answer without the trial, where something is tried."""

    person: Person
    column: Column
    cell: Cell
    before: Cell | None = None

    @property
    def key(self) -> str:
        """What is posted when it is touched."""
        return f"{self.column.program.slug}:{self.column.segment}:{self.person.key}"

    @property
    def state(self) -> str:
        """``form`` where a signed form opens it, ``law`` where the law does without one, ``no``."""
        if not self.cell.is_open:
            return "no"
        return "form" if self.cell.consents else "law"

    @property
    def change(self) -> str:
        """What the trial does to it, if anything."""
        if self.before is None:
            return ""
        if self.before.is_open != self.cell.is_open:
            return OPENS if self.cell.is_open else CLOSES
        same = (self.before.until, set(self.before.permits)) == (self.cell.until, set(self.cell.permits))
        return "" if same else OTHERWISE

    @property
    def change_word(self) -> str:
        """The mark's word."""
        return CHANGES.get(self.change, "")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A person and their cells."""

    person: Person
    spots: tuple[Spot, ...]

    @cached_property
    def number_open(self) -> int:
        """How many cells are open."""
        return sum(spot.cell.is_open for spot in self.spots)

    @cached_property
    def is_changed(self) -> bool:
        """Does the trial do anything to it?"""
        return any(spot.change for spot in self.spots)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Lines that belong together."""

    key: str
    title: str
    lines: tuple[Line, ...]

    @cached_property
    def number_open(self) -> int:
        """How many of its people may be told something."""
        return sum(1 for line in self.lines if line.number_open)


@dataclass(frozen=True, kw_only=True)
class Map:
    """Everything that the page draws, at one instant, for one asker."""

    subject_id: UUID
    at: datetime
    scopes: tuple[Scope, ...]
    consents: tuple[Consent, ...]
    everybody: tuple[Person, ...]
    standing: Seen
    trial: Trial

    @cached_property
    def seen(self) -> Seen:
        """What stands, with what is tried."""
        if not self.trial:
            return self.standing
        added = self.trial.consents(self.by_key, self.at)
        return self.standing.trying(without=self.trial.without, added=added)

    @cached_property
    def by_key(self) -> dict[str, Person]:
        """The people by their key."""
        return {each.key: each for each in self.everybody}

    @cached_property
    def programs(self) -> dict[str, Program]:
        """The programs by slug."""
        return {each.program.slug: each.program for each in self.scopes}

    @cached_property
    def columns(self) -> list[Column]:
        """What the asker may open, what the forms that they may see name, and what is tried: program by program."""
        return [
            Column(program=program, segment=segment, is_on_forms_alone=segment not in self._opened(program))
            for program in self.programs.values()
            for segment in sorted(self._opened(program) | self._named(program), key=_place)
        ]

    def _opened(self, program: Program) -> set[str]:
        mine = (each.segments for each in self.scopes if each.program == program)
        return {segment for segments in mine for segment in segments} & TELLING

    def _named(self, program: Program) -> set[str]:
        signed = (each.segments for each in self.consents if each.program_id == program.pk)
        tried = (each.segments for each in self.trial.tried if each.program == program.slug)
        return {segment for segments in (*signed, *tried) for segment in segments} & TELLING

    @cached_property
    def by_program(self) -> list[tuple[Program, list[Column]]]:
        """The columns under their programs."""
        return [
            (program, [each for each in self.columns if each.program == program])
            for program in self.programs.values()
        ]

    @cached_property
    def has_programs(self) -> bool:
        """More than one, so that a square must say whose it is?"""
        return len(self.programs) > 1

    @cached_property
    def groups(self) -> list[Group]:
        """Every line, group by group."""
        return [
            Group(
                key=key, title=title,
                lines=tuple(self.line(each) for each in self.everybody if each.group == key),
            )
            for key, title in GROUPS.items()
        ]  # fmt: skip

    def line(self, person: Person) -> Line:
        """One person's cells."""
        return Line(person=person, spots=tuple(self._spots(person)))

    def _spots(self, person: Person) -> Iterator[Spot]:
        for program, columns in self.by_program:
            segments = [each.segment for each in columns]
            now = self.seen.row(person.candidate, program, segments)
            before = self.standing.row(person.candidate, program, segments) if self.trial else {}
            for column in columns:
                yield Spot(
                    person=person, column=column, cell=now[column.segment], before=before.get(column.segment)
                )

    def spot(self, key: str) -> Spot:
        """The cell of that key.

        Raises:
            NothingToTell: it is not on the map.
        """
        slug, segment, person = (*key.split(":", 2), "", "")[:3]
        column = next((e for e in self.columns if (e.program.slug, e.segment) == (slug, segment)), None)
        if column is None or person not in self.by_key:
            raise NothingToTell("no such cell on this map")
        about = (self.by_key[person].candidate, column.program, column.segment)
        before = self.standing.cell(*about) if self.trial else None
        return Spot(person=self.by_key[person], column=column, cell=self.seen.cell(*about), before=before)

    @cached_property
    def spots(self) -> list[Spot]:
        """Every cell."""
        return [spot for group in self.groups for line in group.lines for spot in line.spots]

    @cached_property
    def changed(self) -> list[Spot]:
        """The cells that the trial changes."""
        return [spot for spot in self.spots if spot.change]

    @property
    def changed_lines(self) -> list[Line]:
        """Those to whom the trial does something."""
        return [line for group in self.groups for line in group.lines if line.is_changed]

    @property
    def number_opening(self) -> int:
        """How many cells the trial opens."""
        return sum(spot.change == OPENS for spot in self.changed)

    @property
    def number_closing(self) -> int:
        """How many it closes."""
        return sum(spot.change == CLOSES for spot in self.changed)

    @property
    def number_otherwise(self) -> int:
        """How many stay open for other purposes or until another day."""
        return sum(spot.change == OTHERWISE for spot in self.changed)

    @property
    def segments_to_try(self) -> list[str]:
        """What a form that is tried may name: the columns, and what the programs' own forms name."""
        own = {each for program in self.programs.values() for each in segments_of_tiers(program)}
        return sorted({each.segment for each in self.columns} | own, key=_place)

    @cached_property
    def next_end(self) -> Spot | None:
        """The cell that closes first, of those that a date closes."""
        ending = [spot for spot in self.spots if spot.cell.until is not None]
        return min(ending, key=lambda spot: spot.cell.until or self.at, default=None)

    @cached_property
    def holding(self) -> list[Consent]:
        """The forms that count for something now: whose taking back can be tried."""
        used = {id_ for spot in self.spots for id_ in (spot.before or spot.cell).consents}
        wanted = used | set(self.trial.without)
        return [each for each in self.consents if str(each.pk) in wanted]


def _place(segment: str) -> tuple[int, str]:
    return (_ORDER.get(segment, len(_ORDER)), segment)


def scopes_open_about(subject_id: UUID) -> list[Scope]:
    """What of the client's record the asker may open: program and segments, each once; none of what was released.

    Whoever may see no more than the card that a duty unit got has no record to draw a map of.
    """
    rows = Compartment.objects.filter(subject_id=subject_id, recipient=None)
    found = rows.select_related("scope__program__unit", "scope__program__organization")
    scopes = {each.scope_id: each.scope for each in found}
    kept = {each.program_id for each in scopes.values() if not CARD.issuperset(each.segments)}
    return sorted(
        (each for each in scopes.values() if each.program_id in kept),
        key=lambda each: (each.program.slug, each.segments),
    )


def map_seen_by(asker: Principal, subject_id: UUID, at: datetime) -> Map:
    """The client's map as ``asker`` may see it, nothing tried; otherwise `NothingToTell`."""
    scopes = scopes_open_about(subject_id)
    if not scopes:
        raise NothingToTell(f"nothing about `{subject_id}` is open to `{asker.uid}`")
    consents = consents_about(subject_id)
    programs = {each.program_id: each.program for each in scopes}
    named = Named.on(consents)
    shown = organizations_shown(programs.values(), named, at)
    return Map(
        subject_id=subject_id, at=at, scopes=tuple(scopes), consents=tuple(consents),
        everybody=tuple(people(shown, named)), standing=Seen.about(subject_id, scopes, shown, at), trial=Trial(),
    )  # fmt: skip


def segments_of_tiers(program: Program) -> set[str]:
    """What the program's own forms name."""
    plain = information_of(KINDS["HIPAA-AUTH"], program)
    return {segment for each in plain.values() for segment in each.segments}


def tried_on(drawn: Map, trial: Trial) -> Map:
    """The same map with something tried."""
    return replace(drawn, trial=trial)


def known_on(drawn: Map) -> Known:
    """What can be tried on the map."""
    return Known(
        programs=drawn.programs,
        people=drawn.by_key,
        forms={str(each.pk) for each in drawn.consents},
        at=drawn.at,
    )


def in_words(consents: Iterable[Consent], everybody: Sequence[Person]) -> dict[str, list[str]]:
    """Whom each form names, by its id, in the map's own words."""
    labels = {(each.candidate.type, each.candidate.named_by): each.label for each in everybody}
    return {
        str(form.pk): [
            labels.get((line["type"], line.get("organization") or ""), line["type"].replace("_", " "))
            for line in form.recipients
        ]
        for form in consents
    }
