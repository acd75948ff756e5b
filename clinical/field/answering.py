"""Who answers when somebody who is out alone calls for help or is silent, and what they need to know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from clinical.encounters.models import Encounter
from clinical.field.models import LoneWorkerWatch
from clinical.roles import ANSWER_FOR_SAFETY, CARE_TEAM
from clinical.units.models import Shift
from clinical.units.selectors import zone_words
from consent.access import NothingToTell
from consent.models import Membership, Principal

MOST = 50  # watches on a page


@dataclass(frozen=True, kw_only=True)
class Watched:
    """One watch with where its worker is, as far as the asker may know.

    Attributes:
        shift: Who rides along and in which vehicle, if the worker is on a shift.
        place: Where the encounter is; empty where it isn't open to the asker, or there is none.
        calls: The worker has called for help.
        is_silent: A check-in did not come.
    """

    watch: LoneWorkerWatch
    shift: Shift | None
    place: str
    calls: bool
    is_silent: bool


def watches_for(asker: Principal, at: datetime) -> QuerySet[LoneWorkerWatch]:
    """The running watches over others in the programs where ``asker`` answers or works.

    Never one's own: on the worker's own screen a call for help is a check-in.
    """
    held = Membership.objects.held_by(asker, at).filter(role__name__in=(*ANSWER_FOR_SAFETY, *CARE_TEAM))
    rows = LoneWorkerWatch.objects.running().filter(program__in=held.values("program"))
    return rows.exclude(worker=asker).select_related("worker", "program")


def alarms_for(asker: Principal, at: datetime) -> list[LoneWorkerWatch]:
    """Those of them that need somebody now: who called first, then who has been silent for longest."""
    rows = watches_for(asker, at).alarming(at)  # type: ignore[attr-defined]
    return _by_need(rows[:MOST])


def own_watch_and_alarms(
    asker: Principal, at: datetime
) -> tuple[LoneWorkerWatch | None, list[LoneWorkerWatch]]:
    """One's own watch as one's own screen shows it, and what `alarms_for` gives, in one query."""
    others = watches_for(asker, at).alarming(at)  # type: ignore[attr-defined]
    own = LoneWorkerWatch.objects.of(asker).on_screen()
    rows = list(
        LoneWorkerWatch.objects.filter(
            Q(pk__in=own.values("pk")) | Q(pk__in=others.values("pk")[:MOST])
        ).select_related("worker", "program")
    )
    mine = next((each for each in rows if each.worker_id == asker.pk), None)
    return mine, _by_need(each for each in rows if each is not mine)


def _by_need(rows: Iterable[LoneWorkerWatch]) -> list[LoneWorkerWatch]:
    return sorted(rows, key=lambda each: (each.duress_at is None, each.duress_at or each.due_at))


def told(rows: list[LoneWorkerWatch], at: datetime) -> list[Watched]:
    """The watches with what helps to find the worker: a place only where somebody is needed."""
    needed = [each.encounter_id for each in rows if each.encounter_id and _needs_somebody(each, at)]
    places = _places(needed) if needed else {}
    shifts = {each.principal_id: each for each in _shifts([row.worker_id for row in rows], at)}
    return [
        Watched(
            watch=row,
            shift=shifts.get(row.worker_id),
            place=places.get(row.encounter_id, ""),
            calls=row.duress_at is not None,
            is_silent=row.due_at <= at,
        )
        for row in rows
    ]


def watch_for(asker: Principal, watch_id: int, at: datetime) -> LoneWorkerWatch:
    """The watch, if ``asker`` answers for it or works beside the worker; otherwise `NothingToTell`."""
    found: LoneWorkerWatch | None = watches_for(asker, at).filter(pk=watch_id).first()
    if found is None:
        raise NothingToTell(f"watch `{watch_id}` is not there for `{asker.uid}`")
    return found


def _needs_somebody(row: LoneWorkerWatch, at: datetime) -> bool:
    return row.duress_at is not None or row.due_at <= at


def _places(ids: list[UUID]) -> dict[UUID, str]:
    rows = Encounter.objects.filter(pk__in=ids).select_related("compartment__scope")
    return {row.pk: ", ".join(filter(None, (row.location, zone_words(row.zone)))) for row in rows}


def _shifts(workers: list[int], at: datetime) -> list[Shift]:
    rows = Shift.objects.filter(principal__in=workers, begins_at__lte=at, ends_at__gt=at)
    return list(rows.select_related("team"))
