"""Reading cards for somebody."""

from uuid import UUID

from clinical.intake.models import CallCount, Card
from consent.access import NothingToTell
from consent.models import Principal
from consent.paging import Asked, Page, page_of

SHOWN = 50  # cards on a page


def waiting_cards(asker: Principal, asked: Asked | None = None) -> Page:
    """The cards open to ``asker`` that nobody has taken, newest first, a page at a time."""
    rows = Card.objects.waiting().select_related("compartment__scope__program")
    return page_of(rows, asked or Asked(size=SHOWN))


def counts_of(card_id: UUID | None) -> list[CallCount]:
    """The calls before and after a referral that the asker may see, the shortest span first."""
    if card_id is None:
        return []
    rows = CallCount.objects.filter(card=card_id).order_by("days", "is_over", "id")
    return list(rows.select_related("compartment__scope"))


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
