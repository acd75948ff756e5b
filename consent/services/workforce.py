"""Own staff and partners as the law sees them: the questions that grants are answers to."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from consent import access
from consent.engine.decide import decide
from consent.engine.facts import Asked, Recipient
from consent.models import Organization, Scope
from consent.models.compartments import FOR_GOOD
from consent.services import decisions
from consent.services.colleagues import Colleague
from consent.services.decisions import Standing

# The purposes a grant can name: own use, and what a partner may read a release for.
OWN_USE = (*access.CAREUSE, "X-VICTIMSVC", "X-HOUSING")
PARTNERS_USE = ("TREAT", "COC", "CAREMGT", "X-HOUSING", "X-VICTIMSVC")
# The police side's own records: the consent rules speak of what leaves it; within it the unit decides.
POLICE_DUTY = ("X-REFERRAL-IN",)
OWN_UNIT_BASIS = [{"rule": "local.own-unit", "cite": "local policy: a unit reads its own records"}]
Answer = tuple[tuple[str, ...], list[dict[str, str]], datetime]  # purposes, basis, until


def own_use(
    standing: Standing,
    scope: Scope,
    colleague: Colleague,
    *,
    assigned: bool = False,
    supervises: bool = False,
) -> Answer | None:
    """The purposes for which the engine lets own staff open the whole scope, with basis and end."""
    program, principal = scope.program, colleague.principal
    asked = decisions.question(
        standing,
        segments=scope.segments,
        recipient=Recipient(type="own_workforce", id=str(principal.uid), unit=program.unit.slug),
        purpose=OWN_USE[0],
        actor=colleague.actor(program),
        facts=colleague.facts(program, assigned=assigned, supervises=supervises),
    )
    return _permitted_purposes(asked, OWN_USE, standing.statuses_until)


def partners_use(standing: Standing, scope: Scope, organization: Organization) -> Answer | None:
    """The purposes for which what was released to ``organization`` may still be read there."""
    agreed, agreements_end_at = decisions.agreements_with(organization, scope.program, standing.at)
    asked = decisions.question(
        standing,
        segments=scope.segments,
        recipient=decisions.as_recipient(organization),
        purpose=PARTNERS_USE[0],
        actor=decisions.ENGINE_JOB,
        facts=agreed,
    )
    limits = [end for end in (standing.statuses_until, agreements_end_at) if end]
    return _permitted_purposes(asked, PARTNERS_USE, min(limits, default=None))


def _permitted_purposes(asked: Asked, purposes: Iterable[str], until: datetime | None) -> Answer | None:
    """Ask for each purpose; a grant names those for which the whole compartment opens."""
    permitted: list[str] = []
    basis: dict[tuple[str, str], dict[str, str]] = {}
    ends = [until]
    for purpose in purposes:
        decision = decide(replace(asked, purpose=purpose), decisions.PACKS)
        if set(decision.permitted) != set(asked.segments):
            continue
        permitted.append(purpose)
        ends.append(decision.expires_at)
        for part in decision.basis:
            basis[(part.rule, part.cite)] = {"rule": part.rule, "cite": part.cite}
        for consent_id in decision.consents_used:
            basis[("consent", str(consent_id))] = {"consent": str(consent_id)}
    if not permitted:
        return None
    return tuple(permitted), [basis[key] for key in sorted(basis)], earliest(ends)


def earliest(instants: Iterable[datetime | None]) -> datetime:
    """The first of those that there are; none means until further notice."""
    return min([each for each in instants if each is not None], default=FOR_GOOD)
