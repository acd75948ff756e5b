"""Reading complaints for somebody, and who may answer for one."""

from datetime import datetime
from uuid import UUID

from clinical.complaints.models import Complaint
from consent.access import NothingToTell
from consent.models import Membership, Principal, Program
from consent.paging import Asked, Page, page_of
from consent.roles import CARE_TEAM, SUPERVISES

SCOPED = "compartment__scope__program__unit"


def complaints_for(asker: Principal, asked: Asked | None = None, *, answered: bool) -> Page:
    """The complaints that ``asker`` may see, newest first: those that wait, or those that were answered."""
    rows = Complaint.objects.filter(answered_at__isnull=not answered)
    return page_of(rows.select_related(SCOPED, "owner", "taken_by"), asked)


def complaint_for(asker: Principal, complaint_id: UUID) -> Complaint:
    """The complaint, if ``asker`` may see it; otherwise `NothingToTell`."""
    rows = Complaint.objects.filter(pk=complaint_id)
    found = rows.select_related(SCOPED, "owner", "taken_by", "about_staff").first()
    if found is None:
        raise NothingToTell(f"complaint `{complaint_id}` is not there for `{asker.uid}`")
    return found


def complaints_due(asker: Principal, at: datetime, *, most: int) -> list[Complaint]:
    """Those that ``asker`` answers for and something is to be done about, the most urgent first."""
    rows = Complaint.objects.unanswered().owned_by(asker).select_related(SCOPED)
    return list(rows.order_by("answer_by", "pk")[:most])


def owners_for(complaint: Complaint, at: datetime) -> list[Principal]:
    """Who holds an office of the program that answers for complaints, but for whom it is about."""
    found = _staff_of(complaint.compartment.scope.program, SUPERVISES, at)
    return [each for each in found if each.pk != complaint.about_staff_id]


def colleagues_in(program: Program, at: datetime) -> list[Principal]:
    """Everybody who works in the program: whom a complaint can be about."""
    return _staff_of(program, CARE_TEAM | SUPERVISES, at)


def _staff_of(program: Program, roles: frozenset[str], at: datetime) -> list[Principal]:
    held = Membership.objects.held_at(at).filter(program=program, role__name__in=roles)
    people = Principal.objects.filter(
        pk__in=held.values_list("principal_id"), is_active=True, kind=Principal.Kind.PERSON
    )
    return list(people.order_by("full_name", "username"))
