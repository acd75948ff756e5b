"""The walk itself, with rules made up for it: what counts, what lifts, what stays and which reason is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consent.engine import decide as engine
from consent.engine import explain
from consent.engine.decide import decide, recipient_of, refuse
from consent.engine.facts import (
    Actor,
    Asked,
    BreakGlass,
    Delegation,
    Outcome,
    Recipient,
    Redaction,
    Route,
    Source,
)
from consent.engine.rules import Pack, bar, by_fact, by_form, by_permit, own_consent, permit, route
from tests.consent.engine.test_forms import AT, INSTANT, form

ASKED = Asked(
    actor=Actor(id="a", role="post_peer"), source=Source(program="POST"), recipient=Recipient(type="employer"), purpose="X-EMPLOY",
    segments=frozenset({"MED"}), at=AT, subject="s", closed_world=True,
)  # fmt: skip


def yes(_matter) -> bool:
    """Is it so, whatever is asked?"""
    return True


def no(_matter) -> bool:
    """Is it so? Never."""
    return False


def broken(_matter):
    """Is it so? Nobody can tell."""
    raise ZeroDivisionError


def grant(id_="a.permit", holds=yes, **given):
    return permit(id_, **({"cite": "law", "regime": "HIPAA", "to": None, "of": None, "for_": None} | given))(
        holds
    )


def stop(id_="z.bar", holds=yes, **given):
    return bar(id_, **({"cite": "law", "regime": "HIPAA", "of": None} | given))(holds)


def path(id_="r.route", holds=yes, **given):
    return route(id_, **({"cite": "law", "regime": "HIPAA"} | given))(holds)


def under(*regimes):
    return lambda segment, _asked, _recipient: {regime: frozenset({segment}) for regime in regimes}


def ask(*rules, asked=ASKED, regimes=("HIPAA",)):
    return decide(
        asked, [Pack("made", rules=rules, regimes=under(*regimes), version="v1", law_as_of="2026-01-01")]
    )


# --- permits and bars -----------------------------------------------------------------------------------


def test_a_permit_releases_and_is_cited():
    decision = ask(grant())

    assert (decision.outcome, decision.permitted, decision.redacted) == (Outcome.PERMIT, ("MED",), ())
    assert [(each.rule, each.cite, each.regime, each.segment) for each in decision.basis] == [
        ("a.permit", "law", "HIPAA", "MED")
    ]
    assert (decision.failure, decision.route, decision.reasons, decision.elements) == (
        "",
        Route.NONE,
        (),
        None,
    )
    assert (decision.law_as_of, decision.ruleset_version) == ("2026-01-01", "v1")
    (finding,) = decision.findings
    assert (finding.permits, finding.overruled, finding.standing, finding.lifted) == (
        ("a.permit",),
        (),
        (),
        (),
    )
    assert (finding.wanting, finding.routed, finding.reasons) == ((), (), ())


def test_a_permit_whose_facts_are_not_shown_is_found_wanting():
    decision = ask(grant("b.wanting", no), grant("a.wanting", no))

    assert decision.outcome is Outcome.DENY
    assert decision.redacted == (Redaction(segment="MED", reason="eng.default.deny", regime="HIPAA"),)
    assert decision.findings[0].wanting == ("a.wanting", "b.wanting")
    assert decision.findings[0].reasons == ("eng.default.deny",)
    assert set(decision.reasons) >= {"a.wanting", "b.wanting", "eng.default.deny"}
    assert decision.elements is None


def test_every_regime_must_permit():
    decision = ask(grant(), regimes=("HIPAA", "P2"))

    assert decision.outcome is Outcome.DENY
    assert decision.redacted == (Redaction(segment="MED", reason="eng.default.deny", regime="P2"),)
    assert ask(grant(regime=("HIPAA", "P2")), regimes=("HIPAA", "P2")).outcome is Outcome.PERMIT


def test_a_standing_bar_overrules_what_matched():
    decision = ask(grant(), stop())
    (finding,) = decision.findings

    assert decision.outcome is Outcome.DENY
    assert decision.bars_standing == ("z.bar",)
    assert (finding.permits, finding.overruled, finding.standing) == ((), ("a.permit",), ("z.bar",))
    assert finding.reasons == ("z.bar",)
    assert decision.redacted == (Redaction(segment="MED", reason="z.bar", regime="HIPAA"),)
    assert "eng.default.deny" not in decision.reasons
    assert ask(grant(), stop(holds=no)).outcome is Outcome.PERMIT


def test_a_bar_that_is_lifted_by_a_permit_leaves_that_permit_alone():
    decision = ask(grant("a"), grant("b"), stop(lifted_by=[by_permit("a")]))
    (finding,) = decision.findings

    assert (finding.permits, finding.overruled, finding.lifted, finding.standing) == (
        ("a",),
        ("b",),
        ("z.bar",),
        (),
    )
    assert [each.rule for each in decision.basis] == ["a"]


def test_a_bar_that_is_lifted_by_a_fact_leaves_every_permit():
    (finding,) = ask(grant("a"), grant("b"), stop(lifted_by=[by_permit("a"), by_fact(yes)])).findings

    assert (finding.permits, finding.overruled, finding.lifted) == (("a", "b"), (), ("z.bar",))


def test_two_bars_lifted_by_two_permits_leave_both_where_no_permit_lifts_both():
    both = ask(
        grant("a"),
        grant("b"),
        stop("y", lifted_by=[by_permit("a", "b")]),
        stop("z", lifted_by=[by_permit("b")]),
    )
    apart = ask(
        grant("a"), grant("b"), stop("y", lifted_by=[by_permit("a")]), stop("z", lifted_by=[by_permit("b")])
    )

    assert both.findings[0].permits == ("b",)
    assert both.findings[0].lifted == ("y", "z")
    assert apart.findings[0].permits == ("a",)
    assert apart.outcome is Outcome.PERMIT


def test_one_bar_that_stands_is_enough():
    decision = ask(grant("a"), stop("y", lifted_by=[by_permit("a")]), stop("z"))

    assert decision.bars_standing == ("z",)
    assert decision.findings[0].lifted == ("y",)
    assert decision.outcome is Outcome.DENY


def test_bars_are_named_in_their_order():
    decision = ask(stop("z", precedence=2), stop("cj.p2.quarantine"), stop("b"), stop("a"))

    assert decision.findings[0].standing == ("cj.p2.quarantine", "a", "b", "z")
    assert decision.bars_standing == ("a", "b", "cj.p2.quarantine", "z")
    assert decision.redacted[0].reason == "cj.p2.quarantine"


def test_of_two_regimes_that_withhold_the_stronger_reason_is_told():
    one = ask(
        stop("b", regime="P2", precedence=2), stop("a", regime="VS", precedence=1), regimes=("P2", "VS")
    )
    other = ask(stop("b", regime="VS", precedence=2), grant(holds=no, regime="P2"), regimes=("P2", "VS"))
    equal = ask(grant(holds=no, regime="P2"), regimes=("P2", "HIPAA"))

    assert one.redacted == (Redaction(segment="MED", reason="a", regime="VS"),)
    assert other.redacted == (Redaction(segment="MED", reason="b", regime="VS"),)
    assert equal.redacted == (Redaction(segment="MED", reason="eng.default.deny", regime="HIPAA"),)
    permitted = ask(grant(regime="HIPAA"), stop("b", regime="VS"), regimes=("HIPAA", "VS"))
    assert permitted.redacted == (Redaction(segment="MED", reason="b", regime="VS"),)


def test_part_of_what_was_asked_is_redacted():
    decision = ask(grant(of=["MED"]), asked=replace(ASKED, segments=frozenset({"MED", "DEM", "MINOR"})))

    assert (decision.outcome, decision.permitted) == (Outcome.REDACT, ("MED",))
    assert decision.redacted == (Redaction(segment="DEM", reason="eng.default.deny", regime="HIPAA"),)


# --- faults -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        grant("broken", broken), stop("broken", broken), path("broken", broken), grant("broken", by=broken),
        stop("broken", lifted_by=[lambda _matter, _matches: 1 / 0]),
    ],
)  # fmt: skip
def test_a_rule_that_raises_withholds_and_says_so(rule):
    decision = ask(grant(), rule)

    assert decision.outcome is Outcome.DENY
    assert decision.findings[0].permits == ()
    assert decision.findings[0].reasons[0] == "eng.failclosed"
    assert decision.redacted[0].reason == "eng.failclosed"
    assert decision.failure == ""


def test_a_rule_that_raises_is_neither_in_force_nor_passed_over():
    for rule in (stop("broken", broken), path("broken", broken), grant("broken", broken)):
        (finding,) = ask(grant(), rule).findings
        assert (finding.overruled, finding.standing, finding.lifted) == (("a.permit",), (), ())
        assert (finding.routed, finding.wanting, finding.reasons) == ((), (), ("eng.failclosed",))
    (finding,) = ask(grant("broken", broken), grant("z.permit"), grant("z.wanting", no)).findings
    assert (finding.overruled, finding.wanting) == (("z.permit",), ("z.wanting",))
    unliftable = stop("broken", lifted_by=[lambda _matter, _matches: 1 / 0])
    (finding,) = ask(grant(), unliftable).findings
    assert (finding.standing, finding.reasons) == (("broken",), ("eng.failclosed", "broken"))


def test_every_text_of_an_answer_is_made_from_that_answer():
    answered, refused = ask(grant()), ask(grant(), asked=replace(ASKED, purpose="GOSSIP"))

    assert "permitted by a.permit (law)." in answered.explanation_internal
    assert "MED of POST to employer for GOSSIP" in refused.explanation_internal
    for decision in (answered, refused):
        assert decision.explanation_outward
        assert set(decision.explanation_subject) == {"en", "es"}
        assert decision.would_change_it == ()
    assert answered.request_hash == explain.hash_of(ASKED)
    assert refused.request_hash == explain.hash_of(replace(ASKED, purpose="GOSSIP"))
    assert refused.explanation_outward == explain.NEUTRAL
    assert answered.explanation_outward != explain.NEUTRAL


def test_what_goes_wrong_outside_a_rule_is_named_by_its_kind():
    decision = decide(ASKED, [Pack("made", regimes=broken_regimes)])

    assert decision.outcome is Outcome.DENY
    assert decision.failure == "ZeroDivisionError while deciding"
    assert decision.redacted == (Redaction(segment="MED", reason="eng.failclosed"),)
    assert (decision.reasons, decision.route, decision.law_as_of, decision.ruleset_version) == (
        ("eng.failclosed",),
        Route.NONE,
        "",
        "",
    )


def broken_regimes(_segment, _asked, _recipient):
    raise ZeroDivisionError


def test_every_fault_of_a_question_is_told_and_the_law_is_named():
    decision = ask(
        grant(), asked=replace(ASKED, purpose="GOSSIP", process="letter", segments=frozenset({"MED", "DEM"}))
    )

    assert decision.failure == "no such purpose: `GOSSIP`; no such process: `letter`"
    assert decision.redacted == (
        Redaction(segment="DEM", reason="eng.failclosed"),
        Redaction(segment="MED", reason="eng.failclosed"),
    )
    assert (decision.law_as_of, decision.ruleset_version) == ("2026-01-01", "v1")
    assert [each.code for each in decision.obligations] == ["OBL-NEUTRAL-DENY"]


def test_what_is_no_question_at_all_is_refused_with_the_neutral_answer():
    decision = refuse(replace(ASKED, segments=None), "made.up", "no question", None)

    assert (decision.redacted, decision.permitted, decision.reasons) == ((), (), ("made.up",))
    assert [each.code for each in decision.obligations] == ["OBL-NEUTRAL-DENY"]
    assert decision.explanation_outward
    assert [
        each.code
        for each in refuse(
            replace(ASKED, recipient=Recipient(type="own_workforce")), "made.up", "", None
        ).obligations
    ] == []


def test_a_question_that_would_take_too_much_work_is_refused(monkeypatch):
    monkeypatch.setattr(engine, "MOST_WORK", 3)
    two = replace(ASKED, segments=frozenset({"MED", "DEM"}))

    assert ask(grant("a"), grant("b"), stop(holds=no)).outcome is Outcome.PERMIT
    assert ask(grant("a"), grant("b"), stop(holds=no), asked=two).failure == "TooMuchWork while deciding"
    assert ask(grant("a"), asked=two).outcome is Outcome.PERMIT
    assert ask(grant("a"), grant("b"), grant("c"), stop(holds=no)).outcome is Outcome.DENY


def test_the_most_work_for_one_question_is_what_it_was_measured_for():
    assert engine.MOST_WORK == 60_000


# --- forms ------------------------------------------------------------------------------------------------

SIGNED = replace(form("HIPAA-AUTH"), segments=frozenset({"MED"}))


def with_forms(*forms):
    return replace(ASKED, consents=forms)


def test_a_permit_that_rests_on_forms_needs_one_and_names_each():
    rule = grant(by=own_consent("HIPAA-AUTH"))
    second = replace(SIGNED, id="1")

    assert ask(rule).outcome is Outcome.DENY
    decision = ask(rule, asked=with_forms(second, SIGNED))
    assert decision.consents_used == ("0", "1")
    assert decision.consents_void == ()
    assert decision.expires_at == SIGNED.ends_at
    assert (
        ask(grant(holds=no, by=own_consent("HIPAA-AUTH")), asked=with_forms(SIGNED)).outcome is Outcome.DENY
    )


def test_a_void_form_is_named_with_its_defects_and_a_valid_one_is_not():
    void = replace(SIGNED, id="1", ends_at=AT)
    decision = ask(grant(by=own_consent("HIPAA-AUTH")), asked=with_forms(void, SIGNED))

    assert [(each.consent, each.defects) for each in decision.consents_void] == [("1", ("expired",))]
    assert decision.consents_used == ("0",)
    refused = ask(grant(by=own_consent("HIPAA-AUTH")), stop(), asked=with_forms(void))
    assert refused.findings[0].reasons == ("hipaa.auth.defect.164.508b2", "z.bar")
    assert refused.redacted[0].reason == "hipaa.auth.defect.164.508b2"


def test_the_same_form_twice_counts_once():
    decision = ask(grant(by=own_consent("HIPAA-AUTH")), asked=with_forms(SIGNED, SIGNED))

    assert decision.consents_used == ("0",)
    assert decision.outcome is Outcome.PERMIT
    void = replace(SIGNED, ends_at=AT)
    assert len(ask(grant(), asked=with_forms(void, void)).consents_void) == 1


def test_two_rules_of_one_id_oblige_to_both_and_rest_on_the_forms_of_both():
    one = grant("a", obliges=["X"], by=own_consent("HIPAA-AUTH"))
    two = grant("a", obliges=["W"], by=own_consent("PA-MH"))
    other = replace(SIGNED, id="1", form="PA-MH")
    decision = ask(one, two, asked=with_forms(SIGNED, other))

    assert [each.code for each in decision.obligations] == ["W", "X"]
    assert decision.consents_used == ("0", "1")
    assert len(decision.basis) == 1
    alone = ask(one, two, asked=with_forms(other))
    assert [each.code for each in alone.obligations] == ["W"]
    assert alone.findings[0].wanting == ()
    assert alone.findings[0].permits == ("a",)


def test_the_same_rule_in_two_packs_is_one():
    rule = grant("a", by=own_consent("HIPAA-AUTH"))
    packs = [Pack("one", rules=[rule], regimes=under("HIPAA")), Pack("two", rules=[rule])]

    assert decide(with_forms(SIGNED), packs).consents_used == ("0",)


def test_a_form_lifts_a_bar_for_every_permit():
    decision = ask(grant("a"), grant("b"), stop(lifted_by=[by_form("HIPAA-AUTH")]), asked=with_forms(SIGNED))

    assert decision.findings[0].permits == ("a", "b")
    assert ask(grant("a"), stop(lifted_by=[by_form("HIPAA-AUTH")])).outcome is Outcome.DENY


# --- regimes look back --------------------------------------------------------------------------------------


def test_a_later_regime_sees_what_matched_and_what_was_allowed_before():
    seen = {}

    def look(matter):
        seen[matter.regime] = (dict(matter.matched), dict(matter.allowed))
        return True

    ask(
        grant("h", regime="HIPAA"), grant("p", look, regime="P2"), grant("s", look, regime="PA-SUD"),
        stop("bar", regime="HIPAA"), regimes=("PA-SUD", "P2", "HIPAA"),
    )  # fmt: skip

    assert seen["P2"][0]["HIPAA"] == {"h"}
    assert seen["P2"][1]["HIPAA"] == frozenset()
    assert list(seen) == ["P2", "PA-SUD"]
    assert seen["PA-SUD"][0]["P2"] == seen["PA-SUD"][1]["P2"] == {"p"}


def test_the_regimes_that_others_look_back_at_come_first():
    decision = ask(grant(), regimes=("VS", "CJ", "P2", "HIPAA", "PA-SUD"))

    assert [each.regime for each in decision.findings] == ["HIPAA", "P2", "CJ", "PA-SUD", "VS"]


def test_one_segment_sees_nothing_of_another():
    seen = []

    def look(matter):
        seen.append((matter.segment, matter.regime, sorted(matter.matched)))
        return True

    ask(
        grant("a", look, regime=("HIPAA", "P2")),
        asked=replace(ASKED, segments=frozenset({"MED", "DEM"})),
        regimes=("P2", "HIPAA"),
    )

    assert [each[:2] for each in seen] == [("DEM", "HIPAA"), ("DEM", "P2"), ("MED", "HIPAA"), ("MED", "P2")]


# --- recipients, delegations, the broken glass -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "to", "recipient"),
    [
        ("post_peer", "own_workforce", "own_workforce"), ("cr_officer", "own_workforce", "le_co_response_partner"),
        ("police_officer", "own_workforce", "law_enforcement"), ("crime_analyst", "part2_internal", "law_enforcement"),
        ("cr_officer", "part2_admin_control", "le_co_response_partner"), ("cr_officer", "court", "court"),
    ],
)  # fmt: skip
def test_who_it_is_that_receives(role, to, recipient):
    asked = replace(ASKED, actor=Actor(id="a", role=role), recipient=Recipient(type=to))

    assert recipient_of(asked) == recipient
    reasons = ask(grant(holds=no), asked=asked).reasons
    assert ("eng.role.dual" in reasons) is (recipient != to)
    assert (ask(grant(to=[recipient]), asked=asked).outcome is Outcome.PERMIT) is True


def test_beyond_what_was_delegated_nothing_goes_out():
    link = Delegation(
        segments=frozenset({"MED"}),
        purposes=frozenset({"X-EMPLOY"}),
        ends_at=AT + INSTANT,
        owner_is_active=True,
    )
    asked = replace(ASKED, segments=frozenset({"MED", "DEM"}), delegations=(link,))
    decision = ask(grant(), asked=asked)

    assert decision.permitted == ("MED",)
    assert decision.redacted == (Redaction(segment="DEM", reason="eng.default.deny"),)
    for ended in (
        replace(link, ends_at=AT),
        replace(link, owner_is_active=False),
        replace(link, purposes=frozenset({"GOV"})),
    ):
        assert ask(grant(), asked=replace(asked, delegations=(ended,))).permitted == ()
        assert ask(grant(), asked=replace(asked, delegations=(link, ended))).permitted == ()
    assert not Delegation(
        segments=frozenset({"MED"}), purposes=frozenset({"X-EMPLOY"}), ends_at=AT + INSTANT
    ).holds(ASKED)


GLASS = BreakGlass(by="a", reason="r", emergency="e", opened_at=AT, subject="s", reviewer="b")


@pytest.mark.parametrize(
    ("changes", "opens"),
    [
        ({}, True), ({"by": "b"}, False), ({"by": ""}, False), ({"reason": " "}, False), ({"emergency": "\t"}, False),
        ({"subject": "t"}, False), ({"reviewer": "a"}, False), ({"reviewer": ""}, True), ({"opened_at": AT + INSTANT}, False),
        ({"opened_at": AT - timedelta(minutes=60)}, False), ({"opened_at": AT - timedelta(minutes=60) + INSTANT}, True),
        ({"closed_at": AT}, False), ({"closed_at": AT + INSTANT}, True), ({"closed_at": AT + timedelta(days=1)}, True),
    ],
)  # fmt: skip
def test_the_glass_opens_for_this_actor_and_subject_with_its_reason_for_an_hour(changes, opens):
    decision = ask(grant(), asked=replace(ASKED, break_glass=replace(GLASS, **changes)))

    assert (decision.outcome is Outcome.PERMIT) is opens
    assert opens or decision.reasons == ("eng.btg",)
    assert opens or decision.redacted == (Redaction(segment="MED", reason="eng.btg"),)
    assert opens or "MED of POST to employer" in decision.explanation_internal
    assert opens or decision.failure == "the emergency opening isn't open, or not for this"
    assert opens or decision.law_as_of == "2026-01-01"


@pytest.mark.parametrize("segment", ["SUDP2N", "PSYNOTE", "MED"])
@pytest.mark.parametrize("role", ["police_officer", "post_peer"])
def test_police_break_no_glass_for_counselling_notes(segment, role):
    asked = replace(ASKED, actor=Actor(id="a", role=role), segments=frozenset({segment}), break_glass=GLASS)

    assert (ask(grant(), asked=asked).outcome is Outcome.PERMIT) is (role == "post_peer" or segment == "MED")


# --- routes and reasons -----------------------------------------------------------------------------------------


def test_an_unsettled_path_goes_to_the_privacy_officer_and_legal_process_to_counsel():
    ordered = replace(ASKED, process="court_order")

    assert ask(path()).route is Route.PRIVACY_OFFICER
    assert ask(path(), asked=ordered).route is Route.PRIVACY_OFFICER
    assert ask(path(holds=no)).route is Route.NONE
    assert ask(grant(holds=no), asked=ordered).route is Route.COUNSEL
    assert ask(grant(), asked=ordered).route is Route.NONE
    assert ask(grant(), path()).route is Route.NONE
    assert ask(grant(), path()).findings[0].routed == ("r.route",)
    assert "r.route" in ask(path()).reasons
    assert ask(grant(regime="P2"), path(regime="P2"), regimes=("P2", "VS")).route is Route.NONE


def test_nobody_answers_process_for_a_segment_that_was_not_asked_for():
    link = Delegation(
        segments=frozenset(), purposes=frozenset({"X-EMPLOY"}), ends_at=AT + INSTANT, owner_is_active=True
    )

    assert ask(grant(), asked=replace(ASKED, delegations=(link,), process="court_order")).route is Route.NONE


def test_what_a_permit_limits_to_nothing_stays_for_that_rule():
    rule = grant("limiting", elements=["name"])
    decision = ask(rule, asked=replace(ASKED, segments=frozenset({"MED", "DEM"}), elements=("name", "dna")))

    assert decision.permitted == ("DEM",)
    assert decision.redacted == (Redaction(segment="MED", reason="limiting", regime="HIPAA"),)
    assert decision.outcome is Outcome.REDACT
    assert "limiting" in decision.reasons
    assert decision.elements.withheld == ("dna",)
    some = ask(rule, asked=replace(ASKED, segments=frozenset({"DEM"}), elements=("name", "dob")))
    assert (some.outcome, some.permitted, some.redacted) == (Outcome.REDACT, ("DEM",), ())
    nothing = ask(rule, asked=replace(ASKED, elements=("dna",)))
    assert (nothing.outcome, nothing.elements) == (Outcome.DENY, None)


def test_what_is_stripped_names_its_bars_and_reasons():
    rule = grant("cj.rule", regime="CJ", elements=["contact"])
    decision = ask(
        rule,
        asked=replace(ASKED, segments=frozenset({"REFIN"}), facts={"cj_info": ["contact", "ncic"]}),
        regimes=("CJ",),
    )

    assert decision.bars_standing == ("cj.cjis",)
    assert "cj.cjis" in decision.reasons
    assert decision.outcome is Outcome.REDACT


def codes(decision) -> list[str]:
    return [each.code for each in decision.obligations]


def test_duties_of_permits_of_standing_bars_and_of_what_stays_add_up():
    two = replace(ASKED, segments=frozenset({"MED", "DEM"}))
    permitting, barring = grant(of=["MED"], obliges=["X"]), stop(of=["DEM"], obliges=["Y"])

    assert codes(ask(permitting, asked=two)) == ["OBL-NEUTRAL-DENY", "X"]
    assert codes(ask(permitting, barring, asked=two)) == ["OBL-NEUTRAL-DENY", "X", "Y"]


def test_a_bar_that_was_lifted_obliges_where_the_restriction_gave_way_to_an_emergency():
    rules = [grant(obliges=["X"]), stop(lifted_by=[by_fact(yes)], obliges=["Y"], obliges_when_lifted=["Z"])]
    emergency = replace(ASKED, facts={"treating_emergency_needs_restricted": True})

    assert codes(ask(*rules)) == ["X"]
    assert codes(ask(*rules, asked=emergency)) == ["X", "Z"]
    assert codes(ask(*rules, stop("b"), asked=emergency)) == ["OBL-NEUTRAL-DENY"]
