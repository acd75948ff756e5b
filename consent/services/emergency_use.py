"""What the law lets somebody open who has said what the emergency is: the facts, and the questions.

Breaking the glass supplies facts and is no basis (`law/rules.md`, ``eng.btg``). Three things may
be true of whoever asks, and each is asked of the engine by itself: they are staff of the unit that
keeps the record, they are medical personnel (42 CFR 2.51), or they care for the person from another
program (45 CFR 164.506(c)). What none of them opens stays closed, whatever is at stake.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from consent.engine.decide import decide
from consent.engine.facts import Actor, Asked, BreakGlass, Decision, Recipient
from consent.models import EmergencyAccess, Program, Scope
from consent.roles import actor_role
from consent.services import decisions
from consent.services.colleagues import Colleague
from consent.services.standing import Standing
from consent.services.workforce import Answer

# What the glass may be broken for. Nothing else that a page does is an emergency.
PURPOSES: Final = ("ETREAT", "ERTREAT")
_BODILY: Final = ("medical_emergency", "emergency_medical_situation", "serious_bodily_harm_risk")
Nature, WithoutConsent, Treats = (
    EmergencyAccess.Nature,
    EmergencyAccess.WithoutConsent,
    EmergencyAccess.Treats,
)
FACTS_OF_NATURE: Final[Mapping[str, Sequence[str]]] = {
    Nature.OVERDOSE: _BODILY,
    Nature.NOT_RESPONDING: _BODILY,
    Nature.SELF_HARM: _BODILY,
    Nature.INJURY: _BODILY,
    Nature.ILLNESS: _BODILY,
    Nature.CONFUSION: ("medical_emergency",),
}
# How the page and the row that an emergency access leaves behind meet what a decision obliges to.
FULFILLED: Final[Mapping[str, str]] = {
    "OBL-MINNEC": "one client, read only, the newest things first, for an hour",
    "OBL-NEUTRAL-DENY": "nobody there and not permitted are one answer",
    "OBL-P2-EMERG-DOC": "the row keeps who was told and where they work, who told, when, and the nature (2.51(c))",
    "OBL-P2-EMERG-RESTRICT-ASK": "the page asks to tell whoever treats not to pass it on",
    "OBL-P2-USEBAR": "the page says that it may not be used against the person (2.12(d)(1))",
    "OBL-PROF-JUDGMENT": "the reasons are written by the named professional before anything opens",
    "OBL-RECORD-BASIS": "the facts relied on stand in the row, the rules in the receipts and grants",
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody says of an emergency, before the law has looked at it."""

    nature: str
    without_consent: str
    treats: str
    words: str
    needs_restricted: bool = False
    told_name: str = ""
    told_facility: str = ""

    @classmethod
    def of(cls, row: EmergencyAccess) -> "Said":
        """What stands in the row."""
        return cls(**{name: getattr(row, name) for name in cls.__dataclass_fields__})

    def facts(self) -> dict[str, bool]:
        """The facts that it shows. A conscious refusal is not "cannot be obtained" (42 CFR 2.51(a)(1))."""
        shown = {"recipient_treats_subject": True}  # treats, or coordinates the treatment
        shown |= dict.fromkeys(FACTS_OF_NATURE[self.nature], True)
        if self.without_consent != WithoutConsent.REFUSED:
            shown["consent_unobtainable"] = True
        if self.needs_restricted:
            shown["treating_emergency_needs_restricted"] = True
        return shown


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """A running emergency access, or one that is asked for: who, about whom, from when to when."""

    colleague: Colleague
    subject_id: UUID
    said: Said
    started_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, row: EmergencyAccess, colleague: Colleague) -> "Emergency":
        """The row, with its principal as they are."""
        return cls(
            colleague=colleague,
            subject_id=row.subject_id,
            said=Said.of(row),
            started_at=row.started_at,
            ends_at=row.ends_at,
        )

    def broken(self) -> BreakGlass:
        """As the engine sees it: codes only, because a question ends up in the ledger, and words never do."""
        said = self.said
        return BreakGlass(
            by=str(self.colleague.principal.uid),
            reason=f"{said.nature} {said.without_consent} {said.treats}",
            emergency=said.nature,
            opened_at=self.started_at,
            subject=str(self.subject_id),
        )


def use(standing: Standing, scope: Scope, emergency: Emergency) -> Answer | None:
    """The purposes for which the engine lets the whole scope open in the emergency, with basis and end."""
    permitted: list[str] = []
    basis: dict[tuple[str, str], dict[str, str]] = {}
    ends = [emergency.ends_at]
    rests_on: dict[Recipient, tuple[Asked, dict[str, Decision]]] = {}
    for purpose in PURPOSES:
        asked, decision = answer(standing, scope, emergency, purpose)
        if not opens(decision, scope):
            continue
        rests_on.setdefault(asked.recipient, (asked, {}))[1][purpose] = decision
        permitted.append(purpose)
        ends += [decision.expires_at] if decision.expires_at else []
        basis |= {(line.rule, line.cite): {"rule": line.rule, "cite": line.cite} for line in decision.basis}
    if not permitted:
        return None
    lines = tuple(basis[key] for key in sorted(basis))
    return Answer(
        purposes=tuple(permitted), basis=lines, ends_at=min(ends), rests_on=tuple(rests_on.values())
    )


def answer(standing: Standing, scope: Scope, emergency: Emergency, purpose: str) -> tuple[Asked, Decision]:
    """The first question that opens the whole scope, with its answer; else the last, with its refusal."""
    asked, decision = None, None
    for asked in questions(standing, scope, emergency, purpose):
        decision = decided(asked)
        if opens(decision, scope):
            break
    if asked is None or decision is None:  # there is always one question at least
        raise LookupError("an emergency asks nothing")
    return asked, decision


def decided(asked: Asked) -> Decision:
    """The engine's answer, without a receipt: whoever acts on it keeps one."""
    return decide(asked, decisions.PACKS)


def opens(decision: Decision, scope: Scope) -> bool:
    """Does it open all of the scope, with obligations that can be met here?

    A segment that would need an official statement whose text the city has not put into its
    settings stays closed: an obligation that can't be met refuses.
    """
    statements = getattr(settings, "STATE_STATEMENTS", {})  # the police side has none
    return set(decision.permitted) == set(scope.segments) and all(
        duty.code in FULFILLED or statements.get(duty.code) for duty in decision.obligations
    )


def questions(standing: Standing, scope: Scope, emergency: Emergency, purpose: str) -> Iterator[Asked]:
    """As whom somebody may ask in this emergency, the closest to the record first.

    Whoever is paid by the police, or by nobody known, asks as the police, whatever they call
    themselves (`law/rules.md`, ``eng.role.dual``).
    """
    program, colleague, said = scope.program, emergency.colleague, emergency.said
    uid, facts = str(colleague.principal.uid), said.facts()
    own = colleague.facts(
        program, assigned=True, supervises=False
    )  # on duty with the person: `law/rules.md` 4.4
    as_whom: list[tuple[str, dict[str, Any]]] = []
    if not actor_in(program, colleague).is_known_civilian:
        as_whom.append(("law_enforcement", facts))  # an officer with naloxone is no medical personnel
    else:
        if own.get("same_unit"):
            as_whom.append(("own_workforce", own | facts))
        if said.treats == Treats.MEDICAL:
            medical = facts | {"recipient_is_medical_personnel": True}
            as_whom.append(("emergency_medical_personnel", medical))
        as_whom.append(("och_other_program", facts))
    for type_, shown in as_whom:
        yield _question(standing, scope, emergency, purpose, Recipient(type=type_, id=uid), shown)


def actor_in(program: Program, colleague: Colleague) -> Actor:
    """What the law calls them: by their office in ``program``, or else by the one that they do hold.

    A program's words for its own staff are no words for a visitor's.
    """
    actor = colleague.actor(program)
    if colleague.holds_an_office_in(program):
        return actor
    held = sorted((office.role.name, office.program.known_as) for office in colleague.offices)
    roles = [found for role, slug in held if (found := actor_role([role], slug))]
    return replace(actor, role=roles[0] if roles else "")


def telling_medics(standing: Standing, scope: Scope, emergency: Emergency) -> Asked:
    """May whoever looks tell it to the medical personnel whom they named (42 CFR 2.51)?"""
    shown = emergency.said.facts() | {"recipient_is_medical_personnel": True}
    medics = Recipient(type="emergency_medical_personnel")
    return _question(standing, scope, emergency, PURPOSES[0], medics, shown)


def _question(
    standing: Standing,
    scope: Scope,
    emergency: Emergency,
    purpose: str,
    recipient: Recipient,
    facts: Mapping[str, Any],
) -> Asked:
    program: Program = scope.program
    asked = decisions.question(
        standing,
        segments=scope.segments,
        recipient=recipient,
        purpose=purpose,
        actor=actor_in(program, emergency.colleague),
        facts=facts,
    )
    broken = emergency.broken()
    return replace(asked, subject=broken.subject, break_glass=broken)
