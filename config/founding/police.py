"""The police side of a city, written down: whoever runs it twice changes nothing."""

from datetime import datetime

from config.founding.changes import Changes
from config.founding.people import found_organizations, hire
from config.founding.references import problems_of_department
from config.founding.tables import Department
from consent.models import Program
from policecore.models import Team, Zone
from policecore.services import set_up_units

KIND = Department
PURPOSE = "X-REFERRAL-IN"


def problems(said: Department) -> list[str]:
    """Everything in the file that doesn't fit."""
    return problems_of_department(said, zones=Zone.objects.values_list("slug", flat=True))


def found(said: Department, changes: Changes, *, at: datetime) -> set[Program]:
    """Write the department down, as ``system:grants``; nothing there rests on a client's own facts."""
    organizations = found_organizations(said.organizations, changes)
    units = set_up_units(
        organization=organizations[said.bureau.organization],
        zones={each.slug: each.name for each in said.zones},
        signed_by=said.bureau.signed_by,
    )
    changes.counted["units"]["there"] = len(units)
    zones = {each.slug: each for each in Zone.objects.select_related("unit")}
    for row in said.teams:
        zone = zones[row.zone]
        values = {"zone": zone, "vehicle": row.vehicle}
        changes.settle("teams", Team, {"name": row.name, "unit": zone.unit}, values)
    hire(said.accounts, changes, at=at)
    return set()


def programs_of(said: Department) -> set[Program]:
    """The units of the file's zones."""
    return set(Program.objects.filter(slug__in=[row.slug for row in said.zones]))
