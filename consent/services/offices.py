"""What an office opens: one row per program, segments and role."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.postgres.functions import TransactionNow
from django.db.models import Q, QuerySet
from django.utils import timezone

from consent import access
from consent.models import (
    Assignment,
    Compartment,
    Membership,
    OfficeGrant,
    Organization,
    Principal,
    Program,
    Scope,
)
from consent.models.compartments import FOR_GOOD
from consent.roles import SUPERVISES
from consent.services import ledger
from consent.services.colleagues import Colleague
from consent.services.compartments import scope_of
from consent.services.grants import now_at_the_earliest, recompute_grants
from consent.services.locks import lock_clients, lock_shared_facts
from consent.services.standing import History
from consent.services.workforce import POLICE_DUTY, Answer, Remembered, own_use


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
    with access.acting_as("system:grants"):
        return _settle(scope_of(program, segments), role, holder, writes, at or timezone.now())


def close_offices(offices: QuerySet[OfficeGrant]) -> None:
    """Let these open nothing any more, and nothing later on."""
    with access.acting_as("system:grants"):
        for each in offices.filter(valid_until__gt=TransactionNow()).select_related(
            "content_object", "group"
        ):
            _note(each.content_object, each.group.name, None)
        offices.update(valid_until=now_at_the_earliest(), changes_at=None)


def renew_offices() -> int:
    """Decide again about the offices for which the law says something else by now; how many there were."""
    due = OfficeGrant.objects.filter(changes_at__lte=TransactionNow()).select_for_update(skip_locked=True)
    offices = list(due.select_related("content_object__program__unit", "group", "permission"))
    for each in offices:
        _settle(each.content_object, each.group.name, None, each.writes, timezone.now())
    return len(offices)


def _settle(
    scope: Scope, role: str, holder: Principal | None, writes: bool, at: datetime
) -> OfficeGrant | None:
    """Write down what the office opens now, until when, and when to decide again."""
    answer, until, changes_at = _office_answer(scope, role, holder, at)
    before = OfficeGrant.objects.filter(content_object=scope, group__name=role).first()
    if _opens(before, at) != _said(answer, writes):
        _note(scope, role, answer)
    if answer is None and changes_at is None:
        OfficeGrant.objects.filter(content_object=scope, group__name=role).update(
            valid_until=now_at_the_earliest(), changes_at=None
        )
        return None
    grant, _made = OfficeGrant.objects.update_or_create(
        content_object=scope,
        group=Group.objects.get(name=role),
        defaults={
            # guardian wants a permission of the object's own model
            "permission": Permission.objects.get_by_natural_key("view_scope", "consent", "scope"),
            "purposes": sorted(answer.purposes) if answer else [],
            "basis": list(answer.basis) if answer else [],
            "writes": writes,
            "valid_from": TransactionNow(),
            "valid_until": until if answer else TransactionNow(),
            "changes_at": changes_at,
        },
    )
    return grant


def _opens(grant: OfficeGrant | None, at: datetime) -> tuple[Any, ...]:
    """What it opens at ``at``, and on what that rests: a change of it has a receipt."""
    if grant is None or grant.valid_until <= at:
        return ()
    return sorted(grant.purposes), grant.basis, grant.writes


def _said(answer: Answer | None, writes: bool) -> tuple[Any, ...]:
    return (sorted(answer.purposes), list(answer.basis), writes) if answer else ()


def _note(scope: Scope, role: str, answer: Answer | None) -> None:
    """The receipt of what the office opens now, about no one client."""
    for rests_on in (answer.rests_on if answer else ()) or (None,):
        ledger.note_grant(
            subject_id=None, recipient=role, segments=scope.segments,
            reason="office open" if answer else "office closed", decided=rests_on,
        )  # fmt: skip


def end_office(*, membership: Membership, at: datetime | None = None, by: Principal | None = None) -> None:
    """Take an office from its holder; what it had opened on clients closes in the same transaction.

    Runs inside an access context; who is transferred keeps nothing of the old program.
    """
    now = lock_shared_facts()
    membership.ends_at = at or now
    membership.save(update_fields=["ends_at"])
    ledger.note_event("office", reason="ended", resources={"consent.membership": [str(membership.pk)]})
    recompute_colleague(membership.principal)


def recompute_program(program: Program) -> int:
    """Recompute every client of a program, after counsel redrew a determination; how many there were."""
    lock_shared_facts()
    return _recompute(Compartment.objects.filter(scope__program=program))


def recompute_organization(organization: Organization) -> int:
    """Recompute every client of whom something was released to it, after its flags or machines changed."""
    lock_shared_facts()
    return _recompute(Compartment.objects.filter(recipient=organization))


def recompute_colleague(principal: Principal) -> int:
    """Recompute every client in whose care the principal is, after an office, employer or account changed.

    An office in one program tells what the law calls its holder in another one as well.
    """
    lock_shared_facts()
    still = Q(ends_at__isnull=True) | Q(ends_at__gt=TransactionNow())
    return _recompute(Assignment.objects.filter(still, principal=principal))


def _recompute(rows: QuerySet[Any]) -> int:
    """Recompute the clients of these rows, in the order in which everybody locks them."""
    with access.acting_as("system:grants"):
        subjects = lock_clients(rows.values_list("subject_id", flat=True).distinct())
    for subject_id in subjects:
        recompute_grants(subject_id)
    return len(subjects)


def _office_answer(
    scope: Scope, role: str, holder: Principal | None, at: datetime
) -> tuple[Answer | None, datetime, datetime | None]:
    """What the office opens at ``at``, until when, and when the law says something else next."""
    if settings.SIDE == "police":
        return POLICE_DUTY, FOR_GOOD, None
    colleague = Colleague.of(holder, at) if holder else _a_holder(scope, role, at)
    if colleague is None:
        return None, FOR_GOOD, None
    supervises = role in SUPERVISES
    # about no one client: the office rests on determinations and duty, never on a form
    history = History.about(scope.program.uid, [scope.program])
    remembered: Remembered = {}

    def answer_at(instant: datetime) -> Answer | None:
        if history.discontinued(scope.program, instant):  # an office is about no one client's agreement
            return None
        standing = history.standing(scope.program, instant)
        facts = {"assigned": not supervises, "supervises": supervises}
        return own_use(standing, scope, colleague, **facts, remembered=remembered)

    answer, until, changes_at = answer_at(at), FOR_GOOD, None
    for instant in history.instants(at):
        then = answer_at(instant)
        if changes_at is None and then != answer:
            changes_at = instant
        if answer is not None and (then is None or not set(answer.purposes) <= set(then.purposes)):
            return answer, instant, changes_at
    return answer, until, changes_at


def _a_holder(scope: Scope, role: str, at: datetime) -> Colleague | None:
    """Somebody with that office as the law sees them: now if possible, and not paid by the police.

    Who is paid by the police opens nothing by an office, whatever it opens to others.
    """
    held = Membership.objects.filter(program=scope.program, role__name=role)
    offices = list(held.select_related("principal__employer", "program", "role").order_by("pk"))
    if not offices:
        return None

    def is_unlike(office: Membership) -> tuple[bool, bool]:
        employer = office.principal.employer
        paid_by_police = employer is None or employer.is_criminal_justice_agency
        return (paid_by_police, office.ends_at is not None and office.ends_at <= at)

    chosen = min(offices, key=is_unlike)
    return Colleague(principal=chosen.principal, offices=(chosen,))
