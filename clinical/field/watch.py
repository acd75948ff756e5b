"""Somebody out alone: a timer that asks "OK?", and a call for help that nobody in the room sees."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from clinical.field.models import LoneWorkerWatch, LoneWorkerWatchQuerySet
from consent.models import Principal, Program

CHOICES_OF_MINUTES = (15, 30, 60)
# What the discreet button is called: nobody presses it by the way, and to whoever looks on it is paperwork.
DURESS_WORDS = "Blue folder"


@transaction.atomic
def begin(
    *, worker: Principal, program: Program, at: datetime, encounter_id: UUID | None = None, minutes: int = 0
) -> LoneWorkerWatch:
    """Watch over ``worker`` from now; one who is watched already has their timer set anew.

    Args:
        minutes: Between two check-ins; none given, what it was or `LoneWorkerWatch.DEFAULT_MINUTES`.
    """
    watch = _running(worker)
    if watch is None:
        watch = LoneWorkerWatch(worker=worker, begins_at=at, minutes=LoneWorkerWatch.DEFAULT_MINUTES)
    watch.program, watch.encounter_id, watch.signed_off_at = program, encounter_id, None
    watch.minutes = minutes if minutes in CHOICES_OF_MINUTES else watch.minutes
    _set(watch, at)
    return watch


@transaction.atomic
def check_in(*, worker: Principal, at: datetime, minutes: int = 0) -> LoneWorkerWatch | None:
    """The worker says that they are well: the timer begins anew. ``None`` if nobody watches."""
    watch = _on_screen(worker)
    if watch is None:
        return None
    if minutes in CHOICES_OF_MINUTES:
        watch.minutes = minutes
    _set(watch, at)
    return watch


@transaction.atomic
def call_for_help(*, worker: Principal, at: datetime) -> LoneWorkerWatch | None:
    """The worker is under duress. On their screen it is a check-in; the first call's instant counts."""
    watch = _on_screen(worker)
    if watch is None:
        return None
    watch.duress_at = watch.duress_at or at
    _set(watch, at)
    return watch


@transaction.atomic
def sign_off(*, worker: Principal, at: datetime, encounter_id: UUID | None = None) -> None:
    """The worker is out. A call for help stays open for those who answer it.

    Args:
        encounter_id: The encounter that was left, if that is why: a watch over another one goes on.
    """
    watch = _on_screen(worker)
    if watch is None or (encounter_id is not None and watch.encounter_id not in (None, encounter_id)):
        return
    watch.signed_off_at = at
    if watch.duress_at is None:
        watch.ended_at, watch.ended_by = at, worker
    watch.save()


@transaction.atomic
def end_by_another(*, watch: LoneWorkerWatch, by: Principal, at: datetime) -> bool:
    """Somebody has reached the worker and ends the watch, a call for help included; never the worker.

    Whose watches ``by`` may end is the caller's to check: it is a question of program and role.
    """
    if by == watch.worker:
        return False
    ended = LoneWorkerWatch.objects.running().filter(pk=watch.pk).update(ended_at=at, ended_by=by)
    return bool(ended)


def watch_of(worker: Principal) -> LoneWorkerWatch | None:
    """The watch as the worker's own screen shows it."""
    return LoneWorkerWatch.objects.of(worker).on_screen().first()


def _running_query(worker: Principal) -> LoneWorkerWatchQuerySet:
    return LoneWorkerWatch.objects.of(worker).running()


def _running(worker: Principal) -> LoneWorkerWatch | None:
    return _running_query(worker).select_for_update().first()


def _on_screen(worker: Principal) -> LoneWorkerWatch | None:
    return LoneWorkerWatch.objects.of(worker).on_screen().select_for_update().first()


def _set(watch: LoneWorkerWatch, at: datetime) -> None:
    watch.checked_at, watch.due_at = at, at + timedelta(minutes=watch.minutes)
    watch.save()
