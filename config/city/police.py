"""The police side of the city: units, officers, shifts, and a year of calls."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from config.city.calls import Call, calls
from config.city.people import BUREAU, POLICE, accounts
from config.city.programs import SOLICITOR, organizations
from config.city.triage import sort_calls
from config.founding import tables
from config.founding.changes import Changes
from config.founding.police import found
from consent import access, services
from consent.models import Compartment, Organization, Principal
from consent.services import ledger
from policecore.cad import layout as layouts
from policecore.cad.services import IMPORTER, PURPOSE, import_file
from policecore.models import Incident, Shift, Team, Zone, calls_of
from policecore.services.units import ZONES

BATCH = 2_000
LAYOUT = "synthetic"
SHIFT_DAYS = 30
# username, team, zone, vehicle
TEAMS = (
    ("officer", "Zone 2, car 40", "ZONE2", "2-40"),
    ("zone-2-officer", "Zone 2, car 41", "ZONE2", "2-41"),
    ("downtown-officer", "Downtown, foot patrol", "DOWNTOWN", ""),
)


def is_founded() -> bool:
    """Is there a city already?"""
    return Organization.objects.exists()


def seed(*, how_many_calls: int, seed: int, at: datetime, say: Callable[[str], None]) -> bool:
    """Make what is missing; was there nothing?"""
    is_new = not is_founded()
    if is_new:
        say("units, zones, officers")
        with access.opened("system:grants", PURPOSE):
            found(the_department(at), Changes(), at=at)
            _staff_teams(at)
    if how_many_calls:
        _take_calls(how_many_calls, seed, at, say)
        say("what was sorted")
        sort_calls(at, seed=seed)
    return is_new


def take_file(file: Path, layout: str, *, say: Callable[[str], None]) -> None:
    """Take in a city's own calls, moved so that the last of them is now, and say so."""
    totals = import_file(file, layouts.load(layout), shift_to_now=True)
    say(
        f"{totals.new} calls of {file.name} taken in, {totals.known} known already, "
        f"{totals.quarantined} odd rows in quarantine"
    )
    if totals.shifted_by:
        say(f"every call was moved by {totals.shifted_by}, so that the last one is now")


def _take_calls(how_many: int, seed: int, at: datetime, say: Callable[[str], None]) -> None:
    with access.opened(IMPORTER, PURPOSE):
        if Incident.objects.exists():
            return
        say(f"{how_many} calls of a year")
        zones = {each.slug: each for each in Zone.objects.select_related("unit")}
        opened = {slug: services.open_compartment(**calls_of(zone.unit)) for slug, zone in zones.items()}
        made = calls(how_many=how_many, until=at, seed=seed)
        while batch := list(islice(made, BATCH)):
            Incident.objects.bulk_create(
                _incident(each, zones[each.zone], opened[each.zone]) for each in batch
            )
        ledger.note_event(
            "import",
            resources={"policecore.incident": [], "layout": [LAYOUT]},
            segments=["CAD"],
            record_count=how_many,
        )


def _incident(call: Call, zone: Zone, compartment: Compartment) -> Incident:
    return Incident(
        compartment=compartment,
        layout=LAYOUT,
        external_id=call.number,
        call_type=call.call_type,
        kind=call.kind,
        priority=str(call.priority),
        occurred_at=call.called_at,
        location=call.location,
        position=[call.latitude, call.longitude],
        zone=zone,
    )


def the_department(at: datetime) -> tables.Department:
    """The department as its file would say it."""
    return tables.Department(
        bureau=tables.Bureau(organization=BUREAU, signed_by=SOLICITOR),
        organizations=organizations("police"),
        zones=tuple(tables.Zone(slug=slug, name=name) for slug, name in ZONES.items()),
        teams=tuple(tables.Car(name=name, zone=zone, vehicle=vehicle) for _, name, zone, vehicle in TEAMS),
        accounts=accounts(POLICE, at=at),
    )


def _staff_teams(at: datetime) -> None:
    """Cars with their officers, on duty from two hours ago, every day for a month."""
    hour = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)
    principals = {each.username: each for each in Principal.objects.all()}
    cars = {each.name: each for each in Team.objects.all()}
    Shift.objects.bulk_create(
        Shift(
            team=cars[name],
            officer=principals[username],
            begins_at=hour + timedelta(days=day),
            ends_at=hour + timedelta(days=day, hours=12),
        )
        for username, name, _zone, _vehicle in TEAMS
        for day in range(SHIFT_DAYS)
    )
