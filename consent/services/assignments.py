"""Who is on a client's care team."""

from collections.abc import Iterable
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


def care_team(subject_id: UUID, programs: Iterable[Program]) -> list[Assignment]:
    """Who is on the client's care team now in these programs, the earliest first. Whom it is told is the caller's to check."""
    with access.acting_as("system:grants"):
        team = Assignment.objects.filter(subject_id=subject_id, program__in=list(programs), ends_at=None)
        return list(team.select_related("principal", "program").order_by("begins_at", "pk"))


def take_part_in_hiv_care(assignment: Assignment, *, takes_part: bool, by: Principal) -> None:
    """Say that somebody on the care team takes part in the client's HIV care, or does no longer.

    Information about HIV opens to nobody else of the unit (`pa.hiv.use`, 35 P.S. 7607(a)(4)): not by an office,
    and not by being assigned. It is said by a supervisor, never by whoever wants to read.
    """
    with access.acting_as("system:grants"):
        now = lock_client(assignment.subject_id)
        assignment.refresh_from_db()
        if (assignment.hiv_care_since is not None) == takes_part or assignment.ends_at is not None:
            return
        assignment.hiv_care_since = now if takes_part else None
        assignment.hiv_care_by = by if takes_part else None
        assignment.save(update_fields=["hiv_care_since", "hiv_care_by"])
        ledger.note_event(
            "assign",
            subject_id=assignment.subject_id,
            resources={"consent.assignment": [str(assignment.pk)]},
            reason="takes part in HIV care" if takes_part else "no part in HIV care",
        )
    recompute_grants(assignment.subject_id)
