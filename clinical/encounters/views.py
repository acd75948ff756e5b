"""The encounter's page, and what can be done on it, each a form of its own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinical.clients.selectors import banner
from clinical.encounters import selectors, services
from clinical.encounters.forms import IntroductionForm, LeaveForm, NoteForm, SceneForm
from clinical.encounters.models import Encounter
from clinical.encounters.scene_page import response_context
from clinical.roles import CARE_TEAM, IN_CARE
from clinical.units.selectors import zone_words
from consent import access


def show(request: HttpRequest, encounter: Encounter, **forms: Any) -> HttpResponse:
    """The page, with the form that needs another look in place of a fresh one."""
    program = encounter.compartment.scope.program
    choices = selectors.note_choices(program)
    context = {
        "encounter": encounter,
        "program": program,
        "banner": banner(encounter.compartment.subject_id),
        "zone": zone_words(encounter.zone),
        "notes": selectors.notes_of(encounter),
        "note_choices": choices,
        "may_write": request.user.has_perm("clinical.change_encounter", encounter),
        "answers": Encounter.Answer.choices,
        "scene_form": SceneForm(
            initial={"place": encounter.place, "present": encounter.present, "police": encounter.police}
        ),
        "note_form": NoteForm(compartments=choices),
        "leave_form": LeaveForm(),
    }
    return render(request, "clinical/encounter.html", context | response_context(encounter) | forms)


def back_to(encounter: Encounter, part: str) -> HttpResponse:
    """To the part of the page that comes next, so that a thumb need not look for it."""
    address = reverse("clinical:encounter", kwargs={"encounter_id": encounter.pk})
    return HttpResponseRedirect(f"{address}#{part}")


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def encounter_page(request: HttpRequest, encounter_id: UUID) -> HttpResponse:
    """One contact: what is known, what was said, what was written."""
    return show(request, selectors.encounter_seen_by(request.user, encounter_id))


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def arrived(request: HttpRequest, encounter_id: UUID) -> HttpResponse:
    """Stamp the arrival."""
    encounter = selectors.encounter_seen_by(request.user, encounter_id)
    services.arrive(encounter=encounter, by=request.user, at=timezone.now())
    return back_to(encounter, "roles")


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def scene(request: HttpRequest, encounter_id: UUID) -> HttpResponse:
    """Keep place and who is there."""
    encounter = selectors.encounter_seen_by(request.user, encounter_id)
    form = SceneForm(request.POST)
    if not form.is_valid():
        return show(request, encounter, scene_form=form)
    services.describe_scene(encounter=encounter, by=request.user, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("clinical:encounter", encounter_id=encounter.pk)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def introduction(request: HttpRequest, encounter_id: UUID) -> HttpResponse:
    """Keep the answer to the spoken introduction."""
    encounter = selectors.encounter_seen_by(request.user, encounter_id)
    form = IntroductionForm(request.POST)
    if not form.is_valid():
        return show(request, encounter)
    services.record_introduction(
        encounter=encounter, by=request.user, answer=form.cleaned_data["answer"], at=timezone.now()
    )
    return back_to(encounter, "roles")


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def note(request: HttpRequest, encounter_id: UUID) -> HttpResponse:
    """Write a note into the compartment that was shown."""
    encounter = selectors.encounter_seen_by(request.user, encounter_id)
    program = encounter.compartment.scope.program
    form = NoteForm(request.POST, compartments=selectors.note_choices(program))
    if not form.is_valid():
        return show(request, encounter, note_form=form)
    services.write_note(
        encounter=encounter, by=request.user, body=form.cleaned_data["body"], segments=form.segments
    )
    messages.success(request, _("Note kept."))
    return back_to(encounter, "notes")


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def leave(request: HttpRequest, encounter_id: UUID) -> HttpResponse:
    """Close the encounter."""
    encounter = selectors.encounter_seen_by(request.user, encounter_id)
    form = LeaveForm(request.POST)
    if not form.is_valid():
        return show(request, encounter, leave_form=form)
    services.leave(
        encounter=encounter, by=request.user, disposition=form.cleaned_data["disposition"], at=timezone.now()
    )
    messages.success(request, _("Encounter closed."))
    return redirect("clinical:tonight")
