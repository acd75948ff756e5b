"""Where the envelopes are, for whoever owns the quarantine; what is in them stays sealed."""

from consent.paging import Asked, Page, page_of
from referrals.models import InboxEnvelope, OutboxEnvelope


def quarantined_envelopes(asked: Asked | None = None) -> Page:
    """The envelopes in quarantine, the oldest first, a page at a time; for others than its owner there are none.

    Each has ``pk kind sent_at arrived_at quarantined_at attempts reason owner_role`` and
    ``held_back``: how many later ones of the same subject wait for it.
    """
    later = InboxEnvelope.objects.filter(state=InboxEnvelope.State.WAITING)
    rows = InboxEnvelope.objects.defer("sealed").filter(state=InboxEnvelope.State.QUARANTINED)
    page = page_of(rows, asked, by="quarantined_at", oldest_first=True)
    waiting = later.filter(subject_id__in={each.subject_id for each in page.rows})
    sequences = list(waiting.values_list("subject_id", "sequence"))
    for envelope in page.rows:
        envelope.held_back = sum(
            subject_id == envelope.subject_id and sequence > envelope.sequence
            for subject_id, sequence in sequences
        )
    return page


def envelopes_on_the_way() -> dict[str, int]:
    """How many envelopes wait to be carried, and how many to be opened."""
    return {
        "to_be_carried": OutboxEnvelope.objects.filter(copied_at__isnull=True).count(),
        "to_be_opened": InboxEnvelope.objects.filter(state=InboxEnvelope.State.WAITING).count(),
    }
