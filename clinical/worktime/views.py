"""Time without a client: one's own page, a program's sums, and what was done for a client who wasn't there."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.selectors import banner, client_seen_by
from clinical.roles import CARE_TEAM, IN_CARE, SUPERVISORS
from clinical.units.models import Zone
from clinical.units.selectors import programs_of
from clinical.worktime import selectors, services
from clinical.worktime.forms import ActivityForm, CollateralForm
from clinical.writing import as_uuid
from consent import access, paging
from consent.access import NothingToTell
from consent.models import Membership, Program

WEEK = timedelta(days=6)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def my_time(request: HttpRequest) -> HttpResponse:
    """Note time that was no contact; below, what one noted in the last two weeks."""
    now, today = timezone.now(), timezone.localdate()
    programs = programs_of(request.user, now)
    form = ActivityForm(request.POST or None, programs=programs, zones=list(Zone.objects.all()))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if said["program"] is None:
            form.add_error("program" if "program" in form.fields else None, _("Say for which program."))
        else:
            kept = {name: said[name] for name in ("kind", "minutes", "on", "zone", "program")}
            services.note_activity(by=request.user, at=now, **kept)
            messages.success(request, _("Kept. It counts as time, not as a contact."))
            return redirect("clinical:my_time")
    rows = selectors.activities_of(request.user, today)
    week = sum(each.minutes for each in rows if each.on > today - timedelta(days=7))
    context = {"form": form, "rows": rows, "week_hours": round(week / 60, 1), "today": today}
    return render(request, "clinical/worktime/my_time.html", context)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def take_back_time(request: HttpRequest) -> HttpResponse:
    """Undo one's own entry."""
    said = request.POST.get("activity", "")
    if not (said.isascii() and said.isdecimal() and len(said) < 19):
        raise NothingToTell("not an entry")
    services.take_back_activity(activity_id=int(said), by=request.user, at=timezone.now())
    messages.success(request, _("Taken back."))
    return redirect("clinical:my_time")


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*SUPERVISORS)
def time_sums(request: HttpRequest) -> HttpResponse:
    """The supervised programs' time without clients: seven days, and the seven before."""
    now, today = timezone.now(), timezone.localdate()
    held = Membership.objects.held_by(request.user, now).filter(role__name__in=SUPERVISORS)
    programs = list(Program.objects.filter(pk__in=held.values("program")))
    periods = [(_("Last seven days"), today), (_("The seven days before"), today - timedelta(days=7))]
    context = {
        "periods": [
            {"title": title, "rows": selectors.sums_of(programs, first=last - WEEK, last=last)}
            for title, last in periods
        ]
    }
    return render(request, "clinical/worktime/sums.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def collateral(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """What was done for a client who wasn't there."""
    client = client_seen_by(request.user, subject_id)
    may_write = request.user.has_perm("clinical.change_client", client)
    form = CollateralForm(request.POST or None)
    if request.method == "POST":
        if not may_write:
            raise NothingToTell("not this principal's to write")
        if form.is_valid():
            kept = {name: form.cleaned_data[name] for name in ("kind", "minutes", "on", "note")}
            services.note_collateral(client=client, by=request.user, at=timezone.now(), **kept)
            messages.success(request, _("Kept. It counts as time, not as a contact."))
            return redirect("clinical:collateral", subject_id=subject_id)
    page = selectors.collaterals_of(subject_id, paging.Asked.by(request.GET))
    context = {
        "banner": banner(subject_id), "form": form, "rows": page.rows, "links": paging.links(request, page),
        "may_write": may_write,
    }  # fmt: skip
    return render(request, "clinical/worktime/collateral.html", context)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def take_back_collateral(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Undo one's own entry about a client."""
    client = client_seen_by(request.user, subject_id)
    row_id = as_uuid(request.POST.get("collateral", ""))
    services.take_back_collateral(collateral_id=row_id, by=request.user, at=timezone.now())
    messages.success(request, _("Taken back."))
    return redirect("clinical:collateral", subject_id=client.subject_id)
