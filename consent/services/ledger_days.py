"""Counting the ledger's finished days, so that a search has its number without counting its rows."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count, Max, Min
from django.db.models.functions import TruncDate

from consent import access
from consent.models import LedgerDay, LedgerEntry

SYSTEM, PURPOSE = "system:counting", "HCOMPL"
# An entry carries the instant of its transaction's last statements, and no transaction takes that long.
SETTLED_AFTER = timedelta(hours=1)


def count_finished_days(now: datetime) -> int:
    """Count each UTC day that is over and wasn't counted; how many there were.

    Of two runs at once the second fails at the unique key, and nothing is left to do when it comes again.
    """
    with access.opened(SYSTEM, PURPOSE):
        first, end = _first_uncounted(), (now.astimezone(UTC) - SETTLED_AFTER).date()
        if first is None or first >= end:
            return 0
        LedgerDay.objects.bulk_create(counts_of(first, end))
        return (end - first).days


def _first_uncounted() -> date | None:
    counted: date | None = LedgerDay.objects.filter(recipient="", ground="").aggregate(day=Max("day"))["day"]
    if counted is not None:
        return counted + timedelta(days=1)
    earliest = LedgerEntry.objects.filter(is_disclosure=True).aggregate(at=Min("at"))["at"]
    return earliest.astimezone(UTC).date() if earliest else None


def counts_of(first: date, end: date) -> Iterator[LedgerDay]:
    """For each day from ``first`` until before ``end`` its recipients and grounds, and the mark that it has been counted."""
    since, until = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (first, end))
    rows = LedgerEntry.objects.filter(is_disclosure=True, at__gte=since, at__lt=until)
    rows = rows.order_by().values("recipient", "ground", day=TruncDate("at", tzinfo=UTC))
    whole: Counter[date] = Counter({first + timedelta(days=each): 0 for each in range((end - first).days)})
    for row in rows.annotate(entries=Count("pk")):
        whole[row["day"]] += row["entries"]
        yield LedgerDay(**row)
    for day, entries in whole.items():
        yield LedgerDay(day=day, entries=entries)
