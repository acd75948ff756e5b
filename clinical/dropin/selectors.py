"""Reading the desk for somebody: who comes, what was tapped just now, and how much was given."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from clinical.dropin.models import AnonymousVisit, DeskCard, Service, Visit
from clinical.dropin.services import nickname_token, number_token
from consent import services
from consent.access import NothingToTell
from consent.models import Principal, Program
from consent.paging import Asked, Page, page_of

DESKS = ("ROOTS",)  # programs that have a drop-in desk
SHOWN = 24  # people on one page of the desk
JUST_NOW = 5
SCOPED = "compartment__scope__program__unit"


def cards_of(program: Program, asked: Asked | None = None) -> Page:
    """The people whom the desk knows, who was here last first."""
    return page_of(_cards(program), asked or Asked(size=SHOWN), by="last_seen_at")


def cards_named(program: Program, said: str) -> list[DeskCard]:
    """Those with exactly this nickname, or this number on their card."""
    if not said:
        return []
    by_number = list(_cards(program).filter(number_token=number_token(program, said))[:SHOWN])
    return by_number or cards_called(program, said)


def cards_called(program: Program, nickname: str) -> list[DeskCard]:
    """Those with exactly this nickname."""
    return list(_cards(program).filter(nickname_token=nickname_token(program, nickname))[:SHOWN])


def _cards(program: Program) -> Any:
    rows = DeskCard.objects.in_use().filter(
        compartment__scope__program=program,
        compartment__scope__segments=sorted(services.profile(program).duty),
    )
    return rows.select_related(SCOPED)


def card_seen_by(asker: Principal, card_id: UUID | None) -> DeskCard:
    """The card, if ``asker`` may see it; otherwise `NothingToTell`."""
    found = DeskCard.objects.filter(pk=card_id).select_related(SCOPED).first()
    if found is None:
        raise NothingToTell("no such card for this principal")
    return found


def visits_of(card: DeskCard, asked: Asked | None = None) -> Page:
    """What somebody came for, newest first."""
    return page_of(Visit.objects.standing().about(card.compartment.subject_id).select_related("by"), asked)


def just_now(asker: Principal, program: Program) -> list[dict[str, Any]]:
    """The asker's own last taps of today, newest first: what can be undone."""
    since = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    known = Visit.objects.standing().filter(
        by=asker, created_at__gte=since, compartment__scope__program=program
    )
    known = known.select_related("card__compartment").newest_first()[:JUST_NOW]
    nobody = AnonymousVisit.objects.standing().filter(by=asker, at__gte=since, program=program)
    taps = [
        {
            "at": each.created_at,
            "who": each.card.nickname,
            "what": each.get_service_display(),
            "known": each.pk,
            "card": each.card_id,
        }
        for each in known
    ] + [
        {"at": each.at, "who": "", "what": each.get_service_display(), "anonymous": each.pk}
        for each in nobody.order_by("-at")[:JUST_NOW]
    ]
    return sorted(taps, key=lambda each: each["at"], reverse=True)[:JUST_NOW]


def counts(program: Program, *, days: int, at: datetime) -> list[dict[str, Any]]:
    """What was given in the last ``days`` days, by service: to people known to the desk, and to nobody named.

    Visits of people are counted row by row under row-level security: every row is one that the asker may see.
    """
    since = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(
        days=days - 1
    )
    nobody = AnonymousVisit.objects.standing().filter(program=program, at__gte=since)
    anonymous = Counter(dict(nobody.values_list("service").annotate(number=Count("pk"))))
    known = Visit.objects.standing().filter(created_at__gte=since, compartment__scope__program=program)
    rows = []
    for service in Service:
        number = known.filter(service=service).count()
        rows.append({"service": service.label, "known": number, "anonymous": anonymous[service.value]})
    return rows
