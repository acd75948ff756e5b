"""What holds for every question and every set of rules (`reliability.md` 4.3, I1 to I30 as far as they are the engine's)."""

import hashlib
import json
import os
import pickle
import random
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from consent.engine import changes, explain, forms
from consent.engine import vocabulary as v
from consent.engine.decide import MOST_WORK, decide, recipient_of
from consent.engine.facts import BreakGlass, Consent, Decision, Delegation, Outcome
from consent.engine.rules import Effect, Pack, Rule, bar, by_permit, library, permit
from tests.consent.engine.questions import (
    AT,
    BARS,
    EDGES,
    MICROSECOND,
    PACKS,
    PERMITS,
    RULES,
    make,
    questions,
)
from tests.shared_data import REPOSITORY

DEEP = os.environ.get("BULKHEAD_DEEP") == "1"
seeds = st.integers(0, 2**63)
law_holds = settings(
    max_examples=20_000 if DEEP else 1_000, deadline=None, suppress_health_check=list(HealthCheck)
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


# --- I1, I2 -----------------------------------------------------------------------------------------


@law_holds
@given(questions())
def test_i1_equal_questions_have_equal_answers(asked):
    assert told(decide(asked, PACKS)) == told(decide(pickle.loads(pickle.dumps(asked)), PACKS))


DIGEST = """
import hashlib
from tests.consent.engine.test_invariants import told
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


# --- I16 to I18, I20 --------------------------------------------------------------------------------


@law_holds
@given(questions())
def test_i16_obligations_travel_with_what_goes_out(asked):
    decision = decide(asked, PACKS)
    carried = {each.code for each in decision.obligations}
    by_id = {rule.id: rule for rule in PERMITS}

    for line in decision.basis:
        assert set(by_id[line.rule].obliges) <= carried or line.rule == "pa.sud.consent"
    consented = {"p2.disclose.consent.2.33a1", "p2.disclose.tpo.2.33a2", "p2.cj.2.35"}
    if consented & {line.rule for line in decision.basis}:
        assert {"OBL-P2-NOTICE", "OBL-P2-SCOPE", "OBL-P2-USEBAR"} <= carried


@law_holds
@given(
    questions(),
    st.sampled_from(
        ["da_subpoena", "attorney_subpoena", "admin_subpoena", "judicial_subpoena", "grand_jury"]
    ),
)
def test_i17_a_subpoena_opens_no_part_2_record_and_an_order_only_its_scope(asked, subpoena):
    under_it, without = (decide(replace(asked, process=p), PACKS) for p in (subpoena, "none"))
    ordered = decide(asked, PACKS)

    part2 = {each.segment for each in under_it.findings if each.regime == "P2"}
    assert set(under_it.permitted) & part2 <= set(without.permitted)
    for line in ordered.basis:
        if line.rule.startswith("p2.order."):
            assert line.segment in asked.facts["order_scope"]
            assert asked.process.endswith(line.rule[-4:])


@law_holds
@given(
    questions(),
    st.timedeltas(timedelta(0), timedelta(minutes=61)),
    st.sampled_from(["", "found blue"]),
    st.booleans(),
    st.booleans(),
)
def test_i18_breaking_the_glass_is_no_basis_and_lasts_an_hour(asked, ago, reason, is_closed, is_own):
    opened = BreakGlass(
        by="a" if is_own else "b", reason=reason, emergency="overdose", opened_at=asked.at - ago,
        closed_at=asked.at if is_closed else None, reviewer="c",
    )  # fmt: skip
    without, decision = decide(asked, PACKS), decide(replace(asked, break_glass=opened), PACKS)

    assert set(decision.permitted) <= set(without.permitted)
    if decision.permitted:
        assert reason
        assert is_own
        assert not is_closed
        assert ago < timedelta(minutes=60)
        assert decision.expires_at <= opened.opened_at + timedelta(minutes=60)
        assert not (asked.actor_is_police and asked.segments & {"SUDP2N", "PSYNOTE"})


@law_holds
@given(questions(), seeds)
def test_i20_who_asks_for_another_gets_no_more_than_either(asked, seed):
    dice = random.Random(seed)
    links = [
        Delegation(
            segments=frozenset(dice.sample(sorted(v.SEGMENTS), 24)) | (asked.segments if dice.random() < 0.5 else frozenset()),
            purposes=frozenset({asked.purpose} if dice.random() < 0.8 else {"GOV"}),
            ends_at=asked.at + dice.choice((timedelta(0), MICROSECOND)),
            owner_is_active=dice.random() < 0.9,
        )
        for _ in range(2)
    ]  # fmt: skip
    owner, one, both = (
        decide(replace(asked, delegations=tuple(chain)), PACKS) for chain in ((), links[:1], links)
    )

    assert set(both.permitted) <= set(one.permitted) <= set(owner.permitted) & links[0].segments
    if not links[0].holds(asked):
        assert one.outcome is Outcome.DENY


# --- I23 to I25 -------------------------------------------------------------------------------------


@law_holds
@given(questions())
def test_i23_the_explanation_names_every_rule_that_applied_and_predicts_what_follows(asked):
    decision = decide(asked, PACKS)
    text = decision.explanation_internal
    cited = {line.rule for line in decision.basis}
    standing = set(decision.bars_standing)

    for finding in decision.findings:
        assert all(
            rule in text
            for rule in (*finding.permits, *finding.standing, *finding.overruled, *finding.routed)
        )
    assert decide(asked, with_rules([rule for rule in RULES if rule.id not in cited])).permitted == ()
    unbarred = decide(
        asked,
        with_rules([rule for rule in RULES if rule.id not in standing or rule.effect is not Effect.BAR]),
    )
    part2 = {
        each.segment: bool(each.permits or each.overruled)
        for each in decision.findings
        if each.regime == "P2"
    }
    for segment in {each.segment for each in decision.findings}:
        predicted = all(
            part2.get(segment, False) if each.regime == "PA-SUD" and "SUDP2" in segment and each.standing == () and not each.permits
            else bool(each.permits or each.overruled)
            for each in decision.findings
            if each.segment == segment
        )  # fmt: skip
        assert (segment in unbarred.permitted) is predicted


@settings(max_examples=5_000 if DEEP else 1_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(questions())
def test_i23_what_would_change_it_does(asked):
    decision = decide(asked, PACKS)

    for change in decision.would_change_it:
        additions = [
            next((kind, key, each.get("value", "")) for kind, key in each.items() if kind != "value")
            for each in change["add"]
        ]
        changed = changes.with_additions(asked, additions, change["segment"], recipient_of(asked))
        assert change["segment"] in decide(changed, PACKS).permitted
        for left_out in additions:  # none of them could be left out
            fewer = [each for each in additions if each != left_out]
            smaller = changes.with_additions(asked, fewer, change["segment"], recipient_of(asked))
            assert change["segment"] not in decide(smaller, PACKS).permitted


@law_holds
@given(questions(), seeds)
def test_i24_a_refusal_reads_the_same_whatever_lies_behind_it(asked, seed):
    somewhere = replace(make(seed), recipient=asked.recipient)
    refusals = {
        decision.explanation_outward
        for decision in (decide(asked, PACKS), decide(somewhere, PACKS), decide(asked, ()))
        if decision.outcome is Outcome.DENY
    }

    assert len(refusals) == 1
    if asked.recipient.type not in ("individual", "personal_rep", "rtkl_requester"):
        assert refusals == {explain.NEUTRAL}


@law_holds
@given(questions(), st.timedeltas(MICROSECOND, timedelta(days=900)))
def test_i25_what_happened_later_doesnt_change_what_was_decided(asked, later):
    after = asked.at + later
    since = tuple(
        each
        if each.revoked_at is not None and each.revoked_at <= asked.at
        else replace(each, revoked_at=after)
        for each in asked.consents
    )
    newer = Consent(
        id="newer", form="HIPAA-AUTH", signed_at=after, ends_at=after + timedelta(days=9), recipients=(asked.recipient.type,),
        segments=asked.segments - v.MODIFIERS, purposes=frozenset({asked.purpose}), sources=(asked.source.program,),
    )  # fmt: skip
    then, now = decide(asked, PACKS), decide(replace(asked, consents=(*since, newer)), PACKS)

    assert (then.outcome, then.permitted, then.basis, then.obligations) == (
        now.outcome,
        now.permitted,
        now.basis,
        now.obligations,
    )


# --- I29, I30 ---------------------------------------------------------------------------------------


def _irrelevant(number: int) -> Rule:
    return replace(
        PERMITS[number % len(PERMITS)],
        id=f"other.state.{number}",
        regimes=frozenset({f"STATE-{number % 40}"}),
    )


MANY = [*PACKS, Pack("other-states", rules=[_irrelevant(number) for number in range(10_000)])]


@law_holds
@given(questions())
def test_i29_ten_thousand_rules_more_change_nothing(asked):
    assert decide(asked, MANY).permitted == decide(asked, PACKS).permitted


def test_i29_too_much_work_is_refused_and_not_skipped():
    everything = replace(make(1), segments=v.SEGMENTS, consents=(), facts={}, process="none")
    idle = [
        replace(
            PERMITS[0],
            id=f"idle.{n}",
            regimes=frozenset({"*"}),
            to=None,
            of=None,
            for_=None,
            holds=lambda _m: True,
        )
        for n in range(MOST_WORK // 20)
    ]

    decision = decide(everything, more(*idle))

    assert decision.outcome is Outcome.DENY
    assert {each.reason for each in decision.redacted} == {"eng.failclosed"}


def _raises(_matter):
    raise ZeroDivisionError("a rule with a fault in it")


@law_holds
@given(questions(), seeds)
def test_i30_a_rule_that_raises_withholds_what_it_speaks_of(asked, seed):
    broken = replace(random.Random(seed).choice(RULES), holds=_raises, by=None)
    rules = [broken if rule.id == broken.id else rule for rule in RULES]
    decision = decide(asked, [replace(PACKS[0], rules=rules), replace(PACKS[1], rules=())])
    before = decide(asked, PACKS)

    assert set(decision.permitted) <= set(before.permitted)
    for finding in decision.findings:
        if "eng.failclosed" in finding.reasons:
            assert finding.segment not in decision.permitted


def _no_regimes(_segment, _asked, _recipient):
    raise KeyError("a table that isn't there")


@law_holds
@given(questions(), st.sampled_from(["naive", "garbage", "no packs", "broken pack", "expired", "no facts"]))
def test_i30_whatever_goes_wrong_nothing_goes_out(asked, fault):
    question, packs = asked, PACKS
    if fault == "naive":
        question = replace(asked, at=asked.at.replace(tzinfo=None))
    elif fault == "garbage":
        question = replace(asked, facts={**asked.facts, "minor_age": "fourteen"})
    elif fault == "no facts":
        question = replace(asked, facts=None)
    elif fault == "expired":
        question = replace(asked, source=replace(asked.source, valid_until=asked.at))
    elif fault == "no packs":
        packs = (None,)
    else:
        packs = [replace(PACKS[0], regimes=_no_regimes), PACKS[1]]

    decision = decide(question, packs)

    assert decision.outcome is Outcome.DENY
    assert decision.permitted == ()
    assert decision.failure
    assert json.dumps(decision.explanation_internal)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_bar_outweighs_a_permit_in_any_order(order):
    permitting = permit("made.permit", cite="none", regime="LOCAL", to=None, of=None, for_=None)(
        lambda _m: True
    )
    barring = bar("made.bar", cite="none", regime="LOCAL", of=None)(lambda _m: True)
    rules = [(permitting, barring)[place] for place in order]

    decision = decide(replace(make(3), at=AT), [Pack("test", rules=rules)])

    assert decision.outcome is Outcome.DENY
    assert decision.bars_standing == ("made.bar",)


def test_the_rules_of_the_law_have_lifts_where_the_table_has_them():
    unlifted = {rule.id for rule in BARS if not rule.lifted_by}

    assert unlifted == {
        "cj.chria.9106", "cj.cjis", "cj.p2.quarantine", "conf.no-notes", "conf.no-vsp", "hipaa.rep.abuse.164.502g5",
        "hmis.vsp", "pa.juv.6307",
    }  # fmt: skip
