"""Sorting a call to whoever should answer it, and saying afterwards what it was."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from consent.access import NothingToTell
from consent.models import Principal
from policecore.models import Incident, Kind
from policecore.triage.models import Reclassification, Triage
from policecore.triage.routing import suggest
from policecore.triage.words import QUESTIONS, Route


def _locked(incident_id: UUID, by: Principal, right: str) -> Incident:
    """The call, if ``by`` may do that to it; otherwise `NothingToTell`."""
    rows = Incident.objects.select_for_update(of=("self",)).select_related("compartment__scope")
    incident = rows.filter(pk=incident_id).first()
    if incident is None or not by.has_perm(f"policecore.{right}", incident):
        raise NothingToTell("no such call of this principal's units")
    return incident


@transaction.atomic
def triage(
    *,
    incident_id: UUID,
    by: Principal,
    at: datetime,
    answers: Mapping[str, str],
    route: str,
    reason: str = "",
) -> Triage:
    """Keep the answers, what they suggest, and the route that was taken; a later triage counts instead.

    Raises:
        NothingToTell: there is no such call that ``by`` may sort.
        ValueError: another route than the suggested one was taken, and nobody said why.
    """
    incident = _locked(incident_id, by, "add_triage")
    suggestion = suggest(answers)
    if Route(route) != suggestion.route and not reason:
        raise ValueError("another route than the suggested one needs a reason")
    made = Triage(
        compartment=incident.compartment,
        incident=incident,
        suggested=suggestion.route,
        route=Route(route),
        eligible=suggestion.eligible,
        reason=reason,
        rules_version=suggestion.version,
        by=by,
        created_at=at,
        **{name: answers[name] for name in QUESTIONS},
    )
    made.save(force_insert=True)
    incident.route, incident.eligible = made.route, made.eligible
    incident.save(update_fields=["route", "eligible"])
    return made


@transaction.atomic
def reclassify(*, incident_id: UUID, by: Principal, at: datetime, kind: str, reason: str) -> Reclassification:
    """Say what the call turned out to be; what dispatch called it stays, and saying that again takes it back.

    Raises:
        NothingToTell: there is no such call that ``by`` may classify.
    """
    incident = _locked(incident_id, by, "add_reclassification")
    made = Reclassification(
        compartment=incident.compartment,
        incident=incident,
        kind_before=incident.reclassified_as or incident.kind,
        kind=Kind(kind),
        reason=reason,
        by=by,
        created_at=at,
    )
    made.save(force_insert=True)
    incident.reclassified_as = "" if made.kind == incident.kind else made.kind
    incident.save(update_fields=["reclassified_as"])
    return made
