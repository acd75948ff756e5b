"""Envelopes that arrived and could not be opened; the police supervisor owns them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from consent import access, paging
from policecore.views.common import POSTBOX_OWNERS
from referrals import selectors as post_box
from referrals import services as post_office


@require_safe
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*POSTBOX_OWNERS)
def postbox(request: HttpRequest) -> HttpResponse:
    """What could not be opened, and why; what is in it stays sealed."""
    page = post_box.quarantined_envelopes(paging.Asked.by(request.GET))
    context = {
        "envelopes": page.rows,
        "links": paging.links(request, page),
        "on_the_way": post_box.envelopes_on_the_way(),
    }
    return render(request, "policecore/postbox.html", context)


@require_POST
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*POSTBOX_OWNERS)
def retry(request: HttpRequest, envelope_id: UUID) -> HttpResponse:
    """Try an envelope again."""
    if post_office.retry_envelope(envelope_id, by=request.user):
        messages.success(request, _("It will be tried again at once."))
    return redirect("policecore:postbox")


@require_POST
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*POSTBOX_OWNERS)
def set_aside(request: HttpRequest, envelope_id: UUID) -> HttpResponse:
    """Leave an envelope unopened for good."""
    if post_office.set_envelope_aside(envelope_id, by=request.user):
        messages.success(request, _("Set aside; later ones of the same matter go on."))
    return redirect("policecore:postbox")
