"""Writing the ledger: what a transaction gathered, inserted as its last statement."""

import time
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone

from consent import access
from consent.engine.facts import Asked, Decision
from consent.ledger.entry import canonical_bytes, leaf_hash
from consent.models import Compartment, LedgerEntry
from consent.services import receipts
from consent.services.pseudonyms import pseudonym

__all__ = ["flush", "note_decision", "note_disclosure", "note_event", "note_grant", "pseudonym"]

# What an entry about something that went out repeats from the decision that it rests on.
RESTS_ON = ("basis", "obligations", "consents", "ground", "policy_version", "law_as_of")


def note_decision(
    asked: Asked, decision: Decision, *, subject_id: uuid.UUID, recipient: str = "", reason: str = ""
) -> None:
    """Gather the receipt of a decision, a refusal as well: enough to decide again, the same."""
    access.current().note(
        action="decide",
        purpose=asked.purpose,
        subject=pseudonym(subject_id),
        recipient=recipient,
        reason=reason,
        **receipts.answer_of(decision),
        **receipts.question_of(asked, subject_id, packs=list(settings.LAW_PACKS)),
    )


def note_grant(
    *,
    subject_id: uuid.UUID | None,
    recipient: str,
    segments: Iterable[str],
    decided: tuple[Asked, Mapping[str, Decision]] | None,
    reason: str,
) -> None:
    """Gather the receipt of a grant that began, changed or ended: on what it rests, or why it no longer does.

    Args:
        subject_id: ``None`` for an office's grant, which is about no one client.
        recipient: The uid of who may open, or the office's name.
        decided: What the engine was asked, and its decision on each purpose; ``None`` where it was
            not asked, because somebody left the team or a local rule decides.
    """
    lasting: dict[str, Any] = {"outcome": "done", "segments": sorted(segments)}
    if decided is not None:
        asked, by_purpose = decided
        lasting = receipts.answer_of_lasting(segments, by_purpose)
        lasting |= receipts.question_of(
            asked,
            subject_id or uuid.UUID(int=0),
            purposes=sorted(by_purpose),
            packs=list(settings.LAW_PACKS),
        )
    access.current().note(
        action="grant",
        purpose="",
        subject=pseudonym(subject_id) if subject_id else "",
        recipient=recipient,
        reason=reason,
        **lasting,
    )


def note_disclosure(
    action: str, decision: Decision, *, subject_id: uuid.UUID, recipient: str, **more: Any
) -> None:
    """Gather that something went out: the accounting's row, with the basis and the duties it rests on."""
    answer = receipts.answer_of(decision)
    kept = {name: answer[name] for name in RESTS_ON} | {"outcome": "done", "is_disclosure": True}
    kept["is_accountable"] = receipts.is_accounted_for(answer["obligations"])
    note_event(action, subject_id=subject_id, recipient=recipient, **(kept | more))


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
    common = _common(context, bytes_out)  # read as who asked
    access.hand_over("system:ledger")
    entries = [*_with_their_like(_touched(context)), *gathering.entries]
    LedgerEntry.objects.bulk_create([_entry(common, each) for each in entries])
    gathering.touched.clear()
    gathering.entries.clear()


def _touched(context: access.AccessContext) -> Iterable[dict[str, Any]]:
    """One entry for each subject that somebody read, and one for each written, whatever the number of rows."""
    touched = context.gathering.touched
    known = _compartments(context, {id_ for by_compartment in touched.values() for id_ in by_compartment})
    for (who, purpose, verb), by_compartment in touched.items():
        by_subject: dict[uuid.UUID, list[tuple[Compartment, dict[str, set[str]]]]] = {}
        for compartment_id, by_label in by_compartment.items():
            if compartment_id in known:  # else made in a transaction that was rolled back, with all its rows
                compartment = known[compartment_id]
                by_subject.setdefault(compartment.subject_id, []).append((compartment, by_label))
        is_system = who.startswith("s:")
        for subject_id, rows in by_subject.items():
            entry = {
                "actor": who[2:] if is_system else context.actor,
                "action": "use" if is_system and verb == "read" else verb,
                "outcome": "served" if verb == "read" else "done",
                "purpose": purpose,
                "subject": pseudonym(subject_id),
            }
            told = {} if is_system or verb != "read" else _told(context, entry["subject"], rows)
            yield entry | _what(rows) | told


def _with_their_like(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries; the first of those that say the same of several clients knows how many there are."""
    found = list(entries)
    number = Counter((each["actor"], each["action"]) for each in found)
    seen: set[tuple[str, str]] = set()
    for each in found:
        kind = (each["actor"], each["action"])
        each["alike"] = 0 if kind in seen else number[kind]
        seen.add(kind)
    return found


def _compartments(context: access.AccessContext, wanted: set[int]) -> dict[int, Compartment]:
    """The compartments of these ids: those loaded on the way, and the others in one query."""
    known = {id_: each for id_, each in context.gathering.compartments.items() if id_ in wanted}
    missing = {id_ for id_ in wanted if id_ not in known or "scope" not in known[id_]._state.fields_cache}
    if missing:
        rows = Compartment.objects.filter(pk__in=missing).select_related("scope")
        known |= {each.pk: each for each in rows}
    return known


def _what(rows: Iterable[tuple[Compartment, dict[str, set[str]]]]) -> dict[str, Any]:
    """Which rows of which kinds, how many, and of which segments."""
    resources: dict[str, set[str]] = {}
    segments: set[str] = set()
    for compartment, by_label in rows:
        segments |= set(compartment.scope.segments)
        for label, ids in by_label.items():
            resources.setdefault(label, set()).update(ids)
    return {
        "resources": {label: sorted(ids) for label, ids in resources.items()},
        "field_groups": sorted(resources),
        "segments": sorted(segments),
        "record_count": sum(map(len, resources.values())),
    }


def _told(
    context: access.AccessContext, subject: str, rows: Iterable[tuple[Compartment, dict[str, set[str]]]]
) -> dict[str, Any]:
    """A release that its recipient reads has gone out: to whom, and on what the decision just made rests."""
    employer = context.principal.employer if context.principal else None
    to_them = employer is not None and any(each.recipient_id == employer.pk for each, _by_label in rows)
    if not to_them:
        return {}
    recipient = str(employer.uid)
    decided = [
        each
        for each in context.gathering.entries
        if (each["action"], each.get("subject"), each.get("recipient")) == ("decide", subject, recipient)
    ]
    rests_on = {name: decided[-1][name] for name in RESTS_ON} if decided else {}
    accounted = receipts.is_accounted_for(rests_on.get("obligations", ()))
    return {"recipient": recipient, "is_disclosure": True, "is_accountable": accounted} | rests_on


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
