"""Keeping time that was worked without a client there."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clinical.clients.models import Client
from clinical.worktime.models import Activity, Collateral
from clinical.writing import check_may, place_for
from consent.access import NothingToTell
from consent.models import Principal, Program


def note_activity(*, by: Principal, program: Program, at: datetime, **filled: Any) -> Activity:
    """Keep some minutes of ``by``'s day."""
    return Activity.objects.create(by=by, program=program, created_at=at, **filled)


def take_back_activity(*, activity_id: int, by: Principal, at: datetime) -> None:
    """Undo one's own entry.

    Raises:
        NothingToTell: there is none.
    """
    if not Activity.objects.standing().filter(pk=activity_id, by=by).update(taken_back_at=at):
        raise NothingToTell("no such entry to take back")


@transaction.atomic
def note_collateral(
    *, client: Client, by: Principal, kind: str, minutes: int, on: date, note: str, at: datetime
) -> Collateral:
    """Keep what was done for a client who wasn't there, in the usual compartment of their program."""
    check_may(by, "change", client)
    compartment = place_for(client.subject_id, client.compartment.scope.program, by)
    today = timezone.localdate(at)
    done_at = at if on == today else timezone.make_aware(datetime.combine(on, time(12)))
    row = Collateral(compartment=compartment, by=by, kind=kind, minutes=minutes, note=note, done_at=done_at)
    row.save(force_insert=True)
    return row


@transaction.atomic
def take_back_collateral(*, collateral_id: UUID, by: Principal, at: datetime) -> Collateral:
    """Undo one's own entry.

    Raises:
        NothingToTell: there is none.
    """
    row = (
        Collateral.objects.filter(pk=collateral_id, by=by, taken_back_at__isnull=True)
        .select_related("compartment")
        .first()
    )
    if row is None:
        raise NothingToTell("no such entry to take back")
    check_may(by, "change", row)
    row.taken_back_at = at
    row.save(update_fields=["taken_back_at"])
    return row
