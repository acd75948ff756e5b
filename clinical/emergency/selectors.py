"""Reading emergency accesses for somebody: their own that run, those that wait for review, the week's rates."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from clinical.clients.selectors import names_of
from consent.access import NothingToTell
from consent.models import (
    EmergencyAccess,
    EmergencyAlarm,
    EmergencyAttempt,
    LedgerEntry,
    Membership,
    Principal,
    Program,
)
from consent.services import emergency_budget, emergency_reading
from consent.services.emergency_budget import WEEK

MOST_WAITING = 100
SCOPED = "compartment__scope__program__unit"
# What a kind of record is called where somebody reviews what was read.
KINDS = {
    "clinical.note": ("note", "notes"), "clinical.encounter": ("encounter", "encounters"),
    "consent.consent": ("consent", "consents"), "partners.partnerreferral": ("referral", "referrals"),
    "clinical.card": ("card", "cards"), "clinical.screening": ("screener", "screeners"),
    "clinical.safetyplan": ("safety plan", "safety plans"),
}  # fmt: skip
OF_THE_GLASS = "consent.emergencyaccess"


def running_of(principal: Principal, at: datetime) -> list[EmergencyAccess]:
    """``principal``'s own that are open, as the database shows them, the one that ends first before the rest."""
    rows = EmergencyAccess.objects.running_at(at).filter(principal=principal).select_related(SCOPED)
    return list(rows.order_by("ends_at", "id"))


def running_one(principal: Principal, access_id: UUID, at: datetime) -> EmergencyAccess:
    """One that is open; over, somebody else's and never there are one answer."""
    rows = EmergencyAccess.objects.running_at(at).filter(principal=principal, pk=access_id)
    found = rows.select_related(SCOPED, "principal__employer").first()
    if found is None:
        raise NothingToTell(f"emergency access `{access_id}` is not open for `{principal.uid}`")
    return found


def named(rows: Iterable[EmergencyAccess]) -> list[dict[str, Any]]:
    """Rows with what to call the client, where the asker may see who it is."""
    rows = list(rows)
    names = names_of({row.subject_id for row in rows})
    return [{"row": row, "name": names.get(row.subject_id, "Name not shown to you")} for row in rows]


def awaiting_review(reviewer: Principal, at: datetime) -> dict[str, list[EmergencyAccess]]:
    """What ``reviewer`` may look at, other people's alone: what runs, what is overdue, what waits; by due date."""
    rows = EmergencyAccess.objects.awaiting_review().exclude(principal=reviewer)
    found = list(rows.select_related("principal", "reviewer", SCOPED).order_by("due_at", "id")[:MOST_WAITING])
    open_ = [row for row in found if row.is_running(at)]
    over = [row for row in found if not row.is_running(at)]
    late = [row for row in over if row.due_at <= at and row.reviewed_at is None]
    return {"running": open_, "overdue": late, "waiting": [row for row in over if row not in late]}


def review_of(reviewer: Principal, access_id: UUID) -> EmergencyAccess:
    """One that ``reviewer`` may look at; their own is not there for them."""
    rows = EmergencyAccess.objects.filter(pk=access_id).exclude(principal=reviewer)
    found = rows.select_related("principal__employer", "reviewer", "closed_by", "ended_by", SCOPED).first()
    if found is None:
        raise NothingToTell(f"emergency access `{access_id}` is not there for `{reviewer.uid}`")
    return found


def looked_at(row: EmergencyAccess) -> list[dict[str, Any]]:
    """When something was read or written, and what: kinds and numbers, never content."""
    entries = emergency_reading.read_during(row)
    told = [{"entry": entry, "kinds": list(_in_words(entry.resources))} for entry in entries]
    return [each for each in told if each["kinds"]]


def _in_words(resources: dict[str, list[str]]) -> Iterator[str]:
    for kind, ids in sorted(resources.items()):
        if kind == "clinical.client":
            yield "who they are"
        elif kind != OF_THE_GLASS:
            one, several = KINDS.get(kind, (kind, kind))
            yield f"{len(ids)} {one if len(ids) == 1 else several}"


@dataclass(kw_only=True)
class Rate:
    """One person's week."""

    principal: Principal
    programs: list[Program]
    opened: int = 0
    clients: int = 0
    nothing: int = 0
    stopped: int = 0
    emergency_reads: int = 0
    reads: int = 0

    @property
    def is_over(self) -> bool:
        """Over the budget, or stopped?"""
        return self.opened > emergency_budget.PERSON_A_WEEK or self.stopped > 0

    @property
    def share(self) -> int | None:
        """How many of a hundred of their reads were emergencies."""
        return round(100 * self.emergency_reads / self.reads) if self.reads else None


def rates(at: datetime) -> list[Rate]:
    """Everybody who tried in the week before ``at``, who did most before the rest."""
    attempts = EmergencyAttempt.objects.filter(at__gt=at - WEEK, at__lte=at).select_related("principal")
    by_person: dict[Principal, Counter[str]] = defaultdict(Counter)
    for attempt in attempts:
        by_person[attempt.principal][attempt.outcome] += 1
        by_person[attempt.principal]["clients"] += attempt.opened
    programs: dict[int, list[Program]] = defaultdict(list)
    for office in Membership.objects.held_at(at).filter(principal__in=by_person).select_related("program"):
        if office.program not in programs[office.principal_id]:
            programs[office.principal_id].append(office.program)
    found = [
        Rate(
            principal=person, programs=programs[person.pk], opened=counted["opened"], clients=counted["clients"],
            nothing=counted["nothing"], stopped=counted["stopped"], **_reads_of(person, at),
        )
        for person, counted in by_person.items()
    ]  # fmt: skip
    return sorted(found, key=lambda rate: (-rate.opened, -rate.nothing, rate.principal.username))


def _reads_of(person: Principal, at: datetime) -> dict[str, int]:
    reads = LedgerEntry.objects.filter(actor=str(person.uid), action="read", at__gt=at - WEEK, at__lte=at)
    return {"reads": reads.count(), "emergency_reads": reads.filter(purpose="ETREAT").count()}


def open_alarms() -> list[EmergencyAlarm]:
    """Those that nobody has acknowledged, the newest first; for others than privacy officers there are none."""
    rows = EmergencyAlarm.objects.filter(acknowledged_at__isnull=True)
    return list(rows.select_related("principal", "program").order_by("-raised_at", "id"))
