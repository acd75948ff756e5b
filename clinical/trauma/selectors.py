"""Reading events and slips for a duty team."""

from collections import Counter
from typing import Any
from uuid import UUID

from clinical.safecontact.selectors import in_words
from clinical.trauma.models import CommunityEvent, EventAction, Handout, Slip
from consent.access import NothingToTell
from consent.models import Principal, Program
from consent.paging import Asked, Page, page_of

RESPONDERS = ("TSAP",)  # programs that answer to what hurt a neighborhood
SCOPED = "compartment__scope__program__unit"


def events_of(program: Program, asked: Asked | None = None) -> Page:
    """The program's events, newest first."""
    rows = CommunityEvent.objects.filter(compartment__scope__program=program)
    return page_of(rows.select_related("opened_by"), asked)


def event_seen_by(asker: Principal, event_id: UUID) -> CommunityEvent:
    """The event, if ``asker`` may see it; otherwise `NothingToTell`."""
    found = CommunityEvent.objects.filter(pk=event_id).select_related(SCOPED, "opened_by").first()
    if found is None:
        raise NothingToTell("no such event for this principal")
    return found


def actions_of(event: CommunityEvent) -> list[dict[str, Any]]:
    """What was done, newest first, hand-outs in words."""
    rows = (
        EventAction.objects.filter(event=event, taken_back_at__isnull=True)
        .select_related("by")
        .newest_first()
    )
    words = dict(Handout.choices)
    return [
        {"row": row, "handouts": ", ".join(f"{n} {words.get(w, w).lower()}" for w, n in row.handouts.items())}
        for row in rows
    ]


def sums_of(actions: list[dict[str, Any]]) -> dict[str, Any]:
    """People reached and hand-outs of the neighborhood's actions; debriefs of staff are summed apart."""
    outside = [each["row"] for each in actions if each["row"].kind != EventAction.Kind.DEBRIEF]
    debriefs = [each["row"] for each in actions if each["row"].kind == EventAction.Kind.DEBRIEF]
    handouts: Counter[str] = Counter()
    for row in outside:
        handouts.update(row.handouts)
    words = dict(Handout.choices)
    return {
        "people": sum(row.people for row in outside),
        "hours": round(sum(row.minutes * row.staff for row in outside) / 60, 1),
        "handouts": [(words.get(word, word), number) for word, number in sorted(handouts.items())],
        "debriefs": len(debriefs),
        "debriefed": sum(row.staff for row in debriefs),
    }


def slips_waiting(program: Program, asked: Asked | None = None) -> Page:
    """The slips that nobody has taken up, the newest first."""
    rows = Slip.objects.waiting().filter(compartment__scope__program=program)
    page = page_of(rows.select_related("compartment__scope"), asked)
    for row in page.rows:
        row.ways_in_words = in_words(row.ways)
    return page


def slip_seen_by(asker: Principal, slip_id: UUID) -> Slip:
    """The slip, if ``asker`` may see it; otherwise `NothingToTell`."""
    found = Slip.objects.filter(pk=slip_id).select_related(SCOPED, "by", "taken_up_by").first()
    if found is None:
        raise NothingToTell("no such slip for this principal")
    return found
