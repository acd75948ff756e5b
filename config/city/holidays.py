"""The days on which the City's offices are closed, this year and the next two."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from config.founding import tables

YEARS = 3
MONDAY, THURSDAY = 0, 3
# name, month, day
FIXED = (
    ("New Year's Day", 1, 1),
    ("Juneteenth", 6, 19),
    ("Independence Day", 7, 4),
    ("Veterans Day", 11, 11),
    ("Christmas Day", 12, 25),
)
# name, month, weekday, which of them (0 the first, -1 the last)
MOVABLE = (
    ("Martin Luther King Jr. Day", 1, MONDAY, 2),
    ("Presidents' Day", 2, MONDAY, 2),
    ("Memorial Day", 5, MONDAY, -1),
    ("Labor Day", 9, MONDAY, 0),
    ("Thanksgiving Day", 11, THURSDAY, 3),
)


def holidays(at: datetime) -> tuple[tables.Closed, ...]:
    """Every one of them, as the city's file would say it; on a weekend the weekday beside it."""
    found = [each for year in range(at.year, at.year + YEARS) for each in _of_year(year)]
    return tuple(tables.Closed(on=on, name=name) for on, name in sorted(found))


def _of_year(year: int) -> Iterator[tuple[date, str]]:
    for name, month, day in FIXED:
        yield _on_a_weekday(date(year, month, day)), name
    for name, month, weekday, which in MOVABLE:
        days = [date(year, month, 1) + timedelta(days=n) for n in range(31)]
        yield [day for day in days if day.month == month and day.weekday() == weekday][which], name


def _on_a_weekday(day: date) -> date:
    """The Friday before a Saturday, the Monday after a Sunday."""
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))
