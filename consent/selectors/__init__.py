"""Reading who holds what: offices, grants, and the permissions that roles carry."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import Q

from consent.models import Compartment, Grant, Membership, OfficeGrant, Principal, Program


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
    return any(
        purpose in each.purposes and (each.writes or not writes)
        for each in what_opens(principal, compartment, at=at)
    )


def programs_written_by(
    principal: Principal, subject_id: UUID, *, purpose: str, at: datetime
) -> list[Program]:
    """The programs in which a grant lets ``principal`` write about the client at ``at``, by name."""
    grants = Grant.objects.filter(
        user=principal,
        content_object__subject_id=subject_id,
        content_object__recipient=None,
        writes=True,
        purposes__contains=[purpose],
        valid_from__lte=at,
        valid_until__gt=at,
    ).select_related("content_object__scope__program__unit")
    found = {each.content_object.scope.program for each in grants} if principal.is_active else set()
    return sorted(found, key=lambda program: program.slug)


def what_opens(
    principal: Principal, compartment: Compartment, *, at: datetime
) -> Iterator[Grant | OfficeGrant]:
    """The grants, and the offices' grants, by which ``principal`` has the compartment open at ``at``."""
    if not principal.is_active:
        return
    valid = Q(valid_from__lte=at, valid_until__gt=at)
    yield from Grant.objects.filter(valid, user=principal, content_object=compartment)
    employer = principal.employer
    if settings.SIDE == "clinical" and (employer is None or employer.is_criminal_justice_agency):
        return  # an office opens nothing for them, as in the database (`eng.role.dual`)
    offices = Membership.objects.held_by(principal, at).filter(program=compartment.scope.program)
    yield from OfficeGrant.objects.filter(
        valid, content_object=compartment.scope, group__in=offices.values("role")
    ).select_related("group")
