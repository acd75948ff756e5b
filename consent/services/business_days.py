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
    return closing_after(at, days=1)


def closing_after(at: datetime, *, days: int) -> datetime:
    """5 p.m. of the City's business day that is so many after the day of ``at``, in UTC; the day itself is none."""
    day = at.astimezone(CITY).date()
    holidays = Holiday.between(day, day + days * LONGEST_CLOSURE)
    for _each in range(days):
        day = next_business_day(day, holidays)
    return _closing(day)


def closing_on_day(at: datetime, *, days: int) -> datetime:
    """5 p.m. of the City's day that is so many days of the calendar after the day of ``at``, in UTC."""
    return _closing(at.astimezone(CITY).date() + timedelta(days=days))


def _closing(day: date) -> datetime:
    return datetime.combine(day, CLOSES_AT, tzinfo=CITY).astimezone(UTC)
