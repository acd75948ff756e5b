"""The clinical side of a city, written down: whoever runs it twice changes nothing."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.postgres.functions import TransactionNow
from django.db.models import Q

from clinical.intake.services import open_duty_unit
from clinical.units.models import Team, Zone
from config.founding.changes import Changes
from config.founding.determining import agree, determine
from config.founding.living import change_programs
from config.founding.people import found_organizations, hire
from config.founding.references import problems_of_city
from config.founding.tables import City
from consent import services
from consent.models import Holiday, LegalUnit, OfficeGrant, Organization, Program
from consent.roles import PARTNER_MACHINE

KIND = City
PURPOSE = "HOPERAT"
NOBODY = (
    "an office is opened for a role that nobody holds in the program, or that the law lets open nothing there"
)


def problems(said: City) -> list[str]:
    """Everything in the file that doesn't fit."""
    return problems_of_city(said, zones=Zone.objects.values_list("slug", flat=True))


def found(said: City, changes: Changes, *, at: datetime) -> set[Program]:
    """Write the city down, as ``system:grants``; the programs whose clients' grants may now differ."""
    organizations = found_organizations(said.organizations, changes)
    programs = _found_programs(said, organizations, changes)
    affected = change_programs(said.program_changes, programs, changes)
    affected |= determine(said.determinations, programs, changes)
    agree(said.agreements, organizations, changes)
    _found_teams(said, programs, changes)
    for each in said.holidays:
        changes.settle("holidays", Holiday, {"on": each.on}, {"name": each.name})
    hire(said.accounts, changes, at=at)
    _open_offices(said, programs, changes)
    # a new organization or account is part of no grant yet
    reaching = ("organizations", "legal units", "programs", "accounts")
    if (
        any(map(changes.changed, reaching))
        or changes.touched("agreements")
        or changes.touched("offices held")
    ):
        affected = set(programs.values())
    return affected


def _found_programs(
    said: City, organizations: dict[str, Organization], changes: Changes
) -> dict[str, Program]:
    for unit in said.legal_units:
        changes.settle("legal units", LegalUnit, {"slug": unit.slug}, {"name": unit.name})
    units = {each.slug: each for each in LegalUnit.objects.all()}
    for row in said.programs:
        values = {
            "name": row.name,
            "unit": units[row.unit],
            "organization": organizations[row.organization],
            "begins_on": row.begins_on,
            "ends_on": row.ends_on,
            "kept_like": row.kept_like,
        }
        changes.settle("programs", Program, {"slug": row.slug}, values)
    return {each.slug: each for each in Program.objects.select_related("unit")}


def _found_teams(said: City, programs: dict[str, Program], changes: Changes) -> None:
    for each in said.zones:
        changes.settle("zones", Zone, {"slug": each.slug}, {"name": each.name})
    zones = {each.slug: each for each in Zone.objects.all()}
    for row in said.teams:
        team = changes.settle("teams", Team, {"name": row.name, "program": programs[row.program]}, {})
        covered = {zones[slug] for slug in row.zones}
        if set(team.zones.all()) != covered:
            team.zones.set(covered)


def _open_offices(said: City, programs: dict[str, Program], changes: Changes) -> None:
    """Open what the file names, and close every other office of its programs."""
    opened: set[int] = set()
    for office in said.offices:
        for slug in office.programs:
            profile = services.profile(programs[slug])
            wanted = {getattr(profile, kind) for kind in office.opens} or {office.segments}
            if profile.note in wanted:  # who opens the notes opens what became of them by their label
                wanted |= services.labelled_scopes(programs[slug])
            for segments in sorted(wanted):
                grant = services.open_office(
                    program=programs[slug], segments=segments, role=office.role,
                    writes=segments == profile.complaint,  # whoever answers for them; the rest is to be read
                )  # fmt: skip
                opened |= _keep([grant], changes)
    for row in said.programs:
        if row.has_duty_unit:
            opened |= _keep(open_duty_unit(programs[row.slug]), changes)
    closing = OfficeGrant.objects.filter(
        Q(valid_until__gt=TransactionNow()) | Q(changes_at__isnull=False),
        content_object__program__slug__in=[row.slug for row in said.programs],
    ).exclude(pk__in=opened)
    closing = closing.exclude(group__name=PARTNER_MACHINE)
    for grant in closing:
        changes.note("offices open", grant, "closed")
    services.close_offices(closing)


def _keep(grants: Iterable[OfficeGrant | None], changes: Changes) -> set[int]:
    kept = [grant for grant in grants if grant is not None]
    now = [grant for grant in kept if grant.purposes]
    if not now:
        changes.remark(NOBODY)
    changes.counted["offices open"]["open"] += len(now)
    return {grant.pk for grant in kept}


def programs_of(said: City) -> set[Program]:
    """The file's programs."""
    return set(Program.objects.filter(slug__in=[row.slug for row in said.programs]))
