"""Pages that leak on purpose, each in its own way, and two that don't."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from consent import access
from consent.models import Consent, Protected
from consent.models.encrypted import Sealed


def texts(consents: list[Consent]) -> str:
    return " ".join(f"{each.witness} {each.capacity_note}" for each in consents)


@access.purpose("TREAT")
def honest(request: HttpRequest) -> HttpResponse:
    """Whatever the asker may see, read through the one door."""
    return HttpResponse(texts(list(Consent.objects.newest_first())))


@access.purpose("TREAT")
def past_the_ledger(request: HttpRequest) -> HttpResponse:
    """Rows that the asker may see, taken past the model that would have noted them."""
    with connection.cursor() as cursor:
        cursor.execute("select id, compartment_id, capacity_note from consent_consent")
        rows = cursor.fetchall()
    return HttpResponse(" ".join(unnoted(Consent, *row, "capacity_note") for row in rows))


def unnoted(model: type[Protected], pk: UUID, compartment_id: int, envelope: bytes, name: str) -> Any:
    """A value that somebody took out of its table and opened with the keys of this transaction."""
    row = model(pk=pk, compartment_id=compartment_id)
    setattr(row, name, Sealed(bytes(envelope)))
    return getattr(row, name)


@access.purpose("TREAT")
def forgotten_filter(request: HttpRequest) -> HttpResponse:
    """A raw read without any filter at all: what does row-level security leave?"""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from consent_consent")
        return HttpResponse(str(cursor.fetchone()[0]))


REMEMBERED: list[str] = []


@login_not_required
def from_memory(request: HttpRequest) -> HttpResponse:
    """What an earlier request left behind, told to whoever comes."""
    return HttpResponse("".join(REMEMBERED))


@access.purpose("TREAT")
def not_found(request: HttpRequest) -> HttpResponse:
    """The status says no, the body says it all."""
    return HttpResponse(texts(list(Consent.objects.all())), status=404)


@access.purpose("TREAT")
def in_a_header(request: HttpRequest) -> HttpResponse:
    return HttpResponse(headers={"X-Note": "".join(REMEMBERED)})


@access.purpose("TREAT")
def in_an_address(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=302, headers={"Location": f"/?q={''.join(REMEMBERED).lower()}"})


@access.purpose("TREAT")
def nothing(request: HttpRequest) -> HttpResponse:
    raise Http404("nothing here")


urlpatterns = [path(f"{view.__name__}/", view) for view in (
    honest, past_the_ledger, forgotten_filter, from_memory, not_found, in_a_header, in_an_address, nothing,
)]  # fmt: skip
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
