"""What the bench reads: programs as counsel determined them, and the questions it keeps. No client."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from clinical.bench.models import BenchScenario
from clinical.bench.words import ASPECTS, STATUSES
from clinical.desk.selectors import OURS
from consent.access import NothingToTell
from consent.models import Determination, Principal, Program
from consent.paging import Asked, Page, page_of
from consent.services import bench

Sources = Mapping[str, Program | None]  # by slug; none: a source that has no row on this site
ELSEWHERE = "Not on this site, as the law book begins"


def sources() -> Sources:
    """The programs whose record a question may ask for: ours, then those that only the law book knows."""
    ours = Program.objects.filter(organization__kind__in=OURS).order_by("slug")
    rows: dict[str, Program | None] = {program.slug: program for program in ours}
    return rows | {slug: None for slug in sorted(bench.PROGRAMS) if slug not in rows}


@dataclass(frozen=True, kw_only=True)
class Determined:
    """What holds for a program at an instant."""

    statuses: Mapping[str, Any]  # the five of a determination
    until: datetime | None
    in_privacy_notice: bool
    signed_by: str

    def word(self, aspect: str) -> str:
        """One of its statuses in words."""
        return word_of(aspect, self.statuses[aspect])


def word_of(aspect: str, value: Any) -> str:
    """A status in words."""
    key = ("yes" if value else "no") if isinstance(value, bool) else value
    return STATUSES[aspect].get(key, key)


def determined(slug: str, program: Program | None, at: datetime) -> Determined:
    """The determination in force; without one everything is undetermined."""
    if program is None:
        statuses = {key: bench.PROGRAMS[slug][key] for key in ASPECTS}
        return Determined(statuses=statuses, until=None, in_privacy_notice=False, signed_by="")
    found = Determination.of(program, at)
    row = Determination.objects.in_force(program, at).first()
    return Determined(
        statuses={key: found[key] for key in ASPECTS},
        until=found["until"],
        in_privacy_notice=bool(found["in_privacy_notice"]),
        signed_by=row.signed_by if row else "",
    )


def scenarios(asker: Principal, *, name: str = "", asked: Asked | None = None) -> Page:
    """The desk's questions, newest first, those whose name holds ``name``; every role of the desk sees all."""
    rows = BenchScenario.objects.select_related("created_by").defer("question")
    return page_of(rows.filter(name__icontains=name) if name else rows, asked)


def scenario_seen_by(asker: Principal, scenario_id: UUID) -> BenchScenario:
    """The question, or `NothingToTell`."""
    found = BenchScenario.objects.select_related("created_by").filter(pk=scenario_id).first()
    if found is None:
        raise NothingToTell(f"bench scenario `{scenario_id}` is not there for `{asker.uid}`")
    return found
