"""A client's plan on one page, and what can be changed on it, each a form of its own."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.selectors import banner
from clinical.instruments.selectors import screening_seen_by
from clinical.plans import forms, selectors, services
from clinical.plans.models import Goal, Need, Plan, Review, Step
from clinical.roles import CARE_TEAM, IN_CARE
from clinical.writing import check_may, programs_written_by
from consent import access

GET_AND_POST = ["GET", "HEAD", "POST"]


def _page(request: HttpRequest, subject_id: UUID, **more: Any) -> HttpResponse:
    """The page, with the form that needs another look in place of a fresh one."""
    about = banner(subject_id)
    needs, ended_needs = selectors.needs_by_state(subject_id)
    plans, ended = selectors.plans_in_sight(subject_id), selectors.ended_plans(subject_id)
    if about["client"] is None and not (needs or ended_needs or plans or ended):
        raise access.NothingToTell(f"no plan of `{subject_id}` is open to the asker")
    programs = programs_written_by(request.user, subject_id)
    running = {each.plan.compartment.scope.program_id for each in plans}
    written = {each.pk for each in programs}
    context = {
        "banner": about,
        "needs": needs,
        "ended_needs": ended_needs,
        "plans": [
            {"in_sight": each, "may_write": each.plan.compartment.scope.program_id in written}
            for each in plans
        ],
        "ended": ended,
        "programs": programs,
        "written": written,
        "may_begin": [each for each in programs if each.pk not in running],
        "need_form": forms.NeedForm(programs=programs) if programs else None,
        "fresh_goal_form": forms.GoalForm(needs=needs),
        "fresh_step_form": forms.StepForm(),
        "fresh_end_form": forms.PlanEndForm(),
        "today": timezone.localdate(),
    }
    return render(request, "clinical/plans/plan.html", context | more)


def _back(subject_id: UUID, part: str = "") -> HttpResponse:
    address = reverse("clinical:plan", kwargs={"subject_id": subject_id})
    return HttpResponseRedirect(f"{address}#{part}" if part else address)


def _writing(request: HttpRequest, row: Any) -> UUID:
    """The client's id, if the asker may change the row; for others there is no such page."""
    check_may(request.user, "change", row)
    return row.compartment.subject_id


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def plan_page(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Needs, plans with goals and steps, reviews."""
    return _page(request, subject_id)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def add_need(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Write a need down."""
    programs = programs_written_by(request.user, subject_id)
    if not programs:
        raise access.NothingToTell(f"the asker writes nothing about `{subject_id}`")
    form = forms.NeedForm(request.POST, programs=programs)
    if not form.is_valid():
        return _page(request, subject_id, need_form=form, opens="need")
    services.add_need(subject_id=subject_id, program=form.in_program, by=request.user, **form.said)
    messages.success(request, _("Need kept."))
    return _back(subject_id, "needs")


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def needs_found(request: HttpRequest, screening_id: UUID) -> HttpResponse:
    """Make needs of what a run of the needs list found."""
    screening = screening_seen_by(request.user, screening_id)
    made = services.add_needs_found(screening=screening, by=request.user, areas=request.POST.getlist("area"))
    if made:
        messages.success(request, _("Needs kept. Choose together what to begin with."))
    return _back(screening.compartment.subject_id, "needs")


@require_http_methods(GET_AND_POST)
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def need(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Change a need, or say how it ended."""
    found = selectors.one(Need.objects.all(), request.user, need_id)
    subject_id = _writing(request, found)
    shown = {"urgency": found.urgency, "words": found.words, "ending": found.ending}
    form = forms.NeedChangeForm(request.POST or None, initial=shown)
    if form.is_valid():
        said = form.cleaned_data
        services.change_need(need=found, by=request.user, urgency=said["urgency"], words=said["words"])
        if said["ending"] != found.ending:
            services.end_need(need=found, by=request.user, ending=said["ending"], at=timezone.now())
        messages.success(request, _("Saved."))
        return _back(subject_id, "needs")
    context = {"banner": banner(subject_id), "form": form, "heading": found.get_area_display()}
    return render(request, "clinical/plans/change.html", context)


@require_http_methods(GET_AND_POST)
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def new_plan(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Begin a plan."""
    programs = programs_written_by(request.user, subject_id)
    if not programs:
        raise access.NothingToTell(f"the asker writes nothing about `{subject_id}`")
    form = forms.NewPlanForm(request.POST or None, programs=programs)
    if form.is_valid():
        try:
            services.begin_plan(
                subject_id=subject_id, program=form.in_program, by=request.user, on=timezone.localdate(),
                **form.said,
            )  # fmt: skip
        except services.RunsAlready:
            form.add_error(None, _("A plan runs in this program already. Review it, or end it first."))
        else:
            messages.success(request, _("Plan begun. Add what they want to reach."))
            return _back(subject_id, "plans")
    context = {"banner": banner(subject_id), "form": form, "heading": _("Service plan")}
    return render(request, "clinical/plans/change.html", context)


@require_http_methods(GET_AND_POST)
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def change_plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Change what a plan says."""
    plan = selectors.one(Plan.objects.all(), request.user, plan_id)
    subject_id = _writing(request, plan)
    shown = {name: getattr(plan, name) for name in services.OF_PLAN}
    form = forms.PlanForm(request.POST or None, initial=shown)
    if form.is_valid():
        services.change_plan(plan=plan, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return _back(subject_id, "plans")
    context = {"banner": banner(subject_id), "form": form, "heading": _("Service plan")}
    return render(request, "clinical/plans/change.html", context)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def end_plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """End a plan."""
    plan = selectors.one(Plan.objects.running(), request.user, plan_id)
    form = forms.PlanEndForm(request.POST)
    if not form.is_valid():
        return _page(request, _writing(request, plan), end_form=form, opens=f"end-{plan.pk.hex}")
    services.end_plan(plan=plan, by=request.user, ending=form.cleaned_data["ending"], at=timezone.now())
    messages.success(request, _("Plan ended."))
    return _back(plan.compartment.subject_id)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def add_goal(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Add a goal."""
    plan = selectors.one(Plan.objects.running(), request.user, plan_id)
    subject_id = _writing(request, plan)
    form = forms.GoalForm(request.POST, needs=selectors.needs_by_state(subject_id)[0])
    if not form.is_valid():
        return _page(request, subject_id, goal_form=form, opens=f"goal-{plan.pk.hex}")
    made = services.add_goal(plan=plan, by=request.user, words=form.cleaned_data["words"], need=form.for_need)
    return _back(subject_id, f"goal-{made.pk}")


@require_http_methods(GET_AND_POST)
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def goal(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    """Change a goal."""
    found = selectors.one(Goal.objects.all(), request.user, goal_id)
    subject_id = _writing(request, found)
    form = forms.GoalChangeForm(request.POST or None, initial={"words": found.words, "state": found.state})
    if form.is_valid():
        services.change_goal(goal=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return _back(subject_id, f"goal-{found.pk}")
    context = {"banner": banner(subject_id), "form": form, "heading": _("Goal")}
    return render(request, "clinical/plans/change.html", context)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def add_step(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    """Add a step toward a goal."""
    found = selectors.one(Goal.objects.all(), request.user, goal_id)
    subject_id = _writing(request, found)
    form = forms.StepForm(request.POST)
    if not form.is_valid():
        return _page(request, subject_id, step_form=form, opens=f"step-{found.pk.hex}")
    services.add_step(goal=found, by=request.user, **form.cleaned_data)
    return _back(subject_id, f"goal-{found.pk}")


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def mark_step(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Mark a step as done or dropped, or open it again."""
    step = selectors.one(Step.objects.all(), request.user, step_id)
    mark = request.POST.get("mark", "")
    if mark in ("done", "dropped", "open"):
        services.mark_step(step=step, by=request.user, mark=mark, at=timezone.now())
    else:
        check_may(request.user, "change", step)
    return _back(step.compartment.subject_id, f"goal-{step.goal_id}")


@require_http_methods(GET_AND_POST)
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def review(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Look at a plan again."""
    plan = selectors.one(Plan.objects.running(), request.user, plan_id)
    subject_id = _writing(request, plan)
    goals = selectors.goals_of(plan)
    due = timezone.localdate() + timedelta(days=plan.review_every)
    form = forms.ReviewForm(request.POST or None, goals=goals, initial={"next_review_on": due})
    if form.is_valid():
        said = form.cleaned_data
        made = services.review_plan(
            plan=plan, goals=goals, by=request.user, at=timezone.now(), progress=form.progress,
            **{name: said[name] for name in ("together", "words", "changes", "next_review_on")},
        )  # fmt: skip
        messages.success(request, _("Review kept."))
        return redirect("clinical:review", review_id=made.pk)
    context = {"banner": banner(subject_id), "form": form, "heading": _("Review of the plan"), "plan": plan}
    return render(request, "clinical/plans/change.html", context)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def review_page(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """One review, with the goals as they were."""
    found = selectors.one(Review.objects.select_related("by"), request.user, review_id)
    states, progress = dict(Goal.State.choices), dict(Review.Progress.choices)
    goals = [
        {
            "words": each["words"],
            "state": states.get(each["state"]),
            "progress": progress.get(each["progress"]),
        }
        for each in found.goals
    ]
    context = {"banner": banner(found.compartment.subject_id), "review": found, "goals": goals}
    return render(request, "clinical/plans/review.html", context)
