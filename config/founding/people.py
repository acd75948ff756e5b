"""Organizations and accounts: the same on both sides."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group

from config.founding.changes import Changes
from config.founding.tables import Account, Held
from config.founding.tables import Organization as OrganizationSaid
from config.passphrases import passphrase
from consent import services
from consent.models import Membership, Organization, Principal, Program

ENDED = "an office of the file has ended meanwhile and stays ended: a later `begins_on` gives it again"
UNSAID = "an office is held that the file doesn't name: `manage.py end_office` ends one"


def found_organizations(said: Iterable[OrganizationSaid], changes: Changes) -> dict[str, Organization]:
    """Make or change the file's organizations; all that there are, by name."""
    for each in said:
        values = {
            "kind": each.kind,
            "is_criminal_justice_agency": each.is_criminal_justice_agency,
            "crisis_service": each.crisis_service,
        }
        changes.settle("organizations", Organization, {"name": each.name}, values)
    return {each.name: each for each in Organization.objects.all()}


def hire(said: Iterable[Account], changes: Changes, *, at: datetime) -> None:
    """Make or change the accounts and their offices; a new account has no password yet."""
    employers = {each.name: each for each in Organization.objects.all()}
    programs = {each.slug: each for each in Program.objects.all()}
    roles = {each.name: each for each in Group.objects.all()}
    for account in said:
        principal = changes.settle(
            "accounts",
            Principal,
            {"username": account.username},
            {
                "full_name": account.full_name,
                "email": account.email,
                "employer": employers[account.employer],
                "is_active": account.is_active,
            },
        )
        if not principal.password:
            principal.set_unusable_password()
            principal.save(update_fields=["password"])
        named = set()
        for held in account.offices:
            for slug in held.programs:
                named.add((held.role, slug))
                _hold(principal, roles[held.role], programs[slug], held, changes, at)
        for office in Membership.objects.held_by(principal, at).select_related("role", "program"):
            if (office.role.name, office.program.slug) not in named:
                changes.remark(UNSAID)


def _hold(
    principal: Principal, role: Group, program: Program, held: Held, changes: Changes, at: datetime
) -> None:
    """Give the office, unless it was given; one that was ended is not given again by the same words."""
    last = (
        Membership.objects.filter(principal=principal, role=role, program=program)
        .order_by("-begins_at")
        .first()
    )
    over = last is not None and last.ends_at is not None and last.ends_at <= at
    if last is None or (over and held.begins_at is not None and held.begins_at >= last.ends_at):
        row = Membership.objects.create(
            principal=principal,
            role=role,
            program=program,
            begins_at=held.begins_at or at,
            ends_at=held.ends_at,
        )
        changes.note("offices held", row, "new")
    elif over:
        changes.note("offices held", last, "as before")
        if held.ends_at is None or held.ends_at > at:
            changes.remark(ENDED)
    elif held.ends_at is not None and held.ends_at != last.ends_at and held.ends_at > last.begins_at:
        services.end_office(membership=last, at=held.ends_at)
        changes.note("offices held", last, "changed")
    else:
        changes.note("offices held", last, "as before")


def give_first_passwords(said: Iterable[Account]) -> dict[str, str]:
    """A password for every active account of the file that has none, by username."""
    given = {}
    for principal in Principal.objects.filter(
        username__in=[each.username for each in said], is_active=True
    ).order_by("username"):
        if not principal.has_usable_password():
            given[principal.username] = passphrase()
            principal.set_password(given[principal.username])
            principal.save(update_fields=["password"])
    return given
