"""Reading the safe-contact card, and asking whether a way is safe."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from clinical.safecontact.models import SafeContact
from clinical.safecontact.words import Way


def card_of(subject_id: UUID) -> SafeContact | None:
    """The newest card that the asker may see."""
    rows = SafeContact.objects.about(subject_id).newest_first()
    return rows.select_related("by", "compartment__scope").first()


def in_words(ways: Iterable[str]) -> str:
    """Ways as people read them."""
    words = dict(Way.choices)
    return ", ".join(words.get(each, each) for each in ways)


def is_unsafe(subject_id: UUID, way: str) -> bool:
    """Does the card rule this way out? Without a card, or for what is no way to reach somebody, nothing does."""
    card = card_of(subject_id) if way in Way.values else None
    return card is not None and not card.allows(way)


def told(subject_id: UUID) -> dict[str, Any] | None:
    """The card with its ways in words, for a template; ``None`` where the asker may see none."""
    card = card_of(subject_id)
    if card is None:
        return None
    return {"card": card, "ways": in_words(card.ways), "never": in_words(card.never)}
