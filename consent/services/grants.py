"""From standing facts to grants: recomputed for one client in the transaction of whatever changed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.postgres.functions import TransactionNow
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from consent import access
from consent.models import Assignment, Compartment, Grant, Membership, Principal
from consent.services.colleagues import Colleague
from consent.services.decisions import Standing
from consent.services.workforce import (
    OWN_UNIT_BASIS,
    POLICE_DUTY,
    earliest,
    own_use,
    partners_use,
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A grant that the standing facts support."""

    principal: Principal
    purposes: tuple[str, ...]
    basis: list[dict[str, str]]
    until: datetime
    writes: bool = True


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
        compartments = list(
            Compartment.objects.filter(subject_id=subject_id).select_related(
                "scope__program__unit", "recipient"
            )
        )
        standing = {
            program: Standing.of(subject_id, program, at)
            for program in {each.scope.program for each in compartments}
        }
        team = _care_team(subject_id, at)
        kept: dict[int, dict[int, Grant]] = defaultdict(dict)
        for grant in Grant.objects.filter(content_object__in=compartments):
            kept[grant.content_object_id][grant.user_id] = grant
        added: list[Grant] = []
        for compartment in compartments:
            wanted = {
                want.principal.pk: want
                for want in _wanted(compartment, standing[compartment.scope.program], team)
            }
            _end_the_unwanted(kept[compartment.pk], wanted, at)
            added += _renew(compartment, kept[compartment.pk], wanted, at)
        Grant.objects.bulk_create(added)


def _care_team(subject_id: UUID, at: datetime) -> list[tuple[Assignment, Colleague]]:
    """Who is assigned at ``at`` and active, each with the offices they hold."""
    assignments = [
        each
        for each in Assignment.objects.filter(subject_id=subject_id, begins_at__lte=at)
        .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
        .select_related("principal__employer")
        if each.principal.is_active
    ]
    if not assignments:
        return []
    offices = Membership.objects.held_at(at).filter(principal__in=[each.principal for each in assignments])
    held: dict[int, list[Membership]] = defaultdict(list)
    for office in offices.select_related("program", "role"):
        held[office.principal_id].append(office)
    return [
        (each, Colleague(principal=each.principal, offices=tuple(held[each.principal_id])))
        for each in assignments
    ]


def _end_the_unwanted(kept: dict[int, Grant], wanted: dict[int, Wanted], at: datetime) -> None:
    """End what has lost its basis, before anything else is looked for."""
    for user_id, grant in kept.items():
        if user_id not in wanted and grant.valid_until > at:
            grant.valid_until = TransactionNow()  # the instant that the policies go by: closed from here on
            grant.save(update_fields=["valid_until"])


def _renew(
    compartment: Compartment, kept: dict[int, Grant], wanted: dict[int, Wanted], at: datetime
) -> Iterator[Grant]:
    """Change the grants that stay, and give back those that are new."""
    for user_id, want in wanted.items():
        grant = kept.get(user_id)
        values = {
            "purposes": sorted(want.purposes),
            "basis": want.basis,
            "writes": want.writes,
            "valid_until": want.until,
        }
        if grant is None:
            yield Grant(
                user=want.principal,
                content_object=compartment,
                permission=_open_permission(),
                # the policies compare with the transaction's own now(), which lies before ``at``
                valid_from=TransactionNow(),
                **values,
            )
            continue
        if grant.valid_until <= at:
            grant.valid_from = TransactionNow()
        elif all(getattr(grant, name) == value for name, value in values.items()):
            continue
        for name, value in values.items():
            setattr(grant, name, value)
        grant.save()


def _open_permission() -> Permission:
    return Permission.objects.get_by_natural_key("open_compartment", "consent", "compartment")


def _wanted(
    compartment: Compartment, standing: Standing, team: Iterable[tuple[Assignment, Colleague]]
) -> Iterator[Wanted]:
    if compartment.recipient is not None:
        yield from _partners(compartment, standing)
        return
    program = compartment.scope.program
    for assignment, colleague in team:
        if assignment.program_id == program.pk and colleague.holds_an_office_in(program):
            yield from _care_team_member(compartment, assignment, colleague, standing)


def _care_team_member(
    compartment: Compartment, assignment: Assignment, colleague: Colleague, standing: Standing
) -> Iterator[Wanted]:
    limits = [assignment.ends_at, colleague.office_ends_at(compartment.scope.program)]
    if settings.SIDE == "police":
        until = earliest(limits)
        yield Wanted(principal=colleague.principal, purposes=POLICE_DUTY, basis=OWN_UNIT_BASIS, until=until)
        return
    answer = own_use(standing, compartment.scope, colleague, assigned=True)
    if answer:
        purposes, basis, until = answer
        yield Wanted(
            principal=colleague.principal, purposes=purposes, basis=basis, until=earliest([*limits, until])
        )


def _partners(compartment: Compartment, standing: Standing) -> Iterator[Wanted]:
    """A release opens to its recipient's machines while the law still lets its segments go there."""
    organization = compartment.recipient
    machines = list(
        Principal.objects.filter(employer=organization, kind=Principal.Kind.MACHINE, is_active=True)
    )
    answer = partners_use(standing, compartment.scope, organization) if machines else None
    if answer:
        purposes, basis, until = answer
        for machine in machines:
            yield Wanted(principal=machine, purposes=purposes, basis=basis, until=until)
