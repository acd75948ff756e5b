"""Reading time: one's own, and a supervised program's sums."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from clinical.worktime.models import Activity, Collateral
from consent.models import Principal, Program
from consent.paging import Asked, Page, page_of

DAYS = 14


def activities_of(worker: Principal, today: date) -> list[Activity]:
    """What ``worker`` noted for the last two weeks, newest day first."""
    since = today - timedelta(days=DAYS - 1)
    rows = Activity.objects.standing().filter(by=worker, on__gte=since).select_related("program", "zone")
    return list(rows.order_by("-on", "-created_at"))


def sums_of(programs: list[Program], *, first: date, last: date) -> list[dict[str, Any]]:
    """Minutes by program and kind from ``first`` to ``last``, without anybody's name."""
    rows = Activity.objects.standing().filter(program__in=programs, on__range=(first, last))
    summed = rows.values("program__name", "kind").annotate(
        minutes=Sum("minutes"), workers=Count("by", distinct=True)
    )
    return [
        {**row, "kind": Activity.Kind(row["kind"]).label, "hours": round(row["minutes"] / 60, 1)}
        for row in summed.order_by("program__name", "-minutes")
    ]


def collaterals_of(subject_id: UUID, asked: Asked | None = None) -> Page:
    """What was done for a client who wasn't there, as far as the asker may see it, newest first."""
    rows = Collateral.objects.about(subject_id).filter(taken_back_at__isnull=True)
    return page_of(rows.select_related("by", "compartment__scope"), asked)
