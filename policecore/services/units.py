"""The police side's units and zones, and what their offices open."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from consent import access, services
from consent.models import Determination, LegalUnit, Organization, Program
from consent.roles import ANALYST, OFFICER, POLICE_SUPERVISOR, TRIAGE_CLINICIAN
from policecore.cad.services import DISPATCH
from policecore.models import CALL_SEGMENTS, REFERRAL_SEGMENTS, Zone, calls_of

ZONES = {f"ZONE{number}": f"Zone {number}" for number in range(1, 8)} | {"DOWNTOWN": "Downtown"}
DISPATCH_NAME = "911 dispatch feed"

# Role → may it write there? An analyst reads calls; a referral is its officer's and the supervisor's.
OFFICES: Mapping[tuple[str, ...], Mapping[str, bool]] = {
    CALL_SEGMENTS: {OFFICER: True, POLICE_SUPERVISOR: True, ANALYST: False, TRIAGE_CLINICIAN: True},
    REFERRAL_SEGMENTS: {POLICE_SUPERVISOR: False},
}
DISPATCH_OFFICES = {POLICE_SUPERVISOR: False, ANALYST: False}
NO_HEALTH_LAW = {
    "p2_status": "none",
    "hipaa_legal": "not_covered",
    "mhpa_facility": "no",
    "vs_regime": "none",
    "hmis_cho": False,
}


def set_up_units(
    *, organization: Organization, zones: Mapping[str, str] = ZONES, signed_by: str = ""
) -> list[Program]:
    """Make a unit and a zone of each of ``zones`` (slug → name) and the dispatch feed's; twice is once, or renames.

    Args:
        signed_by: Who determined that the department is no covered entity, no Part 2
            program and no victim service; without a name nothing is determined, and
            its units stay undetermined in every respect.
    """
    with transaction.atomic():
        legal_unit, _made = LegalUnit.objects.get_or_create(
            slug="police", defaults={"name": organization.name}
        )
        units = []
        for slug, name in {**zones, DISPATCH: DISPATCH_NAME}.items():
            unit, _made = Program.objects.update_or_create(
                slug=slug,
                defaults={"name": name},
                create_defaults={"name": name, "unit": legal_unit, "organization": organization},
            )
            if slug in zones:
                Zone.objects.update_or_create(
                    slug=slug, defaults={"name": name}, create_defaults={"name": name, "unit": unit}
                )
            units.append(unit)
        if signed_by:
            _determine(units, signed_by)
    with access.opened("system:grants", "X-REFERRAL-IN"):
        for unit in units:
            _open_offices(unit)
    return units


def _determine(units: list[Program], signed_by: str) -> None:
    undetermined = [unit for unit in units if not unit.determinations.exists()]
    if undetermined:
        made = Determination.objects.create(signed_by=signed_by, begins_at=timezone.now(), **NO_HEALTH_LAW)
        made.programs.set(undetermined)


def _open_offices(unit: Program) -> None:
    offices = {CALL_SEGMENTS: DISPATCH_OFFICES} if unit.slug == DISPATCH else OFFICES
    for segments, roles in offices.items():
        for role, writes in roles.items():
            services.open_office(program=unit, segments=segments, role=role, writes=writes)
    services.open_compartment(**calls_of(unit))
