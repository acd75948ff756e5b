"""Small worlds of dated facts about one client, and what the engine says of them at an instant.

The answer is asked for here from rows that hold at that instant, each found by a query of its own:
nothing of how the product looks ahead is used.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Q

from consent import access, services
from consent.engine import forms
from consent.engine.decide import decide
from consent.engine.facts import Source
from consent.models import (
    Agreement,
    Assignment,
    Consent,
    Determination,
    Grant,
    LifeDates,
    Membership,
    Principal,
    Program,
    Restriction,
)
from consent.services import decisions
from consent.services.colleagues import Colleague
from consent.services.standing import Standing, age_on
from consent.services.values import facts_of
from consent.services.workforce import (
    OWN_USE,
    PARTNERS_USE,
    question_of_own_use,
    question_of_partners_use,
)
from tests import factories


def database_now() -> datetime:
    """When the transaction began, by the database's clock: grants begin then."""
    with connection.cursor() as cursor:
        cursor.execute("select now()")
        return cursor.fetchone()[0]


MICROSECOND = timedelta(microseconds=1)
HIPAA_ELEMENTS = (
    "h.info", "h.from", "h.to", "h.purpose", "h.expiry", "h.sig", "h.sigdate", "h.revoke", "h.cond", "h.redisc",
    "h.plain",
)  # fmt: skip
STATUSES = {
    "p2_status": "lawful_holder", "hipaa_legal": "covered_component", "mhpa_facility": "no", "vs_regime": "none",
}  # fmt: skip
Span = tuple[datetime, datetime | None]


@dataclass(kw_only=True)
class StandingWorld:
    """A client with a note's compartment and a release to a clinic, one worker and the clinic's machine."""

    now: datetime
    sam: UUID = field(default_factory=uuid4)
    program: Program = field(default_factory=lambda: factories.make_program("CO-RESPONSE"))

    def __post_init__(self) -> None:
        self.clinic = factories.make_organization("Clinic", kind="treating_provider_ce")
        self.machine = factories.make_principal(
            f"machine-{self.sam}", kind=Principal.Kind.MACHINE, employer=self.clinic
        )
        self.lind = factories.make_principal(f"lind-{self.sam}")
        with access.opened("system:grants", "HOPERAT"):
            self.note = services.open_compartment(self.sam, self.program, ("MH",))
            self.release = services.open_compartment(self.sam, self.program, ("MH",), recipient=self.clinic)
        # forms lie at a desk of their own, so that who writes them down needs no part in Sam's care
        self.clerk = factories.make_principal(f"clerk-{self.sam}")
        self.desk = factories.make_compartment(program=self.program, segments=("MH",))
        factories.grant(self.clerk, self.desk)

    def determined(self, span: Span, **statuses: Any) -> Determination:
        made = Determination.objects.create(
            **(STATUSES | statuses), signed_by="counsel", begins_at=span[0], ends_at=span[1]
        )
        made.programs.set([self.program])
        return made

    def office(self, span: Span, role: str = "social worker", program: Program | None = None) -> Membership:
        return Membership.objects.create(
            principal=self.lind, role=Group.objects.get(name=role), program=program or self.program,
            begins_at=span[0], ends_at=span[1],
        )  # fmt: skip

    def assigned(self, span: Span) -> Assignment:
        with access.opened("system:grants", "HOPERAT"):
            return Assignment.objects.create(
                subject_id=self.sam, program=self.program, principal=self.lind, begins_at=span[0], ends_at=span[1]
            )  # fmt: skip

    def consented(self, span: Span, *, revoked_at: datetime | None = None, **more: Any) -> Consent:
        fields: dict[str, Any] = {
            "form": "HIPAA-AUTH", "segments": ["MH"], "purposes": ["COC"], "signed_at": span[0], "ends_at": span[1],
            "recipients": [{"type": self.clinic.kind, "organization": str(self.clinic.uid), "unit": ""}],
            "elements": dict.fromkeys(HIPAA_ELEMENTS, "as on the form"),
            "revoked_at": revoked_at, "revoked_how": "oral" if revoked_at else "",
        }  # fmt: skip
        return self._kept(Consent, **(fields | more))

    def restricted(self, span: Span, *recipients: str) -> Restriction:
        return self._kept(
            Restriction, segments=["MH"], recipients=list(recipients), agreed_at=span[0], ends_at=span[1],
            agreed_by=self.clerk,
        )  # fmt: skip

    def lived(self, born_on: date | None, died_on: date | None = None) -> LifeDates:
        with access.opened(self.clerk, "CAREMGT"):
            return LifeDates.objects.create(
                compartment=self.desk, subject_id=self.sam, born_on=born_on, died_on=died_on
            )

    def agreed(self, span: Span, kind: str = "BAA") -> Agreement:
        return Agreement.objects.create(
            kind=kind,
            party_a=self.program.organization,
            party_b=self.clinic,
            begins_at=span[0],
            ends_at=span[1],
        )

    def _kept(self, model: Any, **fields: Any) -> Any:
        with access.opened(self.clerk, "CAREMGT"):
            return model.objects.create(
                compartment=self.desk, subject_id=self.sam, program=self.program, **fields
            )

    def recompute(self, at: datetime | None = None) -> None:
        with access.opened("system:grants", "HOPERAT"):
            services.recompute_grants(self.sam, at=at or self.now)

    def grants(self) -> list[Grant]:
        with access.opened("system:grants", "HOPERAT"):
            rows = Grant.objects.filter(content_object__subject_id=self.sam)
            return list(rows.order_by("pk"))

    def granted(self, at: datetime) -> dict[tuple[int, int], set[str]]:
        """What the rows open at ``at``: purposes by compartment and principal."""
        return {
            (each.content_object_id, each.user_id): set(each.purposes)
            for each in self.grants()
            if each.valid_from <= at < each.valid_until
        }

    def decided(self, at: datetime) -> dict[tuple[int, int], set[str]]:
        """What the engine lets be opened at ``at``, asked from the rows that hold then."""
        with access.opened("system:grants", "HOPERAT"):
            standing = self._standing(at)
            asked = question_of_partners_use(standing, self.note.scope, self.clinic, self._agreements(at))
            found = {(self.release.pk, self.machine.pk): _permitted(asked, PARTNERS_USE)}
            team = _running(Assignment.objects.filter(subject_id=self.sam), at)
            offices = _running(Membership.objects.filter(principal=self.lind), at).select_related(
                "program", "role"
            )
            colleague = Colleague(principal=self.lind, offices=tuple(offices))
            if team.exists() and colleague.holds_an_office_in(self.program):
                asked = question_of_own_use(
                    standing, self.note.scope, colleague, assigned=True, supervises=False
                )
                found[(self.note.pk, self.lind.pk)] = _permitted(asked, OWN_USE)
        return {key: purposes for key, purposes in found.items() if purposes}

    def _standing(self, at: datetime) -> Standing:
        row = Determination.objects.in_force(self.program, at).first()
        keys = ("p2_status", "hipaa_legal", "mhpa_facility", "vs_regime", "hmis_cho")
        statuses: Mapping[str, Any] = {key: getattr(row, key) for key in keys} if row else {"hmis_cho": True}
        limits = Restriction.objects.filter(subject_id=self.sam, agreed_at__lte=at)
        limits = limits.filter(Q(ends_at=None) | Q(ends_at__gt=at))
        life = LifeDates.objects.filter(subject_id=self.sam).first()
        today = at.astimezone(forms.LOCAL_TIME).date()
        person: dict[str, Any] = {}
        if life and life.born_on:
            person["minor_age"] = min(age_on(today, life.born_on), 18)
        if life and life.died_on and life.died_on <= today:
            person["target_class"] = "decedent"
        signed = Consent.objects.filter(subject_id=self.sam).order_by("pk").select_related("program")
        return Standing(
            source=Source(program=self.program.slug, **statuses),
            in_privacy_notice=bool(row and row.in_privacy_notice),
            consents=tuple(facts_of(each) for each in signed),
            restrictions=tuple((frozenset(each.segments), frozenset(each.recipients)) for each in limits),
            person=tuple(person.items()),
            phases=(),
            at=at,
        )

    def _agreements(self, at: datetime) -> dict[str, bool]:
        return decisions.agreements_with(self.clinic, self.program, at)[0]


def _running(rows: Any, at: datetime) -> Any:
    return rows.filter(begins_at__lte=at).filter(Q(ends_at=None) | Q(ends_at__gt=at))


def _permitted(asked: Any, purposes: tuple[str, ...]) -> set[str]:
    return {
        purpose
        for purpose in purposes
        if set(decide(replace(asked, purpose=purpose), decisions.PACKS).permitted) == set(asked.segments)
    }
