"""Reading requests to lower a label, and the records they are about, for somebody."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from clinical.lowering.models import Lowering
from clinical.lowering.records import MODELS, Lowerable
from consent.access import NothingToTell
from consent.models import Principal

SCOPED = "compartment__scope__program__unit"


def waiting() -> QuerySet[Lowering]:
    """The requests that wait and that the asker may see."""
    return Lowering.objects.waiting().select_related("compartment__scope__program", "asked_by")


def request_seen_by(asker: Principal, lowering_id: UUID) -> Lowering:
    """The request, if ``asker`` may see it; otherwise `NothingToTell`."""
    rows = Lowering.objects.filter(pk=lowering_id).select_related(SCOPED, "asked_by", "answered_by")
    found = rows.first()
    if found is None:
        raise NothingToTell(f"lowering `{lowering_id}` is not there for `{asker.uid}`")
    return found


def record_seen_by(asker: Principal, record: str, record_id: UUID) -> Lowerable:
    """The record, if ``asker`` may see it; otherwise `NothingToTell`."""
    model: Any = MODELS.get(record)
    found = model.objects.filter(pk=record_id).select_related(SCOPED).first() if model else None
    if found is None:
        raise NothingToTell(f"`{record_id}` is not there for `{asker.uid}`")
    return found


def requests_about(row: Lowerable) -> list[Lowering]:
    """What was asked about the record where it lies now, newest first."""
    rows = Lowering.objects.filter(record_id=row.pk, compartment=row.compartment)
    return list(rows.newest_first().select_related("asked_by", "answered_by"))


def words_of(row: Lowerable) -> str:
    """What the record says, as the page of a request shows it."""
    return (
        row.body
        if hasattr(row, "body")
        else " · ".join(part for part in (row.words, row.code, row.detail) if part)
    )
