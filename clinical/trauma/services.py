"""What happens about a community event, and with a slip on which somebody asks to be called."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from clinical.clients.models import Client
from clinical.duty.services import compartment_of_duty
from clinical.safecontact.services import keep_card
from clinical.trauma.models import CommunityEvent, EventAction, Slip
from clinical.writing import check_may
from consent import services
from consent.access import NothingToTell
from consent.models import Principal, Program

MOST_DIGITS = 40


class NotWaiting(Exception):
    """The slip was taken up or ended meanwhile."""


@transaction.atomic
def open_event(*, program: Program, by: Principal, **filled: Any) -> CommunityEvent:
    """Write down that something hurt a neighborhood."""
    event = CommunityEvent(compartment=compartment_of_duty(program), opened_by=by, **filled)
    event.save(force_insert=True)
    return event


@transaction.atomic
def note_action(
    *, event: CommunityEvent, by: Principal, handouts: Mapping[str, int], **filled: Any
) -> EventAction:
    """Count what was done; a debrief of staff counts staff alone."""
    check_may(by, "change", event)
    given = {word: number for word, number in handouts.items() if number}
    action = EventAction(compartment=event.compartment, event=event, by=by, handouts=given, **filled)
    action.save(force_insert=True)
    return action


@transaction.atomic
def take_back_action(*, event: CommunityEvent, action_id: UUID, by: Principal, at: datetime) -> None:
    """Undo one's own count."""
    check_may(by, "change", event)
    rows = EventAction.objects.filter(pk=action_id, event=event, by=by, taken_back_at__isnull=True)
    if not rows.update(taken_back_at=at):
        raise NothingToTell("no such count to take back")


@transaction.atomic
def end_event(*, event: CommunityEvent, by: Principal, ended: str, at: datetime) -> None:
    """Plan nothing more."""
    check_may(by, "change", event)
    event.ended, event.ended_at = ended, at
    event.save(update_fields=["ended", "ended_at"])


@transaction.atomic
def take_slip(*, program: Program, by: Principal, at: datetime, **filled: Any) -> Slip:
    """Keep that somebody asks to be called, under an opaque id of their own; it says nothing of where."""
    slip = Slip(compartment=compartment_of_duty(program, uuid4()), by=by, agreed_at=at, **filled)
    slip.save(force_insert=True)
    return slip


@transaction.atomic
def take_up(*, slip: Slip, by: Principal, at: datetime) -> Client:
    """Begin to care for who asked: a client, with ``by`` on the team and the slip's rules as safe-contact card.

    Raises:
        NotWaiting: a colleague was first, or they changed their mind.
    """
    check_may(by, "change", slip)
    if not Slip.objects.waiting().filter(pk=slip.pk).update(taken_up_by=by, taken_up_at=at):
        raise NotWaiting(f"slip `{slip.pk}` waits no longer")
    subject_id, program = slip.compartment.subject_id, slip.compartment.scope.program
    profile = services.profile(program)
    identity = services.open_compartment(subject_id, program, profile.identity)
    services.open_compartment(subject_id, program, profile.enrolment)
    services.open_compartment(subject_id, program, profile.note)
    services.assign(subject_id=subject_id, program=program, principal=by, by=by)
    given, _space, family = slip.name.partition(" ")
    phone = slip.reach if len(slip.reach) <= MOST_DIGITS and any(c.isdigit() for c in slip.reach) else ""
    client = Client(
        compartment=identity,
        unit=program.unit,
        given_name=given[:100],
        family_name=family.strip()[:100],
        phone=phone,
    )
    client.save(force_insert=True)
    said = {name: getattr(slip, name) for name in ("say_as", "best_time", "language")}
    keep_card(client=client, by=by, ways=slip.ways, never=[], **said)
    return client


@transaction.atomic
def end_slip(*, slip: Slip, by: Principal, ended: str, at: datetime) -> None:
    """Let a slip go: whoever changed their mind is not called.

    Raises:
        NotWaiting: it was taken up or ended meanwhile.
    """
    check_may(by, "change", slip)
    if not Slip.objects.waiting().filter(pk=slip.pk).update(ended=ended, ended_at=at):
        raise NotWaiting(f"slip `{slip.pk}` waits no longer")
