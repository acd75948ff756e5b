"""Reading for somebody: rows come through the door, which leaves only what the asker may see."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from consent.access import NothingToTell
from consent.models import Membership, Principal, Program
from policecore.models import Incident, OfficerReferral, QuarantinedRow, Shift, Zone

PAGE = 50  # rows of a list


def calls_for(asker: Principal, *, kind: str = "", call_type: str = "", zone: str = "") -> QuerySet[Incident]:
    """The calls of the asker's units."""
    rows = Incident.objects.select_related("zone")
    if kind:  # as it turned out, if somebody said so
        rows = rows.filter(Q(kind=kind, reclassified_as="") | Q(reclassified_as=kind))
    filters = {"call_type": call_type, "zone__slug": zone}
    return rows.filter(**{name: value for name, value in filters.items() if value})


def call_for(asker: Principal, incident_id: UUID) -> Incident:
    """The call, if a unit of the asker's keeps it; otherwise `NothingToTell`."""
    rows = Incident.objects.select_related("zone", "compartment__scope__program__unit")
    found = rows.filter(pk=incident_id).first()
    if found is None:
        raise NothingToTell("no such call of this principal's units")
    return found


def units_of(principal: Principal, at: datetime, roles: tuple[str, ...] = ()) -> list[Program]:
    """The units in which the principal holds an office, or one of ``roles``."""
    held = Membership.objects.held_by(principal, at)
    if roles:
        held = held.filter(role__name__in=roles)
    return list(Program.objects.filter(pk__in=held.values("program")).order_by("slug"))


def zones_of(principal: Principal, at: datetime) -> list[Zone]:
    """The zones that the principal's units serve."""
    return list(Zone.objects.filter(unit__in=units_of(principal, at)))


def referrals_for(asker: Principal) -> QuerySet[OfficerReferral]:
    """What the asker sent; a supervisor's unit's as well."""
    return OfficerReferral.objects.select_related("made_by")


def referral_for(asker: Principal, referral_id: UUID) -> OfficerReferral:
    """The referral, if the asker sent it or supervises the unit; otherwise `NothingToTell`."""
    found = referrals_for(asker).filter(pk=referral_id).first()
    if found is None:
        raise NothingToTell("no such referral of this principal's")
    return found


def quarantine_for(asker: Principal) -> QuerySet[QuarantinedRow]:
    """The odd rows of imported files, for who answers for the feed."""
    return QuarantinedRow.objects.all()


def shift_of(principal: Principal, at: datetime) -> dict[str, Any] | None:
    """Zone, vehicle, partners and end of the principal's shift; ``None`` off shift."""
    shift = Shift.objects.on_at(at).filter(officer=principal).select_related("team__zone").first()
    if shift is None:
        return None
    others = (
        Shift.objects.on_at(at).filter(team=shift.team).exclude(officer=principal).select_related("officer")
    )
    return {
        "zone": shift.team.zone.name,
        "vehicle": shift.team.vehicle,
        "partner": ", ".join(each.officer.get_full_name() for each in others),
        "until": shift.ends_at,
    }
