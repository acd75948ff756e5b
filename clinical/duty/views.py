"""The way to what is not one client's record: desk, groups, events, attempts, time."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinical.dropin.selectors import DESKS
from clinical.duty.selectors import programs_with
from clinical.groups.selectors import HOLDERS
from clinical.roles import CARE_TEAM, IN_CARE, SUPERVISORS
from clinical.trauma.selectors import RESPONDERS
from consent import access


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def outreach(request: HttpRequest) -> HttpResponse:
    """What the asker's programs do besides one client's care, each a big button."""
    return render(request, "clinical/outreach.html", {"places": list(_places(request))})


def _places(request: HttpRequest) -> Iterator[tuple[str, str, str]]:
    """Words, a hint and an address of each place that is open to the asker."""
    who, roles = request.user, access.roles_of(request.user)
    for program in programs_with(who, DESKS, roles=CARE_TEAM):
        desk = reverse("clinical:desk", args=[program.slug])
        yield _("Drop-in desk"), f"{program.name}: " + _("two taps a service"), desk
    for program in programs_with(who, DESKS, roles=SUPERVISORS):
        yield _("Desk counts"), program.name, reverse("clinical:desk_counts", args=[program.slug])
    if programs_with(who, HOLDERS):
        yield _("Groups"), _("Each member in their own record"), reverse("clinical:groups")
    if programs_with(who, RESPONDERS):
        yield _("Community events"), _("Counted, nobody named"), reverse("clinical:events")
        yield _("Opt-in slips"), _("Who asks to be called"), reverse("clinical:slips")
    if roles & set(CARE_TEAM):
        yield _("Time without clients"), _("Travel, rounds, meetings, papers"), reverse("clinical:my_time")
    if roles & set(SUPERVISORS):
        yield _("Time without clients"), _("Sums by program"), reverse("clinical:time_sums")
