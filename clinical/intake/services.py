"""Taking in what arrives, and opening an encounter from it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from clinical.clients.models import Client
from clinical.encounters.models import Encounter
from clinical.encounters.services import begin_encounter
from clinical.intake.models import CallCount, Card
from clinical.responses.words import CalledBy
from clinical.roles import CARE_TEAM
from consent import services
from consent.engine.facts import Actor, Asked, Recipient, Source
from consent.models import OfficeGrant, Organization, Principal, Program
from consent.services import ledger
from referrals.services import Malformed

# What the cards of each kind are: a call for service, an officer's words, a medic's words.
SEGMENTS = {
    Card.Kind.INCIDENT: ("CAD",),
    Card.Kind.REFERRAL: ("REFIN",),
    Card.Kind.MEDIC: ("EMS",),
    # a crisis service's words tell of somebody's mental health, whatever they say
    Card.Kind.LIFELINE: ("EMS", "MH"),
    Card.Kind.MOBILE_CRISIS: ("EMS", "MH"),
}
OF_THE_POLICE = (Card.Kind.INCIDENT, Card.Kind.REFERRAL)
CALLED_BY = {
    Card.Kind.INCIDENT: CalledBy.DISPATCH,
    Card.Kind.REFERRAL: CalledBy.POLICE,
    Card.Kind.MEDIC: CalledBy.EMS,
    Card.Kind.LIFELINE: CalledBy.LIFELINE,
    Card.Kind.MOBILE_CRISIS: CalledBy.MOBILE_CRISIS,
}
UNKNOWN_PERSON = "Person not yet named"


# An envelope's form holds nothing else (`referrals.envelopes`): what was seen, said and called in.
CJ_INFO = {"CAD": ("cad",), "REFIN": ("observed_need", "contact", "safety_observed")}
POLICE = Source(
    program="POLICE",
    p2_status="none",
    hipaa_legal="not_covered",
    mhpa_facility="no",
    vs_regime="none",
    hmis_cho=False,
)


class NotForThisSide(Malformed):
    """What came may not come in; it goes to the quarantine."""


class AlreadyTaken(Exception):
    """A colleague opened the encounter first."""


@transaction.atomic
def take_in(*, kind: Card.Kind, origin_id: UUID, program: Program, **facts: Any) -> Card | None:
    """Keep what arrived as a card of ``program``; ``None`` if it is here already.

    Runs as ``system:intake``. The person gets an opaque id of their own, which says
    nothing about any other person on either side.
    """
    if Card.objects.filter(origin_id=origin_id).exists():
        return None
    subject_id, segments = uuid4(), SEGMENTS[kind]
    if kind in OF_THE_POLICE:
        _decide_arrival(subject_id, segments)
    card = Card(
        compartment=services.open_compartment(subject_id, program, segments),
        kind=kind,
        origin_id=origin_id,
        **facts,
    )
    card.save(force_insert=True)
    ledger.note_event(
        "receive", subject_id=subject_id, segments=list(segments), resources={"clinical.card": [str(card.pk)]}
    )
    return card


@transaction.atomic
def take_in_counts(
    *, referral_id: UUID, days: int, before: int | None, after: int | None, counted_at: datetime
) -> CallCount | None:
    """Keep the numbers of calls around a referral; ``None`` if they are here already.

    Runs as ``system:intake``. They lie beside the card, whatever became of it.

    Raises:
        NotForThisSide: no such referral arrived, or no rule lets the numbers in.
    """
    card = Card.objects.filter(origin_id=referral_id).select_related("compartment__scope__program").first()
    if card is None:
        raise NotForThisSide("counts of a referral that is not here")
    is_over, subject_id = after is not None, card.compartment.subject_id
    if CallCount.objects.filter(card=card, days=days, is_over=is_over).exists():
        return None
    segments = SEGMENTS[Card.Kind.INCIDENT]
    _decide_arrival(subject_id, segments)
    made = CallCount(
        compartment=services.open_compartment(subject_id, card.compartment.scope.program, segments),
        card=card,
        days=days,
        is_over=is_over,
        counts={"before": before, "after": after},
        counted_at=counted_at,
    )
    made.save(force_insert=True)
    ledger.note_event(
        "receive",
        subject_id=subject_id,
        segments=list(segments),
        resources={"clinical.callcount": [str(made.pk)]},
    )
    return made


def _decide_arrival(subject_id: UUID, segments: Sequence[str]) -> None:
    """Decide the crossing on this side too, with its receipt; what has no rule stays outside.

    Raises:
        NotForThisSide: the engine withheld what came.
    """
    asked = Asked(
        actor=Actor(id="system:intake", role="engine_job"),
        source=POLICE,
        recipient=Recipient(type="clinical_app_user"),
        purpose="X-REFERRAL-IN",
        segments=frozenset(segments),
        facts={"cj_info": CJ_INFO[segments[0]]},
        at=timezone.now(),
    )
    decision = services.decide_and_record(asked, subject_id=subject_id)
    if set(decision.permitted) != set(segments):
        raise NotForThisSide("no rule lets this in")


@transaction.atomic
def open_encounter(*, card: Card, by: Principal, at: datetime, known: Client | None = None) -> Encounter:
    """Take the card, and open an encounter filled from it.

    For a new person the card's opaque id becomes the client's; for somebody already
    in ``by``'s care the encounter joins their record.

    Raises:
        AlreadyTaken: somebody else was first.
    """
    program = card.compartment.scope.program
    if not Card.objects.waiting().filter(pk=card.pk).update(taken_by=by, taken_at=at):
        raise AlreadyTaken(f"card `{card.pk}` has been taken")
    described = card.person or UNKNOWN_PERSON
    return begin_encounter(
        subject_id=known.subject_id if known else card.compartment.subject_id,
        program=program,
        by=by,
        at=at,
        client=None if known else {"described_as": described[:200], "phone": phone_of(card.contact)},
        card_id=card.pk,
        call_type=card.call_type or ", ".join(reason_words(card.reasons))[:200],
        location=card.location,
        zone=card.zone,
        called_by=CALLED_BY[card.kind],
    )


def open_duty_unit(program: Program) -> list[OfficeGrant]:
    """Let the program's care team see every card that arrives for it, and take one; and what the whole team keeps.

    A role that nobody in the program holds gets no grant.
    """
    kept_together = services.profile(program).duty
    found = [
        services.open_office(program=program, segments=segments, role=role, writes=True)
        for segments in sorted({*SEGMENTS.values(), kept_together})
        for role in CARE_TEAM
    ]
    return [grant for grant in found if grant is not None]


def phone_of(contact: str) -> str:
    """The contact as a phone number, where it is one."""
    digits = sum(character.isdigit() for character in contact)
    return contact if digits >= 7 and len(contact) <= 40 and not any(c.isalpha() for c in contact) else ""


def kind_of(referrer: Principal) -> Card.Kind:
    """What a card of ``referrer`` is: of the crisis service that employs them, or a medic's."""
    service = referrer.employer.crisis_service if referrer.employer else ""
    return {
        Organization.CrisisService.LIFELINE.value: Card.Kind.LIFELINE,
        Organization.CrisisService.MOBILE_CRISIS.value: Card.Kind.MOBILE_CRISIS,
    }.get(service, Card.Kind.MEDIC)


def reason_words(reasons: Iterable[str]) -> list[str]:
    """Reasons as people read them; a word we don't know stays as it came."""
    return [reason.replace("_", " ") for reason in reasons]
