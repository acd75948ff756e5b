"""A question written into a receipt and read back is the same question: it is decided the same."""

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from consent.engine import receipts
from consent.engine.decide import decide
from consent.engine.facts import BreakGlass, Delegation
from consent.engine.vocabulary import TEXTS
from tests.consent.engine.questions import PACKS, make

SEEDS = st.integers(0, 2**32)


def through_the_ledger(asked):
    """Write it down as JSON, and read it with forms as they were signed, or were taken back later."""
    forms = {
        each.id: replace(each, revoked_at=asked.at + timedelta(days=1), revoked_how="oral")
        for each in asked.consents
    }
    kept = json.loads(json.dumps(receipts.written(asked)))
    return receipts.read(kept, lambda id_, _version: forms[id_])


def told(decision):
    return (
        decision.outcome, decision.permitted, decision.redacted, decision.basis, decision.bars_standing,
        [each.as_json() for each in decision.obligations], decision.consents_used, decision.elements, decision.expires_at,
    )  # fmt: skip


@settings(max_examples=1500, deadline=None)
@given(SEEDS)
def test_a_random_question_is_decided_again_the_same(seed):
    asked = make(seed)

    assert told(decide(through_the_ledger(asked), PACKS)) == told(decide(asked, PACKS))


@settings(max_examples=300, deadline=None)
@given(SEEDS, st.booleans(), st.booleans())
def test_so_is_one_behind_broken_glass_and_by_delegation(seed, is_closed, is_active):
    asked = make(seed)
    opened = BreakGlass(
        by=asked.actor.id, reason="found unconscious", emergency="overdose", opened_at=asked.at - timedelta(minutes=3),
        subject="s", closed_at=asked.at if is_closed else None,
    )  # fmt: skip
    chain = (Delegation(segments=asked.segments, purposes=frozenset({asked.purpose}), ends_at=asked.at + timedelta(1), owner_is_active=is_active),)  # fmt: skip
    asked = replace(asked, subject="s", break_glass=opened, delegations=chain)

    assert told(decide(through_the_ledger(asked), PACKS)) == told(decide(asked, PACKS))
    assert "unconscious" not in json.dumps(receipts.written(asked))


def test_what_somebody_typed_is_kept_as_that_it_was_given():
    (key,) = TEXTS
    asked = replace(make(7), facts={key: "because her brother said so", "no such fact": "Sam Doe"})

    kept = json.dumps(receipts.written(asked))

    assert "brother" not in kept
    assert "Sam Doe" not in kept
    assert told(decide(through_the_ledger(asked), PACKS)) == told(decide(asked, PACKS))


def test_a_form_stands_there_by_id_version_and_revocation_alone():
    asked = make(next(seed for seed in range(1000) if make(seed).consents))

    forms = receipts.written(asked)["consents"]

    assert forms
    assert {key for form in forms for key in form} <= {"id", "version", "revoked_at", "revoked_how"}
