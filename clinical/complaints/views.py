"""Complaints: taken down from the client's page; a desk of those that wait; one of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.selectors import banner, client_seen_by, names_of
from clinical.complaints import selectors, services
from clinical.complaints.forms import ComplaintForm, OutcomeForm, OwnerForm
from clinical.complaints.models import Complaint
from clinical.roles import COMPLAINT_DESK, COMPLAINT_TAKERS
from consent import access, paging


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("HOPERAT")
@access.requires_role(*COMPLAINT_TAKERS)
def take_down(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Take a complaint down, in the person's own words."""
    client = client_seen_by(request.user, subject_id)
    program, now = client.compartment.scope.program, timezone.now()
    form = ComplaintForm(request.POST or None, colleagues=selectors.colleagues_in(program, now))
    if request.method == "POST" and form.is_valid():
        made = services.take_down(
            subject_id=subject_id, program=program, by=request.user, at=now, **form.cleaned_data
        )
        messages.success(request, _("Kept. Somebody who was not there answers for it."))
        return redirect("clinical:complaint", complaint_id=made.pk)
    context = {"form": form, "banner": banner(subject_id), "program": program}
    return render(request, "clinical/complaints/take.html", context)


@require_safe
@access.purpose("HOPERAT")
@access.requires_role(*COMPLAINT_DESK)
def complaints(request: HttpRequest) -> HttpResponse:
    """Those that wait, or with ``?answered`` those that don't any more."""
    answered = "answered" in request.GET
    page = selectors.complaints_for(request.user, paging.Asked.by(request.GET), answered=answered)
    names = names_of(each.compartment.subject_id for each in page.rows)
    now = timezone.now()
    context = {
        "items": [_told(each, names.get(each.compartment.subject_id, ""), now) for each in page.rows],
        "links": paging.links(request, page),
        "answered": answered,
    }
    return render(request, "clinical/complaints/list.html", context)


@require_safe
@access.purpose("HOPERAT")
@access.requires_role(*COMPLAINT_TAKERS, *COMPLAINT_DESK)
def complaint(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """One complaint: what was said, who answers, what is due, what was found."""
    return _page(request, selectors.complaint_for(request.user, complaint_id))


@require_POST
@access.purpose("HOPERAT")
@access.requires_role(*COMPLAINT_DESK)
def give(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Choose who answers for it."""
    row = selectors.complaint_for(request.user, complaint_id)
    form = OwnerForm(request.POST, owners=selectors.owners_for(row, timezone.now()))
    if not form.is_valid():
        return _page(request, row, owner_form=form)
    try:
        services.give_to(complaint=row, owner=form.cleaned_data["owner"], by=request.user)
    except services.AlreadyAnswered:
        return _was_answered(request, row)
    messages.success(request, _("Kept."))
    return redirect("clinical:complaint", complaint_id=complaint_id)


@require_POST
@access.purpose("HOPERAT")
@access.requires_role(*COMPLAINT_DESK)
def acknowledge(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """They have been told that it came, and who answers."""
    row = selectors.complaint_for(request.user, complaint_id)
    try:
        services.acknowledge(complaint=row, by=request.user, at=timezone.now())
    except services.AlreadyAnswered:
        return _was_answered(request, row)
    messages.success(request, _("Kept that they were told."))
    return redirect("clinical:complaint", complaint_id=complaint_id)


@require_POST
@access.purpose("HOPERAT")
@access.requires_role(*COMPLAINT_DESK)
def answer(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Keep what was found and what they are told."""
    row = selectors.complaint_for(request.user, complaint_id)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _page(request, row, outcome_form=form)
    try:
        services.answer(complaint=row, by=request.user, at=timezone.now(), **form.cleaned_data)
    except services.AlreadyAnswered:
        return _was_answered(request, row)
    messages.success(request, _("Answered."))
    return redirect("clinical:complaint", complaint_id=complaint_id)


def _was_answered(request: HttpRequest, row: Complaint) -> HttpResponse:
    messages.info(request, _("A colleague has answered it already; nothing was changed."))
    return redirect("clinical:complaint", complaint_id=row.pk)


def _page(request: HttpRequest, row: Complaint, **forms: Any) -> HttpResponse:
    now = timezone.now()
    may_answer = row.answered_at is None and request.user.has_perm("clinical.change_complaint", row)
    owners = selectors.owners_for(row, now) if may_answer else []
    context = {
        "complaint": row,
        "banner": banner(row.compartment.subject_id),
        "may_answer": may_answer,
        "is_late": _is_late(row, now),
        "owner_form": OwnerForm(owners=owners, initial={"owner": str(row.owner.uid) if row.owner else ""}),
        "outcome_form": OutcomeForm(),
    }
    return render(request, "clinical/complaints/complaint.html", context | forms)


def _told(row: Complaint, name: str, now: Any) -> dict[str, Any]:
    return {"complaint": row, "name": name, "due_at": row.due_at(), "is_late": _is_late(row, now)}


def _is_late(row: Complaint, now: Any) -> bool:
    due = row.due_at()
    return due is not None and due <= now
