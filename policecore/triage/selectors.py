"""Calls that wait for triage, what was decided about one, and how many there were."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from consent.models import Principal
from policecore.models import Incident, Kind
from policecore.selectors import calls_for
from policecore.triage.models import Reclassification, Triage
from policecore.triage.words import WITHOUT_POLICE, Route

WAITING = timedelta(hours=24)
# What a team without police might answer; any other call can be sorted from its own page.
SORTED_KINDS = (Kind.CRISIS, Kind.WELFARE, Kind.OVERDOSE, Kind.DISTURBANCE, Kind.OTHER)


def waiting_for(asker: Principal, at: datetime) -> QuerySet[Incident]:
    """The calls of the asker's units of the last day that nobody has sorted yet."""
    rows = calls_for(asker).filter(route="", occurred_at__gt=at - WAITING, kind__in=SORTED_KINDS)
    return rows.filter(handed_over_at__isnull=True)


def triages_of(incident: Incident) -> list[Triage]:
    """How the call was sorted, the newest first."""
    return list(Triage.objects.filter(incident=incident).select_related("by").newest_first()[:20])


def reclassifications_of(incident: Incident) -> list[Reclassification]:
    """What the call was said to be afterwards, the newest first."""
    rows = Reclassification.objects.filter(incident=incident).select_related("by").newest_first()
    return list(rows[:20])


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Calls of a period. A share is left out where there is nothing to divide by.

    Attributes:
        found: Mental-health calls that dispatch called something else.
        taken_out: Calls that dispatch called mental health and that weren't.
        answered: Of the eligible calls, those that went to a team without police.
    """

    days: int
    calls: int
    dispatched: int
    found: int
    taken_out: int
    by_route: list[tuple[str, int]]
    eligible: int
    answered: int

    @property
    def mental_health(self) -> int:
        """Mental-health calls, with the hidden ones."""
        return self.dispatched + self.found - self.taken_out

    @property
    def share(self) -> int | None:
        """Percent of the eligible calls that a team without police answered."""
        return round(100 * self.answered / self.eligible) if self.eligible else None


def counts_for(asker: Principal, at: datetime, days: int) -> Counts:
    """How many calls of the asker's units the last ``days`` days had, before and after they were looked at again."""
    rows = Incident.objects.filter(occurred_at__gt=at - timedelta(days=days), occurred_at__lte=at)
    crisis = Q(kind=Kind.CRISIS)
    looked_at_again = ~Q(reclassified_as="")
    eligible = rows.filter(eligible=True)
    return Counts(
        days=days,
        calls=rows.count(),
        dispatched=rows.filter(crisis).count(),
        found=rows.filter(~crisis, reclassified_as=Kind.CRISIS).count(),
        taken_out=rows.filter(crisis & looked_at_again & ~Q(reclassified_as=Kind.CRISIS)).count(),
        by_route=[(route.label, rows.filter(route=route).count()) for route in Route],
        eligible=eligible.count(),
        answered=eligible.filter(route__in=WITHOUT_POLICE).count(),
    )
