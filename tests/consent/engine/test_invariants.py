"""What holds for every question and every set of rules, I1 to I14 (`reliability.md` 4.3, as far as they are the engine's)."""

import hashlib
import os
import pickle
import random
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta, timezone

from hypothesis import example, given
from hypothesis import strategies as st

from consent.engine import forms
from consent.engine import vocabulary as v
from consent.engine.decide import decide, recipient_of
from consent.engine.facts import Consent, Outcome
from consent.engine.rules import Rule, bar, by_permit, library, permit
from tests.consent.engine.claims import law_holds, more, seeds, told, with_rules
from tests.consent.engine.questions import EDGES, MICROSECOND, PACKS, PERMITS, make, questions
from tests.shared_data import REPOSITORY

# --- I1, I2 -----------------------------------------------------------------------------------------


@law_holds
@given(questions())
def test_i1_equal_questions_have_equal_answers(asked):
    assert told(decide(asked, PACKS)) == told(decide(pickle.loads(pickle.dumps(asked)), PACKS))


DIGEST = """
import hashlib
from tests.consent.engine.claims import told
from tests.consent.engine.questions import PACKS, make
from consent.engine.decide import decide
print(hashlib.sha256(repr([told(decide(make(seed), PACKS)) for seed in range(250)]).encode()).hexdigest())
"""


def test_i1_the_answer_is_the_same_in_another_process_and_under_another_hash_seed():
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST], cwd=REPOSITORY, env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    digests.add(
        hashlib.sha256(repr([told(decide(make(s), PACKS)) for s in range(250)]).encode()).hexdigest() + "\n"
    )

    assert len(digests) == 1


@law_holds
@given(questions())
def test_i2_without_rules_nothing_goes_out(asked):
    decision = decide(asked, with_rules(()))

    assert decision.outcome is Outcome.DENY
    assert decision.permitted == ()
    assert decide(asked, ()).permitted == ()


@law_holds
@given(questions(), st.sampled_from(["role", "segment", "purpose", "recipient", "process", "fact", "form"]))
def test_i2_an_unknown_word_denies(asked, what):
    unknown = {
        "role": lambda: replace(asked, actor=replace(asked.actor, role="wizard")),
        "segment": lambda: replace(asked, segments=asked.segments | {"AURA"}),
        "purpose": lambda: replace(asked, purpose="CURIOSITY"),
        "recipient": lambda: replace(asked, recipient=replace(asked.recipient, type="neighbour")),
        "process": lambda: replace(asked, process="a_stern_letter"),
        "fact": lambda: replace(asked, facts={**asked.facts, "said_please": True}),
        "form": lambda: replace(asked, consents=(Consent(id="x", form="NAPKIN", signed_at=asked.at),)),
    }[what]()

    decision = decide(unknown, PACKS)

    assert decision.outcome is Outcome.DENY
    assert {each.reason for each in decision.redacted} == {"eng.failclosed"}


# --- I3 to I6 ---------------------------------------------------------------------------------------


@law_holds
@given(questions())
def test_i3_what_goes_out_rests_on_cited_permits_that_alone_would_do(asked):
    decision = decide(asked, PACKS)
    cited = {line.rule for line in decision.basis}

    alone = decide(asked, with_rules([rule for rule in PERMITS if rule.id in cited]))

    for segment in decision.permitted:
        regimes = library(tuple(PACKS)).readings(segment, asked, recipient_of(asked))
        assert {line.regime for line in decision.basis if line.segment == segment} == set(regimes)
    assert set(decision.permitted) <= set(alone.permitted)


@law_holds
@given(questions())
def test_i4_a_standing_bar_denies_its_segment(asked):
    decision = decide(asked, PACKS)

    for finding in decision.findings:
        assert not finding.standing or finding.segment not in decision.permitted
    assert set(decision.bars_standing) == {id_ for each in decision.findings for id_ in each.standing}


def a_bar(dice: random.Random) -> Rule:
    """A bar made up: for some recipients or all, lifted by something or by nothing."""
    made = bar(
        "made.up.bar", cite="none", regime="*", of=None if dice.random() < 0.5 else dice.sample(sorted(v.SEGMENTS), 12),
        to=None if dice.random() < 0.5 else dice.sample(sorted(v.RECIPIENTS), 20),
        lifted_by=[by_permit(*(rule.id for rule in dice.sample(PERMITS, 20)))] if dice.random() < 0.5 else [],
    )  # fmt: skip
    return made(lambda matter: True)


def a_permit(dice: random.Random) -> Rule:
    """A permit made up."""
    made = permit(
        "made.up.permit", cite="none", regime=dice.choice(("HIPAA", "P2", "VS", "PA-MH", "CJ", "LOCAL", "*")), to=None,
        of=None if dice.random() < 0.5 else dice.sample(sorted(v.SEGMENTS), 12), for_=None,
    )  # fmt: skip
    return made(lambda matter: True)


WITH_A_BAR = [more(a_bar(random.Random(seed))) for seed in range(60)]
WITH_A_PERMIT = [more(a_permit(random.Random(seed))) for seed in range(60)]


@law_holds
@given(questions(), seeds)
def test_i5_one_more_bar_adds_nothing(asked, seed):
    before = decide(asked, PACKS)

    after = decide(asked, WITH_A_BAR[seed % 60])

    assert set(after.permitted) <= set(before.permitted)


@law_holds
@given(questions(), seeds)
def test_i6_one_more_permit_takes_nothing_away(asked, seed):
    before = decide(asked, PACKS)

    after = decide(asked, WITH_A_PERMIT[seed % 60])

    assert set(after.permitted) >= set(before.permitted)


# --- I7 to I9 ---------------------------------------------------------------------------------------


@law_holds
@given(
    questions(),
    st.sampled_from([timedelta(0), MICROSECOND, timedelta(days=3)]),
    st.sampled_from(["written", "oral", None]),
)
def test_i7_a_revocation_never_adds_and_never_reaches_back(asked, ago, how):
    forms_of_consent = [each for each in asked.consents if each.form != "RESTRICT"]
    others = tuple(each for each in asked.consents if each.form == "RESTRICT")
    asked = replace(
        asked, consents=tuple(replace(each, revoked_at=None) for each in forms_of_consent) + others
    )
    before = decide(asked, PACKS)

    for each in asked.consents:
        if each.form == "RESTRICT":
            continue
        now = tuple(
            replace(c, revoked_at=asked.at - ago, revoked_how=how) if c is each else c for c in asked.consents
        )
        later = tuple(
            replace(c, revoked_at=asked.at + ago + MICROSECOND, revoked_how=how) if c is each else c
            for c in asked.consents
        )
        assert set(decide(replace(asked, consents=now), PACKS).permitted) <= set(before.permitted)
        same = decide(replace(asked, consents=later), PACKS)
        assert (same.permitted, same.basis, same.obligations) == (
            before.permitted,
            before.basis,
            before.obligations,
        )


@law_holds
@given(questions(), st.sampled_from(["ELSEWHERE", "POST"]))
def test_i8_revoking_what_supports_nothing_changes_nothing(asked, program):
    stranger = Consent(
        id="stranger", form="P2-SPEC", signed_at=asked.at, ends_at=asked.at + timedelta(days=9),
        recipients=(asked.recipient.type,), segments=frozenset({"DEM"}), purposes=frozenset({"TRAIN" if asked.purpose != "TRAIN" else "GOV"}),
        sources=(program,),
    )  # fmt: skip
    without, beside = (
        decide(asked, PACKS),
        decide(replace(asked, consents=(*asked.consents, stranger)), PACKS),
    )
    revoked = decide(
        replace(asked, consents=(*asked.consents, replace(stranger, revoked_at=asked.at))), PACKS
    )

    for decision in (beside, revoked):
        assert (decision.permitted, decision.basis, decision.obligations) == (
            without.permitted,
            without.basis,
            without.obligations,
        )


@law_holds
@given(st.sampled_from(EDGES), st.integers(0, 400), st.integers(-12, 12), st.booleans())
@example(EDGES[1], 0, -5, True)
def test_i9_a_form_holds_from_its_first_instant_to_just_before_its_last(start, days, offset, is_void_one):
    end = start + timedelta(days=days, microseconds=1)
    consent = Consent(
        id="0", form="HIPAA-AUTH", signed_at=start, ends_at=end, recipients=("employer",),
        segments=frozenset({"CASE"}), purposes=frozenset({"X-EMPLOY"}), sources=("PINS",),
    )  # fmt: skip
    asked = replace(
        make(7, closed_world=True), actor=replace(make(7).actor, role="pins_social_worker"), process="none", facts={},
        purpose="X-EMPLOY", segments=frozenset({"CASE"}), recipient=replace(make(7).recipient, type="employer"),
        source=replace(make(7).source, program="PINS", p2_status="lawful_holder", hipaa_legal="undetermined", vs_regime="none"),
        consents=(consent,),
    )  # fmt: skip
    elsewhere = timezone(timedelta(hours=offset))

    for instant, holds in (
        (start - MICROSECOND, False),
        (start, True),
        (end - MICROSECOND, True),
        (end, False),
    ):
        for rendered in (instant, instant.astimezone(elsewhere), instant.astimezone(forms.LOCAL_TIME)):
            assert (decide(replace(asked, at=rendered), PACKS).outcome is Outcome.PERMIT) is holds


# --- I10, I11 ---------------------------------------------------------------------------------------


@law_holds
@given(questions(), st.sampled_from(sorted(v.PURPOSES)))
def test_i10_a_rule_or_form_for_one_purpose_permits_no_other(asked, purpose):
    decision = decide(replace(asked, purpose=purpose), PACKS)
    named = {consent.id: consent for consent in asked.consents}

    for line in decision.basis:
        of_that_id = [rule for rule in PERMITS if rule.id == line.rule]
        assert any(rule.for_ is None or purpose in rule.for_ for rule in of_that_id)
    for used in decision.consents_used:
        family = (
            v.TREATMENT if purpose in v.TREATMENT else v.OPERATIONS if purpose in v.OPERATIONS else {purpose}
        )
        allowed = family | {purpose} if named[used].form == "P2-TPO" else {purpose}
        assert named[used].purposes & allowed
    assert decide(replace(asked, purpose=""), PACKS).outcome is Outcome.DENY


@law_holds
@given(questions(), st.sampled_from(["org-2", "org-1-holding", "org", "ORG-1", ""]))
def test_i11_a_form_that_names_an_organization_is_no_use_to_another(asked, other):
    consents = tuple(
        replace(each, recipient_ids=("org-1",)) for each in asked.consents if each.form != "RESTRICT"
    )
    somebody_else = replace(
        asked, consents=consents, recipient=replace(asked.recipient, id=other, organization=other)
    )

    assert decide(somebody_else, PACKS).consents_used == ()


# --- I12 to I14 -------------------------------------------------------------------------------------


@law_holds
@given(questions(), seeds)
def test_i12_order_changes_nothing(asked, seed):
    dice = random.Random(seed)
    packs = (
        [replace(pack, rules=tuple(dice.sample(pack.rules, len(pack.rules)))) for pack in PACKS]
        if seed % 50 == 0
        else list(PACKS)
    )
    dice.shuffle(packs)
    facts = dict(dice.sample(sorted(asked.facts.items(), key=str), len(asked.facts)))
    consents = tuple(dice.sample(asked.consents, len(asked.consents)))

    assert told(decide(replace(asked, facts=facts, consents=consents), packs)) == told(decide(asked, PACKS))


@law_holds
@given(questions())
def test_i13_repeats_change_nothing(asked):
    twice = decide(replace(asked, consents=asked.consents * 2), [*PACKS, *PACKS])

    assert told(twice)[:-1] == told(decide(asked, PACKS))[:-1]  # the question itself is another


@law_holds
@given(questions(), st.sets(st.sampled_from(sorted(v.SEGMENTS | v.MODIFIERS)), max_size=4))
def test_i14_another_label_never_adds_to_a_segment(asked, others):
    alone = decide(asked, PACKS)

    together = decide(replace(asked, segments=asked.segments | others), PACKS)

    assert set(together.permitted) & asked.segments <= set(alone.permitted)
    assert set(together.permitted) <= asked.segments | others
