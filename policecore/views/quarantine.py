"""Rows of imported files that could not be read as calls."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consent import access, paging
from policecore import selectors
from policecore.views.common import FEED_KEEPERS, POSTBOX_OWNERS, page_asked


@require_safe
@access.purpose("X-REFERRAL-IN")
@access.requires_role(*FEED_KEEPERS)
def quarantine_list(request: HttpRequest) -> HttpResponse:
    """File, line and reason of each odd row, the newest first."""
    page = paging.page_of(selectors.quarantine_for(request.user), page_asked(request))
    context = {
        "page": page,
        "links": paging.links(request, page),
        "owns_the_postbox": bool(access.roles_of(request.user) & set(POSTBOX_OWNERS)),
    }
    return render(request, "policecore/quarantine.html", context)
