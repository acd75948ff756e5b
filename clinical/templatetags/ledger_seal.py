"""What the ledger's desk says of the seal; `{% load ledger_seal %}`."""

from datetime import timedelta
from typing import Any

from django import template
from django.utils import timezone

from consent.models import LedgerEntry, WitnessedCheckpoint
from consent.services.sealing import proof_of, standing

register = template.Library()
SHOWN_FOR = timedelta(days=30)


@register.inclusion_tag("clinical/_ledger_standing.html")
def ledger_standing() -> dict[str, Any]:
    """How it stands with this ledger, and whether the other side's has contradicted itself."""
    refused = WitnessedCheckpoint.objects.exclude(refused="").filter(seen_at__gt=timezone.now() - SHOWN_FOR)
    return {**vars(standing()), "contradiction": refused.order_by("-id").first()}


@register.inclusion_tag("clinical/_entry_seal.html")
def entry_seal(entry: LedgerEntry) -> dict[str, Any]:
    """Where the entry stands in the tree."""
    try:
        return {"proof": proof_of(entry)}
    except LookupError:
        return {"is_broken": True}
