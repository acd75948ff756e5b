"""The people around a client: the list, each of them, and the household."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.selectors import banner
from clinical.contacts import selectors, services
from clinical.contacts.forms import ContactForm, HouseholdForm
from clinical.roles import CARE_TEAM, IN_CARE
from clinical.writing import check_may, programs_written_by
from consent import access
from consent.models import Program

GET_AND_POST = ["GET", "HEAD", "POST"]


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def contacts(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Who is around them, and with whom they live."""
    about = banner(subject_id)
    present, ended = selectors.present_contacts(subject_id), selectors.ended_contacts(subject_id)
    households = list(selectors.households_about(subject_id).present())
    if about["client"] is None and not (present or ended or households):
        raise access.NothingToTell(f"no contact of `{subject_id}` is open to the asker")
    programs = programs_written_by(request.user, subject_id)
    context = {
        "banner": about,
        "contacts": present,
        "ended": ended,
        "households": [
            {"row": each, "members": [one for one in present if one.household_id == each.pk]}
            for each in households
        ],
        "may_write": bool(programs),
        "written": {each.pk for each in programs},
    }
    return render(request, "clinical/contacts/contacts.html", context)


def _programs(request: HttpRequest, subject_id: UUID) -> list[Program]:
    programs = programs_written_by(request.user, subject_id)
    if not programs:
        raise access.NothingToTell(f"the asker writes nothing about `{subject_id}`")
    return programs


def _change(request: HttpRequest, subject_id: UUID, form: Any, heading: str, **more: Any) -> HttpResponse:
    context = {"banner": banner(subject_id), "form": form, "heading": heading}
    return render(request, "clinical/contacts/change.html", context | more)


@require_http_methods(GET_AND_POST)
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def add_contact(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Write somebody down."""
    form = ContactForm(request.POST or None, programs=_programs(request, subject_id))
    if form.is_valid():
        services.add_contact(subject_id=subject_id, program=form.in_program, by=request.user, **form.said)
        messages.success(request, _("Contact kept."))
        return redirect("clinical:contacts", subject_id=subject_id)
    return _change(request, subject_id, form, _("Somebody around them"))


@require_http_methods(GET_AND_POST)
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Change what is known of somebody."""
    found = selectors.contact_seen_by(request.user, contact_id)
    check_may(request.user, "change", found)
    subject_id = found.compartment.subject_id
    shown = {name: getattr(found, name) for name in services.FIELDS}
    shown["lives_with_them"] = found.household_id is not None
    form = ContactForm(request.POST or None, programs=[found.compartment.scope.program], initial=shown)
    if form.is_valid():
        services.change_contact(contact=found, by=request.user, **form.said)
        messages.success(request, _("Saved."))
        return redirect("clinical:contacts", subject_id=subject_id)
    return _change(request, subject_id, form, _("Somebody around them"), contact=found)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def end_contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Take somebody off the list, or put them on it again."""
    found = selectors.contact_seen_by(request.user, contact_id)
    is_on_it = found.ended_at is None
    services.end_contact(contact=found, by=request.user, at=timezone.now() if is_on_it else None)
    messages.success(request, _("Taken off the list.") if is_on_it else _("On the list again."))
    return redirect("clinical:contacts", subject_id=found.compartment.subject_id)


@require_http_methods(GET_AND_POST)
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def household(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Keep with whom they live now."""
    programs = _programs(request, subject_id)
    program = next((each for each in programs if each.slug == request.GET.get("in")), programs[0])
    rows = selectors.households_about(subject_id).present()
    present = rows.filter(compartment__scope__program=program).first()
    shown = {name: getattr(present, name) for name in ("kind", "head", "remark")} if present else {}
    form = HouseholdForm(request.POST or None, programs=[program], initial=shown)
    if form.is_valid():
        services.keep_household(
            subject_id=subject_id, program=program, by=request.user, at=timezone.now(), **form.said
        )
        messages.success(request, _("Household kept."))
        return redirect("clinical:contacts", subject_id=subject_id)
    others = [each for each in programs if each != program]
    return _change(request, subject_id, form, _("Household"), program=program, others=others)
