"""What emergency access costs: attempts are counted, too many raise an alarm, a walk from name to name stops.

Over the budget nobody is kept out, because a life may hang on the fourth time as on the first: an
alarm is raised, which a privacy officer must have seen, and the supervisors' queue holds each use.
Stopped is only what no emergency looks like: one attempt after another that opens nothing, more
people at once than one can stand beside, more in a day than a city has.
"""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from consent import access
from consent.access import NothingToTell
from consent.models import (
    EmergencyAccess,
    EmergencyAlarm,
    EmergencyAttempt,
    Membership,
    Principal,
    Program,
)
from consent.roles import PRIVACY_OFFICER
from consent.services import ledger

log = logging.getLogger("bulkhead.emergency")
TASK: Final = "system:emergency"
WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)

# Soft: beyond them an alarm.
PERSON_A_WEEK: Final = 3
PROGRAM_A_WEEK: Final = 12
# Hard: at them nobody is looked for.
NOTHING_AN_HOUR: Final = 8
RUNNING_AT_ONCE: Final = 6  # clients; one person may be a client of several legal units
OPENED_A_DAY: Final = 12
Outcome, Kind = EmergencyAttempt.Outcome, EmergencyAlarm.Kind


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What somebody has used up at an instant."""

    nothing_this_hour: int
    opened_today: int
    opened_this_week: int
    running: int

    @property
    def must_stop(self) -> bool:
        """Is it what no emergency looks like?"""
        return (
            self.nothing_this_hour >= NOTHING_AN_HOUR
            or self.running >= RUNNING_AT_ONCE
            or self.opened_today >= OPENED_A_DAY
        )


def spent_by(principal: Principal, at: datetime) -> Spent:
    """Counted from rows, as ``system:emergency``; the caller holds the principal's lock."""
    mine = EmergencyAttempt.objects.filter(principal=principal, at__lte=at)
    return Spent(
        nothing_this_hour=mine.filter(at__gt=at - HOUR, outcome=Outcome.NOTHING).count(),
        opened_today=mine.filter(at__gt=at - DAY, outcome=Outcome.OPENED).count(),
        opened_this_week=mine.filter(at__gt=at - WEEK, outcome=Outcome.OPENED).count(),
        running=EmergencyAccess.objects.running_at(at).filter(principal=principal).count(),
    )


def note_attempt(principal: Principal, outcome: str, at: datetime, *, opened: int = 0) -> None:
    """Count an attempt, and raise what alarms it is cause for. As ``system:emergency``."""
    EmergencyAttempt.objects.create(principal=principal, at=at, outcome=outcome, opened=opened)
    if outcome == Outcome.STOPPED:
        raise_alarm(Kind.STOPPED, at, principal=principal)
    if not opened:
        return
    this_week = spent_by(principal, at).opened_this_week
    if this_week > PERSON_A_WEEK:
        raise_alarm(Kind.PERSON, at, principal=principal, count=this_week)
    for program, count in opened_by_program(at, of=principal).items():
        if count > PROGRAM_A_WEEK:
            raise_alarm(Kind.TEAM, at, program=program, count=count)


def opened_by_program(at: datetime, *, of: Principal | None = None) -> Counter[Program]:
    """How often the staff of each program broke the glass in the week before ``at``.

    Args:
        of: Only the programs in which this principal holds an office.
    """
    opened = EmergencyAttempt.objects.filter(at__gt=at - WEEK, at__lte=at, outcome=Outcome.OPENED)
    by_person = Counter(opened.values_list("principal", flat=True))
    offices = Membership.objects.held_at(at).filter(principal__in=by_person)
    if of is not None:
        theirs = Membership.objects.held_by(of, at).values_list("program", flat=True)
        offices = offices.filter(program__in=list(theirs))
    pairs = {(office.program, office.principal_id) for office in offices.select_related("program")}
    counted: Counter[Program] = Counter()
    for program, principal_id in pairs:
        counted[program] += by_person[principal_id]
    return counted


def raise_alarm(kind: str, at: datetime, *, count: int = 1, **about: Any) -> None:
    """Raise an alarm, unless the same one still waits to be seen. As ``system:emergency``.

    The log's line holds a code and the alarm's id; whom it is about stands in the row.
    """
    if EmergencyAlarm.objects.filter(kind=kind, acknowledged_at__isnull=True, **about).exists():
        return
    alarm = EmergencyAlarm.objects.create(kind=kind, raised_at=at, count=count, **about)
    log.error("%s alarm %s", alarm.kind, alarm.pk)
    ledger.note_event("alarm", resources={alarm._meta.label_lower: [str(alarm.pk)]}, reason=alarm.kind)


def acknowledge_alarm(alarm_id: Any, *, by: Principal, at: datetime) -> EmergencyAlarm:
    """A privacy officer has seen it; until then it stays. Nobody acknowledges an alarm about themselves.

    Raises:
        NothingToTell: there is no such alarm for ``by``, or it is about them.
    """
    if PRIVACY_OFFICER not in access.roles_of(by):
        raise NothingToTell("alarms are the privacy officers'")
    alarm = EmergencyAlarm.objects.filter(pk=alarm_id).first()
    if alarm is None or alarm.principal_id == by.pk:
        raise NothingToTell(f"alarm `{alarm_id}` is not there for `{by.uid}`")
    if alarm.acknowledged_at is None:
        alarm.acknowledged_by, alarm.acknowledged_at = by, at
        alarm.save(update_fields=["acknowledged_by", "acknowledged_at"])
        ledger.note_event(
            "alarm seen", resources={alarm._meta.label_lower: [str(alarm.pk)]}, reason=alarm.kind
        )
    return alarm
