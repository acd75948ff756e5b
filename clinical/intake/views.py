"""Tonight, a card, an encounter without one, and a medic's referral."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.models import Client
from clinical.clients.selectors import client_seen_by, names_of
from clinical.encounters.selectors import open_encounters_of
from clinical.encounters.services import ProgramClosed, begin_encounter
from clinical.episodes import arrivals
from clinical.field import answering, drafts, watch, windows
from clinical.intake import selectors, services
from clinical.intake.forms import NewEncounterForm, ReferInForm
from clinical.intake.models import Card
from clinical.intake.routing import program_for
from clinical.matching.comparing import Known
from clinical.roles import CARE_TEAM, REFERRERS
from clinical.search import words
from clinical.search.selectors import SUGGESTED, clients_alike, clients_found
from clinical.search.services import may_search
from clinical.units.selectors import programs_of, shift_of, zone_words
from consent import access, paging
from consent.models import LegalUnit
from consent.texts import plain

NEW_PERSON = "new"
ONE_NIGHT = timedelta(hours=24)  # what a phone may keep something for, without a signal


def _told(card: Card) -> dict[str, object]:
    """A card with its words, for a template."""
    return {
        "may_take_in": bool(arrivals.source_of(card)),
        "card": card,
        "zone": zone_words(card.zone),
        "reasons": services.reason_words(card.reasons),
    }


def _named(word: str, rows: Iterable[Any], names: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """Rows with what to call whom they are about, for a template."""
    return [{word: row, "name": names.get(row.compartment.subject_id, "")} for row in rows]


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def tonight(request: HttpRequest) -> HttpResponse:
    """What arrived and what is still open: the first page of a shift."""
    now = timezone.now()
    encounters = open_encounters_of(request.user)
    unfinished, due = drafts.unfinished_of(request.user), windows.running_of(request.user)
    about = [*encounters, *unfinished, *due]
    names = names_of(each.compartment.subject_id for each in about)
    page = selectors.waiting_cards(request.user, paging.Asked.by(request.GET, size=selectors.SHOWN))
    cards = [_told(card) for card in page.rows]
    shift = shift_of(request.user, now)
    zones = ", ".join(zone.name for zone in shift.team.zones.all()) if shift else ""
    own_watch, in_need = answering.own_watch_and_alarms(request.user, now)
    context = {
        "cards": cards,
        "links": paging.links(request, page),
        "encounters": _named("encounter", encounters, names),
        "drafts": _named("draft", unfinished, names),
        "due": _named("window", due, names),
        "now": now,
        "shift": shift,
        "zones": zones,
        "watch": own_watch,
        "colleagues_in_need": in_need,
        "minutes": watch.CHOICES_OF_MINUTES,
        "tonight": [each for each in encounters if now - each.opened_at < ONE_NIGHT],
    }
    return render(request, "clinical/tonight.html", context)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def card_page(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Everything that arrived with the card, and the way into care."""
    card = selectors.card_seen_by(request.user, card_id)
    return render(request, "clinical/card.html", _told(card) | {"found": None, "asked": ""})


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def find_known(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Look for the card's person among the asker's own clients; the words travel in the body."""
    card = selectors.card_seen_by(request.user, card_id)
    asked = plain(request.POST.get("name", ""))[:100]
    found: list[Client] = []
    if asked and may_search(request.user, at=timezone.now()):
        unit = card.compartment.scope.program.unit
        found = clients_found(request.user, words.read(asked), size=SUGGESTED, unit=unit).clients
    return render(request, "clinical/card.html", _told(card) | {"found": found, "asked": asked})


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def open_card(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Take the card and open its encounter."""
    card = selectors.card_seen_by(request.user, card_id)
    unit, chosen = card.compartment.scope.program.unit, request.POST.get("client", "")
    if not chosen and not card.taken_at:
        here = Known.of_text(card.person, phone=card.contact)
        if found := clients_alike(request.user, here, unit=unit):
            return render(
                request,
                "clinical/card.html",
                _told(card) | {"found": found, "asked": "", "is_question": True},
            )
    known = _chosen(request, chosen, unit)
    try:
        encounter = services.open_encounter(card=card, by=request.user, at=timezone.now(), known=known)
    except ProgramClosed:
        messages.error(request, _("The program of this card takes nobody new any more."))
        return redirect("clinical:tonight")
    except services.AlreadyTaken:
        messages.info(request, _("A colleague has opened this one already."))
        return redirect("clinical:tonight")
    return redirect("clinical:encounter", encounter_id=encounter.pk)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def take_in_card(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Take the card and open its episode, without an encounter; first, whom the asker may know already."""
    card = selectors.card_seen_by(request.user, card_id)
    unit, chosen = card.compartment.scope.program.unit, request.POST.get("client", "")
    if not chosen and not card.taken_at:
        here = Known.of_text(card.person, phone=card.contact)
        if found := clients_alike(request.user, here, unit=unit):
            asking = {"found": found, "asked": "", "is_question": True, "takes_in": True}
            return render(request, "clinical/card.html", _told(card) | asking)
    known = _chosen(request, chosen, unit)
    try:
        episode = arrivals.take_in_card(card=card, by=request.user, at=timezone.now(), known=known)
    except services.AlreadyTaken:
        messages.info(request, _("A colleague has opened this one already."))
        return redirect("clinical:tonight")
    return redirect("clinical:episode", episode_id=episode.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def new_encounter(request: HttpRequest) -> HttpResponse:
    """An encounter with somebody met without a card; first, whom the asker may know already by that name."""
    now = timezone.now()
    form = NewEncounterForm(request.POST or None, programs=programs_of(request.user, now))
    if request.method != "POST" or not form.is_valid():
        return render(request, "clinical/encounter_new.html", {"form": form})
    said, chosen = form.cleaned_data, request.POST.get("client", "")
    unit = said["program"].unit
    if not chosen:
        if known := clients_alike(request.user, Known.of_text(said["described_as"]), unit=unit):
            return render(request, "clinical/encounter_new.html", {"form": form, "known": known})
    client = _chosen(request, chosen, unit)
    encounter = begin_encounter(
        subject_id=client.subject_id if client else uuid4(),
        program=said["program"],
        by=request.user,
        at=now,
        client=None if client else {"described_as": said["described_as"]},
        location=said["location"],
        called_by=said["called_by"],
        arrived_at=now,
    )
    watch.begin(worker=request.user, program=said["program"], encounter_id=encounter.pk, at=now)
    return redirect("clinical:encounter", encounter_id=encounter.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*REFERRERS)
def refer_in(request: HttpRequest) -> HttpResponse:
    """A medic, firefighter, 988 or county mobile crisis refers somebody; afterwards there is one word and nothing else."""
    form = ReferInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        words = dict(form.fields["reasons"].choices)
        with access.acting_as("system:intake", "X-REFERRAL-IN"):
            services.take_in(
                kind=services.kind_of(request.user),
                origin_id=uuid4(),
                program=program_for(said["reasons"]),
                occurred_at=timezone.now(),
                **said | {"reasons": [words[reason] for reason in said["reasons"]]},
            )
        return redirect("clinical:referred_in")
    return render(request, "clinical/refer_in.html", {"form": form})


@require_safe
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*REFERRERS)
def referred_in(request: HttpRequest) -> HttpResponse:
    """The word."""
    return render(request, "clinical/referred_in.html")


def _chosen(request: HttpRequest, chosen: str, unit: LegalUnit) -> Client | None:
    """The client of ``unit`` whom the asker named; nobody for somebody new."""
    if chosen in ("", NEW_PERSON):
        return None
    known = client_seen_by(request.user, _as_uuid(chosen))
    if known.unit_id != unit.pk:
        raise access.NothingToTell("the client belongs to another legal unit")
    return known


def _as_uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise access.NothingToTell("not an id") from None
