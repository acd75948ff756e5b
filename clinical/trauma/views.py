"""Community events and slips: a duty team's pages."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.duty.selectors import programs_with
from clinical.roles import CARE_TEAM, IN_CARE
from clinical.safecontact.selectors import in_words
from clinical.trauma import selectors, services
from clinical.trauma.forms import ActionForm, EndEventForm, EndSlipForm, EventForm, SlipForm
from clinical.trauma.models import CommunityEvent
from clinical.writing import as_uuid, check_may
from consent import access, paging
from consent.access import NothingToTell
from consent.models import Program
from consent.services import profile


def _program(request: HttpRequest, *, writes: bool) -> Program:
    """The asker's program that answers to such events."""
    roles = CARE_TEAM if writes else IN_CARE
    found = programs_with(request.user, selectors.RESPONDERS, roles=roles)
    if not found:
        raise NothingToTell("no such work for this principal")
    return found[0]


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def events(request: HttpRequest) -> HttpResponse:
    """What hurt the neighborhoods, newest first."""
    program = _program(request, writes=False)
    page = selectors.events_of(program, paging.Asked.by(request.GET))
    context = {
        "program": program, "events": page.rows, "links": paging.links(request, page),
        "may_write": bool(programs_with(request.user, [program.slug], roles=CARE_TEAM)),
    }  # fmt: skip
    return render(request, "clinical/trauma/events.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def new_event(request: HttpRequest) -> HttpResponse:
    """Write down that something happened."""
    program = _program(request, writes=True)
    form = EventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        event = services.open_event(program=program, by=request.user, **form.cleaned_data)
        return redirect("clinical:event", event_id=event.pk)
    return render(request, "clinical/trauma/event_new.html", {"form": form, "program": program})


def _event_page(request: HttpRequest, event: CommunityEvent, **forms: object) -> HttpResponse:
    actions = selectors.actions_of(event)
    context = {
        "event": event,
        "program": event.compartment.scope.program,
        "actions": actions,
        "sums": selectors.sums_of(actions),
        "may_write": request.user.has_perm("clinical.change_communityevent", event) and not event.ended_at,
        "action_form": ActionForm(),
        "end_form": EndEventForm(),
    }
    return render(request, "clinical/trauma/event.html", context | forms)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """One event: what was done, counted."""
    return _event_page(request, selectors.event_seen_by(request.user, event_id))


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def note_action(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Count what was done, or take one's own count back."""
    found = selectors.event_seen_by(request.user, event_id)
    check_may(request.user, "change", found)
    if taken_back := request.POST.get("take_back", ""):
        services.take_back_action(
            event=found, action_id=as_uuid(taken_back), by=request.user, at=timezone.now()
        )
        messages.success(request, _("Taken back."))
        return redirect("clinical:event", event_id=event_id)
    form = ActionForm(request.POST)
    if not form.is_valid():
        return _event_page(request, found, action_form=form)
    kept = {name: form.cleaned_data[name] for name in ("kind", "done_at", "minutes", "staff", "people")}
    services.note_action(event=found, by=request.user, handouts=form.handouts, **kept)
    messages.success(request, _("Counted."))
    return redirect("clinical:event", event_id=event_id)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def end_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Plan nothing more."""
    found = selectors.event_seen_by(request.user, event_id)
    check_may(request.user, "change", found)
    form = EndEventForm(request.POST)
    if not form.is_valid():
        return _event_page(request, found, end_form=form)
    services.end_event(event=found, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Closed."))
    return redirect("clinical:events")


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def slips(request: HttpRequest) -> HttpResponse:
    """Who asks to be called and waits."""
    program = _program(request, writes=False)
    page = selectors.slips_waiting(program, paging.Asked.by(request.GET))
    context = {
        "program": program, "slips": page.rows, "links": paging.links(request, page),
        "may_write": bool(programs_with(request.user, [program.slug], roles=CARE_TEAM)),
    }  # fmt: skip
    return render(request, "clinical/trauma/slips.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def new_slip(request: HttpRequest) -> HttpResponse:
    """Keep that somebody asks to be called, with their yes."""
    program = _program(request, writes=True)
    form = SlipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.take_slip(program=program, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Kept. It says nothing about where you met."))
        return redirect("clinical:slips")
    return render(request, "clinical/trauma/slip_new.html", {"form": form, "segments": profile(program).duty})


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def slip(request: HttpRequest, slip_id: UUID) -> HttpResponse:
    """One slip: take it up, or let it go."""
    found = selectors.slip_seen_by(request.user, slip_id)
    waits = found.taken_up_at is None and found.ended_at is None
    form = EndSlipForm(request.POST if "end" in request.POST else None)
    if request.method == "POST":
        check_may(request.user, "change", found)
        now = timezone.now()
        try:
            if "take_up" in request.POST:
                client = services.take_up(slip=found, by=request.user, at=now)
                return redirect("clinical:client_episodes", subject_id=client.subject_id)
            if form.is_valid():
                services.end_slip(slip=found, by=request.user, at=now, **form.cleaned_data)
                messages.success(request, _("Let go."))
                return redirect("clinical:slips")
        except services.NotWaiting:
            messages.info(request, _("A colleague was first, or it was let go."))
            return redirect("clinical:slips")
    context = {
        "slip": found,
        "ways": in_words(found.ways),
        "form": form,
        "may_write": waits and request.user.has_perm("clinical.change_slip", found),
    }
    return render(request, "clinical/trauma/slip.html", context)
