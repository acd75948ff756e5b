"""How the response went, what it cost, and what came of a 302: each a form on the encounter's page."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinical.encounters import selectors, services
from clinical.encounters.scene_forms import ExaminationForm, OutcomeForm, ResponseForm
from clinical.encounters.views import back_to, show
from clinical.roles import CARE_TEAM
from consent import access


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def response(request: HttpRequest, encounter_id: UUID) -> HttpResponse:
    """Keep how the response went."""
    encounter = selectors.encounter_seen_by(request.user, encounter_id)
    form = ResponseForm(request.POST)
    if not form.is_valid():
        return show(request, encounter, response_form=form)
    services.describe_response(encounter=encounter, by=request.user, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return back_to(encounter, "response")


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def outcome(request: HttpRequest, encounter_id: UUID) -> HttpResponse:
    """Keep force, injury, supplies and the officer's release."""
    encounter = selectors.encounter_seen_by(request.user, encounter_id)
    form = OutcomeForm(request.POST, encounter=encounter)
    if not form.is_valid():
        return show(request, encounter, outcome_form=form)
    services.describe_outcome(encounter=encounter, by=request.user, **form.facts)
    messages.success(request, _("Saved."))
    return back_to(encounter, "response")


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def officer_released(request: HttpRequest, encounter_id: UUID) -> HttpResponse:
    """Stamp that the officer could go."""
    encounter = selectors.encounter_seen_by(request.user, encounter_id)
    services.release_officer(encounter=encounter, by=request.user, at=timezone.now())
    return back_to(encounter, "response")


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def examination(request: HttpRequest, encounter_id: UUID) -> HttpResponse:
    """Keep what came of the 302."""
    encounter = selectors.encounter_seen_by(request.user, encounter_id)
    form = ExaminationForm(request.POST)
    if not form.is_valid():
        return show(request, encounter, examination_form=form)
    services.keep_examination(encounter=encounter, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Saved."))
    return back_to(encounter, "examination")
