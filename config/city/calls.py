"""A year of synthetic 911 calls, ending now.

Their shape follows what cities publish: few calls before dawn and most in the late
afternoon; Friday the busiest day, Sunday the quietest; three in a hundred about
behavioral health by their type; some corners that call again and again. The figures are
our own round ones and no row is anybody's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from config.city import names
from config.city.people import UNITS

CITY_TIME = ZoneInfo("America/New_York")
CALLS_IN_A_YEAR = 10_000  # one in twenty or so of what a city of that size has
YEAR = timedelta(days=365)
# Calls by hour of the day, midnight first, and by weekday, Monday first; in thousandths.
BY_HOUR = (
    26, 21, 19, 16, 14, 15, 22, 32, 42, 46, 48, 51, 52, 53, 54, 56, 58, 63, 62, 58, 54, 50, 46, 42,
)  # fmt: skip
BY_WEEKDAY = (142, 145, 143, 143, 152, 142, 133)
# type, kind (the police side's own sorting), priority, share in thousandths
TYPES = (
    ("DISTURBANCE", "disturbance", 3, 150),
    ("NOISE COMPLAINT", "disturbance", 4, 72),
    ("DISTURBANCE - DOMESTIC", "disturbance", 2, 52),
    ("TRAFFIC INCIDENT", "traffic", 3, 120),
    ("AUTO ACCIDENT", "traffic", 3, 48),
    ("AUTO ACCIDENT WITH INJURY", "traffic", 1, 14),
    ("PARKING COMPLAINT", "traffic", 4, 26),
    ("BURGLAR ALARM", "other", 3, 78),
    ("PANIC ALARM", "other", 2, 6),
    ("AREA CHECK", "other", 4, 58),
    ("THEFT", "other", 4, 46),
    ("AUTO THEFT", "other", 4, 20),
    ("SHOPLIFTING", "other", 4, 16),
    ("SUSPICIOUS PERSON", "other", 3, 62),
    ("FIGHT", "disturbance", 2, 22),
    ("ASSAULT", "victim", 1, 22),
    ("SHOTS FIRED", "other", 1, 9),
    ("TRESPASS", "disturbance", 3, 30),
    ("PERSON WITH WEAPON", "other", 1, 8),
    ("ROBBERY", "victim", 1, 6),
    ("DRUG COMPLAINT", "other", 4, 10),
    ("CHECK ON WELFARE", "welfare", 3, 34),
    ("MENTAL HEALTH CRISIS", "crisis", 2, 15),
    ("SUICIDE THREAT", "crisis", 1, 6),
    ("PERSON DOWN", "welfare", 2, 12),
    ("FALL", "fall", 2, 11),
    ("OVERDOSE", "overdose", 1, 7),
    ("MEDICAL ASSIST", "medical", 2, 22),
    ("MISSING PERSON", "welfare", 2, 8),
    ("UNKNOWN PROBLEM", "other", 3, 16),
    ("OPEN LINE", "other", 4, 12),
    ("FIRE ASSIST", "fire", 2, 5),
    ("LOST PROPERTY", "other", 4, 8),
)
# Types that callers make again and again from the same places; and their share there.
OFTEN_AGAIN = (
    "CHECK ON WELFARE",
    "MENTAL HEALTH CRISIS",
    "PERSON DOWN",
    "OVERDOSE",
    "DISTURBANCE",
    "TRESPASS",
)
AGAIN_SHARE = 0.4
PLACES_THAT_CALL_AGAIN = 40
# zone -> share in thousandths, latitude and longitude of the middle of an invented map
ZONES = {
    "ZONE1": (136, 40.462, -80.012), "ZONE2": (142, 40.448, -79.978), "ZONE3": (128, 40.418, -79.984),
    "ZONE4": (112, 40.433, -79.932), "ZONE5": (130, 40.470, -79.918), "ZONE6": (96, 40.430, -80.036),
    "ZONE7": (104, 40.405, -79.950), "DOWNTOWN": (152, 40.441, -79.999),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call for service, as a dispatcher's system keeps it."""

    number: str
    called_at: datetime
    zone: str
    call_type: str
    kind: str
    priority: int
    location: str
    latitude: float
    longitude: float


def calls(*, how_many: int, until: datetime, seed: int) -> Iterator[Call]:
    """``how_many`` calls of the year before ``until``, the oldest first and the last at that very minute."""
    rng = Random(f"{seed} calls")
    places = _places_that_call_again(rng)
    for number, at in enumerate(_instants(rng, how_many, until), start=1):
        yield _call(rng, number, at, places)


def _instants(rng: Random, how_many: int, until: datetime) -> list[datetime]:
    """Instants of the year, weighted by hour of the day and by weekday, in the city's own time."""
    first = (until - YEAR).replace(minute=0, second=0, microsecond=0)
    hours = [first + timedelta(hours=number) for number in range(1, int(YEAR / timedelta(hours=1)))]
    local = [each.astimezone(CITY_TIME) for each in hours]
    weights = [BY_HOUR[each.hour] * BY_WEEKDAY[each.weekday()] for each in local]
    drawn = rng.choices(hours, cum_weights=list(accumulate(weights)), k=how_many - 1)
    return [*sorted(hour + timedelta(seconds=rng.randrange(3600)) for hour in drawn), until]


def _places_that_call_again(rng: Random) -> dict[str, list[tuple[str, float, float]]]:
    places: dict[str, list[tuple[str, float, float]]] = {slug: [] for slug in UNITS}
    for _ in range(PLACES_THAT_CALL_AGAIN):
        zone = _zone(rng)
        places[zone].append(_place(rng, zone))
    return places


def _zone(rng: Random) -> str:
    return rng.choices(list(ZONES), [share for share, _, _ in ZONES.values()])[0]


def _place(rng: Random, zone: str) -> tuple[str, float, float]:
    _, latitude, longitude = ZONES[zone]
    name = names.crossing(rng) if rng.random() < 0.7 else names.block(rng)
    return name, round(rng.gauss(latitude, 0.006), 5), round(rng.gauss(longitude, 0.008), 5)


def _call(rng: Random, number: int, at: datetime, places: dict[str, list[tuple[str, float, float]]]) -> Call:
    zone = _zone(rng)
    call_type, kind, priority, _ = rng.choices(TYPES, [share for *_, share in TYPES])[0]
    calls_again = places[zone] and call_type in OFTEN_AGAIN and rng.random() < AGAIN_SHARE
    location, latitude, longitude = rng.choice(places[zone]) if calls_again else _place(rng, zone)
    return Call(
        number=f"{at.astimezone(CITY_TIME):%y%m%d}-{number:06d}",
        called_at=at,
        zone=zone,
        call_type=call_type,
        kind=kind,
        priority=priority,
        location=location,
        latitude=latitude,
        longitude=longitude,
    )
