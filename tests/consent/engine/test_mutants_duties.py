"""What goes with an answer, and for how long: each duty with its parameters, each end, each list of elements."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from consent.engine import obligations
from consent.engine.elements import C5, F2, STRIPPED_BY, Limits, held_by, limit_of, limiting_rule
from consent.engine.explain import question_as_json
from consent.engine.facts import (
    Actor,
    Asked,
    BreakGlass,
    Decision,
    Delegation,
    Obligation,
    Outcome,
    Recipient,
    Redaction,
    Source,
)
from consent.engine.rules import Effect, Match, Rule
from consent.engine.vocabulary import ELEMENTS
from tests.consent.engine.test_forms import form

AT = datetime(2026, 4, 2, 16, tzinfo=UTC)
ASKED = Asked(
    actor=Actor(id="a", role="post_peer"), source=Source(program="POST"), recipient=Recipient(type="employer"), purpose="GOV",
    segments=frozenset({"MED"}), at=AT, closed_world=True,
)  # fmt: skip


def match(id_="made.up", *, consents=(), obliges=(), elements=None) -> Match:
    rule = Rule(
        id=id_, cite="", regimes=frozenset({"HIPAA"}), effect=Effect.PERMIT, holds=lambda _m: True,
        elements=None if elements is None else frozenset(elements.split()),
    )  # fmt: skip
    return Match(rule=rule, consents=tuple(consents), obliges=tuple(obliges))


def duties(*matches, asked=ASKED, recipient="employer", regime="HIPAA", segment="MED", examined=None):
    released = {segment: {regime: matches}}
    found = obligations.of(asked, recipient, released, examined or {segment: ()}, Limits(asked, released))
    return [each.as_json() for each in found]


# --- duties ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("recipient", ["law_enforcement", "le_co_response_partner", "police_app_user"])
def test_police_keep_no_copy_of_what_isnt_theirs(recipient):
    theirs = replace(ASKED, source=replace(ASKED.source, is_police=True))

    assert duties(match(), recipient=recipient) == [{"code": "OBL-NOPERSIST"}]
    assert duties(match(), recipient=recipient, asked=theirs) == []
    assert duties(match(), recipient="court") == []


@pytest.mark.parametrize("recipient", ["own_workforce", "part2_internal", "individual", "hhs"])
def test_inside_and_to_the_person_no_bar_on_use_goes_along(recipient):
    assert duties(match(), recipient=recipient, regime="P2") == []


def test_part_2_content_carries_the_bar_on_use_however_it_got_out():
    use_bar = [{"code": "OBL-P2-USEBAR"}]

    assert duties(match(), regime="P2") == use_bar
    assert duties(match(), regime="HIPAA") == []
    for rule in (
        "p2.premises.2.12c5", "p2.childabuse.2.12c6", "p2.nonidentifying", "p2.publichealth.2.54",
    ):  # fmt: skip
        assert duties(match(rule), regime="P2") == []
        assert duties(match(rule), match(), regime="P2") == use_bar


def test_the_scope_names_each_part_2_form_and_is_there_without_one():
    first, second, other = (
        form("P2-SPEC"),
        replace(form("P2-TPO"), id="1"),
        replace(form("HIPAA-AUTH"), id="2"),
    )
    code = "OBL-P2-SCOPE"

    assert duties(match(obliges=[code], consents=[second, other, first])) == [
        {"code": code, "with": {"consent": "0"}},
        {"code": code, "with": {"consent": "1"}},
    ]
    assert duties(match(obliges=[code], consents=[other])) == [{"code": code}]


def test_a_victims_release_says_until_when():
    code, signed = "OBL-TIMEBOX", AT - timedelta(days=5)
    early, late, other = (
        replace(form(kind), id=id_, signed_at=signed, ends_at=AT + timedelta(days=days))
        for kind, id_, days in (("VS-REL", "0", 2), ("VS-REL", "1", 3), ("PA-MH", "2", 1))
    )

    assert duties(match(obliges=[code], consents=[late, early, other])) == [
        {"code": code, "with": {"until": "2026-04-04T16:00:00+00:00"}}
    ]
    assert duties(match(obliges=[code], consents=[other])) == [{"code": code}]


@pytest.mark.parametrize(
    ("code", "facts", "parameters"),
    [
        ("OBL-P2-NOTICE", {}, {"statement": 1}),
        ("OBL-ELEMENTS-F2", {}, {"elements": sorted(F2)}),
        ("OBL-ELEMENTS-C5", {}, {"elements": sorted(C5)}),
        ("OBL-ORDER-SCOPE", {"order_scope": ["MED", "DEM"]}, {"segments": ["DEM", "MED"]}),
        ("OBL-ORDER-SCOPE", {}, None),
        ("OBL-SCRUB-CJ", {}, None),
        ("OBL-MINNEC", {"order_scope": ["MED"]}, None),
    ],
)
def test_a_duty_says_what_it_takes(code, facts, parameters):
    expected = {"code": code} | ({"with": parameters} if parameters else {})

    assert duties(match(obliges=[code]), asked=replace(ASKED, facts=facts)) == [expected]


def test_what_was_asked_for_and_stays_is_answered_as_a_denial():
    more = replace(ASKED, segments=frozenset({"MED", "DEM", "MINOR"}))
    label = replace(ASKED, segments=frozenset({"MED", "MINOR"}))

    assert duties(match(), asked=more) == [{"code": "OBL-NEUTRAL-DENY"}]
    assert duties(match(), asked=label) == []
    for to, code in (("individual", ["OBL-DENIAL-LETTER"]), ("personal_rep", ["OBL-DENIAL-LETTER"]), ("own_workforce", []),
                     ("part2_internal", []), ("rtkl_requester", []), ("part2_admin_control", ["OBL-NEUTRAL-DENY"])):  # fmt: skip
        asked = replace(more, recipient=Recipient(type=to))
        assert [each["code"] for each in duties(match(), asked=asked, recipient=to)] == code
        assert [each.code for each in obligations.of_refusal(asked)] == code
    officer = replace(
        more, recipient=Recipient(type="own_workforce"), actor=Actor(id="a", role="police_officer")
    )
    assert [each["code"] for each in duties(match(), asked=officer, recipient="law_enforcement")] == [
        "OBL-NEUTRAL-DENY", "OBL-NOPERSIST",
    ]  # fmt: skip
    assert [each.code for each in obligations.of_refusal(officer)] == ["OBL-NEUTRAL-DENY"]


# --- until when -----------------------------------------------------------------------------------------


def expiry(*matches, asked=ASKED, recipient="employer"):
    return obligations.expiry_of(asked, recipient, {"MED": {"HIPAA": matches}})


@pytest.mark.parametrize("rule", ["p2.emergency.2.51", "pa.mh.emerg.5100.32a9", "p2.restrict.emerg.2.26"])
def test_what_went_out_in_an_emergency_lasts_a_day(rule):
    assert expiry(match(rule)) == AT + timedelta(hours=24)
    assert expiry(match("made.up")) is None


@pytest.mark.parametrize("recipient", ["law_enforcement", "le_co_response_partner", "police_app_user"])
def test_what_police_may_see_they_may_see_for_a_week(recipient):
    theirs = replace(ASKED, source=replace(ASKED.source, is_police=True))

    assert expiry(match(), recipient=recipient) == AT + timedelta(days=7)
    assert expiry(match(), recipient=recipient, asked=theirs) is None


def test_the_earliest_of_all_ends_in_utc():
    in_an_hour = AT + timedelta(hours=1)
    elsewhere = in_an_hour.astimezone(timezone(timedelta(hours=-4)))
    long, short = (replace(form("HIPAA-AUTH"), id=str(d), ends_at=AT + timedelta(days=d)) for d in (9, 2))
    glass = BreakGlass(by="a", reason="r", emergency="e", opened_at=AT)

    assert obligations.expiry_of(ASKED, "employer", {}) is None
    assert expiry(match(consents=[long, short])) == AT + timedelta(days=2)
    assert expiry(match(consents=[long]), match("p2.emergency.2.51")) == AT + timedelta(hours=24)
    determined = replace(ASKED, source=replace(ASKED.source, valid_until=elsewhere))
    assert expiry(match(), asked=determined) == in_an_hour
    assert expiry(match(), asked=determined).tzinfo is UTC
    assert expiry(match(), asked=replace(ASKED, break_glass=glass)) == AT + timedelta(minutes=60)


# --- elements ---------------------------------------------------------------------------------------------


def test_the_lists_are_those_of_the_law():
    assert (
        sorted(F2)
        == (
            "address birthplace blood_type death_datetime distinguishing_marks dob injury_type name ssn treatment_datetime"
        ).split()
    )
    assert sorted(C5) == "address incident_circumstances name patient_status whereabouts".split()
    assert dict(STRIPPED_BY) == {
        "chri": "cj.chria.9121", "investigative": "cj.chria.9106", "intelligence": "cj.chria.9106", "ncic": "cj.cjis",
        "clean": "cj.cjis", "safety_from_record_check": "cj.cjis",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("segment", "held"),
    [
        ("DEM", "name address dob birthplace ssn"), ("LOC", "whereabouts address"), ("ENROLL", "patient_status"),
        ("MED", "blood_type injury_type treatment_datetime death_datetime distinguishing_marks dna dental tissue diagnosis narrative"),
    ],
)  # fmt: skip
def test_what_a_segment_may_hold(segment, held):
    assert held_by(segment) == set(held.split())
    assert held_by("CASE") == ELEMENTS


def test_permits_of_one_regime_add_up_and_regimes_limit_each_other():
    some, other, free = (
        match("b.rule", elements="name dob"),
        match("a.rule", elements="ssn dob"),
        match("c.rule"),
    )

    assert limit_of({"HIPAA": [some, other]}) == {"name", "dob", "ssn"}
    assert limit_of({"HIPAA": [some], "P2": [other]}) == {"dob"}
    assert limit_of({"HIPAA": [some, free]}) is None
    assert limit_of({"HIPAA": [some, free], "P2": [other]}) == {"ssn", "dob"}
    assert limit_of({"P2": [free], "PA-MH": [some]}) == {"name", "dob"}
    assert limit_of({}) is None
    assert limiting_rule({"HIPAA": [some, free], "P2": [other]}) == "a.rule"
    assert limiting_rule({"HIPAA": [free]}) == "eng.default.deny"


def limits(released, **facts) -> Limits:
    return Limits(replace(ASKED, facts=facts), released)


def test_what_is_limited_says_what_goes_and_what_was_asked_for_and_stays():
    some = {"HIPAA": [match("b.rule", elements="name dob incident_circumstances")]}

    unasked = limits({"DEM": some})
    assert unasked.elements.allowed == ("dob", "incident_circumstances", "name")
    assert (unasked.elements.withheld, unasked.withholds, unasked.emptied) == ((), False, {})
    asked = limits({"DEM": some}, elements=["name", "ssn"])
    assert (asked.elements.allowed, asked.elements.withheld, asked.withholds) == (("name",), ("ssn",), True)
    nothing = limits({"DEM": some, "LOC": some}, elements=["ssn", "whereabouts"])
    assert nothing.emptied == {"DEM": "b.rule", "LOC": "b.rule"}
    assert nothing.elements.withheld == ("ssn", "whereabouts")
    report = limits({"DEM": some}, elements=["incident_circumstances"])
    assert report.emptied == {"DEM": "b.rule"}
    case = limits({"CASE": some}, elements=["incident_circumstances"])
    assert (case.emptied, case.elements.allowed) == ({}, ("incident_circumstances",))


def test_what_is_not_limited_says_nothing_unless_elements_were_asked_for():
    free = {"HIPAA": [match()]}

    assert limits({"DEM": free}).elements is None
    assert limits({"DEM": free}).withholds is False
    asked = limits({"DEM": free}, elements=["name", "diagnosis"])
    assert (asked.elements.allowed, asked.elements.withheld) == (("name",), ("diagnosis",))
    assert asked.emptied == {}
    both = limits({"DEM": free, "MED": {"HIPAA": [match("b.rule", elements="blood_type")]}})
    assert both.elements.allowed == ("blood_type",)


def test_criminal_justice_content_is_stripped_to_what_a_rule_lists():
    listed, free = match("cj.rule", elements="contact cad"), match("cj.free")
    items = ["contact", "ncic", "investigative"]

    found = limits({"REFIN": {"CJ": [listed]}}, cj_info=items)
    assert (found.elements.allowed, found.elements.withheld) == (("contact",), ("investigative", "ncic"))
    assert found.stripped == ("investigative", "ncic")
    assert found.bars == {"cj.chria.9106", "cj.cjis"}
    assert found.emptied == {}
    assert limits({"REFIN": {"CJ": [listed]}}, cj_info=["ncic"]).emptied == {"REFIN": "cj.rule"}
    assert limits({"CAD": {"CJ": [listed]}}, cj_info=["ncic"]).emptied == {}
    assert limits({"REFIN": {"CJ": [listed, free]}}, cj_info=items).elements is None
    assert limits({"REFIN": {"CJ": [listed]}}).elements is None
    assert limits({"DEM": {"HIPAA": [match()]}}, cj_info=items).elements is None
    two = limits(
        {"REFIN": {"CJ": [listed]}, "CAD": {"CJ": [match("cad.rule", elements="ncic")]}}, cj_info=items
    )
    assert (two.stripped, two.elements.allowed) == (("investigative",), ("contact", "ncic"))
    blotter = limits({"REFIN": {"CJ": [listed]}}, cj_info=["contact", "blotter"])
    assert (blotter.stripped, blotter.bars) == (("blotter",), frozenset())
    assert limits({"REFIN": {"CJ": [listed]}}, cj_info=items).withholds


def test_a_segment_left_with_nothing_does_not_stop_the_others():
    demographic, medical = match("a.rule", elements="name"), match("b.rule", elements="blood_type")
    found = limits({"DEM": {"HIPAA": [demographic]}, "MED": {"HIPAA": [medical]}}, elements=["blood_type"])

    assert found.emptied == {"DEM": "a.rule"}
    assert found.elements.allowed == ("blood_type",)
    beside = limits({"REFIN": {"CJ": [match()]}, "MED": {"HIPAA": [medical]}}, elements=["blood_type"])
    assert (beside.emptied, beside.elements.allowed) == ({}, ("blood_type",))


def test_of_an_emergency_opening_nothing_is_taken_for_granted():
    glass = BreakGlass(by="a", reason="r", emergency="e", opened_at=AT)

    assert (glass.subject, glass.closed_at, glass.reviewer) == ("", None, "")
    assert glass.is_open(ASKED)
    assert not glass.is_open(replace(ASKED, subject="s"))


def test_a_delegation_holds_only_while_somebody_says_that_its_owner_is_active():
    scope = {
        "segments": frozenset({"MED"}),
        "purposes": frozenset({"GOV"}),
        "ends_at": AT + timedelta(days=1),
    }

    assert Delegation(**scope).owner_is_active is False
    assert Delegation(**scope).holds(ASKED) is False
    assert Delegation(**scope, owner_is_active=True).holds(ASKED)


def test_an_answer_is_what_was_decided_and_not_how_it_is_told():
    told = {"internal": lambda: "in other words"}
    decided = Decision(outcome=Outcome.DENY, permitted=())
    explained = Decision(outcome=Outcome.DENY, permitted=(), _texts=told)

    assert explained.explanation_internal == "in other words"
    assert decided == explained
    assert repr(decided) == repr(explained)


def test_what_nobody_says_is_empty():
    unsigned = form("P2-SPEC")

    assert unsigned.version == ""
    assert Redaction(segment="MED", reason="x").regime == ""
    assert dict(Obligation(code="x").parameters) == {}
    assert Obligation(code="x").as_json() == {"code": "x"}


def test_a_questions_hash_names_a_forms_version_where_it_has_one():
    def told(consent):
        return question_as_json(replace(ASKED, consents=(consent,)))["consents"][0]

    assert told(form("P2-SPEC", version="sha256:1"))["version"] == "sha256:1"
    assert "version" not in told(form("P2-SPEC"))
    assert told(form("P2-SPEC"))["form"] == "P2-SPEC"
