"""A person in an emergency, two legal units that may know them, and staff who are on nobody's care team."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from consent import access, services
from consent.models import Compartment, Determination, EmergencyAccess, Principal, Program
from consent.services import emergency
from consent.services.emergency_use import Said
from tests import factories

SAID = {
    "nature": "overdose", "without_consent": "unconscious", "treats": "self",
    "words": "Found not breathing; need allergies and what was taken",
}  # fmt: skip
SEGMENTS = {
    "CO-RESPONSE": (("DEM", "MH"), ("ENROLL", "MH"), ("MH",), ("MH", "RISK"), ("PSYNOTE",)),
    "POST": (("DEM", "SUDP2"), ("ENROLL", "SUDP2"), ("SUDP2",), ("SUDP2N",)),
    "TSAP": (("DEM", "VSP"), ("ENROLL", "VSP"), ("VSP",)),
}
STATUSES = {
    "CO-RESPONSE": {"p2_status": "lawful_holder", "hipaa_legal": "covered_component", "vs_regime": "none"},
    "POST": {"p2_status": "program", "hipaa_legal": "covered_component", "vs_regime": "none"},
    "TSAP": {"p2_status": "lawful_holder", "hipaa_legal": "not_covered", "vs_regime": "voca"},
}


def said(**changed: Any) -> Said:
    return Said(**(SAID | changed))


def make_program(slug: str) -> Program:
    program = factories.make_program(slug)
    if not Determination.objects.filter(programs=program).exists():
        made = Determination.objects.create(
            **STATUSES[slug], mhpa_facility="no", signed_by="Counsel",
            begins_at=timezone.now() - timedelta(days=365),
        )  # fmt: skip
        made.programs.add(program)
    return program


def make_subject(program: Program) -> uuid.UUID:
    """A client of ``program`` with every kind of compartment, on nobody's list."""
    subject = uuid.uuid4()
    with access.opened("system:test", "CAREMGT"):
        for segments in SEGMENTS[program.slug]:
            services.open_compartment(subject, program, segments)
    return subject


@dataclass(kw_only=True)
class Scene:
    """Lind asks; Sam is unconscious; Varga and Ash look at it afterwards; Robin is somebody else's client."""

    crisis: Program
    overdose: Program
    victims: Program
    lind: Principal
    pat: Principal
    varga: Principal
    ash: Principal
    sam: uuid.UUID
    robin: uuid.UUID


def make_scene() -> Scene:
    crisis, overdose, victims = (make_program(slug) for slug in ("CO-RESPONSE", "POST", "TSAP"))
    scene = Scene(
        crisis=crisis,
        overdose=overdose,
        victims=victims,
        lind=factories.make_principal("lind", role="social worker", program=crisis),
        pat=factories.make_principal("pat", role="peer", program=overdose),
        varga=factories.make_principal("varga", role="clinical supervisor", program=crisis),
        ash=factories.make_principal("ash", role="privacy officer", program=crisis),
        sam=make_subject(crisis),
        robin=make_subject(crisis),
    )
    for program in (overdose, victims):
        factories.make_membership(scene.ash, role="privacy officer", program=program)
    open_offices(crisis, overdose, victims)
    return scene


def open_offices(*programs: Program) -> None:
    """Supervisors and the privacy officer open who is a client of theirs."""
    with access.opened("system:test", "HOPERAT"):
        for program in programs:
            for segments in SEGMENTS[program.slug][:2]:
                for role in ("clinical supervisor", "privacy officer"):
                    services.open_office(program=program, segments=segments, role=role)


def open_for(
    principal: Principal, *subjects: uuid.UUID, at: datetime | None = None, **changed: Any
) -> emergency.Opening:
    """``principal`` breaks the glass, in a transaction of their own, by the database's clock unless said otherwise."""
    with access.opened(principal, "ETREAT"):
        return emergency.open_emergency(by=principal, subjects=subjects, said=said(**changed), at=at)


def seen_by(
    principal: Principal, *, purpose: str = "ETREAT", plan: str = ""
) -> set[tuple[uuid.UUID, tuple[str, ...]]]:
    """What the database shows ``principal``: clients and segments of compartments."""
    with access.opened(principal, purpose, plan=plan):
        rows = Compartment.objects.select_related("scope")
        return {(row.subject_id, tuple(row.scope.segments)) for row in rows}


def rows_of(subject: uuid.UUID) -> list[EmergencyAccess]:
    """Every emergency access to the client, the first first."""
    with access.opened("system:emergency", "HCOMPL"):
        return list(EmergencyAccess.objects.filter(subject_id=subject).order_by("started_at"))
