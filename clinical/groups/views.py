"""Groups: a list, a meeting, and who was there as far as one may see."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.selectors import client_seen_by
from clinical.duty.selectors import program_of, programs_with
from clinical.groups import selectors, services
from clinical.groups.forms import GuestsForm, SessionForm
from clinical.groups.models import GroupSession
from clinical.roles import CARE_TEAM, IN_CARE
from clinical.writing import as_uuid, check_may
from consent import access, paging


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def groups(request: HttpRequest) -> HttpResponse:
    """The meetings of one's programs."""
    programs = programs_with(request.user, selectors.HOLDERS)
    page = selectors.sessions_of(programs, paging.Asked.by(request.GET))
    writes = programs_with(request.user, selectors.HOLDERS, roles=CARE_TEAM)
    context = {"sessions": page.rows, "links": paging.links(request, page), "programs": writes}
    return render(request, "clinical/groups/groups.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def new_group(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down that a group of the program met."""
    program = program_of(request.user, slug, selectors.HOLDERS, writes=True)
    form = SessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        session = services.hold_session(program=program, by=request.user, **form.cleaned_data)
        return redirect("clinical:group", session_id=session.pk)
    return render(request, "clinical/groups/group_new.html", {"form": form, "program": program})


def _page(request: HttpRequest, session: GroupSession, **forms: object) -> HttpResponse:
    members = selectors.members_of(session)
    may_write = request.user.has_perm("clinical.change_groupsession", session)
    context = {
        "session": session,
        "program": session.compartment.scope.program,
        "members": members,
        "able": selectors.clients_to_add(request.user, session, members) if may_write else [],
        "may_write": may_write,
        "guests_form": GuestsForm(initial={"guests": session.guests}),
    }
    return render(request, "clinical/groups/group.html", context | forms)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def group(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """One meeting, and those members whose records open to the asker."""
    return _page(request, selectors.session_seen_by(request.user, session_id))


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def add_members(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Write into the record of each client chosen that they took part."""
    session = selectors.session_seen_by(request.user, session_id)
    check_may(request.user, "change", session)
    for said in dict.fromkeys(request.POST.getlist("client")[: selectors.CHOICE]):
        client = client_seen_by(request.user, as_uuid(said))
        try:
            services.add_member(session=session, client=client, by=request.user)
        except services.AlreadyThere:
            messages.info(request, _("One of them was on the list already."))
    return redirect("clinical:group", session_id=session_id)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def take_back_member(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Take somebody off the list who wasn't there."""
    session = selectors.session_seen_by(request.user, session_id)
    member_id = as_uuid(request.POST.get("member", ""))
    services.take_back_member(session=session, member_id=member_id, by=request.user, at=timezone.now())
    messages.success(request, _("Taken off the list."))
    return redirect("clinical:group", session_id=session_id)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def count_guests(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Count who took part without a record."""
    session = selectors.session_seen_by(request.user, session_id)
    check_may(request.user, "change", session)
    form = GuestsForm(request.POST)
    if not form.is_valid():
        return _page(request, session, guests_form=form)
    services.count_guests(session=session, by=request.user, **form.cleaned_data)
    messages.success(request, _("Counted."))
    return redirect("clinical:group", session_id=session_id)
