"""Agreeing to a limit that the client asked for, and ending it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from consent import access
from consent.models import Principal, Program, Restriction
from consent.services import ledger
from consent.services.compartments import find_or_make_compartment, profile
from consent.services.grants import lock_client, recompute_grants


def agree_restriction(
    *,
    subject_id: UUID,
    program: Program,
    segments: Iterable[str],
    by: Principal,
    recipients: Iterable[str] = (),
    at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Restriction:
    """Keep the limit; what it bars closes in the same transaction, or at ``at`` if that is later.

    Args:
        by: Who agrees for the program; it is written in their own access context.
        recipients: Recipient types (`law/rules.md` 4.3); none means everybody.

    Cites: 45 CFR 164.522(a)(1); 42 CFR 2.26.
    """
    now = lock_client(subject_id)
    compartment, is_new = find_or_make_compartment(subject_id, program, profile(program).enrolment)
    if is_new:
        recompute_grants(subject_id)  # its writer needs the grant
    restriction = Restriction(
        compartment=compartment,
        subject_id=subject_id,
        program=program,
        segments=sorted(set(segments)),
        recipients=sorted(set(recipients)),
        agreed_at=at or now,
        ends_at=ends_at,
        agreed_by=by,
    )
    restriction.save(force_insert=True)
    _note("restrict", restriction)
    recompute_grants(subject_id)
    return restriction


def end_restriction(restriction: Restriction, *, at: datetime | None = None) -> None:
    """End the limit; what it alone barred opens again. The earliest end counts.

    Whoever asks has read the restriction, by a grant or by an office that it doesn't reach.

    Cites: 45 CFR 164.522(a)(2); 42 CFR 2.26.
    """
    now = lock_client(restriction.subject_id)
    ends_at = max(at or now, restriction.agreed_at)
    with access.acting_as("system:grants"):  # what was agreed may have closed it to those who agreed
        still = Restriction.objects.filter(pk=restriction.pk).exclude(ends_at__lte=ends_at)
        is_first = still.update(ends_at=ends_at)
        restriction.refresh_from_db(fields=["ends_at"])
    if is_first:
        _note("unrestrict", restriction)
    recompute_grants(restriction.subject_id)


def _note(action: str, restriction: Restriction) -> None:
    ledger.note_event(
        action,
        subject_id=restriction.subject_id,
        segments=list(restriction.segments),
        resources={"consent.restriction": [str(restriction.pk)]},
    )
