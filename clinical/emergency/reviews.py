"""Looking at what was done: the queue, one at a time; the rates and their alarms."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.selectors import banner
from clinical.emergency import selectors
from clinical.emergency.forms import ReviewForm
from clinical.roles import EMERGENCY_REVIEWERS, RATE_READERS
from consent import access
from consent.models import EmergencyAccess, Principal
from consent.services import emergency as services
from consent.services import emergency_budget
from consent.services.emergency import NotReviewable


@require_safe
@access.purpose("HCOMPL")
@access.requires_role(*EMERGENCY_REVIEWERS)
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits, overdue first. There is nothing here to answer several with at once."""
    now = timezone.now()
    context = selectors.awaiting_review(request.user, now) | {
        "now": now,
        "alarms": selectors.open_alarms(),
        "reads_rates": bool(access.roles_of(request.user) & set(RATE_READERS)),
    }
    return render(request, "clinical/emergency/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("HCOMPL")
@access.requires_role(*EMERGENCY_REVIEWERS)
def review(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """One: who, why, what was read, and what the reviewer finds."""
    row = selectors.review_of(request.user, access_id)
    now = timezone.now()
    closes, may_judge = row.reviewed_at is not None, _may_judge(row, request.user)
    form = ReviewForm(request.POST or None, closes=closes)
    if request.method == "POST" and may_judge and form.is_valid():
        judge = services.close_review if closes else services.review_emergency
        try:
            judge(row, by=request.user, at=now, **form.cleaned_data)
        except NotReviewable as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Kept. The next one, if there is one, is below."))
            return redirect("clinical:emergency_reviews")
    context = {
        "access": row,
        "now": now,
        "is_running": row.is_running(now),
        "is_overdue": row.reviewed_at is None and row.due_at <= now,
        "may_judge": may_judge,
        "is_second": closes,
        "banner": banner(row.subject_id),
        "looked_at": selectors.looked_at(row),
        "form": form,
    }
    return render(request, "clinical/emergency/review.html", context)


def _may_judge(row: EmergencyAccess, by: Principal) -> bool:
    """Is there something for ``by`` to decide: a first verdict, a follow-up, or somebody else's that is disputed?"""
    if row.reviewed_at is None:
        return True
    if row.closed_at is not None:
        return False
    if row.answered_at is not None:
        return row.reviewer_id != by.pk
    return row.verdict == EmergencyAccess.Verdict.FOLLOW_UP


@require_POST
@access.purpose("HCOMPL")
@access.requires_role(*EMERGENCY_REVIEWERS)
def stop(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """End somebody else's now."""
    row = selectors.review_of(request.user, access_id)
    if services.end_emergency(row, by=request.user, at=timezone.now()):
        messages.success(request, _("Ended. Nothing of it is open any more."))
    return redirect("clinical:emergency_review", access_id=access_id)


@require_safe
@access.purpose("HCOMPL")
@access.requires_role(*RATE_READERS)
def rates(request: HttpRequest) -> HttpResponse:
    """The week by person and by program, against the budget; alarms stay until they are acknowledged."""
    now = timezone.now()
    people = selectors.rates(now)
    context = {
        "now": now,
        "people": people,
        "programs": emergency_budget.opened_by_program(now).most_common(),
        "alarms": selectors.open_alarms(),
        "person_a_week": emergency_budget.PERSON_A_WEEK,
        "program_a_week": emergency_budget.PROGRAM_A_WEEK,
    }
    return render(request, "clinical/emergency/rates.html", context)


@require_POST
@access.purpose("HCOMPL")
@access.requires_role(*RATE_READERS)
def acknowledge(request: HttpRequest, alarm_id: UUID) -> HttpResponse:
    """A privacy officer has seen it."""
    emergency_budget.acknowledge_alarm(alarm_id, by=request.user, at=timezone.now())
    messages.success(request, _("Noted that you have seen it."))
    return redirect("clinical:emergency_rates")
