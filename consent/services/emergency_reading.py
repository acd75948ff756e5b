"""Reading about emergency accesses: what was looked at, what each cost, what its user may know afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from consent import access
from consent.models import EmergencyAccess, LedgerEntry, Principal, Scope
from consent.services import emergency_use
from consent.services.colleagues import Colleague
from consent.services.emergency_use import Emergency
from consent.services.ledger import note_event, pseudonym
from consent.services.standing import Standing

TASK = "system:emergency"
LATEST_ENTRY = timedelta(seconds=30)  # an entry is written as the answer leaves, after what it tells of
MOST_ENTRIES = 200


def read_during(row: EmergencyAccess) -> list[LedgerEntry]:
    """What its principal did with the client's record while it was open, from the ledger, in order of time.

    Whoever reviews may not read the ledger otherwise: the task looks up one person, one client and
    one hour, and that it did is an entry as well.
    """
    with access.acting_as(TASK):
        entries = LedgerEntry.objects.filter(
            actor=str(row.principal.uid),
            subject=pseudonym(row.subject_id),
            at__gte=row.started_at,
            at__lte=row.closes_at + LATEST_ENTRY,
            action__in=("read", "write", "send"),
        )
        found = list(entries.defer("canonical").order_by("at", "id")[:MOST_ENTRIES])
    note_event(
        "read",
        outcome="served",
        subject_id=row.subject_id,
        field_groups=[LedgerEntry._meta.label_lower],
        record_count=len(found),
        reason="emergency review",
    )
    return found


def may_be_told(row: EmergencyAccess, scopes: Iterable[Scope], at: datetime) -> set[int]:
    """Which scopes' contents the medics whom it names may be told; for others than medics none."""
    if row.treats != EmergencyAccess.Treats.MEDICS:
        return set()
    emergency = Emergency.of(row, Colleague.of(row.principal, at))
    standing: dict[int, Standing] = {}
    found = set()
    for scope in set(scopes):
        if scope.program_id not in standing:
            standing[scope.program_id] = Standing.of(row.subject_id, scope.program, at)
        asked = emergency_use.telling_medics(standing[scope.program_id], scope, emergency)
        if emergency_use.opens(emergency_use.decided(asked), scope):
            found.add(scope.pk)
    return found


@dataclass(frozen=True, kw_only=True)
class Own:
    """What somebody may know of an emergency access of theirs when it is over: nothing about the client."""

    id: object
    started_at: datetime
    closes_at: datetime
    reviewed_at: datetime | None
    verdict: str
    note: str
    answer: str
    closing_verdict: str
    closing_note: str
    closed_at: datetime | None

    @property
    def may_be_answered(self) -> bool:
        """Is there a verdict to dispute?"""
        return self.verdict == EmergencyAccess.Verdict.NOT_APPROPRIATE and not self.answer


MOST_OF_ONES_OWN = 30


def accesses_of(principal: Principal) -> list[Own]:
    """The newest of ``principal``'s own, with what became of them; the client stays closed."""
    with access.acting_as(TASK):
        rows = EmergencyAccess.objects.filter(principal=principal).order_by("-started_at", "-id")
        names = list(Own.__dataclass_fields__)
        return [Own(**{name: getattr(row, name) for name in names}) for row in rows[:MOST_OF_ONES_OWN]]


def own_access(principal: Principal, access_id: object) -> EmergencyAccess | None:
    """One of ``principal``'s own, to answer for or to end."""
    with access.acting_as(TASK):
        return EmergencyAccess.objects.filter(principal=principal, pk=access_id).first()
