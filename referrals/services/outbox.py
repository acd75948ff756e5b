"""Sending: an envelope is written in the transaction of what caused it, or not at all."""

import uuid
from uuid import UUID

from django.conf import settings

from consent import access
from consent.services import ledger
from referrals import envelopes, locks, sealing
from referrals.envelopes import Envelope
from referrals.models import OutboxEnvelope


def send(value: Envelope, *, subject_id: UUID) -> UUID:
    """Seal ``value`` to the other side and put it into the outbox, in the caller's transaction.

    Returns the envelope's id. The ledger notes that it was sent, by its id and kind.

    Args:
        subject_id: The id under which both sides know the matter, which keeps its
            envelopes in order: the referral's or the incident's, never a client's.

    Raises:
        NoContext: nobody is asking.
    """
    access.current()
    envelope_id, kind = uuid.uuid4(), type(value).__name__
    sealed = sealing.seal(envelopes.write(value, envelope_id=envelope_id))
    with access.acting_as("system:post"):
        locks.wait_for_post_of(subject_id)
        OutboxEnvelope.objects.create(
            envelope_id=envelope_id, subject_id=subject_id, kind=kind, sealed=sealed
        )
    ledger.note_event(
        "send",
        subject_id=subject_id,
        recipient=settings.OTHER_SIDE,
        resources={"referrals.envelope": [str(envelope_id)]},
        field_groups=[kind],
    )
    return envelope_id
