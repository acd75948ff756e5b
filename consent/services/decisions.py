"""Asking the engine: the question is made of rows, the answer goes to the ledger, a refusal as well."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from consent import access, law
from consent.engine.decide import decide
from consent.engine.facts import Actor, Asked, Decision, Recipient, Source
from consent.models import (
    Agreement,
    Consent,
    Determination,
    Organization,
    Principal,
    Program,
    Restriction,
)
from consent.services import ledger
from consent.services.colleagues import actor_of
from consent.services.values import facts_of

PACKS = law.packs(settings.LAW_PACKS)
ENGINE_JOB = Actor(id="system", role="engine_job")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What stands in rows about one client and one program at an instant, read once."""

    source: Source
    statuses_until: datetime | None  # when a determination ends or a new one begins
    in_privacy_notice: bool
    consents: tuple[Any, ...]
    restrictions: tuple[tuple[frozenset[str], frozenset[str]], ...]  # segments, recipient types (none: all)
    at: datetime

    @classmethod
    def of(cls, subject_id: UUID, program: Program, at: datetime) -> "Standing":
        """Read the rows: determinations as they are, forms and restrictions as ``system:grants``."""
        statuses = Determination.of(program, at)
        keys = ("p2_status", "hipaa_legal", "mhpa_facility", "vs_regime", "hmis_cho")
        return cls(
            source=Source(
                program=program.slug,
                is_police=settings.SIDE == "police",
                valid_until=statuses["until"],
                **{key: statuses[key] for key in keys},
            ),
            statuses_until=statuses["until"],
            in_privacy_notice=bool(statuses["in_privacy_notice"]),
            consents=consents_about(subject_id, program),
            restrictions=restrictions_about(subject_id, program, at),
            at=at,
        )


def consents_about(subject_id: UUID, program: Program) -> tuple[Any, ...]:
    """Every form about the client that names the program as its source, as the engine's values.

    Read as ``system:grants``: whether a form counts is the engine's question, not
    the asker's.
    """
    with access.acting_as("system:grants"):
        rows = Consent.objects.filter(subject_id=subject_id, program=program).order_by("signed_at", "pk")
        return tuple(facts_of(row) for row in rows.select_related("program"))


def restrictions_about(
    subject_id: UUID, program: Program, at: datetime
) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """The restrictions agreed to that hold at ``at``: segments, and the recipient types they name."""
    with access.acting_as("system:grants"):
        rows = Restriction.objects.filter(subject_id=subject_id, program=program, agreed_at__lte=at)
        rows = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
        return tuple((frozenset(row.segments), frozenset(row.recipients)) for row in rows)


def as_recipient(organization: Organization, unit: str = "") -> Recipient:
    """The organization as the law sees a recipient."""
    return Recipient(
        type=organization.kind, id=str(organization.uid), organization=organization.name, unit=unit
    )


def agreements_with(
    organization: Organization, program: Program, at: datetime
) -> tuple[dict[str, bool], datetime | None]:
    """``qsoa``, ``baa`` as facts, and when the first of them ends.

    An agreement counts when it is in force at ``at``, between the program's own
    organization and the recipient, and lets things go from us to them. That a service
    lies within it (``service_within_agreement``) is asserted for the occasion, never read
    from here: without it neither opens anything.
    """
    found = Agreement.objects.filter(begins_at__lte=at).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    ours = program.organization
    found = found.filter(
        Q(party_a=ours, party_b=organization, direction__in=("a_to_b", "both"))
        | Q(party_a=organization, party_b=ours, direction__in=("b_to_a", "both"))
    )
    kinds = {agreement.kind for agreement in found}
    ends = [agreement.ends_at for agreement in found if agreement.ends_at]
    facts = {name: True for name, kind in (("qsoa", "QSOA"), ("baa", "BAA")) if kind in kinds}
    return facts, min(ends, default=None)


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
    person: dict[str, Any] = {"restriction_agreed": tuple(sorted(restricted))} if restricted else {}
    if standing.in_privacy_notice:
        person["in_privacy_notice"] = True
    return Asked(
        actor=actor,
        source=standing.source,
        recipient=recipient,
        purpose=purpose,
        segments=frozenset(segments),
        facts=dict(facts) | person,
        recorded_no=frozenset(recorded_no) | (frozenset() if restricted else {"restriction_agreed"}),
        consents=standing.consents,
        at=standing.at,
    )
