"""A client's screenings, running an instrument at the desk, and what came of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.selectors import banner
from clinical.encounters.selectors import encounter_seen_by
from clinical.field import looks
from clinical.instruments import selectors, services
from clinical.instruments.definitions import Instrument, Question, instrument
from clinical.instruments.forms import ANSWER, RunForm, StrikeForm, answers_in
from clinical.instruments.models import Screening
from clinical.instruments.running import NoSuchAnswer, Run
from clinical.plans.models import Area
from clinical.plans.services import areas_found
from clinical.roles import CARE_TEAM, IN_CARE
from clinical.writing import programs_written_by, segments_for
from consent import access, paging


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def screenings(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """What can be run, and what was, newest first."""
    about = banner(subject_id)
    page = paging.page_of(selectors.screenings_about(subject_id), paging.Asked.by(request.GET))
    if about["client"] is None and not page.rows:
        raise access.NothingToTell(f"no screening of `{subject_id}` is open to the asker")
    context = {
        "banner": about,
        "screenings": [{"row": each, "title": selectors.title_of(each)} for each in page.rows],
        "links": paging.links(request, page),
        "instruments": selectors.choices() if programs_written_by(request.user, subject_id) else [],
    }
    return render(request, "clinical/instruments/screenings.html", context)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def screening_page(request: HttpRequest, screening_id: UUID) -> HttpResponse:
    """What was answered, what it meant, what to do."""
    return _result(request, selectors.screening_seen_by(request.user, screening_id), StrikeForm())


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def strike(request: HttpRequest, screening_id: UUID) -> HttpResponse:
    """Take back one that was a mistake."""
    screening = selectors.screening_seen_by(request.user, screening_id)
    form = StrikeForm(request.POST)
    if not form.is_valid():
        return _result(request, screening, form)
    services.strike(
        screening=screening, by=request.user, because=form.cleaned_data["because"], at=timezone.now()
    )
    messages.success(request, _("Struck. It stays in the record and counts for nothing."))
    return redirect("clinical:screening", screening_id=screening.pk)


def _result(request: HttpRequest, screening: Screening, form: StrikeForm) -> HttpResponse:
    context = {
        "banner": banner(screening.compartment.subject_id),
        "screening": screening,
        "title": selectors.title_of(screening),
        "lines": selectors.lines_of(screening),
        "areas": [(area, Area(area).label, urgency) for area, urgency in areas_found(screening).items()],
        "strike_form": form,
        "page": looks.page_for(request.user, screening.compartment.subject_id),
        "may_write": request.user.has_perm("clinical.change_screening", screening),
    }
    return render(request, "clinical/instruments/screening.html", context)


@dataclass(kw_only=True)
class Step:
    """Where somebody is in an instrument: the posted answers, and what stands around them."""

    instrument: Instrument
    run: Run
    form: RunForm
    error: str = ""
    shows_missing: bool = False

    @property
    def shown(self) -> list[Question]:
        """The questions of this page: the next one, or all that are asked."""
        if not self.instrument.is_one_by_one:
            return self.run.asked
        return [self.run.next] if self.run.next else []

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The answers given on earlier pages, as fields of the form."""
        shown = {each.id for each in self.shown}
        return [(ANSWER + name, key) for name, key in self.run.given.items() if name not in shown]


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def run(request: HttpRequest, subject_id: UUID, slug: str) -> HttpResponse:
    """Ask an instrument's questions; the answers go from page to page in the form, never in an address."""
    chosen, programs = instrument(slug), programs_written_by(request.user, subject_id)
    if chosen is None or not programs:
        raise access.NothingToTell(f"nothing is run with `{subject_id}` by the asker")
    is_skipped = "skip" in request.POST
    form = RunForm(
        request.POST if request.method == "POST" else None, programs=programs, is_skipped=is_skipped,
        initial={"encounter": request.GET.get("encounter"), "program": programs[0].slug},
    )  # fmt: skip
    step = _step(request, chosen, form)
    if request.method != "POST" or step.error or not form.is_valid():
        return _ask(request, subject_id, step)
    if is_skipped or (("answer" in request.POST or chosen.is_one_by_one) and step.run.is_whole):
        return _keep(request, subject_id, step)
    step.shows_missing = not chosen.is_one_by_one and "answer" in request.POST
    return _ask(request, subject_id, step)


def _step(request: HttpRequest, chosen: Instrument, form: RunForm) -> Step:
    """What was answered so far; *Back* takes the last answer away."""
    given = answers_in(request.POST)
    try:
        running = Run.of(chosen, given)
    except NoSuchAnswer:
        nothing = Run(instrument=chosen, given={})
        return Step(instrument=chosen, run=nothing, form=form, error=_("Choose one of the answers."))
    if "back" in request.POST and running.given:
        kept = list(running.given.items())[:-1]
        running = Run.of(chosen, dict(kept))
    return Step(instrument=chosen, run=running, form=form)


def _ask(request: HttpRequest, subject_id: UUID, step: Step) -> HttpResponse:
    context: dict[str, Any] = {
        "banner": banner(subject_id),
        "step": step,
        "instrument": step.instrument,
        "form": step.form,
        "language": step.form.in_language,
        "languages": Screening.Language.choices,
        "several_programs": len(step.form.programs) > 1,
        "reasons": Screening.Skipped.choices,
        "segments": segments_for(next(iter(step.form.programs.values())), step.instrument.kinds),
        "page": looks.page_for(request.user, subject_id),
    }
    return render(request, "clinical/instruments/run.html", context)


def _keep(request: HttpRequest, subject_id: UUID, step: Step) -> HttpResponse:
    said = step.form.cleaned_data
    encounter = encounter_seen_by(request.user, said["encounter"]) if said["encounter"] else None
    screening = services.keep_screening(
        subject_id=subject_id,
        program=step.form.in_program,
        by=request.user,
        instrument=step.instrument,
        answers=step.run.given,
        skipped=said["skipped"],
        language=step.form.in_language,
        remark=said["remark"],
        encounter=encounter,
    )
    return redirect("clinical:screening", screening_id=screening.pk)
