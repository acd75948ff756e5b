"""The page of who is out alone, the line on every desk page, and ending a watch once the worker was reached."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinical.field import answering, watch
from clinical.roles import ANSWER_FOR_SAFETY, CARE_TEAM
from consent import access

WHO = (*ANSWER_FOR_SAFETY, *CARE_TEAM)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*WHO)
def out_alone(request: HttpRequest) -> HttpResponse:
    """Who is out alone in one's programs, whoever needs somebody first."""
    now = timezone.now()
    needs = answering.alarms_for(request.user, now)
    rest = [
        each
        for each in answering.watches_for(request.user, now).order_by("due_at")[: answering.MOST]
        if each not in needs
    ]
    context = {
        "needs": answering.told(needs, now), "rest": answering.told(rest, now), "now": now,
    }  # fmt: skip
    return render(request, "clinical/field/out_alone.html", context)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*ANSWER_FOR_SAFETY)
def line(request: HttpRequest) -> HttpResponse:
    """The line that desk pages ask for by themselves: somebody needs help, or nothing."""
    context = {"alarms": answering.alarms_for(request.user, timezone.now())}
    return render(request, "clinical/field/_alarm_line.html", context)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*WHO)
def reached(request: HttpRequest, watch_id: int) -> HttpResponse:
    """Somebody has reached the worker: the watch ends, a call for help included."""
    now = timezone.now()
    row = answering.watch_for(request.user, watch_id, now)
    if watch.end_by_another(watch=row, by=request.user, at=now):
        said = _("Ended. It stands in your name that you reached %(worker)s.")
        messages.success(request, said % {"worker": row.worker.get_full_name()})
    return redirect("clinical:out_alone")
