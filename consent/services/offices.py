"""What an office opens: one row per program, segments and role."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.postgres.functions import TransactionNow
from django.utils import timezone

from consent import access
from consent.models import Membership, OfficeGrant, Principal, Program, Scope
from consent.models.compartments import FOR_GOOD
from consent.roles import SUPERVISES
from consent.services.colleagues import Colleague
from consent.services.compartments import scope_of
from consent.services.decisions import Standing
from consent.services.workforce import OWN_UNIT_BASIS, POLICE_DUTY, Answer, own_use


def open_office(
    *,
    program: Program,
    segments: Iterable[str],
    role: str,
    holder: Principal | None = None,
    writes: bool = False,
    at: datetime | None = None,
) -> OfficeGrant | None:
    """Let the holders of ``role`` in ``program`` open every compartment of that scope.

    One row per program, segments and role. A supervisor's office rests on
    ``supervises_program``, a duty unit's on ``assigned_to_subject`` (a member of the
    duty unit is on the care team of whoever calls: `law/rules.md` 4.4). The engine
    names the purposes; where it permits none, there is no grant.

    Args:
        holder: Somebody who holds the office, for the facts about employer and unit.
    """
    at = at or timezone.now()
    scope = scope_of(program, segments)
    answer: Answer | None = (POLICE_DUTY, OWN_UNIT_BASIS, FOR_GOOD)
    with access.acting_as("system:grants"):
        if settings.SIDE != "police":
            answer = _office_answer(scope, role, holder, at)
        if answer is None:
            return None
        purposes, basis, until = answer
        grant, _made = OfficeGrant.objects.update_or_create(
            content_object=scope,
            group=Group.objects.get(name=role),
            defaults={
                # guardian wants a permission of the object's own model
                "permission": Permission.objects.get_by_natural_key("view_scope", "consent", "scope"),
                "purposes": sorted(purposes),
                "basis": basis,
                "writes": writes,
                "valid_from": TransactionNow(),
                "valid_until": until,
            },
        )
    return grant


def _office_answer(scope: Scope, role: str, holder: Principal | None, at: datetime) -> Answer | None:
    members = Membership.objects.filter(program=scope.program, role__name=role).values("principal")
    member = holder or Principal.objects.filter(pk__in=members).select_related("employer").first()
    if member is None:
        return None
    supervises = role in SUPERVISES
    # about no one client: the office rests on determinations and duty, never on a form
    standing = Standing.of(scope.program.uid, scope.program, at)
    return own_use(standing, scope, Colleague.of(member, at), assigned=not supervises, supervises=supervises)
