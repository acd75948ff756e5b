"""What counsel determined and what was agreed: dated, and never rewritten.

A determination that changed has a date of its own. It ends the one before on that day, so
that what was decided until then can be decided again the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.db.models import Q

from config.founding.changes import Changes
from config.founding.reading import Refused, place
from config.founding.tables import Agreed, Determined
from consent.models import Agreement, Determination, Organization, Program

TABLE = "determinations"
UNSAID = "an agreement holds that the file doesn't name: name it with its `ends_on` to end it"


def determine(said: Iterable[Determined], programs: Mapping[str, Program], changes: Changes) -> set[Program]:
    """Write down what was signed, the earliest first; the programs whose status changed.

    Raises:
        Refused: a row would rewrite what was signed before.
    """
    changed: set[Program] = set()
    rows = list(said)
    for number in sorted(range(len(rows)), key=lambda number: rows[number].begins_at):
        row = rows[number]
        about = {programs[slug] for slug in row.programs}
        same_day = _about(about).filter(begins_at=row.begins_at).first()
        if same_day is None:
            _begin(row, about, rows, number, changes)
        elif not _says_the_same(same_day, row, about):
            raise Refused(
                [place(TABLE, number) + "another one holds from the same day: one that changed needs its own"]
            )
        elif not _end(same_day, row, about, changes):
            continue
        changed |= about
    return changed


def _about(programs: Iterable[Program]) -> Any:
    return Determination.objects.filter(programs__in=list(programs)).distinct()


def _values(row: Determined) -> dict[str, Any]:
    return {name: value for name, value in asdict(row).items() if name not in ("programs", "ends_at")}


def _says_the_same(there: Determination, row: Determined, about: set[Program]) -> bool:
    return set(there.programs.all()) == about and all(
        getattr(there, name) == value for name, value in _values(row).items()
    )


def _begin(
    row: Determined, about: set[Program], rows: list[Determined], number: int, changes: Changes
) -> None:
    """End what held before, and begin this one."""
    if _about(about).filter(begins_at__gt=row.begins_at).exists():
        raise Refused([place(TABLE, number) + "a later one is there: what was signed is not rewritten"])
    ending = _about(about).filter(Q(ends_at=None) | Q(ends_at__gt=row.begins_at))
    from_that_day = {slug for each in rows if each.begins_at == row.begins_at for slug in each.programs}
    for earlier in list(ending):
        if not {each.slug for each in earlier.programs.all()} <= from_that_day:
            raise Refused(
                [
                    place(TABLE, number)
                    + "it would end one that speaks of other programs too: say what holds for them from that day"
                ]
            )
        earlier.ends_at = row.begins_at
        earlier.save(update_fields=["ends_at"])
        changes.note(TABLE, earlier, "ended")
    made = Determination.objects.create(**_values(row), ends_at=row.ends_at)
    made.programs.set(about)
    changes.note(TABLE, made, "new")


def _end(there: Determination, row: Determined, about: set[Program], changes: Changes) -> bool:
    """Give it the end that the file names, unless a later one has ended it."""
    ended_by_another = there.ends_at is not None and _about(about).filter(begins_at=there.ends_at).exists()
    if there.ends_at == row.ends_at or ended_by_another:
        changes.note(TABLE, there, "as before")
        return False
    there.ends_at = row.ends_at
    there.save(update_fields=["ends_at"])
    changes.note(TABLE, there, "changed")
    return True


def agree(said: Iterable[Agreed], organizations: Mapping[str, Organization], changes: Changes) -> None:
    """Write the agreements down; one may end on another day, but goes another way only from a day of its own.

    Raises:
        Refused: a row would rewrite an agreement.
    """
    named = set()
    for number, row in enumerate(said):
        found_by = {
            "kind": row.kind,
            "party_a": organizations[row.party_a],
            "party_b": organizations[row.party_b],
            "begins_at": row.begins_at,
        }
        there = Agreement.objects.filter(**found_by).first()
        if there is not None and there.direction != row.direction:
            raise Refused(
                [
                    place("agreements", number)
                    + "`direction` differs: an agreement that changed needs its own day"
                ]
            )
        values = {"direction": row.direction, "services": row.services, "ends_at": row.ends_at}
        named.add(changes.settle("agreements", Agreement, found_by, values).pk)
    for _ in Agreement.objects.filter(ends_at=None).exclude(pk__in=named):
        changes.remark(UNSAID)
