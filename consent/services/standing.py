"""What stands in rows about a client, and when it begins and ends: what decisions and grants are made of.

A `History` holds the dated rows, those that begin later included, read once. From it the
facts of any instant can be told without asking the database again, and so can the instants
at which a fact begins or ends.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from consent import access
from consent.engine import facts, forms
from consent.engine.facts import Source
from consent.models import (
    Agreement,
    Assignment,
    Consent,
    Determination,
    EmergencyAccess,
    LifeDates,
    Membership,
    Organization,
    Principal,
    Program,
    ProgramChange,
    Restriction,
)
from consent.services import lives
from consent.services.colleagues import Colleague
from consent.services.values import facts_of

OF_AGE = 18  # no rule asks for an age above it, so nobody is said to be older
AGREEMENTS = (("qsoa", Agreement.Kind.QSOA), ("baa", Agreement.Kind.BAA))
_STATUSES = ("p2_status", "hipaa_legal", "mhpa_facility", "vs_regime", "hmis_cho")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What stands about one client and one program at an instant.

    Attributes:
        phases: For each form, how many of its own instants have come: as long as they are
            the same, the engine sees the forms the same.
    """

    source: Source
    in_privacy_notice: bool
    consents: tuple[facts.Consent, ...]
    restrictions: tuple[tuple[frozenset[str], frozenset[str]], ...]  # segments, recipient types (none: all)
    person: tuple[tuple[str, Any], ...]  # facts about the client: age, death
    phases: tuple[int, ...]
    at: datetime

    @classmethod
    def of(cls, subject_id: UUID, program: Program, at: datetime) -> "Standing":
        """Read the rows: determinations as they are, forms and restrictions as ``system:grants``.

        Whether a form counts is the engine's question, not the asker's.
        """
        with access.acting_as("system:grants"):
            return History.about(subject_id, [program]).standing(program, at)


def age_on(day: date, born_on: date) -> int:
    """Completed years; somebody born on 29 February is a year older on 1 March of a common year."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _birthday(born_on: date, years: int) -> date:
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:  # 29 February
        return date(born_on.year + years, 3, 1)


def _midnight(day: date) -> datetime:
    """When the day begins, on the city's clock (`law/rules.md` 4.1)."""
    return datetime.combine(day, time.min, forms.LOCAL_TIME)


def _holds(row: Any, at: datetime) -> bool:
    """Half-open: from the instant it begins, no longer at the instant it ends."""
    return bool(row.begins_at <= at and (row.ends_at is None or at < row.ends_at))


@dataclass(kw_only=True)
class History:
    """The dated rows about one client; made with `about`, as ``system:grants``.

    Attributes:
        determinations: By program.
        changes: By program, the earliest first: when each of them was closed and ran again.
        consents: By program, the earliest first; ``turns`` are their own instants, form by form.
        team: Assignments that haven't ended when the rows were read; ``offices`` by principal.
        emergencies: Emergency accesses that haven't ended when the rows were read.
        agreements: Between the programs' organizations and the recipients.
        machines: Active machines by employer.
    """

    subject_id: UUID
    programs: tuple[Program, ...]
    determinations: dict[int, list[Determination]]
    changes: dict[int, list[ProgramChange]]
    consents: dict[int, tuple[facts.Consent, ...]]
    restrictions: dict[int, list[Restriction]]
    life: tuple[date | None, date | None] = (None, None)
    team: list[Assignment] = field(default_factory=list)
    offices: dict[int, list[Membership]] = field(default_factory=dict)
    emergencies: list[EmergencyAccess] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    machines: dict[int, list[Principal]] = field(default_factory=dict)

    @classmethod
    def about(
        cls, subject_id: UUID, programs: Iterable[Program], recipients: Collection[Organization] = ()
    ) -> "History":
        """Read the rows about the client that speak of these programs and recipients."""
        programs = tuple(programs)
        about = {"subject_id": subject_id, "program__in": programs}
        consents, restrictions = defaultdict(list), defaultdict(list)
        for signed in Consent.objects.filter(**about).select_related("program").order_by("signed_at", "pk"):
            consents[signed.program_id].append(facts_of(signed))
        for agreed in Restriction.objects.filter(**about).order_by("agreed_at", "pk"):
            restrictions[agreed.program_id].append(agreed)
        machines = defaultdict(list)
        if recipients:
            kind = Principal.Kind.MACHINE
            for each in Principal.objects.filter(employer__in=recipients, kind=kind, is_active=True):
                machines[each.employer_id].append(each)
        return cls(
            subject_id=subject_id,
            programs=programs,
            determinations={each.pk: list(Determination.objects.filter(programs=each)) for each in programs},
            changes=lives.changes_of(programs),
            consents={program: tuple(found) for program, found in consents.items()},
            restrictions=restrictions,
            life=LifeDates.of(subject_id),
            agreements=agreements_between(programs, recipients),
            machines=machines,
        )

    def with_team(self, at: datetime) -> "History":
        """With who is assigned at ``at`` or will be or has broken the glass, and the offices that they hold."""
        still = Q(ends_at__isnull=True) | Q(ends_at__gt=at)
        assigned = Assignment.objects.filter(still, subject_id=self.subject_id)
        self.team = [
            each
            for each in assigned.select_related("principal__employer").order_by("begins_at", "pk")
            if each.principal.is_active
        ]
        running = EmergencyAccess.objects.filter(
            subject_id=self.subject_id, ends_at__gt=at, ended_at__isnull=True
        )
        self.emergencies = [
            each
            for each in running.select_related("principal__employer").order_by("started_at", "pk")
            if each.principal.is_active
        ]
        staff = {each.principal_id for each in (*self.team, *self.emergencies)}
        offices = Membership.objects.filter(still, principal__in=staff)
        held = defaultdict(list)
        for office in offices.select_related("program", "role").order_by("pk"):
            held[office.principal_id].append(office)
        self.offices = held
        return self

    # --- what stands at an instant -------------------------------------------------------------

    def standing(self, program: Program, at: datetime) -> Standing:
        """What stands about the client and the program at ``at``."""
        statuses = Determination.among(self.determinations[program.pk], at)
        agreed = [
            each
            for each in self.restrictions.get(program.pk, ())
            if each.agreed_at <= at and (each.ends_at is None or at < each.ends_at)
        ]
        return Standing(
            source=Source(
                program=program.known_as,
                is_police=settings.SIDE == "police",
                valid_until=statuses["until"],
                **{key: statuses[key] for key in _STATUSES},
            ),
            in_privacy_notice=bool(statuses["in_privacy_notice"]),
            consents=self.consents.get(program.pk, ()),
            restrictions=tuple((frozenset(each.segments), frozenset(each.recipients)) for each in agreed),
            person=self._person(at),
            phases=tuple(bisect_right(turns, at) for turns in self._turns.get(program.pk, ())),
            at=at,
        )

    def discontinued(self, program: Program, at: datetime) -> ProgramChange | None:
        """What discontinued the Part 2 program and keeps its records sealed at ``at`` (42 CFR 2.19)."""
        changes = self.changes.get(program.pk)
        if not changes:
            return None
        statuses = Determination.among(self.determinations[program.pk], at)
        return lives.discontinued_by(changes, statuses["p2_status"], at)

    def _person(self, at: datetime) -> tuple[tuple[str, Any], ...]:
        born_on, died_on = self.life
        today = at.astimezone(forms.LOCAL_TIME).date()
        found: list[tuple[str, Any]] = []
        if born_on is not None and born_on <= today:
            found.append(("minor_age", min(age_on(today, born_on), OF_AGE)))
        if died_on is not None and died_on <= today:
            found.append(("target_class", "decedent"))
        return tuple(found)

    def assigned(
        self, program: Program, at: datetime, *, before: datetime | None = None
    ) -> Iterator[Colleague]:
        """Who is on the care team in ``program`` at ``at`` and holds an office there.

        Args:
            before: Those alone who were on it before this instant, and have been since.
        """
        for each in self.team:
            is_late = before is not None and each.begins_at >= before
            if each.program_id == program.pk and _holds(each, at) and not is_late:
                colleague = self._colleague(each.principal, at)
                if colleague.holds_an_office_in(program):
                    since = each.hiv_care_since
                    yield replace(colleague, in_hiv_care=since is not None and since <= at)

    def emergencies_at(self, at: datetime) -> Iterator[tuple[Colleague, EmergencyAccess]]:
        """Who has broken the glass and may look at ``at``, with what they said."""
        for each in self.emergencies:
            if each.is_running(at):
                yield self._colleague(each.principal, at), each

    def _colleague(self, principal: Principal, at: datetime) -> Colleague:
        offices = [office for office in self.offices.get(principal.pk, ()) if _holds(office, at)]
        return Colleague(principal=principal, offices=tuple(offices))

    def agreed_with(self, organization: Organization, program: Program, at: datetime) -> dict[str, bool]:
        """``qsoa``, ``baa`` as facts: what is in force at ``at`` and lets things go from us to them."""
        found = in_force(self.agreements, organization, program, at)
        return agreement_facts(found)

    # --- when it changes -----------------------------------------------------------------------

    def instants(self, after: datetime) -> list[datetime]:
        """The instants after ``after`` at which a fact begins or ends, the earliest first."""
        return sorted({each for each in self._dated() if each is not None and each > after})

    @cached_property
    def _turns(self) -> dict[int, tuple[tuple[datetime, ...], ...]]:
        return {
            program: tuple(forms.turns_of(each) for each in consents)
            for program, consents in self.consents.items()
        }

    def _dated(self) -> Iterator[datetime | None]:
        for turns in self._turns.values():
            for each in turns:
                yield from each
        for restrictions in self.restrictions.values():
            for agreed in restrictions:
                yield from (agreed.agreed_at, agreed.ends_at)
        for changed in self.changes.values():
            yield from (lives.began(each.on) for each in changed)
        rows = [*self.team, *self.agreements]
        for held in (*self.offices.values(), *self.determinations.values()):
            rows += held
        for row in rows:
            yield from (row.begins_at, row.ends_at)
        yield from (each.hiv_care_since for each in self.team)
        for broken in self.emergencies:
            yield from (broken.started_at, broken.closes_at)
        yield from self._days_of_life()

    def _days_of_life(self) -> Iterator[datetime]:
        born_on, died_on = self.life
        if born_on is not None:
            yield from (_midnight(_birthday(born_on, years)) for years in range(OF_AGE + 1))
        if died_on is not None:
            yield _midnight(died_on)


def agreements_between(
    programs: Iterable[Program], organizations: Collection[Organization]
) -> list[Agreement]:
    """Every agreement, of any date, between the programs' own organizations and these."""
    if not organizations:
        return []
    ours = {each.organization_id for each in programs}
    return list(
        Agreement.objects.filter(
            Q(party_a__in=ours, party_b__in=organizations) | Q(party_a__in=organizations, party_b__in=ours)
        ).order_by("pk")
    )


def in_force(
    agreements: Iterable[Agreement], organization: Organization, program: Program, at: datetime
) -> list[Agreement]:
    """Those that hold at ``at`` and let things go from the program's own organization to the other."""
    return [
        each
        for each in agreements
        if _holds(each, at) and each.lets_go(program.organization_id, organization.pk)
    ]


def agreement_facts(found: Iterable[Agreement]) -> dict[str, bool]:
    """``qsoa``, ``baa`` as facts shown."""
    kinds = {each.kind for each in found}
    return {name: True for name, kind in AGREEMENTS if kind in kinds}
