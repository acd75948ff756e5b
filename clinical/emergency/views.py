"""Breaking the glass: the one form, the record under its clock, the end, and what one's own came to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.selectors import HISTORY, banner, history
from clinical.consents.selectors import recipients_in_words, standing
from clinical.emergency import selectors
from clinical.emergency.finding import subjects_called
from clinical.emergency.forms import AnswerForm, EmergencyForm
from clinical.emergency.reminder import forget, remember
from clinical.roles import IN_CARE
from consent import access, paging
from consent.access import NothingToTell
from consent.models import EmergencyAccess
from consent.services import emergency as services
from consent.services import emergency_reading
from consent.services.business_days import review_due
from consent.services.emergency_budget import Outcome

BEAT = 0.6  # seconds: several times what looking for somebody and asking the law about them takes


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("ETREAT")
@access.requires_role(*IN_CARE)
def emergency(request: HttpRequest) -> HttpResponse:
    """Say whom and why; what opens is read next. Nobody there and not permitted are one answer."""
    form = EmergencyForm(request.POST or None)
    answered = ""
    if request.method == "POST" and form.is_valid():
        opening = services.open_emergency(
            by=request.user, subjects=subjects_called(form.sought), said=form.said()
        )
        if opening.accesses:
            remember(request, opening.accesses)
            return redirect("clinical:emergency_record", access_id=opening.accesses[0].pk)
        answered = "stopped" if opening.outcome == Outcome.STOPPED else "nothing"
    form.show_as_required()
    now = timezone.now()
    context = {
        "form": form,
        "taps": [form[name] for name in ("nature", "without_consent", "treats")],
        "answered": answered,
        "running": selectors.named(selectors.running_of(request.user, now)),
        "due_at": review_due(now),
        "now": now,
    }
    page = render(request, "clinical/emergency/open.html", context)
    if answered == "nothing":
        access.leave_on_a_beat(page, seconds=BEAT)
    return page


@require_safe
@access.purpose("ETREAT")
@access.requires_role(*IN_CARE)
def record(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """What the law opened about one client, to read, until the clock closes it."""
    now = timezone.now()
    try:
        row = selectors.running_one(request.user, access_id, now)
    except NothingToTell:
        forget(request, access_id)
        raise
    about = banner(row.subject_id)
    page = history(request.user, row.subject_id, paging.Asked.by(request.GET, size=HISTORY))
    items = [_with_standing(item, now) for item in page.rows]
    scopes = {each["row"].compartment.scope for each in items if each["kind"] != "referral"}
    if about["client"]:
        scopes.add(about["client"].compartment.scope)
    others = [each for each in selectors.running_of(request.user, now) if each.pk != row.pk]
    context = {
        "access": row,
        "now": now,
        "banner": about,
        "client": about["client"],
        "items": items,
        "links": paging.links(request, page),
        "may_be_told": emergency_reading.may_be_told(row, scopes, now),
        "others": selectors.named(others),
    }
    answer = render(request, "clinical/emergency/record.html", context)
    # without a script the page leaves the screen by itself when it is over
    answer.headers["Refresh"] = f"{_seconds_left(row, now)}; url={reverse('clinical:emergency')}"
    return answer


def _with_standing(item: dict[str, Any], now: datetime) -> dict[str, Any]:
    if item["kind"] == "consent":
        item["standing"] = standing(item["row"], now)
        item["recipients"] = recipients_in_words(item["row"])
    return item


def _seconds_left(row: EmergencyAccess, now: datetime) -> int:
    return max(1, int((row.ends_at - now).total_seconds()) + 1)


@require_POST
@access.purpose("ETREAT")
@access.requires_role(*IN_CARE)
def end(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """End one's own now."""
    row = emergency_reading.own_access(request.user, access_id)
    if row is None:
        raise NothingToTell(f"emergency access `{access_id}` is not `{request.user.uid}`'s")
    services.end_emergency(row, by=request.user, at=timezone.now())
    forget(request, access_id)
    messages.success(request, _("Ended. Nothing of it is open to you any more."))
    return redirect("clinical:emergency")


@require_safe
@access.purpose("HCOMPL")
@access.requires_role(*IN_CARE)
def own(request: HttpRequest) -> HttpResponse:
    """One's own, with what became of them; about the client nothing."""
    context = {
        "accesses": emergency_reading.accesses_of(request.user),
        "form": AnswerForm(),
        "now": timezone.now(),
    }
    return render(request, "clinical/emergency/own.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("HCOMPL")
@access.requires_role(*IN_CARE)
def answer(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """Dispute a verdict about oneself, once, in one's own words."""
    row = emergency_reading.own_access(request.user, access_id)
    if row is None or row.verdict != EmergencyAccess.Verdict.NOT_APPROPRIATE or row.answered_at:
        raise NothingToTell(f"there is nothing to answer for at `{access_id}`")
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.answer_review(row, by=request.user, words=form.cleaned_data["words"], at=timezone.now())
        messages.success(request, _("Sent. Somebody who was not the reviewer decides."))
        return redirect("clinical:emergency_own")
    return render(request, "clinical/emergency/answer.html", {"form": form, "access": row})
