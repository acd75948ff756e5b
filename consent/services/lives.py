"""Programs through time: what one was called, when it ran, what it went into, and what may be compared with what.

A figure of a program that was split or merged says nothing beside the same program's figure of a year
before. What stays comparable is the *line*: every program that is joined to it by a split or a merger.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import prefetch_related_objects

from consent.engine import forms
from consent.models import Program, ProgramChange

Kind = ProgramChange.Kind
SANITIZED_WITHIN_YEARS = 1  # 42 CFR 2.19(b)(2)(iii)


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days on which a program ran: from ``begins_on``, and not on ``ends_on``; ``None`` is open."""

    begins_on: date | None
    ends_on: date | None

    def holds(self, day: date) -> bool:
        """Did it run on ``day``?"""
        return (self.begins_on is None or self.begins_on <= day) and (
            self.ends_on is None or day < self.ends_on
        )


def periods(program: Program, changes: Iterable[ProgramChange]) -> list[Period]:
    """When ``program`` ran, the earliest first; a restart begins another period.

    Args:
        changes: The program's own, the earliest first.
    """
    found: list[Period] = []
    begins_on, runs = program.begins_on, True
    for change in changes:
        if change.closes and runs:
            found.append(Period(begins_on=begins_on, ends_on=change.on))
            runs = False
        elif change.kind == Kind.RESTARTED and not runs:
            begins_on, runs = change.on, True
    if runs:
        found.append(Period(begins_on=begins_on, ends_on=program.ends_on))
    return found


def name_on(program: Program, changes: Iterable[ProgramChange], day: date) -> str:
    """What ``program`` was called on ``day``."""
    for change in changes:
        if change.kind == Kind.RENAMED and day < change.on:
            return change.name_before
    return program.name


def changes_of(programs: Iterable[Program]) -> dict[int, list[ProgramChange]]:
    """Each program's changes, the earliest first, with what they went into."""
    found: dict[int, list[ProgramChange]] = defaultdict(list)
    rows = list(ProgramChange.objects.of(programs))
    if rows:
        prefetch_related_objects(rows, "into__organization")
    for row in rows:
        found[row.program_id].append(row)
    return found


def is_running(program: Program, on: date) -> bool:
    """Does ``program`` take anybody new on ``on``?"""
    return any(each.holds(on) for each in periods(program, ProgramChange.objects.of([program])))


def running(programs: Sequence[Program], on: date) -> list[Program]:
    """Those of ``programs`` that take somebody new on ``on``, in their order; one query."""
    changes = changes_of(programs)
    return [
        program
        for program in programs
        if any(each.holds(on) for each in periods(program, changes.get(program.pk, ())))
    ]


def goes_on_as(program: Program, on: date) -> list[Program]:
    """The running programs that ``program`` went into, by way of others if need be; itself while it runs."""
    seen, waiting, found = {program.pk}, [program], []
    while waiting:
        each = waiting.pop(0)
        changes = changes_of([each]).get(each.pk, [])
        if any(period.holds(on) for period in periods(each, changes)):
            found.append(each)
            continue
        closing = next((change for change in reversed(changes) if change.closes and change.on <= on), None)
        for later in closing.into.all() if closing else ():
            if later.pk not in seen:
                seen.add(later.pk)
                waiting.append(later)
    return found


def line_of(program: Program) -> list[Program]:
    """Every program that a split or a merger joins to ``program``, itself among them, by slug.

    Added up, their figures compare from one year to the next; one by one they don't.
    """
    edges: dict[int, set[int]] = defaultdict(set)
    joined = ProgramChange.into.through.objects.filter(
        programchange__kind__in=[Kind.SPLIT, Kind.MERGED]
    ).values_list("programchange__program", "program")
    for one, other in joined:
        edges[one].add(other)
        edges[other].add(one)
    seen, waiting = {program.pk}, [program.pk]
    while waiting:
        for other in edges[waiting.pop()] - seen:
            seen.add(other)
            waiting.append(other)
    return list(Program.objects.filter(pk__in=seen).select_related("unit", "organization"))


# --- 42 CFR 2.19 -----------------------------------------------------------------------------------


def began(on: date) -> datetime:
    """The instant at which the day begins in the city."""
    return datetime.combine(on, time.min, forms.LOCAL_TIME)


def closed_by(changes: Iterable[ProgramChange], at: datetime) -> ProgramChange | None:
    """The change that keeps a program closed at ``at``; ``None`` while it runs, and once it runs again."""
    found = None
    for change in changes:
        if began(change.on) > at:
            break
        if change.closes:
            found = change
        elif change.kind == Kind.RESTARTED:
            found = None
    return found


def discontinued_by(changes: Iterable[ProgramChange], p2_status: str, at: datetime) -> ProgramChange | None:
    """The change that discontinued a Part 2 program and seals its records at ``at``.

    An undetermined program bears the burdens of the stricter status. A lawful holder is no
    Part 2 program, and no other program's end discontinues it.

    Cites: 42 CFR 2.19(a).
    """
    change = closed_by(changes, at)
    if change is None or change.is_same_program or p2_status not in ("program", "undetermined"):
        return None
    return change


def label(program: Program, change: ProgramChange, changes: Iterable[ProgramChange]) -> str:
    """What must stand on the sealed records.

    Cites: 42 CFR 2.19(b)(1), (b)(2)(iv)(A).
    """
    if not change.kept_under or change.kept_until is None:
        return ""
    return (
        f"Records of {name_on(program, changes, change.on)} required to be maintained under {change.kept_under} "
        f"until a date not later than {change.kept_until:%B %-d, %Y}"
    )


def sanitized_by(change: ProgramChange) -> date:
    """The day by which every other copy must be gone: a year after the discontinuation.

    Cites: 42 CFR 2.19(b)(2)(iii).
    """
    try:
        return change.on.replace(year=change.on.year + SANITIZED_WITHIN_YEARS)
    except ValueError:  # 29 February
        return date(change.on.year + SANITIZED_WITHIN_YEARS, 3, 1)


def clocks(change: ProgramChange) -> Iterator[tuple[str, date]]:
    """What is due for sealed records, and when."""
    if not change.kept_under or change.kept_until is None:
        yield "No law keeps them: remove what identifies the clients, or destroy them, from", change.on
        return
    yield "Every copy but the sealed ones sanitized by", sanitized_by(change)
    yield "Sealed records destroyed after", change.kept_until
