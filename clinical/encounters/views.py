"""The encounter's page (S2) and the screens it leads to: scene, script (S4), leaving (S5)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form as DjangoForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.selectors import banner
from clinical.encounters import selectors, services
from clinical.encounters.forms import IntroductionForm, LeaveForm, NoteForm, SceneForm
from clinical.encounters.models import Encounter
from clinical.encounters.scene_forms import OutcomeForm, ResponseForm
from clinical.encounters.scene_page import response_context
from clinical.field import drafts, parcels, watch, windows
from clinical.field.models import Draft, Form
from clinical.instruments.selectors import risk_asked_in
from clinical.roles import CARE_TEAM, IN_CARE
from clinical.units.selectors import zone_words
from clinical.writing import check_may
from consent import access

READS = ("GET", "HEAD")


def back_to(encounter: Encounter, part: str = "") -> HttpResponse:
    """To the part of the page that comes next, so that a thumb need not look for it."""
    address = reverse("clinical:encounter", kwargs={"encounter_id": encounter.pk})
    return HttpResponseRedirect(f"{address}#{part}" if part else address)


def _common(request: HttpRequest, encounter: Encounter) -> dict[str, Any]:
    """What every screen of an encounter shows: whose it is, who watches, what is to be kept without a signal."""
    return {
        "encounter": encounter,
        "program": encounter.compartment.scope.program,
        "banner": banner(encounter.compartment.subject_id),
        "may_write": request.user.has_perm("clinical.change_encounter", encounter),
        "watch": watch.watch_of(request.user),
    }


def show(request: HttpRequest, encounter: Encounter, **forms: Any) -> HttpResponse:
    """The encounter's page, with the form that needs another look in place of a fresh one."""
    common = _common(request, encounter)
    choices = selectors.note_choices(common["program"])
    typed = drafts.drafts_in(encounter, request.user) if common["may_write"] else {}
    is_own = encounter.by_id == request.user.pk
    context = common | {
        "zone": zone_words(encounter.zone),
        "notes": selectors.notes_of(encounter),
        "note_choices": choices,
        "note_form": NoteForm(
            compartments=choices, initial=drafts.typed(typed.get(Form.NOTE), {"body": "", "compartment": ""})
        ),
        "drafts": typed,
        "windows": windows.windows_of(encounter),
        "risk": risk_asked_in(encounter),
        "scene_words": _scene_words(encounter),
        "dispositions": Encounter.Disposition.choices,
        "may_reopen": is_own and services.may_be_taken_back(encounter, timezone.now()),
    }
    return render(request, "clinical/encounter.html", context | response_context(encounter) | forms)


def _scene_words(encounter: Encounter) -> str:
    """Place, police and who is there, on one line."""
    there = [str(Encounter.Present(word).label) for word in encounter.present]
    said = [encounter.get_place_display(), encounter.get_police_display(), *there]
    return " · ".join(str(word) for word in said if word)


def _known_outcome(encounter: Encounter) -> dict[str, Any]:
    """What is known of force, injury and supplies, for each field of the form."""
    form = OutcomeForm.of(encounter)
    return {name: form.initial.get(name, "") for name in form.fields}


def _is_again(request: HttpRequest, encounter: Encounter, form: Form) -> bool:
    """Was this very form sent before? A page that numbers its forms is told so once."""
    try:
        number = UUID(request.POST.get("parcel", ""))
    except ValueError:
        return False
    return not parcels.is_first(encounter=encounter, by=request.user, form=form, number=number)


def _sent(request: HttpRequest, encounter: Encounter, form: Form) -> None:
    """The form was sent: what was kept of it while it was typed goes."""
    drafts.end_draft(encounter=encounter, by=request.user, form=form, at=timezone.now())


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
    return back_to(encounter)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def scene(request: HttpRequest, encounter_id: UUID) -> HttpResponse:
    """Place and who is there."""
    encounter = selectors.encounter_seen_by(request.user, encounter_id)
    check_may(request.user, "change", encounter)
    draft = drafts.draft_of(encounter, request.user, Form.SCENE) if request.method in READS else None
    known = {"place": encounter.place, "present": encounter.present, "police": encounter.police}
    form = SceneForm(request.POST if request.method == "POST" else None, initial=drafts.typed(draft, known))
    if request.method == "POST" and form.is_valid():
        if not _is_again(request, encounter, Form.SCENE):
            services.describe_scene(encounter=encounter, by=request.user, **form.cleaned_data)
            _sent(request, encounter, Form.SCENE)
        messages.success(request, _("Scene saved."))
        return back_to(encounter)
    about = {"response_form": ResponseForm.of(encounter)}
    return _screen(request, "clinical/field/scene.html", encounter, form, draft, **about)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def introduction(request: HttpRequest, encounter_id: UUID) -> HttpResponse:
    """The script that is spoken on scene, and one of four answers; it opens nothing."""
    encounter = selectors.encounter_seen_by(request.user, encounter_id)
    check_may(request.user, "change", encounter)
    form = IntroductionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not _is_again(request, encounter, Form.INTRODUCTION):
            services.record_introduction(
                encounter=encounter, by=request.user, answer=form.cleaned_data["answer"], at=timezone.now()
            )
        return back_to(encounter, "roles")
    answers = {"answers": Encounter.Answer.choices}
    return _screen(request, "clinical/field/introduction.html", encounter, form, **answers)


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
    if not _is_again(request, encounter, Form.NOTE):
        services.write_note(
            encounter=encounter, by=request.user, body=form.cleaned_data["body"], segments=form.segments
        )
        _sent(request, encounter, Form.NOTE)
    messages.success(request, _("Note kept."))
    return back_to(encounter, "notes")


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def leave(request: HttpRequest, encounter_id: UUID) -> HttpResponse:
    """How it ended; the encounter is closed with it."""
    encounter = selectors.encounter_seen_by(request.user, encounter_id)
    check_may(request.user, "change", encounter)
    draft = drafts.draft_of(encounter, request.user, Form.LEAVE) if request.method in READS else None
    posted = request.POST if request.method == "POST" else None
    form = LeaveForm(posted, initial=drafts.typed(draft, {"disposition": encounter.disposition}))
    outcome = OutcomeForm(
        posted if posted and parcels.WITH_OUTCOME in posted else None, encounter=encounter,
        initial=drafts.typed(draft, _known_outcome(encounter)),
    )  # fmt: skip
    if posted is not None and form.is_valid() and (not outcome.is_bound or outcome.is_valid()):
        if not _is_again(request, encounter, Form.LEAVE):
            parcels.leave(
                encounter=encounter, by=request.user, said=form.cleaned_data, at=timezone.now(),
                outcome=outcome.facts if outcome.is_bound else None,
            )  # fmt: skip
            _sent(request, encounter, Form.LEAVE)
        messages.success(request, _("Encounter closed. Closed by mistake? Open it again from its page."))
        return redirect("clinical:tonight")
    return _screen(request, "clinical/field/leave.html", encounter, form, draft, outcome_form=outcome)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def take_back_leaving(request: HttpRequest, encounter_id: UUID) -> HttpResponse:
    """Closed by mistake: open it again."""
    encounter = selectors.encounter_seen_by(request.user, encounter_id)
    if services.take_back_leaving(encounter=encounter, by=request.user, at=timezone.now()):
        messages.success(request, _("Open again."))
    else:
        messages.info(request, _("It can be opened again for twelve hours, by whoever opened it first."))
    return back_to(encounter)


def _screen(
    request: HttpRequest, template: str, encounter: Encounter, form: DjangoForm, draft: Draft | None = None,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    """One screen of the encounter, with one form on it."""
    return render(request, template, _common(request, encounter) | {"form": form, "draft": draft} | more)
