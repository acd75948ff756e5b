"""Hours covered: begun and ended, never changed, so that any past day can still be told."""

from collections.abc import Iterable
from datetime import date, time

from django.db import transaction

from clinical.responses.models import Coverage, ResponseModel
from clinical.units.models import Zone
from consent.access import NothingToTell
from consent.models import Principal, Program


def _check_manages(by: Principal, verb: str) -> None:
    if not by.has_perm(f"clinical.{verb}_coverage"):
        raise NothingToTell("hours covered are not this principal's to change")


@transaction.atomic
def begin_coverage(
    *, program: Program, by: Principal, model: ResponseModel, zones: Iterable[Zone], weekdays: list[int],
    from_time: time, until_time: time, begins_on: date,
) -> Coverage:  # fmt: skip
    """``program`` answers by ``model`` in ``zones`` at these hours of the city, from ``begins_on``."""
    _check_manages(by, "add")
    made = Coverage.objects.create(
        program=program, model=model, weekdays=sorted(weekdays), from_time=from_time, until_time=until_time,
        begins_on=begins_on,
    )  # fmt: skip
    made.zones.set(zones)
    return made


@transaction.atomic
def end_coverage(*, coverage: Coverage, by: Principal, ends_on: date) -> None:
    """``ends_on`` is the first day without it; a later call moves the day."""
    _check_manages(by, "change")
    coverage.ends_on = ends_on
    coverage.save(update_fields=["ends_on"])
