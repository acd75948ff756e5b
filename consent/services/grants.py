"""From standing facts to grants: recomputed for one client in the transaction of whatever changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.postgres.functions import TransactionNow
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from consent import access
from consent.engine.decide import decide
from consent.engine.facts import Asked, Recipient
from consent.models import (
    Assignment,
    Compartment,
    Grant,
    Membership,
    OfficeGrant,
    Principal,
    Program,
    Scope,
)
from consent.models.compartments import FOR_GOOD
from consent.roles import SUPERVISES
from consent.services import decisions
from consent.services.compartments import scope_of
from consent.services.decisions import Standing

# The purposes a grant can name: own use, and what a partner may read a release for.
OWN_USE = (*access.CAREUSE, "X-VICTIMSVC", "X-HOUSING")
PARTNERS_USE = ("TREAT", "COC", "CAREMGT", "X-HOUSING", "X-VICTIMSVC")
# The police side's own records: the consent rules speak of what leaves it; within it the unit decides.
POLICE_DUTY = ("X-REFERRAL-IN",)
Answer = tuple[tuple[str, ...], list[dict[str, str]], datetime]  # purposes, basis, until
OWN_UNIT_BASIS = [{"rule": "local.own-unit", "cite": "local policy: a unit reads its own records"}]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A grant that the standing facts support."""

    principal: Principal
    purposes: tuple[str, ...]
    basis: list[dict[str, str]]
    writes: bool
    until: datetime


def lock_client(subject_id: UUID) -> None:
    """Wait for whoever else is changing this client's facts; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(subject_id)])


def recompute_grants(subject_id: UUID, *, at: datetime | None = None) -> None:
    """Make the client's grants what the standing facts support at ``at``, and nothing else.

    The client is locked first, so that two changes never work on each other's
    half. Runs as ``system:grants`` in the caller's transaction: a request that
    begins after the commit never sees the old answer.
    """
    at = at or timezone.now()
    with access.acting_as("system:grants"):
        lock_client(subject_id)
        compartments = Compartment.objects.filter(subject_id=subject_id).select_related(
            "scope__program__unit", "recipient"
        )
        standing: dict[int, Standing] = {}
        for compartment in compartments:
            program = compartment.scope.program
            if program.pk not in standing:
                standing[program.pk] = Standing.of(subject_id, program, at)
            wanted = _wanted(compartment, standing[program.pk])
            _settle(compartment, {want.principal.pk: want for want in wanted}, at)


def _settle(compartment: Compartment, wanted: dict[int, Wanted], at: datetime) -> None:
    """Write the difference: end what has lost its basis, then add or renew what has one."""
    standing = {grant.user_id: grant for grant in Grant.objects.filter(content_object=compartment)}
    for user_id, grant in standing.items():
        if user_id not in wanted and grant.valid_until > at:
            grant.valid_until = max(at, grant.valid_from)
            grant.save(update_fields=["valid_until"])
    for user_id, want in wanted.items():
        grant = standing.get(user_id)
        is_new = grant is None or grant.valid_until <= at
        grant = grant or Grant(user=want.principal, content_object=compartment, permission=_open_permission())
        values = {
            "purposes": sorted(want.purposes),
            "basis": want.basis,
            "writes": want.writes,
            # the policies compare with the transaction's own now(), which lies before ``at``
            "valid_from": TransactionNow() if is_new else grant.valid_from,
            "valid_until": want.until,
        }
        if any(getattr(grant, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(grant, name, value)
            grant.save()


def _open_permission() -> Permission:
    return Permission.objects.get_by_natural_key("open_compartment", "consent", "compartment")


def _wanted(compartment: Compartment, standing: Standing) -> Iterator[Wanted]:
    at = standing.at
    if compartment.recipient is not None:
        yield from _partners(compartment, standing)
        return
    team = Assignment.objects.filter(
        subject_id=compartment.subject_id, program=compartment.scope.program, begins_at__lte=at
    ).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    for assignment in team.select_related("principal__employer"):
        if assignment.principal.is_active:
            yield from _care_team_member(compartment, assignment, standing)


def _care_team_member(
    compartment: Compartment, assignment: Assignment, standing: Standing
) -> Iterator[Wanted]:
    principal, program, at = assignment.principal, compartment.scope.program, standing.at
    offices = Membership.objects.held_by(principal, at)
    ends = list(offices.filter(program=program).values_list("ends_at", flat=True))
    if not ends:
        return  # assigned, but no longer in the program
    office_ends = None if None in ends else max(end for end in ends if end)
    limits = [assignment.ends_at, office_ends]
    if settings.SIDE == "police":
        yield Wanted(
            principal=principal,
            purposes=POLICE_DUTY,
            basis=OWN_UNIT_BASIS,
            writes=True,
            until=_earliest(limits),
        )
        return
    answer = _own_use(standing, compartment.scope, principal, assigned=True)
    if answer:
        purposes, basis, until = answer
        yield Wanted(
            principal=principal,
            purposes=purposes,
            basis=basis,
            writes=True,
            until=_earliest([*limits, until]),
        )


def own_workforce_facts(
    principal: Principal, program: Program, at: datetime, *, assigned: bool = False, supervises: bool = False
) -> dict[str, Any]:
    """What stands in rows about own staff, as facts shown (`law/rules.md` 4.4)."""
    held = Membership.objects.held_by(principal, at)
    facts = {
        "same_unit": held.filter(program__unit=program.unit).exists(),
        "same_program": held.filter(program=program).exists(),
        "assigned_to_subject": assigned,
        "supervises_program": supervises,
        "need_for_sud_duties": assigned or supervises,
    }
    return {name: value for name, value in facts.items() if value}


def le_employment(principal: Principal) -> frozenset[str]:
    """``{"actor_le_employed"}`` as a recorded no, where the employer is known not to be a criminal justice agency."""
    employer = principal.employer
    known_no = employer is not None and not employer.is_criminal_justice_agency
    return frozenset({"actor_le_employed"}) if known_no else frozenset()


def _own_use(
    standing: Standing,
    scope: Scope,
    principal: Principal,
    *,
    assigned: bool = False,
    supervises: bool = False,
) -> Answer | None:
    """The purposes for which the engine lets own staff open the whole scope, with basis and end."""
    program, at = scope.program, standing.at
    facts = own_workforce_facts(principal, program, at, assigned=assigned, supervises=supervises)
    if standing.in_privacy_notice:
        facts["in_privacy_notice"] = True
    asked = decisions.question(
        standing,
        segments=scope.segments,
        recipient=Recipient(type="own_workforce", id=str(principal.uid), unit=program.unit.slug),
        purpose=OWN_USE[0],
        actor=decisions.actor_of(principal, program, at),
        facts=facts,
        recorded_no=le_employment(principal),
    )
    return _permitted_purposes(asked, OWN_USE, standing.statuses_until)


def _permitted_purposes(asked: Asked, purposes: Iterable[str], until: datetime | None) -> Answer | None:
    """Ask for each purpose; a grant names those for which the whole compartment opens."""
    permitted: list[str] = []
    basis: dict[tuple[str, str], dict[str, str]] = {}
    ends = [until]
    for purpose in purposes:
        decision = decide(replace(asked, purpose=purpose), decisions.PACKS)
        if set(decision.permitted) != set(asked.segments):
            continue
        permitted.append(purpose)
        ends.append(decision.expires_at)
        for part in decision.basis:
            basis[(part.rule, part.cite)] = {"rule": part.rule, "cite": part.cite}
        for consent_id in decision.consents_used:
            basis[("consent", str(consent_id))] = {"consent": str(consent_id)}
    if not permitted:
        return None
    return tuple(permitted), [basis[key] for key in sorted(basis)], _earliest(ends)


def _partners(compartment: Compartment, standing: Standing) -> Iterator[Wanted]:
    """A release opens to its recipient's machines while the law still lets its segments go there."""
    organization = compartment.recipient
    machines = Principal.objects.filter(
        employer=organization, kind=Principal.Kind.MACHINE, is_active=True
    ).select_related("employer")
    if not machines:
        return
    asked = decisions.question(
        standing,
        segments=compartment.scope.segments,
        recipient=Recipient(type=organization.kind, id=str(organization.uid), organization=organization.name),
        purpose=PARTNERS_USE[0],
        actor=decisions.ENGINE_JOB,
        facts=decisions.agreements_with(organization, standing.at),
    )
    answer = _permitted_purposes(asked, PARTNERS_USE, standing.statuses_until)
    if answer:
        purposes, basis, until = answer
        for machine in machines:
            yield Wanted(principal=machine, purposes=purposes, basis=basis, writes=True, until=until)


def _earliest(instants: Iterable[datetime | None]) -> datetime:
    return min([each for each in instants if each is not None], default=FOR_GOOD)


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
    return _own_use(standing, scope, member, assigned=not supervises, supervises=supervises)
