"""Drafts that keep themselves, windows, and the watch over who works alone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinical.encounters.selectors import encounter_seen_by
from clinical.field import drafts, watch, windows
from clinical.field.models import Form, LoneWorkerWatch, Window
from clinical.roles import CARE_TEAM
from clinical.units.selectors import programs_of
from clinical.writing import check_may
from consent import access
from consent.access import NothingToTell
from consent.models import Principal, Program

BY_SCRIPT = "X-Kept-By-Script"  # a page that keeps a draft while somebody types wants no page back


def _form(word: str) -> Form:
    if word not in Form.values:
        raise NothingToTell("no such form")
    return Form(word)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def draft(request: HttpRequest, encounter_id: UUID, form: str) -> HttpResponse:
    """Keep what is typed so far; by a button, or by the page itself while somebody types."""
    encounter = encounter_seen_by(request.user, encounter_id)
    said = {name: request.POST.getlist(name) for name in request.POST}
    drafts.keep_draft(encounter=encounter, by=request.user, form=_form(form), said=said, at=timezone.now())
    if BY_SCRIPT in request.headers:
        return HttpResponse(status=204)
    messages.success(request, _("Kept for later. Only you see it, from any phone or desk."))
    return redirect("clinical:encounter", encounter_id=encounter.pk)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def throw_away(request: HttpRequest, encounter_id: UUID, form: str) -> HttpResponse:
    """Throw a draft away."""
    encounter = encounter_seen_by(request.user, encounter_id)
    drafts.end_draft(encounter=encounter, by=request.user, form=_form(form), at=timezone.now())
    messages.success(request, _("Draft thrown away."))
    return redirect("clinical:encounter", encounter_id=encounter.pk)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def end_window(request: HttpRequest, window_id: UUID) -> HttpResponse:
    """End a window: done, tried in vain, or no longer needed."""
    ending = request.POST.get("ending", "")
    window = windows.window_seen_by(request.user, window_id)
    check_may(request.user, "change", window, of="encounter")
    if ending in Window.Ending.values:
        windows.end_window(window=window, by=request.user, ending=Window.Ending(ending), at=timezone.now())
        messages.success(request, _("Noted. It can be taken back on the encounter's page."))
    else:
        messages.error(request, _("Choose how it ended."))
    return _back(request, window.encounter_id)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def run_again(request: HttpRequest, window_id: UUID) -> HttpResponse:
    """Take the ending of a window back."""
    window = windows.window_seen_by(request.user, window_id)
    windows.run_again(window=window, by=request.user)
    messages.success(request, _("It is due again when it was."))
    return redirect("clinical:encounter", encounter_id=window.encounter_id)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def begin_watch(request: HttpRequest) -> HttpResponse:
    """Be watched over from now, without an encounter or in one."""
    worker, now = request.user, timezone.now()
    encounter_id, program = _where(request, worker)
    watched = watch.begin(
        worker=worker, program=program, encounter_id=encounter_id, minutes=_minutes(request), at=now
    )
    _say_next(request, watched)
    return _back(request, encounter_id)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def check_in(request: HttpRequest) -> HttpResponse:
    """*I am OK*, or the call for help that looks the same: same address, same words, same page after it."""
    act = watch.call_for_help if request.POST.get("said") == "folder" else watch.check_in
    watched = act(worker=request.user, at=timezone.now())
    if watched is None:
        messages.info(request, _("No timer is running."))
    else:
        _say_next(request, watched)
    return _back(request, watched.encounter_id if watched else None)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def end_watch(request: HttpRequest) -> HttpResponse:
    """Not alone any more, or on the way home."""
    watched = watch.watch_of(request.user)
    watch.sign_off(worker=request.user, at=timezone.now())
    messages.success(request, _("The timer is off."))
    return _back(request, watched.encounter_id if watched else None)


def _say_next(request: HttpRequest, watched: LoneWorkerWatch) -> None:
    at = date_format(timezone.localtime(watched.due_at), "H:i")
    messages.success(request, _("Thank you. Next “OK?” at %(at)s.") % {"at": at})


def _minutes(request: HttpRequest) -> int:
    said = request.POST.get("minutes", "")
    return int(said) if said in {str(each) for each in watch.CHOICES_OF_MINUTES} else 0


def _where(request: HttpRequest, worker: Principal) -> tuple[UUID | None, Program]:
    """The encounter that was named, with its program; otherwise the first program the worker works for."""
    try:
        named = UUID(request.POST.get("encounter", ""))
    except ValueError:
        programs = programs_of(worker, timezone.now())
        if not programs:
            raise NothingToTell("nobody to watch over") from None
        return None, programs[0]
    encounter = encounter_seen_by(worker, named)
    return encounter.pk, encounter.compartment.scope.program


def _back(request: HttpRequest, encounter_id: UUID | None) -> HttpResponse:
    """To where it was pressed: Tonight, or the encounter's page."""
    if encounter_id is None or request.POST.get("from") == "tonight":
        return redirect("clinical:tonight")
    return redirect("clinical:encounter", encounter_id=encounter_id)
