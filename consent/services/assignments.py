"""Who is on a client's care team."""

from datetime import datetime
from uuid import UUID

from consent import access
from consent.models import Assignment, Principal, Program
from consent.services import ledger
from consent.services.grants import lock_client, recompute_grants


def assign(
    *, subject_id: UUID, program: Program, principal: Principal, by: Principal | None = None
) -> Assignment:
    """Put ``principal`` on the client's care team in ``program``, from now; twice is once."""
    with access.acting_as("system:grants"):
        now = lock_client(subject_id)
        found, made = Assignment.objects.get_or_create(
            subject_id=subject_id, program=program, principal=principal, ends_at=None,
            defaults={"by": by, "begins_at": now},
        )  # fmt: skip
    if made:
        ledger.note_event("assign", subject_id=subject_id, resources={"consent.assignment": [str(found.pk)]})
    recompute_grants(subject_id)
    return found


def end_assignment(assignment: Assignment, *, at: datetime | None = None) -> None:
    """Take the principal off the care team; their grants end in the same transaction. The earliest end counts."""
    with access.acting_as("system:grants"):
        now = lock_client(assignment.subject_id)
        ends_at = at or now
        assignment.refresh_from_db()
        if assignment.ends_at is None or assignment.ends_at > ends_at:
            assignment.ends_at = max(ends_at, assignment.begins_at)
            assignment.save(update_fields=["ends_at"])
            ledger.note_event(
                "unassign",
                subject_id=assignment.subject_id,
                resources={"consent.assignment": [str(assignment.pk)]},
            )
    recompute_grants(assignment.subject_id)
