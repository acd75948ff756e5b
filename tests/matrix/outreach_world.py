"""What outreach keeps, a row of each in every compartment of the matrix."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import timezone

from clinical.models import DeskCard
from consent.models import Compartment


def records(make: Callable[..., Any], compartment: Compartment, writer: Any) -> dict[str, UUID]:
    """The rows, made by ``make(model, compartment, writer, **codes)``, by the word that the table uses for them."""
    now = timezone.now()
    made = {"desk_card": make(DeskCard, compartment, writer, by=writer, last_seen_at=now)}
    return {word: row.pk for word, row in made.items()}
