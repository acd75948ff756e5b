"""What an office opens: one row per program, segments and role."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.postgres.functions import TransactionNow
from django.utils import timezone

from consent import access
from consent.models import Assignment, Compartment, Membership, OfficeGrant, Principal, Program, Scope
from consent.models.compartments import FOR_GOOD
from consent.roles import SUPERVISES
from consent.services import ledger
from consent.services.colleagues import Colleague
from consent.services.compartments import scope_of
from consent.services.decisions import Standing
from consent.services.grants import recompute_grants
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


def end_office(*, membership: Membership, at: datetime | None = None, by: Principal | None = None) -> None:
    """Take an office from its holder; what it had opened on clients closes in the same transaction.

    Runs inside an access context; who is transferred keeps nothing of the old program.
    """
    membership.ends_at = at or timezone.now()
    membership.save(update_fields=["ends_at"])
    with access.acting_as("system:grants"):
        subjects = set(
            Assignment.objects.filter(
                principal=membership.principal, program=membership.program, ends_at=None
            ).values_list("subject_id", flat=True)
        )
    ledger.note_event("office", reason="ended", resources={"consent.membership": [str(membership.pk)]})
    for subject_id in sorted(subjects):
        recompute_grants(subject_id)


def recompute_program(program: Program) -> int:
    """Recompute every client of a program, after counsel redrew a determination; how many there were."""
    with access.acting_as("system:grants"):
        subjects = set(
            Compartment.objects.filter(scope__program=program).values_list("subject_id", flat=True)
        )
    for subject_id in sorted(subjects):
        recompute_grants(subject_id)
    return len(subjects)


def _office_answer(scope: Scope, role: str, holder: Principal | None, at: datetime) -> Answer | None:
    members = Membership.objects.filter(program=scope.program, role__name=role).values("principal")
    member = holder or Principal.objects.filter(pk__in=members).select_related("employer").first()
    if member is None:
        return None
    supervises = role in SUPERVISES
    # about no one client: the office rests on determinations and duty, never on a form
    standing = Standing.of(scope.program.uid, scope.program, at)
    return own_use(standing, scope, Colleague.of(member, at), assigned=not supervises, supervises=supervises)
