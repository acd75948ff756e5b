"""What the tests of the invariants share: how many questions, what an answer says, and packs made smaller or larger."""

import os
from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from consent.engine.facts import Decision
from consent.engine.rules import Pack, Rule
from tests.consent.engine.questions import PACKS

DEEP = os.environ.get("BULKHEAD_DEEP") == "1"
seeds = st.integers(0, 2**63)
EXAMPLES = int(os.environ.get("BULKHEAD_EXAMPLES", "1000"))  # fewer while faults are put in on purpose
law_holds = settings(
    max_examples=20_000 if DEEP else EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck)
)


def told(decision: Decision) -> tuple:
    """Everything an answer says, its explanations too, but what it takes long to find out."""
    return (
        decision.outcome, decision.permitted, decision.redacted, decision.elements, decision.basis,
        decision.bars_standing, [each.as_json() for each in decision.obligations], decision.consents_used,
        decision.consents_void, decision.expires_at, decision.route, decision.reasons,
        decision.explanation_internal, decision.explanation_outward, dict(decision.explanation_subject),
        decision.request_hash,
    )  # fmt: skip


def with_rules(rules) -> list[Pack]:
    """The packs with the regimes of the law and these rules alone."""
    kept = {id(rule) for rule in rules}
    return [replace(pack, rules=tuple(r for r in pack.rules if id(r) in kept)) for pack in PACKS]


def more(*rules: Rule) -> list[Pack]:
    return [*PACKS, Pack("more", rules=rules)]
