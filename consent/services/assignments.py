"""Who is on a client's care team."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from consent import access
from consent.models import Assignment, Principal, Program
from consent.services import ledger
from consent.services.grants import lock_client, recompute_grants


def assign(
    *, subject_id: UUID, program: Program, principal: Principal, by: Principal | None = None
) -> Assignment:
    """Put ``principal`` on the client's care team in ``program``, from now; twice is once."""
    with access.acting_as("system:grants"):
        lock_client(subject_id)
        found, made = Assignment.objects.get_or_create(
            subject_id=subject_id, program=program, principal=principal, ends_at=None, defaults={"by": by}
        )
    if made:
        ledger.note_event("assign", subject_id=subject_id, resources={"consent.assignment": [str(found.pk)]})
    recompute_grants(subject_id)
    return found


def end_assignment(assignment: Assignment, *, at: datetime | None = None) -> None:
    """Take the principal off the care team; their grants end in the same transaction."""
    with access.acting_as("system:grants"):
        lock_client(assignment.subject_id)
        assignment.ends_at = at or timezone.now()
        assignment.save(update_fields=["ends_at"])
    ledger.note_event(
        "unassign", subject_id=assignment.subject_id, resources={"consent.assignment": [str(assignment.pk)]}
    )
    recompute_grants(assignment.subject_id)
