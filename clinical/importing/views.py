"""Bringing a file into a client's record."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinical.clients.models import Client
from clinical.clients.selectors import banner, client_seen_by
from clinical.health.models import HealthFact
from clinical.importing import services
from clinical.importing.bundle import MOST_BYTES, Broken
from clinical.importing.forms import ImportForm
from clinical.roles import SUPERVISORS
from clinical.units.selectors import programs_supervised_by
from consent import access
from consent.files import takes_files
from consent.models import Program


@takes_files(most_bytes=MOST_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*SUPERVISORS)
def import_bundle(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Take a bundle, and say what became of each part of it."""
    client = client_seen_by(request.user, subject_id)
    programs = _programs(request, client)
    form = ImportForm(request.POST or None, request.FILES or None, programs=programs)
    context: dict[str, Any] = {
        "banner": banner(subject_id), "form": form, "several_programs": len(programs) > 1,
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            result = services.import_bundle(
                client=client, program=form.in_program, by=request.user, raw=form.cleaned_data["file"].read(),
                at=timezone.now(), is_same_person=form.cleaned_data["is_same_person"],
            )  # fmt: skip
        except Broken as broken:
            context["broken"] = broken
        except services.AnotherPerson as other:
            context["differs"] = other.facts
        else:
            sorts = dict(HealthFact.What.choices)
            kept = [(sorts[what], number) for what, number in sorted(result.kept.items())]
            told = {"result": result, "kept": kept, "unsupported": sorted(result.unsupported.items())}
            return render(request, "clinical/importing/imported.html", context | told)
    return render(request, "clinical/importing/import.html", context)


def _programs(request: HttpRequest, client: Client) -> list[Program]:
    """The programs of the client's own legal unit that the asker supervises: another's record is another client."""
    found = [each for each in programs_supervised_by(request.user) if each.unit_id == client.unit_id]
    own = client.compartment.scope.program
    if own not in found:
        raise access.NothingToTell(f"the asker supervises no program of `{client.pk}`")
    return [own, *(each for each in found if each != own)]
