"""T1: calls that wait, the questions, the route; later what a call turned out to be, and the counts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from consent import access, paging
from policecore.selectors import call_for
from policecore.triage import selectors, services
from policecore.triage.forms import PeriodForm, ReclassifyForm, TriageForm
from policecore.triage.words import Route
from policecore.views.common import CLASSIFIERS, COUNTERS, TRIAGERS, page_asked


@require_safe
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*TRIAGERS)
def waiting(request: HttpRequest) -> HttpResponse:
    """The calls of the last day that nobody has sorted."""
    page = paging.page_of(selectors.waiting_for(request.user, timezone.now()), page_asked(request))
    return render(
        request, "policecore/triage_list.html", {"page": page, "links": paging.links(request, page)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*TRIAGERS)
def triage(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """The call's notes and the questions; then what they suggest; then it is kept."""
    incident = call_for(request.user, incident_id)
    form = TriageForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.cleaned_data["route"]:
        services.triage(
            incident_id=incident_id, by=request.user, at=timezone.now(), answers=form.answers,
            route=form.cleaned_data["route"], reason=form.cleaned_data["reason"],
        )  # fmt: skip
        messages.success(
            request, _("Sent to: %(route)s") % {"route": Route(form.cleaned_data["route"]).label}
        )
        return redirect("policecore:triage_list")
    context = {
        "incident": incident,
        "form": form,
        "suggestion": form.suggestion if request.method == "POST" else None,
        "routes": Route.choices,
        "before": selectors.triages_of(incident),
    }
    return render(request, "policecore/triage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*CLASSIFIERS)
def reclassify(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Say what the call turned out to be."""
    incident = call_for(request.user, incident_id)
    form = ReclassifyForm(request.POST) if request.method == "POST" else ReclassifyForm.of(incident)
    if request.method == "POST" and form.is_valid():
        services.reclassify(
            incident_id=incident_id, by=request.user, at=timezone.now(),
            kind=form.cleaned_data["kind"], reason=form.cleaned_data["reason"],
        )  # fmt: skip
        messages.success(request, _("Kept. It counts as that from now on."))
        return redirect("policecore:incident", incident_id=incident_id)
    context = {"incident": incident, "form": form, "before": selectors.reclassifications_of(incident)}
    return render(request, "policecore/reclassify.html", context)


@require_safe
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*COUNTERS)
def counts(request: HttpRequest) -> HttpResponse:
    """How many calls there were, where they went, and how many a team without police could have answered."""
    form = PeriodForm(request.GET)
    counted = selectors.counts_for(request.user, timezone.now(), form.wanted)
    return render(request, "policecore/triage_counts.html", {"form": form, "counted": counted})
