"""The clinical side of the city, in steps that find out by themselves whether they were done."""

from collections.abc import Callable
from datetime import datetime, timedelta

from clinical.intake.services import open_duty_unit
from clinical.units.models import Shift, Team, Zone
from config.city import plans
from config.city.clients import City, open_records, write_records
from config.city.people import ALL_PROGRAMS, CLINICAL, hire
from config.city.programs import found_organizations, found_programs
from consent import access, roles, services
from consent.models import Organization, Program

PURPOSE = "HOPERAT"
SHIFT_DAYS = 30
# name, program, zones covered
TEAMS = (
    ("Crisis team North", "CO-RESPONSE", ("ZONE1", "ZONE5", "ZONE6")),
    ("Crisis team Central", "CO-RESPONSE", ("ZONE2", "DOWNTOWN")),
    ("Crisis team South", "CO-RESPONSE", ("ZONE3", "ZONE4", "ZONE7")),
    ("Home visits", "PINS", ()),
    ("Diversion", "LEAD", ("ZONE2", "DOWNTOWN")),
    ("After an overdose", "POST", ()),
    ("Victim support", "TSAP", ()),
    ("Street team", "ROOTS", ("DOWNTOWN",)),
)
# username, team, the officer who rides along, vehicle, begins at this hour from now
ON_SHIFT = (
    ("social-worker", "Crisis team Central", "Officer Cobble", "Unit 2-40", -2),
    ("night-social-worker", "Crisis team North", "Officer Arcade", "Unit 1-40", 10),
    ("peer", "After an overdose", "", "Van 3", -2),
    ("case-manager", "Diversion", "", "", -2),
)
# Which kinds of compartment an office opens: who they are, that they are clients, what was written.
OFFICES = {
    roles.CLINICAL_SUPERVISOR: ("identity", "enrolment", "note"),
    roles.PROGRAM_MANAGER: ("identity", "enrolment"),
    roles.PRIVACY_OFFICER: ("identity", "enrolment"),
}


def is_founded() -> bool:
    """Is there a city already?"""
    return Organization.objects.exists()


def seed(*, clients: int, seed: int, at: datetime, say: Callable[[str], None]) -> bool:
    """Make what is missing; was there anything?"""
    is_new = not is_founded()
    if is_new:
        say("organizations, programs, people")
        with access.opened("system:grants", PURPOSE):
            found_programs(found_organizations("clinical"), at=at)
            hire(CLINICAL, at=at)
            _open_offices()
            _staff_teams(at)
    city = City()
    people = plans.plan(how_many=clients, seed=seed, at=at)
    say(f"{len(people)} clients and who works with them")
    open_records(people, city)
    say("encounters, notes, consents")
    write_records(people, city, at=at)
    return is_new


def _open_offices() -> None:
    """What supervisors, managers and the privacy officer open by their office, and the duty units' cards."""
    held = {(each.role, slug) for each in CLINICAL for slug in each.programs}
    programs = {each.slug: each for each in Program.objects.select_related("unit")}
    for slug in ALL_PROGRAMS:
        profile = services.profile(programs[slug])
        for role, kinds in OFFICES.items():
            if (role, slug) not in held:
                continue
            for segments in sorted({getattr(profile, kind) for kind in kinds}):
                services.open_office(program=programs[slug], segments=segments, role=role)
    services.open_office(
        program=programs["CO-RESPONSE"], segments=("MH", "RISK"), role=roles.CLINICAL_SUPERVISOR
    )
    for slug in ALL_PROGRAMS:
        open_duty_unit(programs[slug])


def _staff_teams(at: datetime) -> None:
    """Teams with their zones, and shifts from today for a month."""
    city = City()
    zones = {each.slug: each for each in Zone.objects.all()}
    teams = {}
    for name, program, covered in TEAMS:
        teams[name] = Team.objects.create(name=name, program=city.programs[program])
        teams[name].zones.set([zones[slug] for slug in covered])
    hour = at.replace(minute=0, second=0, microsecond=0)
    Shift.objects.bulk_create(
        Shift(
            team=teams[team],
            principal=city.principals[username],
            partner=partner,
            vehicle=vehicle,
            begins_at=hour + timedelta(days=day, hours=begins),
            ends_at=hour + timedelta(days=day, hours=begins + 12),
        )
        for username, team, partner, vehicle, begins in ON_SHIFT
        for day in range(SHIFT_DAYS)
    )
