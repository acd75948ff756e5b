"""What became of programs: a change is added on its day, and never rewritten."""

from collections.abc import Iterable, Iterator, Mapping

from config.founding.changes import Changes
from config.founding.reading import Refused, place
from config.founding.tables import Changed, City
from consent.models import Program, ProgramChange

TABLE = "program_changes"
Kind = ProgramChange.Kind


def problems_of_changes(said: City, known: Iterable[str]) -> Iterator[str]:
    """What doesn't fit, row by row."""
    known = set(known)
    for number, row in enumerate(said.program_changes):
        for problem in _problems(row, known):
            yield place(TABLE, number) + problem


def _problems(row: Changed, known: set[str]) -> Iterator[str]:
    if row.program not in known:
        yield "`program` names something that is neither in this file nor there already"
    if not set(row.into) <= known:
        yield "`into` names something that is neither in this file nor there already"
    if row.program in row.into:
        yield "`into` names the program itself"
    wanted = {Kind.SPLIT: (2, 99), Kind.MERGED: (1, 1)}.get(Kind(row.kind), (0, 0))
    if not wanted[0] <= len(row.into) <= wanted[1]:
        yield "`into` names the programs it was split into (two at least), or the one it was merged into, or none"
    if (row.kind == Kind.RENAMED) != bool(row.name_before and row.name_after):
        yield "`name_before` and `name_after` belong to `renamed`, and to nothing else"
    if bool(row.kept_under) != bool(row.kept_until):
        yield "`kept_under` and `kept_until` are said together: the law that keeps the records, and until when"
    if row.kept_under and not row.custodian:
        yield "`custodian` is missing: somebody must answer for records that are kept"
    if row.kind not in ProgramChange.CLOSING and (row.custodian or row.kept_under or row.is_same_program):
        yield "only a program that ends, is split or is merged leaves records to be kept"


def change_programs(
    said: Iterable[Changed], programs: Mapping[str, Program], changes: Changes
) -> set[Program]:
    """Write the changes down, the earliest first; the programs whose clients' grants may now differ.

    Raises:
        Refused: a row would rewrite a change that is there.
    """
    changed: set[Program] = set()
    rows = sorted(enumerate(said), key=lambda each: each[1].on)
    for number, row in rows:
        program, into = programs[row.program], {programs[slug] for slug in row.into}
        values = {
            name: getattr(row, name)
            for name in (
                "name_before", "name_after", "decided_by", "reason", "is_same_program", "custodian", "kept_under",
                "kept_until",
            )
        }  # fmt: skip
        there = ProgramChange.objects.filter(program=program, kind=row.kind, on=row.on).first()
        if there is None:
            there = ProgramChange.objects.create(program=program, kind=row.kind, on=row.on, **values)
            there.into.set(into)
            changes.note("program changes", there, "new")
            changed.add(program)
            continue
        differs = any(getattr(there, name) != value for name, value in values.items())
        if differs or set(there.into.all()) != into:
            raise Refused(
                [place(TABLE, number) + "it is there otherwise: what became of a program is not rewritten"]
            )
        changes.note("program changes", there, "as before")
    return changed
