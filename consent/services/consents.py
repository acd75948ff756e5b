"""Taking a consent and taking it back."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from consent.models import Consent, Principal, Program
from consent.services import ledger
from consent.services.compartments import find_or_make_compartment, profile
from consent.services.grants import end_grants_resting_on, lock_client, recompute_grants
from consent.services.values import facts_of

__all__ = ["facts_of", "record_consent", "revoke_consent"]


def record_consent(
    *,
    form: str,
    subject_id: UUID,
    program: Program,
    recipients: Sequence[Mapping[str, str]],
    segments: Iterable[str],
    purposes: Iterable[str],
    elements: Mapping[str, Any],
    signed_at: datetime,
    ends_at: datetime | None,
    explained_by: Principal | None,
    signature: bytes = b"",
    **more: Any,
) -> Consent:
    """Keep a signed form, and open at once what it opens.

    Whether it is valid is not decided here: a form with a defect is kept as it is
    and opens nothing, because validity is computed whenever somebody asks.

    Args:
        recipients: ``{"type": recipient type, "organization": uid or "", "unit": text}`` each.
        elements: What stands on the form under each element key (`law/rules.md` section 3).
        more: ``end_event witness language interpreter capacity_note channel signer combined_with``.
    """
    lock_client(subject_id)
    compartment, is_new = find_or_make_compartment(subject_id, program, profile(program).enrolment)
    if is_new:
        recompute_grants(subject_id)  # its writer needs the grant
    consent = Consent(
        compartment=compartment,
        form=form,
        subject_id=subject_id,
        program=program,
        recipients=[dict(each) for each in recipients],
        segments=sorted(set(segments)),
        purposes=sorted(set(purposes)),
        elements=dict(elements),
        signed_at=signed_at,
        ends_at=ends_at,
        explained_by=explained_by,
        signature=signature,
        signature_digest=hashlib.sha256(signature).hexdigest() if signature else "",
        **more,
    )
    consent.save(force_insert=True)
    ledger.note_event("consent", subject_id=subject_id, consents=[str(consent.pk)], segments=consent.segments)
    recompute_grants(subject_id)
    return consent


def revoke_consent(*, consent: Consent, how: str, by: Principal | None, at: datetime) -> None:
    """Take a consent back, from ``at``; what it opened closes in the same transaction.

    The grants that name it end first, in one statement whatever they cover; then another
    basis is looked for. Of two revocations the first one counts, also when they race.

    Args:
        how: ``written``, ``oral`` or ``phone``.

    Cites: 42 CFR 2.31(a)(6); 45 CFR 164.508(b)(5).
    """
    revoked_at = min(at, lock_client(consent.subject_id))  # taking back counts from now at the latest
    first = Consent.objects.filter(pk=consent.pk, revoked_at=None).update(
        revoked_at=revoked_at, revoked_how=how, revoked_by=by
    )
    ended: set[int] = set()
    if first:
        ended = end_grants_resting_on(consent.pk, consent.subject_id)
        ledger.note_event("revoke", subject_id=consent.subject_id, consents=[str(consent.pk)], reason=how)
    consent.refresh_from_db(fields=["revoked_at", "revoked_how", "revoked_by"])
    recompute_grants(consent.subject_id, just_ended=ended)
