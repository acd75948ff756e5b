"""Reading groups: the meeting by office, each member by that member's own record."""

from typing import Any
from uuid import UUID

from clinical.clients.selectors import clients_of, names_of
from clinical.groups.models import GroupMember, GroupSession
from consent.access import NothingToTell
from consent.models import Principal, Program
from consent.paging import Asked, Page, page_of

HOLDERS = ("POST", "LEAD", "TSAP", "ROOTS")  # programs that hold groups
CHOICE = 50  # clients offered at once
SCOPED = "compartment__scope__program__unit"


def sessions_of(programs: list[Program], asked: Asked | None = None) -> Page:
    """The meetings of these programs, newest first."""
    rows = GroupSession.objects.filter(compartment__scope__program__in=programs)
    return page_of(rows.select_related(SCOPED, "by"), asked)


def session_seen_by(asker: Principal, session_id: UUID) -> GroupSession:
    """The meeting, if ``asker`` may see it; otherwise `NothingToTell`."""
    found = GroupSession.objects.filter(pk=session_id).select_related(SCOPED, "by").first()
    if found is None:
        raise NothingToTell("no such group for this principal")
    return found


def members_of(session: GroupSession) -> list[dict[str, Any]]:
    """Those members whose records open to the asker; that there are others is told by nothing."""
    rows = GroupMember.objects.filter(session=session, taken_back_at__isnull=True)
    members = list(rows.select_related("compartment__scope", "encounter").newest_first())
    names = names_of(each.compartment.subject_id for each in members)
    return [{"member": each, "name": names.get(each.compartment.subject_id, "")} for each in members]


def clients_to_add(asker: Principal, session: GroupSession, members: list[dict[str, Any]]) -> list[Any]:
    """The asker's own newest clients of the group's legal unit who are not on the list."""
    there = {each["member"].compartment.subject_id for each in members}
    unit = session.compartment.scope.program.unit_id
    page = clients_of(asker, Asked(size=CHOICE))
    return [each for each in page.rows if each.unit_id == unit and each.subject_id not in there]
