"""What holds for every answer, I16 to I30 (`reliability.md` 4.3, as far as they are the engine's)."""

import json
import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent.engine import changes, explain
from consent.engine import vocabulary as v
from consent.engine.decide import MOST_WORK, decide, recipient_of
from consent.engine.facts import BreakGlass, Consent, Delegation, Outcome
from consent.engine.rules import Effect, Pack, Rule, bar, permit
from tests.consent.engine.claims import DEEP, EXAMPLES, law_holds, more, seeds, with_rules
from tests.consent.engine.questions import AT, BARS, MICROSECOND, PACKS, PERMITS, RULES, make, questions

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
            bool(each.permits or each.overruled)
            or (each.regime == "PA-SUD" and "SUDP2" in segment and part2.get(segment, False))
            for each in decision.findings
            if each.segment == segment
        )  # fmt: skip
        assert (segment in unbarred.permitted) is predicted


@settings(max_examples=5_000 if DEEP else EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
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
