"""Why somebody has a client's compartments open, and why not: in codes and ids, never in names."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from consent import access
from consent.engine.decide import decide
from consent.engine.facts import Asked
from consent.models import Compartment, Grant, Membership, OfficeGrant, Principal
from consent.models.compartments import FOR_GOOD
from consent.roles import SUPERVISES
from consent.selectors import what_opens
from consent.services import decisions, ledger
from consent.services.colleagues import Colleague
from consent.services.renewal import PURPOSES
from consent.services.standing import History
from consent.services.workforce import OWN_USE, PARTNERS_USE, question_of_own_use, question_of_partners_use

Told = dict[str, Any]


class NobodyThere(LookupError):
    """No such principal, or no such client; the message says which."""


def principal_named(said: str) -> Principal:
    """The principal with that username or uid.

    Raises:
        NobodyThere: there is none.
    """
    rows = Principal.objects.select_related("employer")
    found = rows.filter(username=said).first()
    if found is None and (uid := _as_uuid(said)) is not None:
        found = rows.filter(uid=uid).first()
    if found is None:
        raise NobodyThere("no principal has that username or uid")
    return found


def _as_uuid(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


def explain_scope(principal: Principal, said: str) -> Told:
    """What is open to ``principal`` of the client with that id, through what, until when; and why the rest isn't.

    A transaction of its own as ``system:grants``, which leaves its entry in the ledger.

    Raises:
        NobodyThere: there is no such client.
    """
    subject_id = _as_uuid(said)
    with access.opened("system:grants", PURPOSES[settings.SIDE]):
        rows = Compartment.objects.filter(subject_id=subject_id).order_by("scope__program__slug", "pk")
        compartments = list(rows.select_related("scope__program__unit", "recipient"))
        if not compartments or subject_id is None:
            raise NobodyThere("no client has that id")
        told = _Explaining.of(principal, subject_id, compartments).told()
        ledger.note_event(
            "explain", subject_id=subject_id, resources={"consent.principal": [str(principal.uid)]}
        )
    return told


@dataclass(kw_only=True)
class _Explaining:
    """One principal before one client, at one instant."""

    principal: Principal
    subject_id: UUID
    compartments: list[Compartment]
    history: History
    colleague: Colleague
    at: datetime

    @classmethod
    def of(cls, principal: Principal, subject_id: UUID, compartments: list[Compartment]) -> "_Explaining":
        at = timezone.now()
        programs = {each.scope.program_id: each.scope.program for each in compartments}
        recipients = {each.recipient_id: each.recipient for each in compartments if each.recipient}
        history = History.about(subject_id, programs.values(), recipients.values()).with_team(at)
        colleague = Colleague.of(principal, at)
        return cls(
            principal=principal, subject_id=subject_id, compartments=compartments, history=history,
            colleague=colleague, at=at,
        )  # fmt: skip

    def told(self) -> Told:
        employer = self.principal.employer
        return {
            "principal": str(self.principal.uid),
            "client": str(self.subject_id),
            "at": self.at.isoformat(),
            "is_active": self.principal.is_active,
            "paid_by_police": None if employer is None else employer.is_criminal_justice_agency,
            "offices": [_span(each, role=each.role.name, program=each.program.slug) for each in self._offices()],
            "assignments": [
                _span(each, program=each.program.slug)
                for each in self.history.team
                if each.principal_id == self.principal.pk
            ],
            "restrictions": [
                {
                    "program": program.slug, "segments": sorted(each.segments),
                    "recipients": sorted(each.recipients) or ["everybody"],
                    "from": each.agreed_at.isoformat(), "until": each.ends_at and each.ends_at.isoformat(),
                }
                for program in self.history.programs
                for each in self.history.restrictions.get(program.pk, ())
                if each.ends_at is None or each.ends_at > self.at
            ],
            "emergencies": [
                {"from": each.started_at.isoformat(), "until": each.closes_at.isoformat()}
                for each in self.history.emergencies
                if each.principal_id == self.principal.pk
            ],
            "compartments": [self._compartment(each) for each in self.compartments],
        }  # fmt: skip

    def _offices(self) -> Iterator[Membership]:
        yield from (
            Membership.objects.filter(principal=self.principal)
            .select_related("role", "program")
            .order_by("begins_at", "pk")
        )

    def _compartment(self, compartment: Compartment) -> Told:
        found = list(what_opens(self.principal, compartment, at=self.at))
        told = {
            "compartment": compartment.pk,
            "program": compartment.scope.program.slug,
            "segments": sorted(compartment.scope.segments),
            "released_to": str(compartment.recipient.uid) if compartment.recipient else None,
            "is_open": bool(found),
            "through": [_through(each) for each in found],
        }
        return told if found else told | {"missing": list(self._missing(compartment))}

    def _missing(self, compartment: Compartment) -> Iterator[Told]:
        """What stands in the way, the plainest first; then what the law itself says."""
        program = compartment.scope.program
        if not self.principal.is_active:
            yield {"what": "the account is locked"}
        if compartment.recipient is not None:
            if self.principal.employer_id != compartment.recipient_id:
                yield {"what": "it was released to another organization"}
                return
            if self.principal.kind != Principal.Kind.MACHINE:
                yield {"what": "a release opens to its recipient's machines alone"}
                return
        elif not self._is_assigned(compartment):
            since = compartment.closed_to_later_at
            yield {
                "what": "not on the client's care team in the program"
                if since is None
                else "not on the client's care team before the hand-over in summary",
                **({"handed_over_at": since.isoformat()} if since else {}),
            }
        if compartment.recipient is None and not self.colleague.holds_an_office_in(program):
            yield {"what": "no office in the program now"}
        if settings.SIDE == "clinical":
            yield from self._what_the_law_says(self._asked(compartment), compartment)

    def _is_assigned(self, compartment: Compartment) -> bool:
        program, before = compartment.scope.program, compartment.closed_to_later_at
        return any(
            each.program_id == program.pk
            and each.principal_id == self.principal.pk
            and each.begins_at <= self.at
            and (before is None or each.begins_at < before)
            for each in self.history.team
        )

    def _asked(self, compartment: Compartment) -> Asked:
        scope, organization = compartment.scope, compartment.recipient
        standing = self.history.standing(scope.program, self.at)
        if organization is not None:
            agreed = self.history.agreed_with(organization, scope.program, self.at)
            return question_of_partners_use(standing, scope, organization, agreed)
        here = [each for each in self.colleague.offices if each.program_id == scope.program_id]
        return question_of_own_use(
            standing, scope, self.colleague, assigned=self._is_assigned(compartment),
            supervises=any(each.role.name in SUPERVISES for each in here),
        )  # fmt: skip

    def _what_the_law_says(self, asked: Asked, compartment: Compartment) -> Iterator[Told]:
        """For which purposes it would open on these facts, and what bars it or is wanting for the first."""
        purposes = PARTNERS_USE if compartment.recipient else OWN_USE
        answers = {each: decide(replace(asked, purpose=each), decisions.PACKS) for each in purposes}
        permitted = [name for name, each in answers.items() if set(each.permitted) == set(asked.segments)]
        if permitted:
            yield {"what": "the law would let it be opened; no grant does", "purposes": permitted}
            return
        first = answers[asked.purpose]
        yield {
            "what": "the law doesn't let it be opened",
            "purpose": asked.purpose,
            "barred_by": list(first.bars_standing),
            "reasons": {each.segment: each.reason for each in first.redacted},
            "would_change_it": [dict(each) for each in first.would_change_it],
            "void_forms": [
                {"consent": each.consent, "lacks": list(each.defects)} for each in first.consents_void
            ],
        }


def _span(row: Any, **more: Any) -> Told:
    ends = row.ends_at
    return more | {"from": row.begins_at.isoformat(), "until": ends.isoformat() if ends else None}


def _through(grant: Grant | OfficeGrant) -> Told:
    until = grant.valid_until
    return {
        "kind": "office" if isinstance(grant, OfficeGrant) else "grant",
        "role": grant.group.name if isinstance(grant, OfficeGrant) else None,
        "purposes": sorted(grant.purposes),
        "writes": grant.writes,
        "from": grant.valid_from.isoformat(),
        "until": None if until == FOR_GOOD else until.isoformat(),
        "basis": list(grant.basis),
    }
