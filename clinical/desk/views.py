"""The first page of each role, the post-box, the programs."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinical.desk import selectors
from clinical.roles import CARE_TEAM, LEDGER_READERS, POSTBOX_OWNERS, PROGRAM_READERS, REFERRERS, SUPERVISORS
from consent import access, paging
from referrals import selectors as post_box
from referrals import services as post_office

# Who holds several roles comes to the first that fits.
FIRST_PAGES = (
    (CARE_TEAM, "clinical:tonight"),
    (SUPERVISORS, "clinical:work"),
    (LEDGER_READERS, "clinical:ledger"),
    (PROGRAM_READERS, "clinical:programs"),
    (REFERRERS, "clinical:refer_in"),
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Straight to the page that the role works on; who has no role is told so."""
    held = access.roles_of(request.user)
    for roles, page in FIRST_PAGES:
        if held & set(roles):
            return redirect(page)
    return render(request, "nothing_here.html")


@require_safe
@access.purpose("HCOMPL")
@access.requires_role(*POSTBOX_OWNERS)
def postbox(request: HttpRequest) -> HttpResponse:
    """What could not be opened, with its owner; what is in it stays sealed."""
    page = post_box.quarantined_envelopes(paging.Asked.by(request.GET))
    context = {
        "envelopes": page.rows,
        "links": paging.links(request, page),
        "on_the_way": post_box.envelopes_on_the_way(),
    }
    return render(request, "clinical/postbox.html", context)


@require_POST
@access.purpose("HCOMPL")
@access.requires_role(*POSTBOX_OWNERS)
def retry(request: HttpRequest, envelope_id: UUID) -> HttpResponse:
    """Try an envelope again."""
    if post_office.retry_envelope(envelope_id, by=request.user):
        messages.success(request, _("It will be tried again at once."))
    return redirect("clinical:postbox")


@require_POST
@access.purpose("HCOMPL")
@access.requires_role(*POSTBOX_OWNERS)
def set_aside(request: HttpRequest, envelope_id: UUID) -> HttpResponse:
    """Leave an envelope unopened for good."""
    if post_office.set_envelope_aside(envelope_id, by=request.user):
        messages.success(request, _("Set aside; later ones of the same matter go on."))
    return redirect("clinical:postbox")


@require_safe
@access.purpose("HCOMPL")
@access.requires_role(*PROGRAM_READERS)
def programs(request: HttpRequest) -> HttpResponse:
    """Programs, units, determinations, agreements. Read-only."""
    now = timezone.now()
    context = {"programs": selectors.programs(now), "agreements": selectors.agreements(now), "now": now}
    return render(request, "clinical/programs.html", context)
