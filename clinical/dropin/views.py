"""The drop-in desk: two taps for a service, one for nobody named."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.models import Client
from clinical.dropin import selectors, services
from clinical.dropin.forms import NOBODY, CardForm, TapForm
from clinical.dropin.models import DeskCard, Service
from clinical.duty.selectors import program_of, programs_with
from clinical.roles import CARE_TEAM, IN_CARE
from clinical.writing import as_uuid
from consent import access, paging
from consent.access import NothingToTell
from consent.models import Program
from consent.texts import plain


def _desk(request: HttpRequest, slug: str, *, writes: bool = True) -> Program:
    return program_of(request.user, slug, selectors.DESKS, writes=writes)


def _page(request: HttpRequest, program: Program, *, said: str = "", chosen: str = NOBODY) -> HttpResponse:
    """The desk; with whoever was looked for in place of who was here last."""
    page = None if said else selectors.cards_of(program, paging.Asked.by(request.GET, size=selectors.SHOWN))
    cards = page.rows if page else selectors.cards_named(program, said)
    if said and len(cards) == 1:
        chosen = str(cards[0].pk)
    context = {
        "program": program,
        "desks": programs_with(request.user, selectors.DESKS, roles=CARE_TEAM),
        "cards": cards,
        "links": paging.links(request, page) if page else {},
        "said": said,
        "chosen": chosen,
        "nobody": NOBODY,
        "services": Service.choices,
        "just_now": selectors.just_now(request.user, program),
    }
    return render(request, "clinical/dropin/desk.html", context)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def desks(request: HttpRequest) -> HttpResponse:
    """The desks at which one works; straight to it where there is one."""
    found = programs_with(request.user, selectors.DESKS, roles=CARE_TEAM)
    if len(found) == 1:
        return redirect("clinical:desk", slug=found[0].slug)
    return render(request, "clinical/dropin/desks.html", {"desks": found})


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """The desk, and a tap on it."""
    program = _desk(request, slug)
    if request.method != "POST":
        return _page(request, program)
    form = TapForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Tap what they came for."))
        return _page(request, program, chosen=request.POST.get("who", NOBODY))
    who, service, now = form.cleaned_data["who"], form.cleaned_data["service"], timezone.now()
    if who == NOBODY:
        services.note_anonymous_visit(program=program, service=service, by=request.user, at=now)
    else:
        card = _card_at(request, program, who)
        services.note_visit(card=card, service=service, by=request.user, at=now)
    return redirect("clinical:desk", slug=program.slug)


def _card_at(request: HttpRequest, program: Program, said: str) -> DeskCard:
    card = selectors.card_seen_by(request.user, as_uuid(said))
    if card.compartment.scope.program_id != program.pk or card.ended_at:
        raise NothingToTell("the card is not one of this desk")
    return card


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def find_at_desk(request: HttpRequest, slug: str) -> HttpResponse:
    """Look for a nickname or a scanned card; what is looked for travels in the body."""
    return _page(request, _desk(request, slug), said=plain(request.POST.get("said", ""))[:60])


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def undo_tap(request: HttpRequest, slug: str) -> HttpResponse:
    """Take one's own tap back."""
    program, now = _desk(request, slug), timezone.now()
    known, anonymous = request.POST.get("known", ""), request.POST.get("anonymous", "")
    if known:
        services.take_back_visit(visit_id=as_uuid(known), by=request.user, at=now)
    elif anonymous.isascii() and anonymous.isdecimal() and len(anonymous) < 19:
        services.take_back_anonymous(visit_id=int(anonymous), by=request.user, at=now)
    else:
        raise NothingToTell("nothing to take back")
    messages.success(request, _("Taken back."))
    return redirect("clinical:desk", slug=program.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def new_card(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the desk know somebody by a nickname."""
    program = _desk(request, slug)
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if selectors.cards_called(program, form.cleaned_data["nickname"]):
            form.add_error(
                "nickname",
                _("Somebody at this desk is called that. Find them there, or add what tells the two apart."),
            )
            return render(request, "clinical/dropin/card_new.html", {"form": form, "program": program})
        try:
            card = services.make_card(
                program=program, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except services.TakenAlready:
            form.add_error("number", _("This number stands on another card."))
        else:
            return _page(request, program, said=card.nickname, chosen=str(card.pk))
    return render(request, "clinical/dropin/card_new.html", {"form": form, "program": program})


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def desk_card(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """One card: what they came for, and corrections."""
    card = selectors.card_seen_by(request.user, card_id)
    may_write = request.user.has_perm("clinical.change_deskcard", card) and not card.ended_at
    form = CardForm(request.POST or None, initial={"nickname": card.nickname})
    if request.method == "POST":
        if not may_write:
            raise NothingToTell("not this principal's to change")
        if form.is_valid():
            try:
                services.change_card(card=card, by=request.user, **form.cleaned_data)
            except services.TakenAlready:
                form.add_error("number", _("This number stands on another card."))
            else:
                messages.success(request, _("Saved."))
                return redirect("clinical:desk_card", card_id=card.pk)
    page = selectors.visits_of(card, paging.Asked.by(request.GET))
    context = {
        "card": card,
        "program": card.compartment.scope.program,
        "form": form,
        "may_write": may_write,
        "visits": page.rows,
        "links": paging.links(request, page),
        "client": Client.objects.about(card.compartment.subject_id).newest_first().first(),
    }
    return render(request, "clinical/dropin/card.html", context)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def end_card(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Take the card off the desk."""
    card = selectors.card_seen_by(request.user, card_id)
    services.end_card(card=card, by=request.user, at=timezone.now())
    messages.success(request, _("The desk no longer shows this card."))
    return redirect("clinical:desk", slug=card.compartment.scope.program.slug)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def record_of_card(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Open an encounter with whom the desk knows; a first one begins their record."""
    card = selectors.card_seen_by(request.user, card_id)
    encounter = services.open_record(card=card, by=request.user, at=timezone.now())
    return redirect("clinical:encounter", encounter_id=encounter.pk)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def desk_counts(request: HttpRequest, slug: str) -> HttpResponse:
    """How much was given, today and in the last seven days."""
    program, now = _desk(request, slug, writes=False), timezone.now()
    periods = [(_("Today"), 1), (_("Last seven days"), 7)]
    context = {
        "program": program,
        "periods": [
            {
                "title": title,
                "rows": rows,
                "known": sum(r["known"] for r in rows),
                "anonymous": sum(r["anonymous"] for r in rows),
            }
            for title, days in periods
            for rows in [selectors.counts(program, days=days, at=now)]
        ],
        "may_tap": bool(programs_with(request.user, [program.slug], roles=CARE_TEAM)),
    }
    return render(request, "clinical/dropin/counts.html", context)
