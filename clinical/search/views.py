"""Finding a client: a page for everybody, and suggestions while one types.

What is typed stands in the body of a POST, never in an address: addresses are kept by browsers,
proxies and logs.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinical.roles import IN_CARE
from clinical.search import selectors, services
from clinical.search.forms import SearchForm
from consent import access
from consent.services import ledger


def _looked(request: HttpRequest, *, size: int) -> dict[str, Any]:
    """What to show for what was typed: the same statements, whoever else there is."""
    form = SearchForm(request.POST)
    form.is_valid()
    said = form.cleaned_data["parts"]
    context: dict[str, Any] = {"said": form.line, "is_enough": said.is_enough, "too_many": False}
    if not said.is_enough:
        return context
    if not services.may_search(request.user, at=timezone.now()):
        return context | {"too_many": True}
    found = selectors.clients_found(request.user, said, cursor=form.cleaned_data.get("cursor", ""), size=size)
    ledger.note_event("search", record_count=len(found.clients))
    return context | {"found": found}


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def search(request: HttpRequest) -> HttpResponse:
    """Those whom the asker may see and who have all of what was typed, best first."""
    context = _looked(request, size=selectors.SHOWN) if request.method == "POST" else {"said": ""}
    return render(request, "clinical/search.html", context)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def suggest(request: HttpRequest) -> HttpResponse:
    """The first of them, while one types."""
    return render(request, "clinical/_suggestions.html", _looked(request, size=selectors.SUGGESTED))
