"""Making a referral, and reading afterwards that it arrived."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from consent import access, paging
from consent.models import Program
from policecore import selectors, services, wording
from policecore.forms import ReferralForm
from policecore.models import Incident
from policecore.views.common import REFERRERS, page_asked


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*REFERRERS)
def refer(request: HttpRequest, incident_id: UUID | None = None) -> HttpResponse:
    """The form, and what was written in it again when there is a question about it."""
    incident = selectors.call_for(request.user, incident_id) if incident_id else None
    form = ReferralForm(request.POST or None, initial={"location": incident.location if incident else ""})
    if request.method == "POST" and form.is_valid():
        try:
            services.make_referral(
                by=request.user,
                form_id=form.cleaned_data["form_id"],
                unit=_unit_for(request, incident),
                said=form.said(),
                at=timezone.now(),
                incident=incident,
            )
        except services.StaysWithThePolice:
            messages.info(request, _("This call stays with the police. Nothing was sent."))
            return redirect("policecore:incident", incident_id=incident_id)
        except services.NotPermitted:
            return render(request, "policecore/not_permitted.html", status=409)
        messages.success(request, _("Sent. Thank you."))
        return redirect("policecore:referrals")
    context = {
        "form": form,
        "incident": incident,
        "reasons": wording.REASONS,
        "programs": wording.PROGRAMS,
        "chosen": set(form["reasons"].value() or []),
    }
    return render(request, "policecore/refer.html", context)


def _unit_for(request: HttpRequest, incident: Incident | None) -> Program:
    """The unit of the call or, without a call, the officer's own."""
    units = selectors.units_of(request.user, timezone.now(), roles=REFERRERS)
    if incident is not None:
        unit = incident.compartment.scope.program
        if unit in units:
            return unit
    if not units:
        raise access.NothingToTell("no unit to refer from")
    return units[0]


@require_safe
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*REFERRERS)
def referral_list(request: HttpRequest) -> HttpResponse:
    """What I sent, with one word each; for a supervisor, what the unit sent."""
    page = paging.page_of(selectors.referrals_for(request.user), page_asked(request))
    supervises = "police supervisor" in access.roles_of(request.user)
    shown = [{"referral": each, "reasons": wording.reason_words(each.reasons)} for each in page.rows]
    context = {"shown": shown, "links": paging.links(request, page), "supervises": supervises}
    return render(request, "policecore/referrals.html", context)


@require_safe
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*REFERRERS)
def referral_page(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """What was sent, as it was sent, and the one word."""
    referral = selectors.referral_for(request.user, referral_id)
    context = {
        "referral": referral,
        "reasons": wording.reason_words(referral.reasons),
        "program": wording.program_words(referral.suggested_program),
        "segments": ["REFIN"],
    }
    return render(request, "policecore/referral.html", context)
