"""Writing the ledger: what a transaction gathered, inserted as its last statement."""

import hashlib
import hmac
import time
import uuid
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from consent import access
from consent.ledger.entry import canonical_bytes, leaf_hash
from consent.models import Compartment, LedgerEntry


@lru_cache(maxsize=4)
def _pseudonym_key(path: str) -> bytes:
    return Path(path).read_bytes().strip()


def pseudonym(subject_id: uuid.UUID | str) -> str:
    """What the ledger calls a client: HMAC-SHA-256 of the opaque id, 32 hex digits."""
    key = _pseudonym_key(settings.PSEUDONYM_KEY_FILE)
    return hmac.new(key, str(subject_id).encode(), hashlib.sha256).hexdigest()[:32]


def note_decision(
    asked: Any, decision: Any, *, subject_id: uuid.UUID, recipient: str = "", reason: str = ""
) -> None:
    """Gather the receipt of a decision, a refusal as well: enough to decide again, the same."""
    access.current().note(
        action="decide",
        outcome=str(decision.outcome),
        purpose=asked.purpose,
        subject=pseudonym(subject_id),
        recipient=recipient,
        segments=sorted(decision.permitted),
        segments_withheld=sorted(item.segment for item in decision.redacted),
        basis=[{"rule": b.rule, "cite": b.cite} for b in decision.basis],
        bars=sorted(decision.bars_standing),
        obligations=[o.as_json() for o in decision.obligations],
        consents=sorted(str(c) for c in decision.consents_used),
        policy_version=decision.ruleset_version,
        request_hash=decision.request_hash,
        reason=reason,
    )


def note_event(action: str, *, subject_id: uuid.UUID | None = None, **more: Any) -> None:
    """Gather one thing that was done: ``write``, ``revoke``, ``send``, ``receive``."""
    subject = pseudonym(subject_id) if subject_id else ""
    access.current().note(**({"action": action, "outcome": "done", "subject": subject} | more))


def flush(context: access.AccessContext, *, bytes_out: int = 0) -> None:
    """Insert everything gathered; the last statement before COMMIT.

    Runs as ``system:ledger``, who may look up whose compartment was read and add
    entries, and nothing else.
    """
    gathering = context.gathering
    if not gathering.touched and not gathering.entries:
        return
    with access.acting_as("system:ledger"):
        entries = [*_touched(context), *gathering.entries]
        common = _common(context, bytes_out)
        rows = [_entry(common, each) for each in entries]
        LedgerEntry.objects.bulk_create(rows)
    gathering.touched.clear()
    gathering.entries.clear()


def _touched(context: access.AccessContext) -> Iterable[dict[str, Any]]:
    """One entry for each subject that somebody read, and one for each written, whatever the number of rows."""
    touched = context.gathering.touched
    wanted = {compartment for by_compartment in touched.values() for compartment in by_compartment}
    known = {each.pk: each for each in Compartment.objects.filter(pk__in=wanted).select_related("scope")}
    for (who, purpose, verb), by_compartment in touched.items():
        by_subject: dict[uuid.UUID, dict[str, Any]] = {}
        for compartment_id, by_label in by_compartment.items():
            if compartment_id not in known:
                continue  # made in a transaction that was rolled back, with all its rows
            compartment = known[compartment_id]
            entry = by_subject.setdefault(
                compartment.subject_id, {"resources": {}, "segments": set(), "count": 0}
            )
            entry["segments"] |= set(compartment.scope.segments)
            for label, ids in by_label.items():
                entry["resources"].setdefault(label, set()).update(ids)
                entry["count"] += len(ids)
        is_system = who.startswith("s:")
        for subject_id, entry in by_subject.items():
            yield {
                "actor": who[2:] if is_system else context.actor,
                "action": "use" if is_system and verb == "read" else verb,
                "outcome": "served" if verb == "read" else "done",
                "purpose": purpose,
                "subject": pseudonym(subject_id),
                "resources": {label: sorted(ids) for label, ids in entry["resources"].items()},
                "field_groups": sorted(entry["resources"]),
                "segments": sorted(entry["segments"]),
                "record_count": entry["count"],
            }


def _common(context: access.AccessContext, bytes_out: int) -> dict[str, Any]:
    """What every entry of the transaction shares: who, from where, how long, how much."""
    origin, gathering, principal = context.origin, context.gathering, context.principal
    return {
        "at": timezone.now(),
        "request_id": gathering.request_id,
        "side": settings.SIDE,
        "actor": context.actor,
        "organization": str(principal.employer.uid) if principal and principal.employer else "",
        "role": ", ".join(sorted(access.roles_of(principal)))[:64] if principal else "",
        "on_behalf_of": "",
        "authentication": origin.authentication,
        "session": origin.session,
        "source_address": origin.source_address,
        "destination": origin.destination[:128],
        "client_application": origin.client_application[:64],
        "bytes_out": bytes_out,
        "duration_us": int((time.monotonic() - gathering.started) * 1_000_000),
    }


def _entry(common: dict[str, Any], noted: dict[str, Any]) -> LedgerEntry:
    by_system = noted["actor"].startswith("system:")
    behalf = {"on_behalf_of": common["actor"]} if by_system and common["actor"] != noted["actor"] else {}
    entry = LedgerEntry(**(common | behalf | noted))
    entry.canonical = canonical_bytes(entry.content())
    entry.leaf_hash = leaf_hash(entry.canonical)
    return entry
