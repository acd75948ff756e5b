"""What happens at the desk: a card is made, somebody takes something, a tap is taken back, days are built at night."""

from collections import Counter, defaultdict
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from clinical.clients.models import Client
from clinical.dropin.models import AnonymousVisit, DeskCard, ServiceDay, Visit
from clinical.duty.services import compartment_of_duty
from clinical.encounters.models import Encounter
from clinical.encounters.services import begin_encounter
from clinical.search import index, words
from clinical.writing import check_may
from consent import access, services
from consent.access import NothingToTell
from consent.models import Compartment, Determination, Principal, Program

NIGHT, PURPOSE = "system:hmis", "HOPERAT"
AT_ONCE = 200  # visits built in one transaction


class TakenAlready(Exception):
    """The number stands on another card of this desk."""


def nickname_token(program: Program, nickname: str) -> int:
    """What a nickname is found by: without case, accents and what stands between its words."""
    return services.blind_index(program.unit).token("desk nickname", "".join(words.pieces(nickname)))


def number_token(program: Program, number: str) -> int:
    """What the number on a card is found by."""
    return services.blind_index(program.unit).token("desk number", "".join(words.pieces(number)))


@transaction.atomic
def make_card(
    *, program: Program, nickname: str, number: str, by: Principal, at: datetime, of: Client | None = None
) -> DeskCard:
    """Let the desk know somebody by a nickname; a new person, or a client of the program.

    Raises:
        TakenAlready: the number is another person's.
    """
    compartment = compartment_of_duty(program, of.subject_id if of else uuid4())
    if of is not None:
        services.recompute_grants(of.subject_id)  # the compartment may be new
    card = DeskCard(
        compartment=compartment, nickname=nickname, by=by, last_seen_at=at,
        nickname_token=nickname_token(program, nickname),
        number_token=_free_number(program, number, None) if number else None,
    )  # fmt: skip
    card.save(force_insert=True)
    return card


@transaction.atomic
def change_card(*, card: DeskCard, nickname: str, number: str, by: Principal) -> None:
    """Correct the nickname, and give a new number where one is given.

    Raises:
        TakenAlready: the number is another person's.
    """
    check_may(by, "change", card)
    program = card.compartment.scope.program
    card.nickname, card.nickname_token = nickname, nickname_token(program, nickname)
    if number:
        card.number_token = _free_number(program, number, card)
    card.save(update_fields=["nickname", "nickname_token", "number_token"])


def _free_number(program: Program, number: str, card: DeskCard | None) -> int:
    token = number_token(program, number)
    others = DeskCard.objects.in_use().filter(number_token=token)
    if (others.exclude(pk=card.pk) if card else others).exists():
        raise TakenAlready("the number stands on another card")
    return token


@transaction.atomic
def end_card(*, card: DeskCard, by: Principal, at: datetime) -> None:
    """Take the card off the desk; its visits stay counted."""
    check_may(by, "change", card)
    card.ended_at, card.number_token = at, None
    card.save(update_fields=["ended_at", "number_token"])


@transaction.atomic
def note_visit(*, card: DeskCard, service: str, by: Principal, at: datetime) -> Visit:
    """Somebody known to the desk came for something."""
    check_may(by, "change", card)
    visit = Visit(compartment=card.compartment, card=card, service=service, by=by, created_at=at)
    visit.save(force_insert=True)
    card.last_seen_at = at
    card.save(update_fields=["last_seen_at"])
    return visit


def note_anonymous_visit(*, program: Program, service: str, by: Principal, at: datetime) -> AnonymousVisit:
    """Somebody came for something and is nobody's business."""
    return AnonymousVisit.objects.create(program=program, service=service, by=by, at=at)


@transaction.atomic
def take_back_visit(*, visit_id: UUID, by: Principal, at: datetime) -> None:
    """Undo one's own tap, as long as its day is not built.

    Raises:
        NothingToTell: there is no such visit that ``by`` may take back.
    """
    visit = Visit.objects.standing().filter(pk=visit_id, by=by, service_day__isnull=True).first()
    if visit is None:
        raise NothingToTell("no such visit to take back")
    check_may(by, "change", visit)
    visit.taken_back_at = at
    visit.save(update_fields=["taken_back_at"])


def take_back_anonymous(*, visit_id: int, by: Principal, at: datetime) -> None:
    """Undo one's own tap of nobody named."""
    if not AnonymousVisit.objects.standing().filter(pk=visit_id, by=by).update(taken_back_at=at):
        raise NothingToTell("no such visit to take back")


@transaction.atomic
def open_record(*, card: DeskCard, by: Principal, at: datetime) -> Encounter:
    """Begin to care for somebody whom the desk knows: a client called by the nickname, with ``by`` on the team.

    Who has a record already, is met again in it.
    """
    check_may(by, "change", card)
    subject_id, program = card.compartment.subject_id, card.compartment.scope.program
    known = Client.objects.about(subject_id).newest_first().first()
    return begin_encounter(
        subject_id=subject_id, program=program, by=by, at=at, arrived_at=at, place=Encounter.Place.SHELTER,
        client=None if known else {"described_as": card.nickname},
    )  # fmt: skip


def build_service_days(now: datetime) -> int:
    """Build one row for each person and day that is over, of the visits not built yet; how many rows.

    Runs as ``system:hmis``, for the programs whose determination says that they record in HMIS and that
    their posted notice names it, and never for one of victim services. A run that is killed leaves its
    visits waiting, and a second run at the same time takes others.

    Cites: 69 FR 45888 § 4.1.3, 4.2.1; 34 U.S.C. 12291(b)(2).
    """
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    slugs = [program for program in Program.objects.select_related("unit") if records_in_hmis(program, now)]
    built = 0
    for program in slugs:
        done = AT_ONCE
        while done == AT_ONCE:
            with access.opened(NIGHT, PURPOSE):
                done, rows = _build_some(program, midnight, now)
                built += rows
    return built


def records_in_hmis(program: Program, at: datetime) -> bool:
    """Does counsel's determination let the program's services go into an HMIS record?"""
    said = Determination.of(program, at)
    return bool(said["hmis_cho"] and said["in_privacy_notice"] and said["vs_regime"] == "none")


def _build_some(program: Program, before: datetime, now: datetime) -> tuple[int, int]:
    """Build the oldest visits of a program: how many visits were looked at, and how many rows were made."""
    with access.acting_as("system:grants"):
        duty = services.profile(program).duty
        in_scope = Compartment.objects.filter(scope__program=program, scope__segments=sorted(duty))
        compartments = {each.pk: each for each in in_scope.select_related("scope__program__unit")}
    waiting = Visit.objects.standing().filter(
        compartment_id__in=compartments, service_day__isnull=True, created_at__lt=before
    )
    visits = list(waiting.select_for_update(skip_locked=True).order_by("created_at")[:AT_ONCE])
    by_day: dict[tuple[int, str], list[Visit]] = defaultdict(list)
    for visit in visits:
        by_day[visit.compartment_id, timezone.localdate(visit.created_at).isoformat()].append(visit)
    for (compartment_id, day), theirs in by_day.items():
        _build(compartments[compartment_id], day, theirs, now)
    return len(visits), len(by_day)


def _build(duty: Compartment, day: str, visits: list[Visit], now: datetime) -> None:
    program = duty.scope.program
    compartment = services.open_compartment(duty.subject_id, program, services.profile(program).note)
    row = ServiceDay(
        compartment=compartment, day=day, built_at=now,
        services=dict(sorted(Counter(each.service for each in visits).items())),
    )  # fmt: skip
    row.save(force_insert=True)
    Visit.objects.filter(pk__in=[each.pk for each in visits]).update(service_day=row)
    services.recompute_grants(duty.subject_id)  # the compartment may be new to the care team


def forget(subject_id: UUID) -> None:
    """Leave nothing by which a nickname or a card's number is found; called when the client's key is destroyed."""
    with access.acting_as(index.INDEX_TASK):
        DeskCard.objects.about(subject_id).update(nickname_token=None, number_token=None)
