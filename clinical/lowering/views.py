"""Asking to keep a record less closely, what waits for a supervisor, and the decision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.selectors import banner, names_of
from clinical.lowering import selectors, services
from clinical.lowering.forms import AskForm, DecideForm
from clinical.lowering.models import Lowering
from clinical.lowering.records import takes_away_from
from clinical.roles import IN_CARE
from consent import access, paging


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def ask_to_lower(request: HttpRequest, record_id: UUID, record: str) -> HttpResponse:
    """Ask a supervisor to take something off the label of a note or a health fact."""
    row = selectors.record_seen_by(request.user, record, record_id)
    segments = takes_away_from(row)
    form = AskForm(request.POST or None, segments=[(each, each) for each in segments])
    if request.method == "POST" and form.is_valid():
        try:
            asked = services.ask_to_lower(
                row=row, by=request.user, takes_away=form.cleaned_data["takes_away"],
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except services.NotSo as error:
            form.add_error(None, f"{error}.".capitalize())
        else:
            messages.success(request, _("Asked. A supervisor of the program decides."))
            return redirect("clinical:lowering", lowering_id=asked.pk)
    context = {
        "banner": banner(row.compartment.subject_id),
        "row": row,
        "says": selectors.words_of(row),
        "segments": segments,
        "ticked": form["takes_away"].value() or [],
        "form": form,
        "requests": selectors.requests_about(row),
    }
    return render(request, "clinical/lowering/ask.html", context)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def lowerings(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, newest first."""
    page = paging.page_of(selectors.waiting(), paging.Asked.by(request.GET))
    names = names_of(each.compartment.subject_id for each in page.rows)
    shown = [{"row": each, "name": names.get(each.compartment.subject_id, "")} for each in page.rows]
    context = {"requests": shown, "links": paging.links(request, page)}
    return render(request, "clinical/lowering/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def lowering(request: HttpRequest, lowering_id: UUID) -> HttpResponse:
    """One request with its record; for a supervisor the decision."""
    asked = selectors.request_seen_by(request.user, lowering_id)
    may_decide = services.may_decide(request.user, asked)
    form = DecideForm(request.POST or None) if may_decide else None
    if request.method == "POST":
        if form is None:
            raise access.NothingToTell(f"`{lowering_id}` is not the asker's to decide")
        if form.is_valid():
            return _decided(request, asked, form)
    return _page(request, asked, form)


def _decided(request: HttpRequest, asked: Lowering, form: DecideForm) -> HttpResponse:
    lowers = form.cleaned_data["lowers"] == "yes"
    try:
        services.decide(
            asked=asked, by=request.user, lowers=lowers, remark=form.cleaned_data["remark"], at=timezone.now()
        )
    except services.NotSo as error:
        messages.error(request, f"{error}.".capitalize())
        return redirect("clinical:lowering", lowering_id=asked.pk)
    messages.success(request, _("Lowered.") if lowers else _("Left as it is."))
    return redirect("clinical:lowerings")


def _page(request: HttpRequest, asked: Lowering, form: DecideForm | None) -> HttpResponse:
    try:
        row: Any = selectors.record_seen_by(request.user, asked.record, asked.record_id)
    except access.NothingToTell:
        row = None
    context = {
        "banner": banner(asked.compartment.subject_id),
        "asked": asked,
        "row": row,
        "says": selectors.words_of(row) if row is not None else "",
        "after": sorted(set(asked.compartment.scope.segments) - set(asked.takes_away)),
        "form": form if asked.answer == Lowering.Answer.WAITS else None,
        "is_own": asked.asked_by_id == request.user.pk,
    }
    return render(request, "clinical/lowering/request.html", context)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def take_back_lowering(request: HttpRequest, lowering_id: UUID) -> HttpResponse:
    """Whoever asked thinks better of it."""
    asked = selectors.request_seen_by(request.user, lowering_id)
    try:
        services.take_back(asked=asked, by=request.user, at=timezone.now())
    except services.NotSo as error:
        messages.error(request, f"{error}.".capitalize())
    else:
        messages.success(request, _("Taken back."))
    return redirect("clinical:lowering", lowering_id=asked.pk)
