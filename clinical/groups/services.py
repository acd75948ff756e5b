"""A group meets: one row about nobody, and for each member an encounter of their own."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from clinical.clients.models import Client
from clinical.duty.services import compartment_of_duty
from clinical.encounters.models import Encounter
from clinical.encounters.services import begin_encounter
from clinical.groups.models import GroupMember, GroupSession
from clinical.writing import check_may
from consent.access import NothingToTell
from consent.models import Principal, Program


class AlreadyThere(Exception):
    """The member is on the list already."""


@transaction.atomic
def hold_session(*, program: Program, by: Principal, **filled: Any) -> GroupSession:
    """Write down that a group met."""
    session = GroupSession(compartment=compartment_of_duty(program), by=by, **filled)
    session.save(force_insert=True)
    return session


@transaction.atomic
def count_guests(*, session: GroupSession, by: Principal, guests: int) -> None:
    """How many took part without a record."""
    check_may(by, "change", session)
    session.guests = guests
    session.save(update_fields=["guests"])


@transaction.atomic
def add_member(*, session: GroupSession, client: Client, by: Principal) -> GroupMember:
    """Write into a client's own record that they took part; nothing of it lies with the group or another member.

    Raises:
        AlreadyThere: they are on the list.
        NothingToTell: the client is of another legal unit than the group.
    """
    check_may(by, "change", session)
    check_may(by, "change", client)
    if client.unit_id != session.compartment.scope.program.unit_id:
        raise NothingToTell("the client belongs to another legal unit")
    standing = GroupMember.objects.about(client.subject_id).filter(
        session=session, taken_back_at__isnull=True
    )
    if standing.exists():
        raise AlreadyThere("on the list already")
    encounter = begin_encounter(
        subject_id=client.subject_id, program=client.compartment.scope.program, by=by, at=session.begins_at,
        client=None, arrived_at=session.begins_at, call_type=f"Group: {session.name}", location=session.place,
    )  # fmt: skip
    encounter.disposition = Encounter.Disposition.PROGRAM
    encounter.left_at = session.begins_at + timedelta(minutes=session.minutes)
    encounter.save(update_fields=["disposition", "left_at"])
    member = GroupMember(compartment=encounter.compartment, session=session, encounter=encounter, by=by)
    member.save(force_insert=True)
    return member


@transaction.atomic
def take_back_member(*, session: GroupSession, member_id: UUID, by: Principal, at: datetime) -> None:
    """Take somebody off the list who wasn't there; their encounter says so and counts no longer as the group's."""
    member = (
        GroupMember.objects.filter(pk=member_id, session=session, taken_back_at__isnull=True)
        .select_related("compartment", "encounter")
        .first()
    )
    if member is None:
        raise NothingToTell("no such member of this group")
    check_may(by, "change", member)
    member.taken_back_at = at
    member.save(update_fields=["taken_back_at"])
    encounter = member.encounter
    encounter.call_type = f"{encounter.call_type} (was not there)"[:200]
    encounter.save(update_fields=["call_type"])
