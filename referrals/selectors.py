"""Where the envelopes are, for whoever owns the quarantine; what is in them stays sealed."""

from collections.abc import Sequence

from referrals.models import InboxEnvelope, OutboxEnvelope


def quarantined_envelopes(limit: int = 200) -> Sequence[InboxEnvelope]:
    """The envelopes in quarantine, the oldest first; for others than its owner there are none.

    Each has ``pk kind sent_at arrived_at quarantined_at attempts reason owner_role`` and
    ``held_back``: how many later ones of the same subject wait for it.
    """
    rows = InboxEnvelope.objects.defer("sealed").filter(state=InboxEnvelope.State.QUARANTINED)
    found = list(rows.order_by("quarantined_at", "sequence")[:limit])
    for envelope in found:
        envelope.held_back = InboxEnvelope.objects.filter(
            subject_id=envelope.subject_id,
            sequence__gt=envelope.sequence,
            state=InboxEnvelope.State.WAITING,
        ).count()
    return found


def envelopes_on_the_way() -> dict[str, int]:
    """How many envelopes wait to be carried, and how many to be opened."""
    return {
        "to_be_carried": OutboxEnvelope.objects.filter(copied_at__isnull=True).count(),
        "to_be_opened": InboxEnvelope.objects.filter(state=InboxEnvelope.State.WAITING).count(),
    }
