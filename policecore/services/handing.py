"""Handing a call to the co-response unit: its type, time and place, and nothing of the dispatch text."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from consent import access
from consent.models import Principal
from consent.texts import plain
from policecore.models import Incident, Word
from policecore.services.crossing import StaysWithThePolice, require_permit
from referrals import services as post_box
from referrals.services import IncidentHanded


class AlreadyHandedOver(RuntimeError):
    """Somebody was faster; what was sent stays sent."""


@transaction.atomic
def hand_over(*, incident_id: UUID, by: Principal, at: datetime) -> Incident:
    """Send the call to the co-response unit. There is no way back.

    Raises:
        NothingToTell: there is no such call that ``by`` may change.
        AlreadyHandedOver: it was handed over before.
        NotPermitted: it may not cross; the caller lets the transaction fail.
    """
    rows = Incident.objects.select_for_update(of=("self",)).select_related(
        "compartment__scope__program", "zone"
    )
    incident = rows.filter(pk=incident_id).first()
    if incident is None:
        raise access.NothingToTell("no such call of this principal's units")
    if incident.handed_over_at is not None:
        raise AlreadyHandedOver
    if incident.police_only:
        raise StaysWithThePolice("the call is for the police alone")
    unit = incident.compartment.scope.program
    require_permit("CAD", ["cad"], subject_id=incident.pk, unit=unit, by=by, at=at)
    incident.handed_over_at, incident.handover_word = at, Word.SENT
    incident.save(update_fields=["handed_over_at", "handover_word"])
    post_box.send(_value(incident), subject_id=incident.pk)
    return incident


@transaction.atomic
def keep_with_the_police(*, incident_id: UUID, reason: str, by: Principal) -> Incident:
    """Mark the call as one for the police alone, or take the mark back with an empty ``reason``.

    What was sent before stays sent.

    Raises:
        NothingToTell: there is no such call that ``by`` may change.
    """
    rows = Incident.objects.select_for_update(of=("self",)).select_related("compartment__scope__program")
    incident = rows.filter(pk=incident_id).first()
    if incident is None or not by.has_perm("policecore.change_incident", incident):
        raise access.NothingToTell("no such call of this principal's units")
    incident.police_only = reason
    incident.save(update_fields=["police_only"])
    return incident


def _value(incident: Incident) -> IncidentHanded:
    """Built up from what `cj.cad` names. The dispatch text may tell of a crime, so it has no part in it."""
    labels = [incident.call_group, f"priority {incident.priority}" if incident.priority else ""]
    return IncidentHanded(
        incident_id=incident.pk,
        call_type=plain(incident.call_type),
        location=plain(incident.location),
        zone=incident.zone.slug,
        occurred_at=incident.occurred_at,
        description=plain(", ".join(filter(None, labels))),
    )
