"""Reading cards for somebody."""

from uuid import UUID

from clinical.intake.models import Card
from consent.access import NothingToTell
from consent.models import Principal

SHOWN = 50


def waiting_cards(asker: Principal) -> list[Card]:
    """The cards open to ``asker`` that nobody has taken, newest first."""
    rows = Card.objects.waiting().select_related("compartment__scope__program").newest_first()
    return list(rows[:SHOWN])


def card_seen_by(asker: Principal, card_id: UUID) -> Card:
    """The card, if ``asker`` may see it; otherwise `NothingToTell`."""
    found = (
        Card.objects.filter(pk=card_id)
        .select_related("compartment__scope__program__unit", "taken_by")
        .first()
    )
    if found is None:
        raise NothingToTell(f"card `{card_id}` is not there for `{asker.uid}`")
    return found
