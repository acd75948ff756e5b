"""What a partner answers: accepted, begun, completed, rejected. Each answer is decided like a read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from consent import access
from consent.models import Principal
from consent.services import ledger
from referrals.partners.models import (
    LegalBasis,
    Outcome,
    PartnerAnswer,
    PartnerReferral,
    RejectReason,
    Release,
    TaskStatus,
)
from referrals.partners.services.releases import SYSTEM, read

# From where each status can be reached; nothing leaves completed or rejected.
REACHED_FROM = {
    TaskStatus.ACCEPTED: (TaskStatus.REQUESTED, TaskStatus.RECEIVED),
    TaskStatus.IN_PROGRESS: (TaskStatus.ACCEPTED,),
    TaskStatus.COMPLETED: (TaskStatus.ACCEPTED, TaskStatus.IN_PROGRESS),
    TaskStatus.REJECTED: (TaskStatus.REQUESTED, TaskStatus.RECEIVED),
}


class Conflict(Exception):
    """The referral is in a status that the answer does not fit."""


@dataclass(frozen=True, kw_only=True)
class _Answer:
    status: TaskStatus
    outcome: str = ""
    reject_reason: str = ""
    legal_basis: str = ""


def accept(release_id: UUID, *, by: Principal, at: datetime | None = None) -> Release:
    """The partner takes the referral."""
    return _answer(release_id, _Answer(status=TaskStatus.ACCEPTED), by, at)


def start(release_id: UUID, *, by: Principal, at: datetime | None = None) -> Release:
    """The partner has begun."""
    return _answer(release_id, _Answer(status=TaskStatus.IN_PROGRESS), by, at)


def reject(release_id: UUID, *, reason: RejectReason, by: Principal, at: datetime | None = None) -> Release:
    """The partner does not take the referral."""
    return _answer(release_id, _Answer(status=TaskStatus.REJECTED, reject_reason=reason), by, at)


def complete(
    release_id: UUID,
    *,
    outcome: Outcome,
    by: Principal,
    legal_basis: LegalBasis | str = "",
    at: datetime | None = None,
) -> Release:
    """The partner is done. Without a legal basis of its own, only that it is closed is kept."""
    kept = outcome if legal_basis else Outcome.CLOSED
    answer = _Answer(status=TaskStatus.COMPLETED, outcome=kept, legal_basis=legal_basis)
    return _answer(release_id, answer, by, at)


def _answer(release_id: UUID, answer: _Answer, by: Principal, at: datetime | None) -> Release:
    """Write the status where both sides of the referral see it; the same answer twice is one.

    Raises:
        NothingToTell: the release may not be read, so there is nothing to answer.
        Conflict: the status can't be reached from the present one.
    """
    at = at or timezone.now()
    release = read(release_id, by=by, at=at)
    with access.acting_as(SYSTEM):
        locked = Release.objects.select_for_update().get(pk=release.pk)
        referral = PartnerReferral.objects.select_related("compartment").get(pk=release.pk)
        if locked.status == answer.status and _says_the_same(referral, answer):
            return release
        if locked.status not in REACHED_FROM[answer.status]:
            raise Conflict(f"not from {locked.status}")
        release.status, release.changed_at = answer.status, at
        Release.objects.filter(pk=release.pk).update(status=answer.status, changed_at=at)
        PartnerReferral.objects.filter(pk=release.pk).update(
            status=answer.status, status_at=at, outcome=answer.outcome, reject_reason=answer.reject_reason
        )
        PartnerAnswer.objects.create(
            compartment=referral.compartment,
            referral=referral,
            status=answer.status,
            outcome=answer.outcome,
            reject_reason=answer.reject_reason,
            legal_basis=answer.legal_basis,
            answered_by=by,
            created_at=at,
        )
    ledger.note_event(
        "answer",
        subject_id=release.compartment.subject_id,
        resources={Release._meta.label_lower: [str(release.pk)]},
        reason=str(answer.status),
    )
    return release


def _says_the_same(referral: PartnerReferral, answer: _Answer) -> bool:
    return (referral.outcome, referral.reject_reason) == (answer.outcome, answer.reject_reason)
