"""Taking a complaint down, giving it an owner, acknowledging and answering it."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from clinical.complaints.models import Complaint
from clinical.writing import check_may
from consent import services
from consent.models import Principal, Program
from consent.services import business_days

# The City's own policy; no regulation names a number of days.
ACKNOWLEDGE_WITHIN = 3  # business days
ANSWER_WITHIN = 30  # days of the calendar


class AlreadyAnswered(Exception):
    """A colleague answered it first."""


@transaction.atomic
def take_down(
    *, subject_id: UUID, program: Program, by: Principal, at: datetime, about: str, said: str, made_by: str, how: str,
    wished: str = "", happened_on: date | None = None, answer_to: str = "", about_staff: Principal | None = None,
    destination: str = Complaint.Destination.NOWHERE,
) -> Complaint:  # fmt: skip
    """Keep a complaint about what was done to a client of ``program``; its clock runs from ``at``.

    Raises:
        NothingToTell: ``by`` is neither on the care team nor in the office that answers for complaints.
    """
    wanted = services.profile(program).complaint
    compartment, is_new = services.find_or_make_compartment(subject_id, program, wanted)
    if is_new:
        services.recompute_grants(subject_id)
    made = Complaint(
        compartment=compartment, about=about, said=said, wished=wished, happened_on=happened_on, made_by=made_by,
        how=how, answer_to=answer_to, about_staff=about_staff, destination=destination, taken_by=by, created_at=at,
        acknowledge_by=business_days.closing_after(at, days=ACKNOWLEDGE_WITHIN),
        answer_by=business_days.closing_on_day(at, days=ANSWER_WITHIN),
    )  # fmt: skip
    check_may(by, "add", made)
    made.save(force_insert=True)
    return made


@transaction.atomic
def give_to(*, complaint: Complaint, owner: Principal, by: Principal) -> None:
    """Let ``owner`` answer for it.

    Raises:
        AlreadyAnswered: there is nothing left to answer.
    """
    row = _to_change(complaint, by)
    row.owner = owner
    row.save(update_fields=["owner"])


@transaction.atomic
def acknowledge(*, complaint: Complaint, by: Principal, at: datetime) -> None:
    """The person has been told that it came, and who answers; the first time counts.

    Raises:
        AlreadyAnswered: there is nothing left to acknowledge.
    """
    row = _to_change(complaint, by)
    if row.acknowledged_at is None:
        row.acknowledged_at = at
        row.save(update_fields=["acknowledged_at"])


@transaction.atomic
def answer(*, complaint: Complaint, by: Principal, at: datetime, outcome: str, answer: str) -> None:
    """Keep what was found and what the person was told.

    Raises:
        AlreadyAnswered: a colleague was first.
    """
    row = _to_change(complaint, by)
    row.outcome, row.answer, row.answered_at = outcome, answer, at
    row.acknowledged_at = row.acknowledged_at or at
    row.save(update_fields=["outcome", "answer", "answered_at", "acknowledged_at"])


def _to_change(complaint: Complaint, by: Principal) -> Complaint:
    """The row, held until the end, if ``by`` may change it and nobody has answered."""
    check_may(by, "change", complaint)
    row = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    if row.answered_at is not None:
        raise AlreadyAnswered(f"complaint `{complaint.pk}` has been answered")
    return row
