"""Calls for service: the list, one call, and handing it to the co-response unit."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consent import access, paging
from policecore import selectors, services
from policecore.forms import CallFilterForm, PoliceOnlyForm
from policecore.models import Incident
from policecore.views.common import CLASSIFIERS, READERS, REFERRERS, TRIAGERS, page_asked


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Straight to the calls, or to those that wait for triage; who has no role here is told so."""
    held = access.roles_of(request.user)
    if held & set(TRIAGERS):
        return redirect("policecore:triage_list")
    if held & set(READERS):
        return redirect("policecore:incidents")
    return render(request, "nothing_here.html")


@require_safe
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*READERS)
def incident_list(request: HttpRequest) -> HttpResponse:
    """The newest calls of my units."""
    now = timezone.now()
    form = CallFilterForm(request.GET, zones=selectors.zones_of(request.user, now))
    wanted = form.wanted()
    page = paging.page_of(selectors.calls_for(request.user, **wanted), page_asked(request))
    context = {
        "page": page,
        "form": form,
        "wanted": wanted,
        "links": paging.links(request, page),
        "shift": selectors.shift_of(request.user, now),
        "may_refer": may_refer(request),
        "now": now,
    }
    return render(request, "policecore/incidents.html", context)


@require_safe
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*READERS)
def incident_page(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """One call, and what can be done with it."""
    incident = selectors.call_for(request.user, incident_id)
    return _page(request, incident, PoliceOnlyForm(initial={"reason": incident.police_only}))


def _page(request: HttpRequest, incident: Incident, form: PoliceOnlyForm) -> HttpResponse:
    held = access.roles_of(request.user)
    context = {
        "incident": incident,
        "may_refer": may_refer(request),
        "may_triage": bool(held & set(TRIAGERS)),
        "may_reclassify": bool(held & set(CLASSIFIERS)),
        "segments": ["CAD"],
        "police_only_form": form,
    }
    return render(request, "policecore/incident.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*REFERRERS)
def hand_over(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Say what will cross, and send it once it is confirmed."""
    if request.method == "POST":
        try:
            services.hand_over(incident_id=incident_id, by=request.user, at=timezone.now())
        except services.AlreadyHandedOver:
            messages.info(request, _("This call was handed over before. It was not sent twice."))
        except services.NotPermitted:
            return render(request, "policecore/not_permitted.html", status=409)
        else:
            messages.success(request, _("Sent to the co-response unit."))
        return redirect("policecore:incident", incident_id=incident_id)
    incident = selectors.call_for(request.user, incident_id)
    if incident.handed_over_at is not None or incident.police_only:
        return redirect("policecore:incident", incident_id=incident_id)
    return render(request, "policecore/hand_over.html", {"incident": incident})


@require_POST
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*REFERRERS)
def police_only(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Keep the call with the police, or take that back."""
    incident = selectors.call_for(request.user, incident_id)
    form = PoliceOnlyForm(request.POST)
    if not form.is_valid():
        return _page(request, incident, form)
    reason = form.cleaned_data["reason"]
    services.keep_with_the_police(incident_id=incident_id, reason=reason, by=request.user)
    messages.success(
        request, _("It stays with the police.") if reason else _("It may be referred and counted again.")
    )
    return redirect("policecore:incident", incident_id=incident_id)


def may_refer(request: HttpRequest) -> bool:
    """Analysts read and send nothing."""
    return bool(access.roles_of(request.user) & set(REFERRERS))
