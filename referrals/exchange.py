"""Carrying sealed envelopes from each side's outbox to the other's inbox.

Copies are committed at the receiver before they are marked at the sender. A round that
dies in between is done again, and the receiver, who knows an envelope by its id, takes it
once.
"""

import logging

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections, transaction
from django.utils import timezone

from referrals import locks
from referrals.models import ArrivingEnvelope, OutboxEnvelope

log = logging.getLogger("bulkhead.exchange")

CLINICAL, POLICE = "default", "police"
BATCH = 500
CARRIED = ("sequence", "envelope_id", "subject_id", "sealed", "sent_at")


def copy_once() -> dict[str, int]:
    """One round in both directions: how many envelopes each carried.

    A side that is down, or that refuses, leaves its envelopes where they are; the other
    direction goes on.
    """
    if settings.SIDE != "exchange":
        raise RuntimeError("only the exchange has business with both databases")
    carried = {}
    for direction, sender, receiver in (
        ("police to clinical", POLICE, CLINICAL),
        ("clinical to police", CLINICAL, POLICE),
    ):
        try:
            carried[direction] = copy(sender, receiver)
        except (DatabaseError, InterfaceError, OSError) as error:
            log.warning("nothing carried from %s: %s", direction, type(error).__name__)
            for alias in (sender, receiver):
                connections[alias].close_if_unusable_or_obsolete()
    return carried


def copy(sender: str, receiver: str) -> int:
    """Carry what waits at ``sender`` to ``receiver``, in the order of sending; how many it was."""
    carried = 0
    while True:
        count = _copy_batch(sender, receiver)
        carried += count
        if count < BATCH:
            return carried


def _copy_batch(sender: str, receiver: str) -> int:
    with transaction.atomic(using=sender):
        if not locks.got_the_round("exchange", using=sender):
            return 0
        waiting = OutboxEnvelope.objects.using(sender).filter(copied_at__isnull=True)
        rows = list(waiting.order_by("sequence").values_list(*CARRIED)[:BATCH])
        if not rows:
            return 0
        _deliver(rows, receiver)
        _mark([row[0] for row in rows], sender)
    return len(rows)


def _deliver(rows: list[tuple], receiver: str) -> None:
    """Committed at the receiver when it returns; what is there already stays as it is."""
    arriving = [
        ArrivingEnvelope(
            sequence=sequence, id=envelope_id, subject_id=subject_id, sealed=bytes(sealed), sent_at=sent_at
        )
        for sequence, envelope_id, subject_id, sealed, sent_at in rows
    ]
    with transaction.atomic(using=receiver):
        ArrivingEnvelope.objects.using(receiver).bulk_create(arriving, ignore_conflicts=True)


def _mark(sequences: list[int], sender: str) -> None:
    OutboxEnvelope.objects.using(sender).filter(sequence__in=sequences).update(copied_at=timezone.now())
