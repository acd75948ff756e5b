"""What outreach keeps, a row of each in every compartment of the matrix."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import timezone

from clinical.models import CommunityEvent, DeskCard, GroupSession, Slip
from consent.models import Compartment


def records(make: Callable[..., Any], compartment: Compartment, writer: Any) -> dict[str, UUID]:
    """The rows, made by ``make(model, compartment, writer, **codes)``, by the word that the table uses for them."""
    now = timezone.now()
    event = {"kind": "fire", "happened_at": now, "opened_by": writer, "ended": ""}
    slip = {"agreed": "signed", "agreed_at": now, "by": writer, "ended": "", "ways": ["text"]}
    session = {"kind": "peer", "begins_at": now, "minutes": 60, "by": writer}
    made = {
        "desk_card": make(DeskCard, compartment, writer, by=writer, last_seen_at=now),
        "community_event": make(CommunityEvent, compartment, writer, **event),
        "slip": make(Slip, compartment, writer, **slip),
        "group": make(GroupSession, compartment, writer, **session),
    }
    return {word: row.pk for word, row in made.items()}
