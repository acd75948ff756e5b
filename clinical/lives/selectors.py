"""A program's life and its line's figures, for who answers for programs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from clinical.desk.selectors import OURS
from clinical.encounters.models import Encounter
from clinical.responses.models import Coverage, ResponseModel
from clinical.responses.words import Police
from consent.access import NothingToTell
from consent.models import Determination, Principal, Program, ProgramChange
from consent.services import lives

YEARS = 3  # shown side by side, this one last


@dataclass(kw_only=True)
class Life:
    """One program's life.

    Attributes:
        line: Every program joined to it by a split or a merger, itself among them.
        sealed: The change that keeps its records sealed now, if one does (42 CFR 2.19).
    """

    program: Program
    changes: list[ProgramChange]
    periods: list[lives.Period]
    is_running: bool
    line: list[Program]
    sealed: ProgramChange | None
    label: str = ""
    clocks: list[tuple[str, date]] = field(default_factory=list)


def program_of(asker: Principal, program_id: UUID) -> Program:
    """The program with that id; `NothingToTell` for a partner's and for none."""
    found = Program.objects.filter(uid=program_id, organization__kind__in=OURS)
    program = found.select_related("unit", "organization").first()
    if program is None:
        raise NothingToTell(f"`{asker.uid}` asked for a program that is not there")
    return program


def life_of(program: Program, at: datetime) -> Life:
    """What became of ``program`` until ``at`` and what is decided already."""
    changes = lives.changes_of([program]).get(program.pk, [])
    ran = lives.periods(program, changes)
    status = Determination.of(program, at)["p2_status"]
    sealed = lives.discontinued_by(changes, status, at)
    return Life(
        program=program,
        changes=changes,
        periods=ran,
        is_running=any(each.holds(timezone.localdate(at)) for each in ran),
        line=lives.line_of(program),
        sealed=sealed,
        label=lives.label(program, sealed, changes) if sealed else "",
        clocks=list(lives.clocks(sealed)) if sealed else [],
    )


def _encounters(programs: Sequence[Program], year: int) -> Any:
    begin, end = lives.began(date(year, 1, 1)), lives.began(date(year + 1, 1, 1))
    return Encounter.objects.filter(
        compartment__scope__program__in=programs, opened_at__gte=begin, opened_at__lt=end
    )


def figures_of(line: Sequence[Program], at: datetime) -> dict[str, Any]:
    """How many encounters each program of the line and the line itself had, year by year.

    Counted among what the asker's office opens, so a count is no more than somebody could
    count by reading; no row is loaded. A program that ran in part of a year has that part's.
    """
    this_year = timezone.localdate(at).year
    years = list(range(this_year - YEARS + 1, this_year + 1))
    by_program = [[_encounters([each], year).count() for year in years] for each in line]
    rows = [
        (each, list(zip(years, counted, strict=True))) for each, counted in zip(line, by_program, strict=True)
    ]
    total = [sum(column) for column in zip(*by_program, strict=True)]
    return {"years": years, "rows": rows, "total": list(zip(years, total, strict=True)), "any": any(total)}


def responses_of(line: Sequence[Program], at: datetime) -> dict[str, Any]:
    """This year's encounters of the line by response model, and by where the police were.

    Present, near and none are never added up: figures of models that mix them don't compare.
    """
    year = timezone.localdate(at).year
    found = _encounters(line, year)
    by_model = [
        (model.name, found.filter(response_model=model).count()) for model in ResponseModel.objects.all()
    ]
    by_police = [(word.label, found.filter(police=word).count()) for word in Police]
    return {
        "year": year,
        "by_model": [each for each in by_model if each[1]],
        "by_police": by_police,
        "model_not_recorded": found.filter(response_model__isnull=True).count(),
        "police_not_recorded": found.filter(police="").count(),
    }


def coverage_of(program: Program) -> list[Coverage]:
    """Every row of hours covered, the running ones first, then by when they began."""
    rows = Coverage.objects.filter(program=program).select_related("model").prefetch_related("zones")
    today = timezone.localdate()
    return sorted(
        rows,
        key=lambda each: (each.ends_on is not None and each.ends_on <= today, -each.begins_on.toordinal()),
    )
