"""Tonight, a card, an encounter without one, and a medic's referral."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.selectors import client_seen_by, clients_named, names_of
from clinical.encounters.selectors import open_encounters_of
from clinical.encounters.services import begin_encounter
from clinical.intake import selectors, services
from clinical.intake.forms import NewEncounterForm, ReferInForm
from clinical.intake.models import Card
from clinical.intake.routing import program_for
from clinical.roles import CARE_TEAM, REFERRERS
from clinical.units.selectors import programs_of, shift_of, zone_words
from consent import access, paging


def _told(card: Card) -> dict[str, object]:
    """A card with its words, for a template."""
    return {"card": card, "zone": zone_words(card.zone), "reasons": services.reason_words(card.reasons)}


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def tonight(request: HttpRequest) -> HttpResponse:
    """What arrived and what is still open: the first page of a shift."""
    now = timezone.now()
    encounters = open_encounters_of(request.user)
    names = names_of(each.compartment.subject_id for each in encounters)
    shown = [{"encounter": each, "name": names.get(each.compartment.subject_id, "")} for each in encounters]
    page = selectors.waiting_cards(request.user, paging.Asked.by(request.GET, size=selectors.SHOWN))
    cards = [_told(card) for card in page.rows]
    shift = shift_of(request.user, now)
    zones = ", ".join(zone.name for zone in shift.team.zones.all()) if shift else ""
    context = {
        "cards": cards,
        "links": paging.links(request, page),
        "encounters": shown,
        "shift": shift,
        "zones": zones,
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
    asked = request.POST.get("name", "")[:100].strip()
    found = clients_named(request.user, asked) if asked else []
    same_program = [c for c in found if c.unit_id == card.compartment.scope.program.unit_id]
    return render(request, "clinical/card.html", _told(card) | {"found": same_program, "asked": asked})


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def open_card(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Take the card and open its encounter."""
    card = selectors.card_seen_by(request.user, card_id)
    known = None
    if "client" in request.POST:
        known = client_seen_by(request.user, _as_uuid(request.POST["client"]))
        if known.unit_id != card.compartment.scope.program.unit_id:
            raise access.NothingToTell("the client belongs to another legal unit")
    try:
        encounter = services.open_encounter(card=card, by=request.user, at=timezone.now(), known=known)
    except services.AlreadyTaken:
        messages.info(request, _("A colleague has opened this one already."))
        return redirect("clinical:tonight")
    return redirect("clinical:encounter", encounter_id=encounter.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def new_encounter(request: HttpRequest) -> HttpResponse:
    """An encounter with somebody met without a card."""
    now = timezone.now()
    form = NewEncounterForm(request.POST or None, programs=programs_of(request.user, now))
    if request.method == "POST" and form.is_valid():
        known = form.cleaned_data
        encounter = begin_encounter(
            subject_id=uuid4(),
            program=known["program"],
            by=request.user,
            at=now,
            client={"described_as": known["described_as"]},
            location=known["location"],
            arrived_at=now,
        )
        return redirect("clinical:encounter", encounter_id=encounter.pk)
    return render(request, "clinical/encounter_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*REFERRERS)
def refer_in(request: HttpRequest) -> HttpResponse:
    """A medic or firefighter refers somebody; afterwards there is one word and nothing else."""
    form = ReferInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        words = dict(form.fields["reasons"].choices)
        with access.acting_as("system:intake", "X-REFERRAL-IN"):
            services.take_in(
                kind=Card.Kind.MEDIC,
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


def _as_uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise access.NothingToTell("not an id") from None
