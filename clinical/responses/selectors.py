"""Which response models there are, and by which one a program answers at an hour."""

from datetime import date, datetime

from clinical.responses.models import Coverage, ResponseModel
from consent.models import Program


def models_in_use(on: date) -> list[ResponseModel]:
    """The response models not retired on ``on``."""
    return list(ResponseModel.objects.in_use(on))


def model_in_use(program: Program, at: datetime, *, zone: str) -> ResponseModel | None:
    """By which model ``program`` answers at ``at`` in ``zone``; ``None`` where the hours covered leave a doubt.

    Args:
        zone: The zone as the call wrote it; an empty one narrows nothing.
    """
    rows = Coverage.objects.at(at).filter(program=program)
    if zone:
        rows = rows.filter(zones__slug__iexact=zone.replace(" ", ""))
    found = list(ResponseModel.objects.filter(pk__in=rows.values("model"))[:2])
    return found[0] if len(found) == 1 else None
