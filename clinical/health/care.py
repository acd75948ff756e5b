"""Who takes part in a client's HIV care: said by a supervisor, whether or not there is anything about HIV."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinical.clients.selectors import banner, client_seen_by
from clinical.roles import SUPERVISORS
from clinical.units.selectors import programs_supervised_by
from consent import access, services


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*SUPERVISORS)
def hiv_care(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """The care team in the programs that the asker supervises, each with a tick."""
    client_seen_by(request.user, subject_id)
    team = services.care_team(subject_id, programs_supervised_by(request.user))
    if request.method == "POST":
        ticked = set(request.POST.getlist("takes_part"))
        for each in team:
            if each.principal_id == request.user.pk:
                continue  # another supervisor says so
            services.take_part_in_hiv_care(each, takes_part=str(each.pk) in ticked, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("clinical:hiv_care", subject_id=subject_id)
    context = {"banner": banner(subject_id), "team": team}
    return render(request, "clinical/health/hiv_care.html", context)
