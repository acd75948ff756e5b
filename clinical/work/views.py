"""The work list: of who does care, and of who answers for a program."""

from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinical.clients.selectors import names_of
from clinical.emergency.selectors import awaiting_review
from clinical.field import answering, drafts
from clinical.roles import CARE_TEAM, IN_CARE
from clinical.units.selectors import shift_of
from clinical.work import selectors
from consent import access


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing to do: about whom, what, by when, and where it is done.

    Attributes:
        day: The city's day; ``at`` the instant, where there is one.
    """

    subject_id: UUID
    words: str
    day: date
    is_late: bool
    address: str
    at: datetime | None = None


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def work(request: HttpRequest) -> HttpResponse:
    """What is due, what is unfinished, who is silent, who has no name yet; for a supervisor what waits for them."""
    now, asker = timezone.now(), request.user
    roles = access.roles_of(asker)
    nameless = selectors.nameless_clients(asker)
    owners = selectors.owners_of(nameless, now)
    context: dict[str, Any] = {
        "now": now,
        "shift": shift_of(asker, now),
        "nameless": [{"client": each, "owners": owners.get(each.subject_id, [])} for each in nameless],
        "alarms": answering.alarms_for(asker, now),
        "does_care": bool(roles & set(CARE_TEAM)),
        "supervises": bool(roles - set(CARE_TEAM)),
    }
    if context["does_care"]:
        context |= _of_care(request, now)
    if context["supervises"]:
        context |= _of_supervision(request, now)
    return render(request, "clinical/work/work.html", context)


def _of_care(request: HttpRequest, now: datetime) -> dict[str, Any]:
    lines = sorted(_lines(selectors.due_for(request.user, now), now), key=attrgetter("day"))
    unfinished = drafts.unfinished_of(request.user)
    names = names_of(
        {*(each.subject_id for each in lines), *(row.compartment.subject_id for row in unfinished)}
    )
    return {
        "due": [{"line": each, "name": names.get(each.subject_id, "")} for each in lines],
        "drafts": [{"draft": row, "name": names.get(row.compartment.subject_id, "")} for row in unfinished],
        "silent": selectors.silent_clients_of(request.user, now),
    }


def _of_supervision(request: HttpRequest, now: datetime) -> dict[str, Any]:
    waiting = awaiting_review(request.user, now)
    complaints = selectors.complaints_waiting(request.user)
    names = names_of(each.compartment.subject_id for each in complaints)
    return {
        "complaints": [
            {"complaint": each, "name": names.get(each.compartment.subject_id, ""), "due_at": due, "is_late": due <= now}
            for each in complaints
            if (due := each.due_at())
        ],
        "reviews": [*waiting["overdue"], *waiting["waiting"]],
        "reviews_overdue": len(waiting["overdue"]),
    }  # fmt: skip


def _lines(due: selectors.Due, now: datetime) -> list[Line]:
    today = timezone.localdate(now)

    def by_instant(row: Any, at: datetime, words: str, address: str) -> Line:
        day = timezone.localdate(at)
        return Line(
            subject_id=row.compartment.subject_id, words=words, day=day, at=at, is_late=at <= now, address=address
        )  # fmt: skip

    def by_day(row: Any, day: date, words: str) -> Line:
        subject = row.compartment.subject_id
        address = reverse("clinical:plan", args=[subject])
        return Line(subject_id=subject, words=words, day=day, is_late=day < today, address=address)

    return [
        *(
            by_instant(row, row.due_at, row.get_rule_display(), reverse("clinical:encounter", args=[row.encounter_id]))
            for row in due.windows
        ),
        *(
            by_instant(
                row, row.ask_again_at, _("Ask again about a form"), reverse("clinical:consents", args=[row.compartment.subject_id])
            )
            for row in due.forms
            if row.ask_again_at
        ),
        *(by_day(row, row.due_on, row.words) for row in due.steps if row.due_on),
        *(by_day(row, row.next_review_on, _("Review the plan")) for row in due.reviews if row.next_review_on),
    ]  # fmt: skip
