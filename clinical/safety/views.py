"""The safety plan: to read and to print, and to write again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clinical.clients.selectors import banner
from clinical.roles import CARE_TEAM, IN_CARE
from clinical.safety import selectors, services
from clinical.safety.forms import SafetyPlanForm
from clinical.writing import programs_written_by, segments_for
from consent import access


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def safety_plan(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """The safety plans that count, and the versions before them."""
    about = banner(subject_id)
    versions = list(selectors.safety_plans_about(subject_id).newest_first()[:50])
    if about["client"] is None and not versions:
        raise access.NothingToTell(f"no safety plan of `{subject_id}` is open to the asker")
    current = [each for each in versions if each.replaced_at is None]
    context = {
        "banner": about,
        "plans": [{"plan": each, "parts": selectors.parts_of(each)} for each in current],
        "earlier": [each for each in versions if each.replaced_at is not None],
        "may_write": bool(programs_written_by(request.user, subject_id)),
    }
    return render(request, "clinical/safety/safety_plan.html", context)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def version(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """One version of a safety plan, alone on its page: this is the one to print."""
    plan = selectors.safety_plan_seen_by(request.user, plan_id)
    context = {
        "banner": banner(plan.compartment.subject_id),
        "plan": plan,
        "parts": selectors.parts_of(plan),
    }
    return render(request, "clinical/safety/version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def write(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Write the safety plan, beginning with what it says now."""
    programs = programs_written_by(request.user, subject_id)
    if not programs:
        raise access.NothingToTell(f"the asker writes nothing about `{subject_id}`")
    # one program at a time: what one of them wrote is no beginning for another's
    program = next((each for each in programs if each.slug == request.GET.get("in")), programs[0])
    current, initial = selectors.current_in(subject_id, program), {}
    if current is not None:
        initial = current.parts | {"copy": current.copy, "is_theirs": current.is_theirs}
    form = SafetyPlanForm(request.POST or None, programs=[program], initial=initial)
    if form.is_valid():
        services.write_safety_plan(
            subject_id=subject_id, program=form.in_program, by=request.user, parts=form.parts,
            copy=form.cleaned_data["copy"], is_theirs=form.cleaned_data["is_theirs"], at=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("Safety plan kept. The version before it stays in the record."))
        return redirect("clinical:safety_plan", subject_id=subject_id)
    context = {
        "banner": banner(subject_id),
        "form": form,
        "program": program,
        "others": [each for each in programs if each != program],
        "segments": segments_for(program, services.KINDS),
    }
    return render(request, "clinical/safety/write.html", context)
