"""Asking the engine: the question is made of rows, the answer goes to the ledger, a refusal as well."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from consent import law
from consent.engine.decide import decide
from consent.engine.facts import Actor, Asked, Decision, Recipient
from consent.models import Organization, Principal, Program
from consent.services import ledger
from consent.services.colleagues import actor_of
from consent.services.standing import Standing, agreement_facts, agreements_between, in_force

PACKS = law.packs(settings.LAW_PACKS)
ENGINE_JOB = Actor(id="system", role="engine_job")


def as_recipient(organization: Organization, unit: str = "") -> Recipient:
    """The organization as the law sees a recipient."""
    return Recipient(type=organization.kind, id=str(organization.uid), unit=unit)


def agreements_with(
    organization: Organization, program: Program, at: datetime
) -> tuple[dict[str, bool], datetime | None]:
    """``qsoa``, ``baa`` as facts, and when the first of them ends.

    An agreement counts when it is in force at ``at``, between the program's own
    organization and the recipient, and lets things go from us to them. That a service
    lies within it (``service_within_agreement``) is asserted for the occasion, never read
    from here: without it neither opens anything.
    """
    found = in_force(agreements_between([program], [organization]), organization, program, at)
    ends = [agreement.ends_at for agreement in found if agreement.ends_at]
    return agreement_facts(found), min(ends, default=None)


def decide_and_record(
    asked: Asked, *, subject_id: UUID, recipient: str = "", is_preview: bool = False
) -> Decision:
    """Decide, and gather the receipt for the ledger, a refusal as well.

    The two stand or fall together: when the entry can't be written the transaction
    fails, and nobody has acted on the answer.
    """
    decision = decide(asked, PACKS)
    reason = "preview" if is_preview else ""  # asked to show what would go; nothing went
    ledger.note_decision(asked, decision, subject_id=subject_id, recipient=recipient, reason=reason)
    return decision


def decide_release(
    *,
    subject_id: UUID,
    program: Program,
    segments: Iterable[str],
    recipient: Organization,
    purpose: str,
    at: datetime,
    actor: Principal | None = None,
    facts: Mapping[str, Any] | None = None,
    unit: str = "",
    is_preview: bool = False,
) -> tuple[Asked, Decision]:
    """May these segments of the client's record go to ``recipient``, for that purpose, at ``at``?

    Args:
        is_preview: Nothing will go now; the receipt says so, and no accounting counts it.
    """
    asked = question(
        Standing.of(subject_id, program, at),
        segments=segments,
        recipient=as_recipient(recipient, unit),
        purpose=purpose,
        actor=actor_of(actor, program, at) if actor else ENGINE_JOB,
        facts=agreements_with(recipient, program, at)[0] | dict(facts or {}),
    )
    decision = decide_and_record(
        asked, subject_id=subject_id, recipient=str(recipient.uid), is_preview=is_preview
    )
    return asked, decision


def question(
    standing: Standing,
    *,
    segments: Iterable[str],
    recipient: Recipient,
    purpose: str,
    actor: Actor,
    facts: Mapping[str, Any],
    recorded_no: Iterable[str] = (),
) -> Asked:
    """A question made of what stands in rows; nothing is taken from the asker but what ``facts`` shows."""
    restricted = {
        segment
        for about, recipients in standing.restrictions
        if not recipients or recipient.type in recipients
        for segment in about
    }
    known: dict[str, Any] = {"restriction_agreed": tuple(sorted(restricted))} if restricted else {}
    if standing.in_privacy_notice:
        known["in_privacy_notice"] = True
    known |= {key: value for key, value in standing.person if key not in facts}
    return Asked(
        actor=actor,
        source=standing.source,
        recipient=recipient,
        purpose=purpose,
        segments=frozenset(segments),
        facts=dict(facts) | known,
        recorded_no=frozenset(recorded_no) | (frozenset() if restricted else {"restriction_agreed"}),
        consents=standing.consents,
        at=standing.at,
    )
