"""Business days of the City: Monday to Friday, but for the holidays that stand in rows."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from consent.models import Holiday

CITY: Final = ZoneInfo("America/New_York")
CLOSES_AT: Final = time(17)
LONGEST_CLOSURE = timedelta(days=21)  # no office is closed for longer; the search for a day must end


def next_business_day(day: date, holidays: Collection[date]) -> date:
    """The first business day after ``day``.

    Raises:
        ValueError: three weeks hold none: somebody has recorded too many holidays.
    """
    last = day + LONGEST_CLOSURE
    day += timedelta(days=1)
    while day.weekday() >= 5 or day in holidays:
        if day >= last:
            raise ValueError("no business day in three weeks: look at the holidays recorded")
        day += timedelta(days=1)
    return day


def review_due(at: datetime) -> datetime:
    """When the review of what happened at ``at`` is due: 5 p.m. of the next business day, in UTC.

    The day is the City's, so that a night belongs to the day that it was there.
    """
    day = at.astimezone(CITY).date()
    found = next_business_day(day, Holiday.between(day, day + LONGEST_CLOSURE))
    return datetime.combine(found, CLOSES_AT, tzinfo=CITY).astimezone(UTC)
