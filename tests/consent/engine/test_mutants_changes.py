"""What would change an answer: what a rule is found to want, how wants are put together, and what is told."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest

from consent.engine.changes import (
    Wishing,
    _form,
    _is_one_question,
    _least,
    that_would_release,
    with_additions,
)
from consent.engine.decide import decide
from consent.engine.matter import Table
from consent.engine.rules import Library, Pack, own_consent, permit
from tests.consent.engine.test_forms import AT
from tests.consent.engine.test_mutants_matters import BLANK

FACTS = ("executor", "baa", "qsoa", "cj_condition", "dua", "recipient_monitoring_duty")


def wishing(asked=BLANK, *, regime="P2") -> Wishing:
    found = Wishing(
        asked=asked, segment="SUDP2", regime=regime, labels=frozenset({"SUDP2"}), recipient="employer",
        table=Table(asked), matched={}, allowed={},
    )  # fmt: skip
    found.protected_by, found.wishes = frozenset({"P2"}), set()
    return found


def fact(key, value=""):
    return frozenset({("fact", key, value)})


def permits(holds, id_="a", *, regime="P2", to=None, by=None, for_=None):
    return permit(id_, cite="none", regime=regime, of=None, to=to, for_=for_, by=by)(holds)


def told(*rules, asked=BLANK, protected=("P2",), **given):
    """Everything told for the question under these rules."""

    def regimes(segment, _asked, recipient):
        assert recipient == "employer"
        return {regime: frozenset({segment}) for regime in protected}

    books = Library([Pack("made", rules=rules, regimes=regimes)])
    asked = replace(asked, **given)
    return [each["add"] for each in that_would_release(asked, decide(asked, books.packs), books)]


# --- what is wanting ----------------------------------------------------------------------------------------


def test_a_want_is_added_to_those_before():
    asked = wishing(replace(BLANK, facts={"baa": False}))
    expected = set()

    for want, more in (
        (lambda: asked.shows("executor"), {fact("executor")}),
        (lambda: asked.shows_any("qsoa", "ni_mou"), {fact("qsoa"), fact("ni_mou")}),
        (lambda: asked.is_one_of("care_kind", "sud", "general"), {fact("care_kind", "sud"), fact("care_kind", "general")}),
        (lambda: asked.under("grand_jury", "court_order"), {frozenset({("process", each, "")}) for each in ("grand_jury", "court_order")}),
        (lambda: asked.covered_by("P2-SPEC", "P2-TPO"), {frozenset({("form", each, "")}) for each in ("P2-SPEC", "P2-TPO")}),
        (lambda: asked.has("order_names"), {fact("order_names")}),
        (lambda: asked.denies("hmis_cho"), {frozenset({("recorded_no", "hmis_cho", "")})}),
    ):  # fmt: skip
        assert not want()
        expected |= more
        assert asked.wishes == expected


def test_what_was_said_is_not_wanted_the_other_way():
    asked = wishing(replace(BLANK, facts={"baa": True, "care_kind": "general"}, process="grand_jury"))

    assert not asked.denies("baa")
    assert not asked.is_one_of("care_kind", "sud")
    assert not asked.under("court_order")
    assert asked.wishes == set()


def test_an_order_without_a_scope_reaches_all_unless_the_segment_must_be_named():
    asked = wishing()

    assert asked.in_scope()
    assert asked.wishes == set()
    assert not asked.in_scope(named=True)
    assert asked.wishes == {fact("order_scope", "SUDP2")}


def test_a_form_that_is_added_is_complete_and_for_just_this():
    added = _form(BLANK, "P2-SPEC", "SUDP2", "employer")

    assert (added.signed_at, added.ends_at) == (AT, AT + timedelta(days=10))
    assert (added.recipients, added.segments, added.purposes) == (("employer",), {"SUDP2"}, {"X-EMPLOY"})
    assert (added.sources, added.revocable_on) == (("POST",), None)
    assert _form(BLANK, "P2-CJ35", "SUDP2", "employer").revocable_on == "final_disposition"
    assert with_additions(BLANK, [("form", "P2-SPEC", "")], "SUDP2", "employer").consents == (added,)


@pytest.mark.parametrize(
    ("additions", "is_one"),
    [
        ([("process", "grand_jury", ""), ("process", "court_order", "")], False),
        ([("fact", "care_kind", "sud"), ("fact", "care_kind", "general")], False),
        ([("fact", "care_kind", "sud"), ("process", "grand_jury", "")], True),
        ([("fact", "baa", ""), ("recorded_no", "baa", "")], True),
        ([], True),
    ],
)
def test_a_question_has_one_process_and_one_value_for_each_fact(additions, is_one):
    assert _is_one_question(frozenset(additions)) is is_one


def test_additions_that_can_be_left_out_are_left_out():
    baa, qsoa, executor = (next(iter(fact(key))) for key in ("baa", "qsoa", "executor"))

    assert _least(frozenset({baa, qsoa, executor}), lambda tried: {qsoa, executor} <= tried) == {
        qsoa,
        executor,
    }
    assert _least(frozenset({baa}), lambda _tried: True) == {baa}


# --- what is told -------------------------------------------------------------------------------------------


def test_nothing_is_told_without_books_or_after_a_failure():
    rule = permits(lambda asked: asked.shows("baa"))
    books = Library([Pack("made", rules=[rule], regimes=lambda *_: {"P2": frozenset({"SUDP2"})})])
    refused = decide(BLANK, books.packs)

    assert that_would_release(BLANK, refused, books)
    assert that_would_release(BLANK, refused, None) == ()
    assert that_would_release(BLANK, replace(refused, failure="broken"), books) == ()


def test_each_way_of_the_same_size_is_told_whichever_rule_it_is_of():
    ways = told(
        permits(lambda asked: asked.shows("baa"), "a"), permits(lambda asked: asked.shows("qsoa"), "b")
    )

    assert ways == [[{"fact": "baa"}], [{"fact": "qsoa"}]]


def test_rules_for_this_recipient_and_purpose_are_asked_about_this_recipient_and_purpose():
    to_us = permits(lambda asked: asked.is_to("employer") and asked.shows("baa"), "a", to=["employer"])
    for_this = permits(lambda asked: asked.shows("qsoa"), "b", for_=["X-EMPLOY"])
    to_others = permits(lambda asked: asked.shows("executor"), "c", to=["court"])

    assert told(to_us, for_this, to_others) == [[{"fact": "baa"}], [{"fact": "qsoa"}]]


def test_a_form_for_this_recipient_is_told():
    rule = permits(lambda _asked: True, by=own_consent("P2-SPEC"))

    assert told(rule) == [[{"form": "P2-SPEC"}]]


def test_the_smallest_way_is_told_however_many_larger_ones_there_are():
    for least in FACTS:
        others = [each for each in FACTS if each != least]
        larger = [
            permits(lambda asked, keys=keys: asked.shows(*keys), f"of {keys}")
            for keys in combinations(others, 2)
        ]
        largest = [
            permits(lambda asked, keys=keys: asked.shows(*keys), f"of {keys}")
            for keys in combinations(others, 3)
        ]
        smallest = permits(lambda asked, key=least: asked.shows(key), "z")

        assert told(*larger, *largest, smallest) == [[{"fact": least}]]
        assert told(*larger[:2], *largest[:3], smallest) == [[{"fact": least}]]


def test_every_regime_must_find_a_way():
    of_one = permits(lambda asked: asked.shows("baa"), "a", regime="P2")
    of_other = permits(lambda asked: asked.shows("qsoa"), "b", regime="HIPAA")

    assert told(of_one, of_other, protected=("HIPAA", "P2")) == [[{"fact": "baa"}, {"fact": "qsoa"}]]
    assert told(of_one, protected=("HIPAA", "P2")) == []


def test_what_a_judge_signed_elsewhere_is_no_order_under_part_2():
    ordered = permits(lambda asked: asked.under("court_order"), "a")
    shown = permits(lambda asked: asked.shows("baa"), "b")

    assert told(ordered, shown, process="p2_order_2.64") == [[{"fact": "baa"}]]


@pytest.mark.parametrize(("of", "elsewhere"), [("P2", "HIPAA"), ("VS", "P2")])
@pytest.mark.parametrize("kept", ["matched", "allowed"])
def test_what_rests_on_another_regime_waits_until_that_one_holds(of, elsewhere, kept):
    own = permits(lambda asked: asked.shows("baa"), "a", regime=elsewhere)
    rests = permits(lambda asked: bool(getattr(asked, kept).get(elsewhere)), "b", regime=of)

    assert told(own, rests, protected=(of, elsewhere)) == [[{"fact": "baa"}]]
