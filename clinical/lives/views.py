"""A program's page: its life, its figures, and when and where it answers by which model."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinical.lives import selectors
from clinical.responses import services
from clinical.responses.forms import CoverageForm, EndCoverageForm
from clinical.responses.models import Coverage
from clinical.roles import PROGRAM_READERS
from consent import access
from consent.access import NothingToTell
from consent.models import Membership, Program

PURPOSE = "HOPERAT"  # what the offices of supervisors and managers open for
MANAGERS = ("program manager",)


def _manages(request: HttpRequest, program: Program) -> bool:
    """A manager changes the hours of the programs in which they hold that office."""
    held = Membership.objects.held_by(request.user, timezone.now()).filter(
        program=program, role__name__in=MANAGERS
    )
    return held.exists()


def _page(request: HttpRequest, program: Program, *, status: int = 200, **forms: Any) -> HttpResponse:
    now = timezone.now()
    life = selectors.life_of(program, now)
    context = {
        "life": life,
        "program": program,
        "figures": selectors.figures_of(life.line, now),
        "responses": selectors.responses_of(life.line, now),
        "coverage": selectors.coverage_of(program),
        "today": timezone.localdate(),
        "manages": _manages(request, program),
        "coverage_form": CoverageForm(),
    }
    return render(request, "clinical/program.html", context | forms, status=status)


def _managed(request: HttpRequest, program_id: UUID) -> Program:
    program = selectors.program_of(request.user, program_id)
    if not _manages(request, program):
        raise NothingToTell(f"`{program_id}` is not this manager's program")
    return program


@require_safe
@access.purpose(PURPOSE)
@access.requires_role(*PROGRAM_READERS)
def program_page(request: HttpRequest, program_id: UUID) -> HttpResponse:
    """Names, periods, what it went into, figures by year, and hours covered."""
    return _page(request, selectors.program_of(request.user, program_id))


@require_POST
@access.purpose(PURPOSE)
@access.requires_role(*MANAGERS)
def cover(request: HttpRequest, program_id: UUID) -> HttpResponse:
    """Begin hours covered."""
    program = _managed(request, program_id)
    form = CoverageForm(request.POST)
    if not form.is_valid():
        return _page(request, program, coverage_form=form)
    services.begin_coverage(program=program, by=request.user, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("clinical:program", program_id=program_id)


@require_POST
@access.purpose(PURPOSE)
@access.requires_role(*MANAGERS)
def end_coverage(request: HttpRequest, program_id: UUID) -> HttpResponse:
    """End hours covered from a day on."""
    program = _managed(request, program_id)
    named = request.POST.get("coverage", "")
    found = (
        Coverage.objects.filter(program=program, pk=named) if named.isdecimal() else Coverage.objects.none()
    )
    coverage = found.first()
    if coverage is None:
        raise NothingToTell("no such hours of this program")
    form = EndCoverageForm(request.POST, coverage=coverage)
    if not form.is_valid():
        return _page(request, program, ending={"pk": coverage.pk, "error": " ".join(form.errors["ends_on"])})
    services.end_coverage(coverage=coverage, by=request.user, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("clinical:program", program_id=program_id)
