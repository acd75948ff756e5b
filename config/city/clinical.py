"""The clinical side of the city, in steps that find out by themselves whether they were done."""

from collections.abc import Callable
from datetime import datetime, timedelta

from clinical.matching.services import match_waiting
from clinical.units.models import Shift, Team
from config.city import holidays, people, plans, programs
from config.city.clients import City, open_records, write_records
from config.city.emergencies import break_glass
from config.city.episodes import open_episodes
from config.city.offers import offer_in_vain
from config.city.outreach import reach_out
from config.city.record import write_plans
from config.city.scene import changes, write_hours
from config.founding import tables
from config.founding.changes import Changes
from config.founding.clinical import found
from consent import access, roles
from consent.models import Organization

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
# Which kinds of compartment an office opens: who they are, that they are clients, what was written,
# which of them may be known twice, and what they complain of.
OFFICES = {
    roles.CLINICAL_SUPERVISOR: ("identity", "enrolment", "note", "matching", "duty", "complaint"),
    roles.PROGRAM_MANAGER: ("identity", "enrolment", "complaint"),
    roles.PRIVACY_OFFICER: ("identity", "enrolment", "matching", "complaint"),
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
            found(the_city(at), Changes(), at=at)
            _staff_teams(at)
            write_hours(at)
    city = City()
    drawn = plans.plan(how_many=clients, seed=seed, at=at)
    say(f"{len(drawn)} clients and who works with them")
    open_records(drawn, city)
    say("encounters, notes, consents")
    write_records(drawn, city, at=at)
    say("plans, people and papers")
    write_plans(drawn, city, seed=seed, at=at)
    say("forms that nobody signed")
    offer_in_vain(drawn, city, at=at)
    say("episodes")
    open_episodes(drawn, city, seed=seed, at=at)
    say("desk, group, community event, safe contact")
    reach_out(drawn, city, seed=seed, at=at)
    say("emergency accesses")
    break_glass(drawn, city, at=at)
    say("who may be known twice")
    match_waiting()
    return is_new


def the_city(at: datetime) -> tables.City:
    """The city as its file would say it."""
    return tables.City(
        organizations=programs.organizations("clinical"),
        legal_units=programs.legal_units(),
        programs=programs.programs(at),
        program_changes=changes(at),
        determinations=programs.determinations(at),
        agreements=programs.agreements(at),
        teams=tuple(tables.Team(name=name, program=program, zones=zones) for name, program, zones in TEAMS),
        holidays=holidays.holidays(at),
        offices=_offices(),
        accounts=people.accounts(people.CLINICAL, at=at),
    )


def _offices() -> tuple[tables.Office, ...]:
    """What supervisors, managers and the privacy officer open by their office, where there is one."""
    held = {(each.role, slug) for each in people.CLINICAL for slug in each.programs}
    opened = [
        tables.Office(
            role=role,
            programs=tuple(slug for slug in people.ALL_PROGRAMS if (role, slug) in held),
            opens=kinds,
        )
        for role, kinds in OFFICES.items()
    ]
    risks = tables.Office(role=roles.CLINICAL_SUPERVISOR, programs=("CO-RESPONSE",), segments=("MH", "RISK"))
    kept_apart = (("PINS", ("CASE", "MH")), ("PINS", ("CASE", "RISK")), ("LEAD", ("RISK", "SUDP2")))
    apart = (
        tables.Office(role=roles.CLINICAL_SUPERVISOR, programs=(program,), segments=segments)
        for program, segments in kept_apart
    )
    return (*opened, risks, *apart)


def _staff_teams(at: datetime) -> None:
    """Shifts from today for a month."""
    city = City()
    teams = {each.name: each for each in Team.objects.all()}
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
