"""One row of a city's file, read as a call, or the reason why it can't be."""

import hashlib
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from policecore.cad.layout import Layout
from policecore.models import Kind

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
MAY_BE_AHEAD = timedelta(days=1)  # a dispatch clock that goes fast, never a year
LONGEST = {
    "call_type": 120,
    "call_group": 60,
    "priority": 20,
    "location": 300,
    "description": 4000,
    "external_id": 64,
}


class Odd(Exception):
    """The row has a fault; ``reason`` is a code and ``column`` a name from the layout, never a value."""

    def __init__(self, reason: str, column: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.column = column


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A call for service."""

    external_id: str
    call_type: str
    call_group: str
    kind: str
    priority: str
    occurred_at: datetime
    location: str
    latitude: float | None
    longitude: float | None
    zone: str
    description: str


def read(values: dict[str, str], layout: Layout, now: datetime) -> Call:
    """The call that the row tells of.

    Raises:
        Odd: it tells of none.
    """
    call_type, call_group = type_and_group(values, layout)
    latitude, longitude = place(values, layout)
    call = Call(
        external_id=identity(values, layout),
        call_type=call_type,
        call_group=call_group,
        kind=layout.kind_of_type.get(call_type) or layout.kind_of_group.get(call_group) or Kind.OTHER,
        priority=_value(values, layout.priority),
        occurred_at=instant(values, layout, now),
        location=", ".join(filter(None, (_value(values, name) for name in layout.location))),
        latitude=latitude,
        longitude=longitude,
        zone=layout.zone_of_type.get(call_type)
        or layout.zone_of_group.get(call_group)
        or zone_of(values, layout, latitude, longitude),
        description=_value(values, layout.description),
    )
    for name, longest in LONGEST.items():
        if len(getattr(call, name)) > longest:
            raise Odd("too-long", name)
    return call


def _value(values: dict[str, str], column: str) -> str:
    return " ".join(values[column].split()) if column else ""


def identity(values: dict[str, str], layout: Layout) -> str:
    """The dispatch system's number, or the hash of the columns that the layout names instead.

    The separator can't stand in a CSV field unnoticed: control characters are kept, so
    two different rows never have one text.
    """
    if layout.id_hash_of:
        text = "\x1f".join(values[name] for name in layout.id_hash_of)
        return hashlib.sha256(text.encode()).hexdigest()
    found = values[layout.id_column].strip()
    if not found:
        raise Odd("id-missing", layout.id_column)
    return found


def type_and_group(values: dict[str, str], layout: Layout) -> tuple[str, str]:
    """The call's type and its group, from two columns or from one that holds both."""
    found, group = _value(values, layout.type_column), _value(values, layout.group_column)
    if layout.split and layout.split in found:
        group, found = (part.strip() for part in found.split(layout.split, 1))
    if layout.strip_end:
        found = found.removesuffix(layout.strip_end).rstrip()
    if not found:
        raise Odd("type-missing", layout.type_column)
    return found, group


def instant(values: dict[str, str], layout: Layout, now: datetime) -> datetime:
    """When it was: the first time column that isn't blank, as UTC.

    An hour that the clock showed twice is taken for the first; one that it skipped
    in spring never was.
    """
    column = next((name for name in layout.time_columns if values[name].strip()), "")
    if not column:
        raise Odd("time-missing", layout.time_columns[0])
    try:
        said = datetime.strptime(values[column].strip(), layout.time_format)  # noqa: DTZ007
    except ValueError:
        raise Odd("time-unreadable", column) from None
    if said.year < EARLIEST.year or said.year > now.year + 1:  # before any arithmetic that could overflow
        raise Odd("time-impossible", column)
    local = said if said.tzinfo else said.replace(tzinfo=layout.time_zone)
    at = local.astimezone(UTC)
    never_shown = at.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None)
    if never_shown or not EARLIEST <= at <= now + MAY_BE_AHEAD:
        raise Odd("time-impossible", column)
    return at


def place(values: dict[str, str], layout: Layout) -> tuple[float | None, float | None]:
    """Latitude and longitude, or neither; half a place is no place."""
    if not layout.latitude or not (values[layout.latitude].strip() or values[layout.longitude].strip()):
        return None, None
    latitude, longitude = (_degrees(values, name) for name in (layout.latitude, layout.longitude))
    area = layout.area or {"south": -90, "north": 90, "west": -180, "east": 180}
    inside = area["south"] <= latitude <= area["north"] and area["west"] <= longitude <= area["east"]
    if not inside:
        raise Odd("place-outside", layout.latitude)
    return latitude, longitude


def _degrees(values: dict[str, str], column: str) -> float:
    try:
        found = float(values[column])
    except ValueError:
        raise Odd("place-unreadable", column) from None
    if not math.isfinite(found):
        raise Odd("place-unreadable", column)
    return found


def zone_of(values: dict[str, str], layout: Layout, latitude: float | None, longitude: float | None) -> str:
    """The zone of the row's district; where that says nothing, the zone whose centre is nearest."""
    district = _value(values, layout.zone_column).upper() if layout.zone_column else ""
    found = layout.zone_of_district.get(district, "")
    if not found and latitude is not None and longitude is not None:
        found = layout.nearest_zone(latitude, longitude)
    if not found:
        raise Odd("no-zone", layout.zone_column)
    return found
