"""A client's care team: who is on it; for supervisors, who joins and leaves, and handing over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.selectors import banner, client_seen_by
from clinical.handover import selectors, services
from clinical.handover.forms import HandOverForm, JoinForm
from clinical.roles import IN_CARE, SUPERVISORS
from consent import access
from consent.models import Assignment, Program


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def team(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Who is on the team, and how the client was handed over."""
    return _page(request, subject_id)


def _page(request: HttpRequest, subject_id: UUID, **more: Any) -> HttpResponse:
    client_seen_by(request.user, subject_id)
    teams = selectors.teams_of(subject_id)
    supervised = {each.pk: each for each in selectors.supervised_by(request.user)}
    here = {each.program_id: each.program for each in teams if each.program_id in supervised}
    context = {
        "banner": banner(subject_id),
        "teams": teams,
        "is_supervisor": bool(supervised),
        "supervised": set(here),
        "joining": [
            {"program": program, "form": JoinForm(workers=selectors.may_be_put_on(program))}
            for program in here.values()
        ],
        "hand_overs": list(selectors.hand_overs_about(subject_id).newest_first()[:30]),
    }
    return render(request, "clinical/handover/team.html", context | more)


def _supervised(request: HttpRequest, subject_id: UUID, slug: str) -> Program:
    """The program, if the asker supervises it and may see the client; otherwise there is no such page."""
    client_seen_by(request.user, subject_id)
    found = next((each for each in selectors.supervised_by(request.user) if each.slug == slug), None)
    if found is None or not selectors.team_of(subject_id, found):
        raise access.NothingToTell(f"no care team of `{subject_id}` is the asker's")
    return found


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*SUPERVISORS)
def join_team(request: HttpRequest, subject_id: UUID, program: str) -> HttpResponse:
    """Put one more worker on the team."""
    found = _supervised(request, subject_id, program)
    form = JoinForm(request.POST, workers=selectors.may_be_put_on(found))
    if not form.is_valid():
        return _page(request, subject_id, joining=[{"program": found, "form": form, "opens": True}])
    services.put_on_team(subject_id=subject_id, program=found, worker=form.chosen, by=request.user)
    messages.success(request, _("On the team now."))
    return redirect("clinical:team", subject_id=subject_id)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*SUPERVISORS)
def leave_team(request: HttpRequest, subject_id: UUID, assignment_id: UUID) -> HttpResponse:
    """Take a worker off the team."""
    client_seen_by(request.user, subject_id)
    found = _assignment(subject_id, assignment_id)
    try:
        services.take_off_team(assignment=found, by=request.user)
    except services.NotHandedOver as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("Off the team. What was open to them is closed."))
    return redirect("clinical:team", subject_id=subject_id)


def _assignment(subject_id: UUID, assignment_id: UUID) -> Assignment:
    found = next((each for each in selectors.teams_of(subject_id) if each.pk == assignment_id), None)
    if found is None:
        raise access.NothingToTell(f"assignment `{assignment_id}` is not there")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*SUPERVISORS)
def hand_over(request: HttpRequest, subject_id: UUID, program: str) -> HttpResponse:
    """Hand the client over in one program."""
    found = _supervised(request, subject_id, program)
    form = HandOverForm(
        request.POST or None,
        team=selectors.team_of(subject_id, found),
        workers=selectors.may_be_put_on(found),
    )
    if form.is_valid():
        try:
            services.hand_over(subject_id=subject_id, program=found, by=request.user, **form.said)
        except services.NotHandedOver as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, _("Handed over."))
            return redirect("clinical:team", subject_id=subject_id)
    context = {"banner": banner(subject_id), "form": form, "program": found}
    return render(request, "clinical/handover/hand_over.html", context)
