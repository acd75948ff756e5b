"""Reading who holds what: offices, grants, and the permissions that roles carry."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import Q

from consent.models import Compartment, Grant, Membership, OfficeGrant, Principal


def role_permissions(principal: Any, at: datetime) -> set[str]:
    """``{"clinical.add_note", …}``: what the roles held at ``at`` allow, on nothing in particular."""
    if not isinstance(principal, Principal) or not principal.is_active:
        return set()
    roles = Membership.objects.held_by(principal, at).values("role")
    found = Permission.objects.filter(group__in=roles).values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in found}


def may_open(
    principal: Principal, compartment: Compartment, *, purpose: str, at: datetime, writes: bool = False
) -> bool:
    """Does a grant, or an office's grant, open the compartment for that purpose at ``at``?

    The same rows that the database's policies read, and the same half-open interval.
    """
    if not principal.is_active:
        return False
    valid = Q(valid_from__lte=at, valid_until__gt=at, purposes__contains=[purpose])
    if writes:
        valid &= Q(writes=True)
    if Grant.objects.filter(valid, user=principal, content_object=compartment).exists():
        return True
    employer = principal.employer
    if settings.SIDE == "clinical" and (employer is None or employer.is_criminal_justice_agency):
        return False  # an office opens nothing for them, as in the database (`eng.role.dual`)
    offices = Membership.objects.held_by(principal, at).filter(program=compartment.scope.program)
    return OfficeGrant.objects.filter(
        valid, content_object=compartment.scope, group__in=offices.values("role")
    ).exists()
