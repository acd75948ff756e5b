"""Organizations, legal units and programs, and what counsel determined and signed about them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from config.city.people import ALL_PROGRAMS, BUREAU, EMS, LIFELINE, MOBILE_CRISIS, OFFICE
from config.founding import tables
from consent.models import Organization

TREATMENT = "Three Rivers Recovery Center"
SERVICES = "Steel Bridge Neighborhood Services"
HOUSING = "Lantern House Homes"
PROSECUTOR = "County Office of the Prosecutor"
CRISIS_SERVICES = {LIFELINE: "988", MOBILE_CRISIS: "mobile_crisis"}
Kind = Organization.Kind
# name -> kind, is it a criminal justice agency
ORGANIZATIONS: dict[str, dict[str, tuple[str, bool]]] = {
    "clinical": {
        OFFICE: (Kind.CITY, False),
        EMS: (Kind.EMS, False),
        TREATMENT: (Kind.TREATING_PROVIDER, False),
        SERVICES: (Kind.SOCIAL_SERVICE, False),
        HOUSING: (Kind.HOUSING, False),
        LIFELINE: (Kind.TREATING_PROVIDER, False),
        MOBILE_CRISIS: (Kind.TREATING_PROVIDER, False),
        BUREAU: (Kind.POLICE, True),
        PROSECUTOR: (Kind.PROSECUTOR, True),
    },
    "police": {BUREAU: (Kind.POLICE, True), OFFICE: (Kind.CITY, False)},
}
# A Part 2 program that the City ended; no client of the demo was in it.
ENDED, ENDED_NAME = "RECOVERY-VAN", "Recovery van"
LEGAL_UNITS = {
    "care": "Crisis and community care",
    "part2": "Substance use programs",
    "victims": "Victim services",
    "outreach": "Street outreach",
    "ems": "Emergency medical service",
    "crisis": "Crisis services of the county",
}
# slug -> name, legal unit, organization
PROGRAMS = {
    "CO-RESPONSE": ("Co-Response", "care", OFFICE),
    "PINS": ("PINS: frequent callers and people at risk", "care", OFFICE),
    "LEAD": ("LEAD: diversion from arrest", "part2", OFFICE),
    "POST": ("POST: after an overdose", "part2", OFFICE),
    "TSAP": ("TSAP: victims and trauma survivors", "victims", OFFICE),
    "ROOTS": ("ROOTS: street outreach", "outreach", OFFICE),
    "ROOTS-DROPIN": ("ROOTS drop-in desk", "outreach", OFFICE),
    ENDED: (ENDED_NAME, "part2", OFFICE),
    "EMS": ("City ambulances", "ems", EMS),
    "988": ("988 Lifeline", "crisis", LIFELINE),
    "MOBILE-CRISIS": ("County mobile crisis", "crisis", MOBILE_CRISIS),
}
SOLICITOR = "City Solicitor's Office"


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A determination: which programs, what they are, and between which days before today it holds."""

    programs: tuple[str, ...]
    statuses: dict[str, Any]
    begins_days_ago: int = 700
    ends_days_ago: int | None = None


def _statuses(part2: str, hipaa: str, victims: str = "none", **more: Any) -> dict[str, Any]:
    return {"p2_status": part2, "hipaa_legal": hipaa, "mhpa_facility": "no", "vs_regime": victims} | more


# ROOTS-DROPIN has none on purpose: everybody can see what an undetermined program may not do.
# LEAD was first taken for a mere holder of others' records; the later determination counts.
DETERMINATIONS = (
    Signed(programs=("CO-RESPONSE", "PINS"), statuses=_statuses("lawful_holder", "covered_component")),
    Signed(
        programs=("LEAD",),
        statuses=_statuses("lawful_holder", "covered_component"),
        begins_days_ago=900,
        ends_days_ago=700,
    ),
    Signed(programs=("POST", "LEAD", ENDED), statuses=_statuses("program", "covered_component")),
    Signed(programs=("TSAP",), statuses=_statuses("lawful_holder", "not_covered", "voca")),
    Signed(
        programs=("ROOTS",),
        statuses=_statuses("lawful_holder", "covered_component", hmis_cho=True, in_privacy_notice=True),
    ),
    Signed(programs=("EMS",), statuses=_statuses("none", "covered_component")),
    Signed(programs=("988", "MOBILE-CRISIS"), statuses=_statuses("none", "covered_component")),
)


@dataclass(frozen=True, kw_only=True)
class Written:
    """An agreement of the Office with another organization."""

    kind: str
    other: str
    direction: str
    services: str
    begins_days_ago: int = 400
    ends_in_days: int | None = None


AGREEMENTS = (
    Written(kind="MOU", other=TREATMENT, direction="both", services="Referrals and their outcome"),
    Written(kind="MOU", other=SERVICES, direction="both", services="Referrals and their outcome"),
    Written(
        kind="MOU", other=HOUSING, direction="both", services="Supportive housing",
        begins_days_ago=300, ends_in_days=430,
    ),
    Written(
        kind="MOU", other=HOUSING, direction="both", services="Supportive housing, first agreement",
        begins_days_ago=900, ends_in_days=-300,
    ),
    Written(
        kind="MOU", other=BUREAU, direction="b_to_a", services="Referrals and calls handed over; nothing back",
    ),
    Written(
        kind="QSOA", other=SERVICES, direction="a_to_b", services="Appointment reminders and transport",
        begins_days_ago=200, ends_in_days=530,
    ),
    Written(
        kind="BAA", other=SERVICES, direction="a_to_b", services="Appointment reminders and transport",
        begins_days_ago=200, ends_in_days=530,
    ),
)  # fmt: skip


def organizations(side: str) -> tuple[tables.Organization, ...]:
    """The organizations that a side knows."""
    return tuple(
        tables.Organization(
            name=name,
            kind=kind,
            is_criminal_justice_agency=is_agency,
            crisis_service=CRISIS_SERVICES.get(name, ""),
        )
        for name, (kind, is_agency) in ORGANIZATIONS[side].items()
    )


def legal_units() -> tuple[tables.LegalUnit, ...]:
    """The clinical side's legal units."""
    return tuple(tables.LegalUnit(slug=slug, name=name) for slug, name in LEGAL_UNITS.items())


def programs(at: datetime) -> tuple[tables.Program, ...]:
    """The clinical side's programs; all but the ambulances take cards."""
    return tuple(
        tables.Program(
            slug=slug,
            name=name,
            unit=unit,
            organization=organization,
            begins_on=(at - timedelta(days=1000)).date(),
            has_duty_unit=slug in ALL_PROGRAMS,
        )
        for slug, (name, unit, organization) in PROGRAMS.items()
    )


def determinations(at: datetime) -> tuple[tables.Determined, ...]:
    """What counsel had signed before ``at``."""
    return tuple(
        tables.Determined(
            **each.statuses,
            programs=each.programs,
            signed_by=SOLICITOR,
            begins_at=at - timedelta(days=each.begins_days_ago),
            ends_at=None if each.ends_days_ago is None else at - timedelta(days=each.ends_days_ago),
        )
        for each in DETERMINATIONS
    )


def agreements(at: datetime) -> tuple[tables.Agreed, ...]:
    """What the Office had agreed with others before ``at``."""
    return tuple(
        tables.Agreed(
            kind=each.kind,
            party_a=OFFICE,
            party_b=each.other,
            direction=each.direction,
            services=each.services,
            begins_at=at - timedelta(days=each.begins_days_ago),
            ends_at=None if each.ends_in_days is None else at + timedelta(days=each.ends_in_days),
        )
        for each in AGREEMENTS
    )
