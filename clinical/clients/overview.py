"""What stands on a client's first page: panels, each fed by its own part of the record.

A part adds its maker to `PANELS`: a function that is given who asks and about whom, and answers a `Panel`, or
nothing where the asker may see nothing of it. A maker says nothing of what it hid, reads few rows and
asks the database a fixed number of times.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from clinical.clients.timeline import timeline
from clinical.contacts.selectors import present_contacts
from clinical.episodes.selectors import episodes_about
from clinical.health import selectors as health_facts
from clinical.instruments import selectors as instruments
from clinical.plans.selectors import panel_of
from clinical.safecontact import selectors as safecontact
from clinical.safety.selectors import current_about, parts_of
from consent.models import Principal
from consent.paging import Asked, page_of

NEWEST = 5  # things of the timeline on the first page


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A part of the first page.

    Attributes:
        title: Its heading.
        template: Shows it; it finds ``context`` under the name ``panel``, beside ``banner``.
        is_wide: Across the whole page instead of one of its two columns.
    """

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    is_wide: bool = False

    @property
    def slug(self) -> str:
        """A name for the heading's anchor."""
        return self.title.lower().replace(" ", "-")


Maker = Callable[[Principal, UUID], "Panel | None"]


def newest(asker: Principal, subject_id: UUID) -> Panel | None:
    """The latest things that happened."""
    page = timeline(asker, subject_id, Asked(size=NEWEST))
    if not page.rows:
        return None
    context = {"items": page.rows, "has_more": bool(page.older)}
    return Panel(title="Newest", template="clinical/timeline/_newest.html", context=context, is_wide=True)


def screeners(asker: Principal, subject_id: UUID) -> Panel | None:
    """What each instrument said last."""
    found = instruments.newest_of_each(subject_id)
    if not found:
        return None
    shown = [{"row": each, "title": instruments.title_of(each)} for each in found]
    return Panel(
        title="Screeners", template="clinical/instruments/_panel.html", context={"screenings": shown}
    )


def episodes(asker: Principal, subject_id: UUID) -> Panel | None:
    """The programs that the client is in, and where they stand there."""
    page = page_of(episodes_about(subject_id).still_open(), Asked(size=NEWEST))
    if not page.rows:
        return None
    return Panel(title="Programs", template="clinical/episodes/_panel.html", context={"episodes": page.rows})


def safety_plan(asker: Principal, subject_id: UUID) -> Panel | None:
    """What helps when it gets dangerous."""
    found = [{"plan": each, "parts": parts_of(each)} for each in current_about(subject_id)]
    if not found:
        return None
    return Panel(title="Safety plan", template="clinical/safety/_panel.html", context={"plans": found})


def needs_and_plan(asker: Principal, subject_id: UUID) -> Panel | None:
    """What is needed, and what they want to reach."""
    found = panel_of(subject_id)
    if found is None:
        return None
    return Panel(title="Needs and plan", template="clinical/plans/_panel.html", context=found)


def contacts(asker: Principal, subject_id: UUID) -> Panel | None:
    """Who must never be called, and who is called in an emergency."""
    found = [each for each in present_contacts(subject_id) if each.is_danger or each.is_for_emergencies]
    if not found:
        return None
    return Panel(title="Contacts", template="clinical/contacts/_panel.html", context={"contacts": found})


def safe_contact(asker: Principal, subject_id: UUID) -> Panel | None:
    """How they may be reached without harm; before everything else."""
    card = safecontact.told(subject_id)
    if card is None:
        return None
    return Panel(title="Safe contact", template="clinical/safecontact/_card.html", context=card)


def health(asker: Principal, subject_id: UUID) -> Panel | None:
    """The newest conditions, medicines and allergies that go on."""
    facts = health_facts.current_facts(subject_id)
    if not facts:
        return None
    shown = [{"row": each, "times": health_facts.times_of(each)} for each in facts]
    return Panel(title="Health", template="clinical/health/_panel.html", context={"facts": shown})


# In the order in which they are shown.
PANELS: tuple[Maker, ...] = (
    safe_contact,
    contacts,
    safety_plan,
    screeners,
    episodes,
    needs_and_plan,
    health,
    newest,
)


def panels(asker: Principal, subject_id: UUID) -> list[Panel]:
    """The panels in which ``asker`` may see something."""
    made = (make(asker, subject_id) for make in PANELS)
    return [panel for panel in made if panel is not None]
