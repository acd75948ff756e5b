"""Named clocks of an encounter: asked again in a day, visited after an overdose, called after the hospital."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from clinical.encounters.models import Encounter
from clinical.field.models import Window
from clinical.writing import check_may
from consent.access import NothingToTell
from consent.models import Principal

LENGTHS = {
    Window.Rule.ASK_AGAIN: timedelta(hours=24),
    Window.Rule.OVERDOSE_24: timedelta(hours=24),
    Window.Rule.OVERDOSE_72: timedelta(hours=72),
    Window.Rule.AFTER_ED: timedelta(days=7),
}
SHOWN = 50  # windows on Tonight
AFTER_OVERDOSE = "POST"  # the program whose contacts come after an overdose


def start(*, encounter: Encounter, rule: Window.Rule, by: Principal, at: datetime) -> Window:
    """Let the clock of ``rule`` run from ``at``.

    One that was ended as not needed runs anew, and so does the asking; what was done stays done.
    """
    due_at = at + LENGTHS[rule]
    found = Window.objects.filter(encounter=encounter, rule=rule).first()
    if found is None:
        window = Window(
            compartment=encounter.compartment,
            encounter=encounter,
            rule=rule,
            owner=by,
            begins_at=at,
            due_at=due_at,
        )
        window.save(force_insert=True)
        return window
    if found.ending == Window.Ending.NOT_NEEDED or (found.ended_at and rule == Window.Rule.ASK_AGAIN):
        found.owner, found.begins_at, found.due_at = by, at, due_at
        found.ended_at, found.ending = None, ""
        found.save(update_fields=["owner", "begins_at", "due_at", "ended_at", "ending"])
    return found


def start_those_of_leaving(*, encounter: Encounter, by: Principal, at: datetime) -> None:
    """The clocks that begin by themselves when an encounter ends."""
    if encounter.disposition == Encounter.Disposition.ED:
        start(encounter=encounter, rule=Window.Rule.AFTER_ED, by=by, at=at)
    if _is_after_an_overdose(encounter):
        for rule in (Window.Rule.OVERDOSE_24, Window.Rule.OVERDOSE_72):
            start(encounter=encounter, rule=rule, by=by, at=encounter.opened_at)


def end_those_of_leaving(*, encounter: Encounter, at: datetime) -> None:
    """The leaving is taken back, and so are the clocks that it started."""
    for window in Window.objects.filter(encounter=encounter).running():
        if window.rule != Window.Rule.ASK_AGAIN:
            _end(window, Window.Ending.NOT_NEEDED, at)


def ask_again_unless(*, encounter: Encounter, by: Principal, answer: str, at: datetime) -> None:
    """*Cannot decide now* is asked again in 24 hours; any other answer ends the asking."""
    if answer == Encounter.Answer.CANNOT:
        running = Window.objects.filter(encounter=encounter, rule=Window.Rule.ASK_AGAIN).running().first()
        if running is not None:  # asked again, and again not decided
            running.owner, running.begins_at, running.due_at = by, at, at + LENGTHS[Window.Rule.ASK_AGAIN]
            running.save(update_fields=["owner", "begins_at", "due_at"])
            return
        start(encounter=encounter, rule=Window.Rule.ASK_AGAIN, by=by, at=at)
        return
    for window in Window.objects.filter(encounter=encounter, rule=Window.Rule.ASK_AGAIN).running():
        _end(window, Window.Ending.DONE, at)


@transaction.atomic
def end_window(*, window: Window, by: Principal, ending: Window.Ending, at: datetime) -> None:
    """End a window; the first ending counts."""
    check_may(by, "change", window, of="encounter")
    if window.ended_at is None:
        _end(window, ending, at)


@transaction.atomic
def run_again(*, window: Window, by: Principal) -> None:
    """Take the ending back: the window is due when it was due."""
    check_may(by, "change", window, of="encounter")
    window.ended_at, window.ending = None, ""
    window.save(update_fields=["ended_at", "ending"])


def window_seen_by(asker: Principal, window_id: UUID) -> Window:
    """The window, if ``asker`` may see it; otherwise `NothingToTell`."""
    found = Window.objects.filter(pk=window_id).select_related("compartment", "encounter").first()
    if found is None:
        raise NothingToTell(f"window `{window_id}` is not there for `{asker.uid}`")
    return found


def running_of(worker: Principal, most: int = SHOWN) -> list[Window]:
    """What ``worker`` has to see to, the soonest first."""
    rows = Window.objects.owned_by(worker).running().order_by("due_at", "id")
    return list(rows.select_related("encounter", "compartment__scope__program")[:most])


def windows_of(encounter: Encounter) -> list[Window]:
    """The encounter's windows, running or ended, the soonest first."""
    return list(Window.objects.filter(encounter=encounter).select_related("owner").order_by("due_at", "id"))


def _is_after_an_overdose(encounter: Encounter) -> bool:
    came_by_card = encounter.card_id is not None
    slug = encounter.compartment.scope.program.slug
    return "overdose" in encounter.call_type.lower() or (slug == AFTER_OVERDOSE and came_by_card)


def _end(window: Window, ending: Window.Ending, at: datetime) -> None:
    window.ended_at, window.ending = at, ending
    window.save(update_fields=["ended_at", "ending"])
