"""A client's coded facts: the list, adding one, one by itself, its end, and striking it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.selectors import banner
from clinical.health import selectors, services
from clinical.health.diagnoses import tabular
from clinical.health.forms import EndForm, FactForm, LookUpForm, StrikeForm
from clinical.health.models import HealthFact
from clinical.lowering.records import takes_away_from
from clinical.roles import CARE_TEAM, IN_CARE, SUPERVISORS
from clinical.writing import programs_written_by
from consent import access, paging
from consent.labels.medicines import medicines
from consent.models import Program


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def health(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """What is known, newest first; of one sort, where the address asks for one."""
    about, asked = banner(subject_id), request.GET.get("what", "")
    rows = selectors.facts_about(subject_id)
    if asked in HealthFact.What.values:
        rows = rows.of_kinds(asked)
    page = paging.page_of(rows, paging.Asked.by(request.GET, size=selectors.SHOWN))
    if about["client"] is None and not page.rows:
        raise access.NothingToTell(f"no health fact of `{subject_id}` is open to the asker")
    context = {
        "banner": about,
        "facts": [{"row": each, "times": selectors.times_of(each)} for each in page.rows],
        "links": paging.links(request, page),
        "whats": HealthFact.What.choices,
        "asked": asked if asked in HealthFact.What.values else "",
        "may_write": bool(programs_written_by(request.user, subject_id)),
        "supervises": about["client"] is not None and bool(access.roles_of(request.user) & set(SUPERVISORS)),
    }
    return render(request, "clinical/health/facts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def add_fact(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Look a condition up, or write a medicine or an allergy; keep it where its label puts it."""
    programs = programs_written_by(request.user, subject_id)
    if not programs:
        raise access.NothingToTell(f"the asker writes nothing about `{subject_id}`")
    is_look_up = "look" in request.POST
    form = FactForm(
        request.POST if request.method == "POST" else None,
        programs=programs,
        initial={"what": _asked_for(request), "program": programs[0].slug},
    )
    if request.method == "POST" and not is_look_up and form.is_valid():
        return _keep(request, subject_id, form)
    return _ask(request, subject_id, form, programs, shows_errors=not is_look_up)


def _asked_for(request: HttpRequest) -> str:
    asked = request.GET.get("what", "")
    return asked if asked in HealthFact.What.values else HealthFact.What.CONDITION.value


def _ask(
    request: HttpRequest, subject_id: UUID, form: FactForm, programs: list[Program], *, shows_errors: bool
) -> HttpResponse:
    sought = form["sought"].value() or ""
    found = tabular().search(sought) if sought else []
    chosen = tabular().named(form["code"].value() or "")
    if chosen is not None and chosen not in found:
        found = [chosen, *found]
    context: dict[str, Any] = {
        "banner": banner(subject_id),
        "form": form,
        "found": found,
        "sought": sought,
        "several_programs": len(programs) > 1,
        "medicines": sorted(each.name for each in medicines()),
        "shows_errors": shows_errors,
        "what": form["what"].value(),
        "picked": form["code"].value() or "",
        "ticked": form["chosen"].value() or [],
    }
    return render(request, "clinical/health/add.html", context)


def _keep(request: HttpRequest, subject_id: UUID, form: FactForm) -> HttpResponse:
    kept = services.keep_fact(
        subject_id=subject_id, program=form.in_program, by=request.user, said=form.said(), at=timezone.now()
    )
    if kept.is_open:
        messages.success(request, _("Kept."))
        return redirect("clinical:health_fact", fact_id=kept.fact.pk)
    messages.warning(
        request,
        _("Kept where those alone can read it who take part in that care. You are not named among them."),
    )
    return redirect("clinical:health", subject_id=subject_id)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def diagnoses(request: HttpRequest) -> HttpResponse:
    """The diagnoses that fit what was typed, for the form: a part of a page, about nobody."""
    form = LookUpForm(request.POST)
    sought = form.cleaned_data["sought"] if form.is_valid() else ""
    context = {"found": tabular().search(sought) if sought else [], "sought": sought, "picked": ""}
    return render(request, "clinical/health/_found.html", context)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def fact_page(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    """One fact, as what it is kept, and why."""
    return _page(request, selectors.fact_seen_by(request.user, fact_id))


def _page(request: HttpRequest, fact: HealthFact, **forms: Any) -> HttpResponse:
    context = {
        "banner": banner(fact.compartment.subject_id),
        "fact": fact,
        "times": selectors.times_of(fact),
        "reasons": selectors.reasons_of(fact),
        "end_form": EndForm(),
        "strike_form": StrikeForm(),
        "may_write": request.user.has_perm("clinical.change_healthfact", fact),
        "can_lower": bool(takes_away_from(fact)) and request.user.has_perm("clinical.add_lowering"),
    }
    return render(request, "clinical/health/fact.html", context | forms)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def end_fact(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    """It goes on no longer; or it does after all."""
    fact = selectors.fact_seen_by(request.user, fact_id)
    if "resume" in request.POST:
        services.resume_fact(fact=fact, by=request.user)
        messages.success(request, _("It counts as current again."))
        return redirect("clinical:health_fact", fact_id=fact.pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, fact, end_form=form)
    until = form.cleaned_data["until"]
    services.end_fact(fact=fact, by=request.user, until=until.isoformat() if until else "")
    messages.success(request, _("Kept: it goes on no longer."))
    return redirect("clinical:health_fact", fact_id=fact.pk)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def strike_fact(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    """Take back what was a mistake."""
    fact = selectors.fact_seen_by(request.user, fact_id)
    form = StrikeForm(request.POST)
    if not form.is_valid():
        return _page(request, fact, strike_form=form)
    services.strike_fact(fact=fact, by=request.user, because=form.cleaned_data["because"], at=timezone.now())
    messages.success(request, _("Struck. It stays in the record and counts for nothing."))
    return redirect("clinical:health_fact", fact_id=fact.pk)
