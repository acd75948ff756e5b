"""Own staff and partners as the law sees them: the questions that grants are answers to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from consent import access
from consent.engine import forms
from consent.engine.decide import decide
from consent.engine.facts import Asked, Decision, Recipient
from consent.models import Organization, ProgramChange, Scope
from consent.services import decisions
from consent.services.colleagues import Colleague
from consent.services.standing import Standing

# The purposes a grant can name: own use, and what a partner may read a release for.
OWN_USE = (*access.CAREUSE, "X-VICTIMSVC", "X-HOUSING")
PARTNERS_USE = ("TREAT", "COC", "CAREMGT", "X-HOUSING", "X-VICTIMSVC")
# the rules of Part 2 by which a written consent lets something go
AGREED_TO = frozenset({"p2.disclose.consent.2.33a1", "p2.disclose.tpo.2.33a2"})
Decided = tuple[Asked, Mapping[str, Decision]]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The purposes for which a whole compartment opens, and what it rests on.

    Attributes:
        ends_at: The end that the engine itself set to the answer, counted from the question
            (seven days for police); ``None`` where only dated rows end it.
        rests_on: The questions, each with the decision on every purpose, for the receipt; two
            answers of the same content are one, whenever they were asked for.
    """

    purposes: tuple[str, ...]
    basis: tuple[dict[str, str], ...]
    ends_at: datetime | None = None
    rests_on: tuple[Decided, ...] = field(default=(), compare=False)

    def joined_by(self, other: "Answer") -> "Answer":
        """Both, until the first of them ends."""
        return Answer(
            purposes=tuple(sorted({*self.purposes, *other.purposes})),
            basis=(*self.basis, *(line for line in other.basis if line not in self.basis)),
            ends_at=min((end for end in (self.ends_at, other.ends_at) if end), default=None),
            rests_on=(*self.rests_on, *other.rests_on),
        )


# The police side's own records: the consent rules speak of what leaves it; within it the unit decides.
POLICE_DUTY = Answer(
    purposes=("X-REFERRAL-IN",),
    basis=({"rule": "local.own-unit", "cite": "local policy: a unit reads its own records"},),
)
Remembered = dict[Any, Answer | None]


def own_use(
    standing: Standing,
    scope: Scope,
    colleague: Colleague,
    *,
    assigned: bool = False,
    supervises: bool = False,
    remembered: Remembered | None = None,
) -> Answer | None:
    """The purposes for which the engine lets own staff open the whole scope, with the basis."""
    asked = question_of_own_use(standing, scope, colleague, assigned=assigned, supervises=supervises)
    return _permitted_purposes(asked, OWN_USE, standing, remembered)


def question_of_own_use(
    standing: Standing, scope: Scope, colleague: Colleague, *, assigned: bool, supervises: bool
) -> Asked:
    """May this colleague open the scope, for the first of the purposes of own use?"""
    program, principal = scope.program, colleague.principal
    return decisions.question(
        standing,
        segments=scope.segments,
        recipient=Recipient(type="own_workforce", id=str(principal.uid), unit=program.unit.slug),
        purpose=OWN_USE[0],
        actor=colleague.actor(program),
        facts=colleague.facts(program, assigned=assigned, supervises=supervises),
    )


def is_transferred(standing: Standing, scope: Scope, change: ProgramChange) -> bool:
    """Did the client agree in writing that the records go to a program that takes over a discontinued one?

    A Part 2 consent that names the acquiring program lets all of the scope go there: that is the
    engine's question, under Part 2 alone. What else the law asks of the transfer is no reason to
    keep the seal.

    Cites: 42 CFR 2.19(a)(1), 2.31.
    """
    for acquiring in change.into.all():
        asked = decisions.question(
            standing,
            segments=scope.segments,
            recipient=Recipient(type="part2_program_other", id=str(acquiring.organization.uid)),
            purpose=PARTNERS_USE[0],
            actor=decisions.ENGINE_JOB,
            facts={},
        )
        found = [
            each for each in decided(asked, PARTNERS_USE[:1])[PARTNERS_USE[0]].findings if each.regime == "P2"
        ]
        if found and all(not each.standing and AGREED_TO & set(each.permits) for each in found):
            return True
    return False


def partners_use(
    standing: Standing,
    scope: Scope,
    organization: Organization,
    agreed: dict[str, bool],
    *,
    remembered: Remembered | None = None,
) -> Answer | None:
    """The purposes for which what was released to ``organization`` may still be read there.

    Args:
        agreed: Agreements in force with it, as facts.
    """
    asked = question_of_partners_use(standing, scope, organization, agreed)
    return _permitted_purposes(asked, PARTNERS_USE, standing, remembered)


def question_of_partners_use(
    standing: Standing, scope: Scope, organization: Organization, agreed: dict[str, bool]
) -> Asked:
    """May it be read at ``organization``, for the first of the purposes of partners' use?"""
    return decisions.question(
        standing,
        segments=scope.segments,
        recipient=decisions.as_recipient(organization),
        purpose=PARTNERS_USE[0],
        actor=decisions.ENGINE_JOB,
        facts=agreed,
    )


def _permitted_purposes(
    asked: Asked, purposes: tuple[str, ...], standing: Standing, remembered: Remembered | None
) -> Answer | None:
    """The answer, asked anew only where something else than the clock differs from an earlier question.

    The clock changes nothing as long as the forms are in the same phases; statuses and
    restrictions are already those of the instant.
    """
    # when a determination ends is among the instants at which the question is asked again
    asked = replace(asked, source=replace(asked.source, valid_until=None))
    if remembered is None:
        return _answer(asked, purposes)
    key = (
        asked.actor, asked.source, asked.recipient, asked.segments, asked.recorded_no,
        frozenset(asked.facts.items()), standing.phases, purposes,
    )  # fmt: skip
    if key not in remembered:
        remembered[key] = _answer(asked, purposes)
    return remembered[key]


def _answer(asked: Asked, purposes: Iterable[str]) -> Answer | None:
    """Ask for each purpose; a grant names those for which the whole compartment opens."""
    by_purpose = decided(asked, purposes)
    permitted = {
        purpose: decision
        for purpose, decision in by_purpose.items()
        if set(decision.permitted) == set(asked.segments)
    }
    if not permitted:
        return None
    found = permitted.values()
    rules = {(line.rule, line.cite) for decision in found for line in decision.basis}
    consents = {each for decision in found for each in decision.consents_used}
    basis = [{"rule": rule, "cite": cite} for rule, cite in sorted(rules)]
    basis += [{"consent": each} for each in sorted(consents)]
    dated = {forms.end_of(each) for each in asked.consents}
    own_ends = [each.expires_at for each in found if each.expires_at and each.expires_at not in dated]
    return Answer(
        purposes=tuple(permitted), basis=tuple(basis), ends_at=min(own_ends, default=None),
        rests_on=((asked, by_purpose),),
    )  # fmt: skip


def decided(asked: Asked, purposes: Iterable[str]) -> dict[str, Decision]:
    """The decision on each of the purposes."""
    return {each: decide(replace(asked, purpose=each), decisions.PACKS) for each in purposes}
