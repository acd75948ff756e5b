"""Who works in the city: one named person for each role, and their colleagues."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.founding import tables
from consent import roles

OFFICE = "City Office of Community Health and Safety"
BUREAU = "City Bureau of Police"
EMS = "City EMS"
LIFELINE = "988 Lifeline, Three Rivers call center"
MOBILE_CRISIS = "County Mobile Crisis"
SERVED_FOR = timedelta(days=690)
CARE = ("CO-RESPONSE", "PINS")
PART2 = ("POST", "LEAD")
OUTREACH = ("ROOTS", "ROOTS-DROPIN")
ALL_PROGRAMS = (*CARE, *PART2, "TSAP", *OUTREACH)
UNITS = (*(f"ZONE{number}" for number in range(1, 8)), "DOWNTOWN")
DISPATCH = "CAD"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with an account, and the office they hold."""

    username: str
    full_name: str
    role: str
    programs: tuple[str, ...]
    employer: str = OFFICE
    is_demo_account: bool = field(default=False)

    @property
    def account_of(self) -> str:
        """The role that this account stands for in the demo, or nothing."""
        return self.role if self.is_demo_account else ""


def _demo(full_name: str, role: str, programs: tuple[str, ...], employer: str = OFFICE) -> Person:
    return Person(
        username=role.replace(" ", "-"),
        full_name=full_name,
        role=role,
        programs=programs,
        employer=employer,
        is_demo_account=True,
    )


def _colleague(
    username: str, full_name: str, role: str, programs: tuple[str, ...], employer: str = OFFICE
) -> Person:
    return Person(username=username, full_name=full_name, role=role, programs=programs, employer=employer)


CLINICAL = (
    _demo("Imogen Wheelhouse", roles.SOCIAL_WORKER, ("CO-RESPONSE",)),
    _demo("Desmond Stanchion", roles.PEER, ("POST",)),
    _demo("Priya Topmast", roles.CASE_MANAGER, ("LEAD",)),
    _demo("Harriet Mainsail", roles.CLINICAL_SUPERVISOR, (*CARE, *PART2)),
    _demo("Tobias Quarterdeck", roles.PROGRAM_MANAGER, ("LEAD", "POST", "PINS")),
    _demo("Constance Logbook", roles.COMPLIANCE_OFFICER, ALL_PROGRAMS),
    _demo("Malik Strongbox", roles.PRIVACY_OFFICER, ALL_PROGRAMS),
    _demo("Rosalind Lifeline", roles.REFERRER, ("EMS",), EMS),
    _colleague("lifeline-counselor", "Juno Beacon", roles.REFERRER, ("988",), LIFELINE),
    _colleague("mobile-crisis-worker", "Amadou Tideway", roles.REFERRER, ("MOBILE-CRISIS",), MOBILE_CRISIS),
    _colleague("night-social-worker", "Casimir Nightwatch", roles.SOCIAL_WORKER, ("CO-RESPONSE",)),
    _colleague("pins-social-worker", "Linnea Compass", roles.SOCIAL_WORKER, ("PINS",)),
    _colleague("tsap-social-worker", "Beatrix Safeharbor", roles.SOCIAL_WORKER, ("TSAP",)),
    _colleague("outreach-worker", "Otis Footbridge", roles.SOCIAL_WORKER, OUTREACH),
    _colleague("outreach-peer", "Solveig Campfire", roles.PEER, ("ROOTS",)),
    _colleague("post-case-manager", "Emil Breakwater", roles.CASE_MANAGER, ("POST",)),
    _colleague("pins-case-manager", "Nadia Sextant", roles.CASE_MANAGER, ("PINS",)),
    _colleague("victims-supervisor", "Agnes Lighthouse", roles.CLINICAL_SUPERVISOR, ("TSAP", *OUTREACH)),
)
POLICE = (
    _demo("Frank Towpath", roles.OFFICER, UNITS, BUREAU),
    _demo("Dolores Signalman", roles.POLICE_SUPERVISOR, (*UNITS, DISPATCH), BUREAU),
    _demo("Hugo Tallyman", roles.ANALYST, (*UNITS, DISPATCH), BUREAU),
    _demo("Ottilie Switchboard", roles.TRIAGE_CLINICIAN, UNITS, BUREAU),
    _colleague("zone-2-officer", "Minerva Cobble", roles.OFFICER, ("ZONE2",), BUREAU),
    _colleague("downtown-officer", "Lucius Arcade", roles.OFFICER, ("DOWNTOWN",), BUREAU),
)
OF_SIDE = {"clinical": CLINICAL, "police": POLICE}


def accounts(people: tuple[Person, ...], *, at: datetime) -> tuple[tables.Account, ...]:
    """An account for everybody, and the office they have held since well before ``at``."""
    return tuple(
        tables.Account(
            username=person.username,
            full_name=person.full_name,
            email=f"{person.username}@example.org",
            employer=person.employer,
            offices=(tables.Held(role=person.role, programs=person.programs, begins_at=at - SERVED_FOR),),
        )
        for person in people
    )
