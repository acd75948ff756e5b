"""A card becomes an episode without an encounter, where the program's definition says so."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from clinical.clients.models import Client
from clinical.clients.selectors import client_seen_by
from clinical.episodes.definitions import INTAKE, definition_of
from clinical.episodes.models import Episode
from clinical.episodes.services import AlreadyOpen, open_episode
from clinical.intake.models import Card
from clinical.intake.services import UNKNOWN_PERSON, AlreadyTaken, phone_of, reason_words
from consent import services
from consent.access import NothingToTell
from consent.models import Principal

WHY = "why"  # the intake question that a card's reasons answer, where the program asks it


def source_of(card: Card) -> str:
    """Where the person came from; ``""`` where the program's cards begin with an encounter."""
    defined = definition_of(card.compartment.scope.program.slug)
    return defined.cards.source_of(card.kind, card.reasons) if defined else ""


@transaction.atomic
def take_in_card(*, card: Card, by: Principal, at: datetime, known: Client | None = None) -> Episode:
    """Take the card, and open an episode from it: for a new person, or for somebody already in ``by``'s care.

    Raises:
        AlreadyTaken: somebody else was first.
        NothingToTell: the program's cards begin with an encounter.
    """
    source, program = source_of(card), card.compartment.scope.program
    if not source:
        raise NothingToTell("cards of this kind begin with an encounter")
    if not Card.objects.waiting().filter(pk=card.pk).update(taken_by=by, taken_at=at):
        raise AlreadyTaken(f"card `{card.pk}` has been taken")
    subject_id = known.subject_id if known else _new_client(card, by)
    client = client_seen_by(by, subject_id)
    reasons = ", ".join(reason_words(card.reasons)) or card.call_type
    asked = definition_of(program.slug).record(INTAKE)  # type: ignore[union-attr]  # it has a source
    answers = {INTAKE: {WHY: reasons}} if reasons and asked and asked.question(WHY) else {}
    try:
        return open_episode(
            client=client, program=program, by=by, at=at, source=source, answers=answers, card_id=card.pk
        )
    except AlreadyOpen as there:
        return there.episode


def _new_client(card: Card, by: Principal) -> UUID:
    """A record for the card's person, whose opaque id it keeps."""
    program, subject_id = card.compartment.scope.program, card.compartment.subject_id
    profile = services.profile(program)
    identity = services.open_compartment(subject_id, program, profile.identity)
    services.assign(subject_id=subject_id, program=program, principal=by, by=by)
    described = card.person or UNKNOWN_PERSON
    client = Client(
        compartment=identity, unit=program.unit, described_as=described[:200], phone=phone_of(card.contact)
    )
    client.save(force_insert=True)
    return subject_id
