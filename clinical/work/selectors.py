"""What is due, unfinished, silent or without a name, for somebody; each list short and the most pressing first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from clinical.clients.models import Client
from clinical.complaints.models import Complaint
from clinical.consents import selectors as consents
from clinical.consents.models import UnsignedForm
from clinical.encounters.models import Encounter
from clinical.episodes.models import EpisodeRecord
from clinical.field import windows
from clinical.field.models import Window
from clinical.plans import selectors as plans
from clinical.plans.models import Plan, Step
from consent.models import Assignment, Principal

MOST = 50  # of each list
AHEAD = timedelta(days=1)  # what is due tomorrow is shown today
REVIEW_AHEAD = timedelta(days=7)
SILENT_AFTER, LONG_SILENT_AFTER = timedelta(days=14), timedelta(days=30)
SCOPED = "compartment__scope__program"


@dataclass(frozen=True, kw_only=True)
class Due:
    """What a worker has to do by tomorrow, or had to do before."""

    windows: list[Window]
    forms: list[UnsignedForm]
    steps: list[Step]
    reviews: list[Plan]

    def subjects(self) -> set[UUID]:
        """Whom it is about."""
        rows = (*self.windows, *self.forms, *self.steps, *self.reviews)
        return {row.compartment.subject_id for row in rows}

    def __len__(self) -> int:
        return len(self.windows) + len(self.forms) + len(self.steps) + len(self.reviews)


@dataclass(frozen=True, kw_only=True)
class Silent:
    """A client of one's own with whom nobody had contact for some time.

    Attributes:
        last_at: The last contact of the last thirty days that the asker may see; none if there is none.
    """

    client: Client
    last_at: datetime | None


def due_for(worker: Principal, at: datetime) -> Due:
    """Everything with a day or an instant that comes by tomorrow; a plan's review a week before."""
    day = timezone.localdate(at)
    return Due(
        windows=[each for each in windows.running_of(worker) if each.due_at <= at + AHEAD],
        forms=consents.to_ask_again(worker, at + AHEAD)[:MOST],
        steps=plans.steps_due(worker, day + AHEAD, most=MOST),
        reviews=plans.reviews_due(worker, day + REVIEW_AHEAD, most=MOST),
    )


def silent_clients_of(worker: Principal, at: datetime) -> list[Silent]:
    """Clients whose care team ``worker`` is on for two weeks or longer, without contact for two weeks.

    Contact is an encounter, or something kept in an episode; what the asker may not see doesn't count, so that the
    list tells nothing of it.
    """
    ours = _subjects_of(worker, at)
    if not ours:
        return []
    last = _last_contacts(ours, since=at - LONG_SILENT_AFTER)
    quiet = {each for each in ours if last.get(each, at - LONG_SILENT_AFTER) <= at - SILENT_AFTER}
    rows = Client.objects.filter(compartment__subject_id__in=quiet).select_related(SCOPED)
    found = [Silent(client=row, last_at=last.get(row.subject_id)) for row in rows.newest_first()[:MOST]]
    return sorted(found, key=lambda each: (each.last_at is not None, each.last_at or at))


def _subjects_of(worker: Principal, at: datetime) -> set[UUID]:
    rows = Assignment.objects.filter(principal=worker, begins_at__lte=at - SILENT_AFTER)
    still = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    return set(still.values_list("subject_id", flat=True))


def _last_contacts(subjects: Iterable[UUID], *, since: datetime) -> dict[UUID, datetime]:
    about = {"compartment__subject_id__in": list(subjects)}
    met = Encounter.objects.filter(opened_at__gte=since, **about).select_related("compartment")
    kept = EpisodeRecord.objects.filter(happened_at__gte=since, **about).select_related("compartment")
    found: dict[UUID, datetime] = {}
    for row, when in (
        *((each, each.opened_at) for each in met),
        *((each, each.happened_at) for each in kept),
    ):
        subject = row.compartment.subject_id
        found[subject] = max(when, found.get(subject, when))
    return found


def nameless_clients(asker: Principal) -> list[Client]:
    """Clients that the asker may see and whose name nobody knows yet, newest first."""
    rows = Client.objects.filter(given_name__isnull=True, family_name__isnull=True)  # no text is NULL
    return list(rows.select_related(SCOPED).newest_first()[:MOST])


def owners_of(clients: Iterable[Client], at: datetime) -> dict[UUID, list[str]]:
    """Who is on the care team of each, by name, as far as the asker may know."""
    rows = Assignment.objects.filter(
        subject_id__in=[each.subject_id for each in clients], begins_at__lte=at
    ).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    found: dict[UUID, list[str]] = {}
    for row in rows.select_related("principal").order_by("begins_at"):
        found.setdefault(row.subject_id, []).append(row.principal.get_full_name())
    return found


def complaints_waiting(asker: Principal) -> list[Complaint]:
    """Complaints that ``asker`` answers for, or that nobody answers for yet; the most urgent first."""
    rows = Complaint.objects.unanswered().filter(Q(owner=asker) | Q(owner__isnull=True))
    return sorted(
        rows.select_related(SCOPED, "owner")[:MOST], key=lambda each: each.due_at() or each.answer_by
    )
