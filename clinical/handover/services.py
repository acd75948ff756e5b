"""Putting somebody on a care team, taking them off, and handing a client over: a supervisor's acts.

A supervisor writes nothing into records (`consent.services.offices`), so each act is checked here and done
as ``system:handover``, on behalf of the supervisor, who stands in the ledger.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clinical.encounters.models import Note
from clinical.handover.models import HandOver
from clinical.handover.selectors import may_be_put_on, note_place, team_of
from consent import access, services
from consent.access import NothingToTell
from consent.models import Assignment, Compartment, Membership, Principal, Program
from consent.roles import CLINICAL_SUPERVISOR
from consent.services import ledger

TASK = "system:handover"


class NotHandedOver(ValueError):
    """It can't be done; the message is a sentence for the supervisor."""


def check_supervises(by: Principal, program: Program) -> None:
    """Only the program's clinical supervisor says who is on its care teams; for others there is nothing here.

    Raises:
        NothingToTell: ``by`` holds no such office now.
    """
    held = Membership.objects.held_by(by, timezone.now())
    if not held.filter(program=program, role__name=CLINICAL_SUPERVISOR).exists():
        raise NothingToTell(f"`{by.uid}` doesn't supervise `{program.slug}`")


@transaction.atomic
def put_on_team(*, subject_id: UUID, program: Program, worker: Principal, by: Principal) -> Assignment:
    """Let one more worker see and write the whole record in the program.

    Raises:
        NotHandedOver: they hold no office of care there.
    """
    check_supervises(by, program)
    if worker not in may_be_put_on(program):
        raise NotHandedOver("This person does no care in the program now.")
    return services.assign(subject_id=subject_id, program=program, principal=worker, by=by)


@transaction.atomic
def take_off_team(*, assignment: Assignment, by: Principal) -> None:
    """Take somebody off; what was open to them closes at once.

    Raises:
        NotHandedOver: nobody would be left.
    """
    check_supervises(by, assignment.program)
    others = [each for each in team_of(assignment.subject_id, assignment.program) if each.pk != assignment.pk]
    if not others:
        raise NotHandedOver("Nobody would be left. Hand the client over instead.")
    services.end_assignment(assignment)


@transaction.atomic
def hand_over(
    *,
    subject_id: UUID,
    program: Program,
    giver: Assignment,
    taker: Principal,
    by: Principal,
    how: str,
    reason: str,
    summary: str,
    giver_stays: bool = False,
) -> HandOver:
    """Hand a client over in one program, whole or in summary.

    In summary the taker starts with what the summary says, the needs, the plans and the contacts: notes written
    before stay open to who was on the team, and to supervisors by their office, and to nobody who joins later.

    Raises:
        NotHandedOver: the taker does no care there, is on the team, or a summary says nothing.
    """
    check_supervises(by, program)
    _check(giver, taker, program, how, summary)
    at = services.lock_client(subject_id)
    with access.acting_as(TASK):
        row = HandOver(
            compartment=note_place(subject_id, program), giver=giver.principal, taker=taker, by=by, how=how,
            reason=reason, summary=summary,
        )  # fmt: skip
        row.save(force_insert=True)
        if how == HandOver.How.SUMMARY:
            _close_earlier_notes(subject_id, program, at)
    ledger.note_event(
        "hand over",
        subject_id=subject_id,
        reason=f"{how} {reason}",
        recipient=str(taker.uid),
        resources={"clinical.handover": [str(row.pk)]},
    )
    services.assign(subject_id=subject_id, program=program, principal=taker, by=by)
    if not giver_stays:
        services.end_assignment(giver)
    return row


def _check(giver: Assignment, taker: Principal, program: Program, how: str, summary: str) -> None:
    if taker not in may_be_put_on(program):
        raise NotHandedOver("The person who takes over does no care in the program now.")
    if taker.pk in {each.principal_id for each in team_of(giver.subject_id, program)}:
        raise NotHandedOver("The person who takes over is on the team already.")
    if how == HandOver.How.SUMMARY and not summary.strip():
        raise NotHandedOver("Write the summary: it is what the new worker starts with.")


def _close_earlier_notes(subject_id: UUID, program: Program, at: object) -> None:
    """Move the program's notes into compartments that are closed to who joins at ``at`` or later."""
    with access.acting_as("system:grants"):
        rows = Compartment.objects.filter(
            subject_id=subject_id, scope__program=program, recipient=None, closed_to_later_at=None
        )
        open_ones = {each.pk: each for each in rows.select_related("scope__program__unit")}
    closed: dict[int, Compartment] = {}
    for note in Note.objects.filter(compartment__in=list(open_ones)).order_by("created_at", "id"):
        if note.compartment_id not in closed:
            segments = open_ones[note.compartment_id].scope.segments
            closed[note.compartment_id] = services.open_compartment(
                subject_id, program, segments, closed_to_later_at=at
            )
        note.compartment = closed[note.compartment_id]
        note.save(update_fields=["compartment"])
