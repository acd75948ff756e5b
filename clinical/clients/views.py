"""The list of one's clients, one client's page, and who they are."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients import export, overview, selectors, services, timeline
from clinical.clients.forms import ClientForm
from clinical.clients.models import Client
from clinical.encounters.services import ProgramClosed, begin_encounter
from clinical.matching.comparing import Known
from clinical.roles import CARE_TEAM, EXPORTERS, IN_CARE
from clinical.search.selectors import clients_alike
from clinical.writing import check_may
from consent import access, paging
from consent.services import died_on as died_on_of


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def clients(request: HttpRequest) -> HttpResponse:
    """One's clients, newest first."""
    page = selectors.clients_of(request.user, paging.Asked.by(request.GET))
    context = {
        "clients": page.rows,
        "links": paging.links(request, page),
        "number": selectors.number_of_clients(request.user) if page.number is None else page.number,
        "may_export": bool(access.roles_of(request.user) & set(EXPORTERS)),
    }
    return render(request, "clinical/clients.html", context)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*EXPORTERS)
def export_clients(request: HttpRequest) -> HttpResponse:
    """One's own list as a file, whole, each client's reading written down before the first byte leaves."""
    try:
        found = selectors.clients_to_export(request.user)
    except paging.TooMany as too_many:
        said = _(
            "%(number)s clients are too many for one file, which holds at most %(most)s. None was exported."
        )
        numbers = {"number": f"{too_many.number:,}", "most": f"{selectors.MOST_EXPORTED:,}"}
        messages.error(request, said % numbers)
        return redirect("clinical:clients")
    headers = {"Content-Disposition": 'attachment; filename="clients.csv"'}
    return HttpResponse(export.as_csv(found), content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def client_page(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """What the asker may see about one client at a glance: who it is, and a panel for each part of the record."""
    about = selectors.banner(subject_id)
    panels = overview.panels(request.user, subject_id)
    client = about["client"]
    if client is None and not panels:
        raise access.NothingToTell(f"nothing about `{subject_id}` is open to the asker")
    context = {
        "banner": about,
        "client": client,
        "panels": panels,
        "may_write": client is not None and request.user.has_perm("clinical.change_client", client),
    }
    return render(request, "clinical/client.html", context)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def timeline_page(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Everything dated about one client that the asker may see, across programs, newest first."""
    about = selectors.banner(subject_id)
    only = [kind.name for kind in timeline.KINDS if kind.name in request.GET.getlist("only")]
    page = timeline.timeline(
        request.user, subject_id, paging.Asked.by(request.GET, size=timeline.SIZE), only=only
    )
    if about["client"] is None and not page.rows and not overview.panels(request.user, subject_id):
        raise access.NothingToTell(f"nothing about `{subject_id}` is open to the asker")
    context = {
        "banner": about,
        "items": page.rows,
        "links": paging.links(request, page),
        "kinds": timeline.KINDS,
        "only": only,
    }
    return render(request, "clinical/timeline.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def edit_client(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Keep what is now known of the person; first show whom the asker may know already by that name."""
    client = selectors.client_seen_by(request.user, subject_id)
    died_on = died_on_of(client.compartment)
    form = ClientForm(request.POST or None, instance=client, initial={"died_on": died_on})
    known: list[Client] = []
    if request.method == "POST" and form.is_valid():
        if "anyway" not in request.POST:
            known = clients_alike(
                request.user, Known.of(form.instance), unit=client.unit, besides=client.subject_id
            )
        if not known:
            services.correct_client(client=client, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("clinical:client", subject_id=subject_id)
    context = {"form": form, "known": known, "banner": selectors.banner(subject_id)}
    return render(request, "clinical/client_edit.html", context)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def meet_again(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Open another encounter with somebody already in care."""
    client = selectors.client_seen_by(request.user, subject_id)
    check_may(request.user, "change", client)
    now = timezone.now()
    try:
        encounter = begin_encounter(
            subject_id=subject_id, program=client.compartment.scope.program, by=request.user, at=now,
            client=None, arrived_at=now,
        )  # fmt: skip
    except ProgramClosed:
        messages.error(
            request, _("This program takes nobody new any more. Open the encounter in another one.")
        )
        return redirect("clinical:client", subject_id=subject_id)
    return redirect("clinical:encounter", encounter_id=encounter.pk)
