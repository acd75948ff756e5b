"""An officer's referral: kept here, and sent in the same transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from consent import services
from consent.models import Principal, Program
from consent.services.grants import lock_client
from consent.texts import plain
from policecore.models import REFERRAL_SEGMENTS, Incident, OfficerReferral
from policecore.places import Places
from policecore.services.crossing import StaysWithThePolice, require_permit
from referrals import services as post_box
from referrals.services import ReferralMade


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the officer wrote and ticked."""

    reasons: tuple[str, ...]
    agreed: str
    person_as_known: str = ""
    contact: str = ""
    suggested_program: str = ""
    safety_note: str = ""
    location: str = ""
    words_confirmed: bool = False


@transaction.atomic
def make_referral(
    *, by: Principal, form_id: UUID, unit: Program, said: Said, at: datetime, incident: Incident | None = None
) -> OfficerReferral:
    """Keep the referral, open it to its officer, decide what may go, and send it.

    The same form sent twice is one referral.

    Raises:
        NotPermitted: it may not cross; the caller lets the transaction fail.
    """
    referral_id = OfficerReferral.id_for(by, form_id)
    lock_client(referral_id)  # the second of two taps waits for the first
    made = OfficerReferral.objects.filter(pk=referral_id).first()
    if made is not None:
        return made
    if incident is not None and incident.police_only:
        raise StaysWithThePolice("the call is for the police alone")
    referral = OfficerReferral(
        pk=referral_id,
        made_by=by,
        incident_id=incident.pk if incident else None,
        person_as_known=plain(said.person_as_known),
        contact=plain(said.contact),
        reasons=list(said.reasons),
        suggested_program=said.suggested_program,
        agreed=said.agreed,
        safety_note=plain(said.safety_note),
        seen_at=incident.occurred_at if incident else at,
        location=plain(said.location),
        zone=incident.zone.slug if incident else "",
        call_type=plain(incident.call_type) if incident else "",
        words_confirmed=said.words_confirmed,
        place_token=Places().token(said.location or (incident.location if incident else "")),
    )
    _ask(referral, unit, by, at)  # first of all: a refusal leaves nothing to roll back but its own receipt
    referral.compartment = services.open_compartment(referral_id, unit, REFERRAL_SEGMENTS)
    services.assign(subject_id=referral_id, program=unit, principal=by, by=by)
    referral.save(force_insert=True)
    _send(referral)
    return referral


def _ask(referral: OfficerReferral, unit: Program, by: Principal, at: datetime) -> None:
    parts = {
        "observed_need": True,
        "contact": referral.person_as_known or referral.contact,
        "safety_observed": referral.safety_note,
    }
    asking = {"subject_id": referral.pk, "unit": unit, "by": by, "at": at}
    require_permit("REFIN", [name for name, present in parts.items() if present], **asking)
    if referral.incident_id:
        require_permit("CAD", ["cad"], **asking)


def _send(referral: OfficerReferral) -> None:
    value = ReferralMade(
        referral_id=referral.pk,
        incident_id=referral.incident_id,
        person_as_known=referral.person_as_known,
        contact=referral.contact,
        reasons=tuple(referral.reasons),
        suggested_program=referral.suggested_program,
        agreed=referral.agreed,
        safety_note=referral.safety_note,
        seen_at=referral.seen_at,
        zone=referral.zone,
        location=referral.location,
        call_type=referral.call_type,
    )
    post_box.send(value, subject_id=referral.pk)
