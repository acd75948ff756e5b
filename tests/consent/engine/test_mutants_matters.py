"""What a rule may ask of a matter, which rules are looked at for it, and in which order bars are named."""

from dataclasses import replace

import pytest

from consent.engine import reasons
from consent.engine.facts import Actor, Asked, Finding, Recipient, Source
from consent.engine.matter import Matter, Table
from consent.engine.rules import (
    ANY_REGIME,
    EVERY,
    LOCAL,
    Effect,
    Library,
    Match,
    Pack,
    Rule,
    always,
    bar,
    by_fact,
    by_form,
    by_match,
    by_permit,
    library,
    own_consent,
    permit,
    route,
)
from tests.consent.engine.test_forms import AT, form

BLANK = Asked(
    actor=Actor(id="a", role="post_peer"), source=Source(program="POST"), recipient=Recipient(type="employer"), purpose="X-EMPLOY",
    segments=frozenset({"SUDP2"}), at=AT,
)  # fmt: skip


def matter(asked=BLANK, *, regime="HIPAA", segment="SUDP2", labels=None, recipient="employer") -> Matter:
    return Matter(
        asked=asked, segment=segment, regime=regime, labels=frozenset(labels or {segment}), recipient=recipient,
        table=Table(asked), matched={}, allowed={},
    )  # fmt: skip


def with_facts(**facts) -> Matter:
    return matter(replace(BLANK, facts=facts))


# --- what a rule may ask ----------------------------------------------------------------------------------


def test_facts_are_shown_only_if_they_are_so():
    asked = with_facts(executor=True, qsoa=False)

    assert asked.shows("executor")
    assert not asked.shows("executor", "qsoa")
    assert asked.shows_any("qsoa", "executor")
    assert not asked.shows_any("qsoa", "baa")
    assert asked.denies("qsoa")
    assert not asked.denies("baa")
    assert not asked.denies("executor")
    assert asked.has("executor")
    assert not asked.has("qsoa")
    assert not asked.has("baa")


def test_an_age_that_nobody_gave_is_neither_below_nor_above():
    assert not with_facts().age_below(18)
    assert not with_facts().age_from(0)
    assert with_facts(minor_age=13).age_below(14)
    assert not with_facts(minor_age=14).age_below(14)
    assert with_facts(minor_age=14).age_from(14)
    assert not with_facts(minor_age=13).age_from(14)


@pytest.mark.parametrize(
    "process",
    "court_order p2_order_2.64 p2_order_2.65 p2_order_2.66 p2_order_2.67 common_pleas_1690.108 order_7608".split(),
)
def test_what_a_judge_signed_is_a_court_order_but_under_part_2(process):
    ordered = replace(BLANK, process=process)

    assert matter(ordered).under("court_order")
    assert matter(ordered).under("grand_jury", "court_order")
    assert not matter(ordered).under("grand_jury")
    assert matter(ordered, regime="P2").under("court_order") is (process == "court_order")
    assert matter(ordered, regime="P2").under(process)


@pytest.mark.parametrize(
    "process", "none da_subpoena judicial_subpoena grand_jury arrest_warrant search_warrant".split()
)
def test_what_no_judge_signed_as_an_order_is_none(process):
    assert not matter(replace(BLANK, process=process)).under("court_order")


def test_an_order_that_names_no_segments_reaches_all_unless_they_must_be_named():
    assert matter().in_scope()
    assert not matter().in_scope(named=True)
    for named in (True, False):
        assert with_facts(order_scope=["SUDP2"]).in_scope(named=named)
        assert not with_facts(order_scope=["MED"]).in_scope(named=named)
        assert not with_facts(order_scope=[]).in_scope(named=named)


def test_a_restriction_covers_what_it_names_or_everything():
    assert with_facts(restriction_agreed=True).is_restricted()
    assert not with_facts(restriction_agreed=False).is_restricted()
    assert not with_facts().is_restricted()
    assert with_facts(restriction_agreed=["SUDP2"]).is_restricted()
    assert not with_facts(restriction_agreed=["MED"]).is_restricted()
    on_paper = replace(form("P2-SPEC"), form="RESTRICT", segments=frozenset({"SUDP2"}))
    assert matter(replace(BLANK, consents=(on_paper,))).is_restricted()
    elsewhere = replace(on_paper, segments=frozenset({"MED"}))
    assert not matter(replace(BLANK, consents=(elsewhere,))).is_restricted()
    lifted = replace(on_paper, revoked_at=AT)
    assert not matter(replace(BLANK, consents=(lifted,))).is_restricted()
    assert not matter(replace(BLANK, consents=(form("P2-SPEC"),))).is_restricted()


def test_valid_forms_of_the_kinds_asked_for_that_cover_the_matter():
    specific, general, void = (
        form("P2-SPEC"),
        replace(form("HIPAA-AUTH"), id="1", segments=frozenset({"SUDP2"})),
        replace(form("P2-SPEC"), id="2", ends_at=AT),
    )
    restriction, oral = (replace(form("P2-SPEC"), id=kind, form=kind) for kind in ("RESTRICT", "ORAL-510B"))
    asked = matter(replace(BLANK, consents=(specific, general, void, restriction, oral)))

    assert asked.covered_by() == (specific, general)
    assert asked.covered_by("P2-SPEC") == (specific,)
    assert asked.covered_by("P2-SPEC", "HIPAA-AUTH") == (specific, general)
    assert asked.covered_by("RESTRICT", "ORAL-510B", "PA-MH") == ()
    assert asked.table.valid == (specific, general, restriction, oral)
    assert asked.table.restrictions == (restriction,)
    assert asked.table.defects[2] == ("expired",)


def test_a_matter_says_of_itself():
    asked = matter(replace(BLANK, process="grand_jury", facts={"received_under": "qso", "care_kind": "sud"}))

    assert asked.is_to("court", "employer")
    assert not asked.is_to("court")
    assert asked.is_for({"X-EMPLOY"})
    assert not asked.is_for({"GOV"})
    assert asked.is_one_of("care_kind", "general", "sud")
    assert not asked.is_one_of("care_kind", "general")
    assert asked.is_received("own", "qso")
    assert not asked.is_received("own")
    assert (asked.process, asked.source.program, asked.purpose) == ("grand_jury", "POST", "X-EMPLOY")


# --- rules ----------------------------------------------------------------------------------------------


def yes(_matter) -> bool:
    """Is it so, whatever is asked?"""
    return True


def made(kind, id_, **given):
    needed = {"to": None, "for_": None} if kind is permit else {}
    return kind(id_, **({"cite": "none", "regime": "HIPAA", "of": None} | needed | given))(yes)


@pytest.mark.parametrize("kind", [permit, bar, route])
def test_a_rule_keeps_what_it_was_made_with(kind):
    rule = made(kind, "a", regime=("P2", "VS"), to=["court"], of=["MED"], for_=["GOV"])

    assert (rule.id, rule.cite, rule.holds) == ("a", "none", yes)
    assert rule.effect is {permit: Effect.PERMIT, bar: Effect.BAR, route: Effect.ROUTE}[kind]
    assert (rule.regimes, rule.to, rule.of, rule.for_) == ({"P2", "VS"}, {"court"}, {"MED"}, {"GOV"})
    assert made(kind, "a", to=None, of=None, for_=None).to is None
    assert made(kind, "a", to=None, of=None, for_=None).of is None
    assert made(kind, "a", to=None, of=None, for_=None).for_ is None
    assert made(kind, "a").regimes == {"HIPAA"}
    assert rule.asks == "Is it so, whatever is asked?"


def test_what_was_left_out_is_nothing():
    plain, gate, path = made(permit, "a"), made(bar, "b"), made(route, "c")

    assert (plain.precedence, gate.precedence, path.precedence) == (5, 1, 5)
    for rule in (plain, gate, path):
        assert (rule.obliges, rule.by, rule.lifted_by, rule.obliges_when_lifted, rule.elements, rule.is_local_policy) == (
            (), None, (), (), None, False,
        )  # fmt: skip


def test_a_rule_and_a_match_made_of_the_least_that_they_need():
    least = Rule(id="a", cite="", regimes=frozenset(), effect=Effect.PERMIT, holds=yes)

    assert (least.to, least.of, least.for_, least.by, least.elements) == (None,) * 5
    assert (least.obliges, least.lifted_by, least.obliges_when_lifted) == ((), (), ())
    assert (least.precedence, least.is_local_policy) == (5, False)
    assert (Match(rule=least).consents, Match(rule=least).obliges) == ((), ())
    assert [str(each) for each in Effect] == ["permit", "bar", "route"]
    pack = Pack("made")
    assert (pack.rules, pack.version, pack.law_as_of, dict(pack.gates)) == ((), "", "", {})
    assert pack.regimes("MED", BLANK, "court") == {}


def test_what_a_rule_asks_is_the_first_line_of_its_words():
    def speaking(_matter) -> bool:
        """
        Is it so?

        Or not?
        """
        return True

    assert replace(made(permit, "a"), holds=speaking).asks == "Is it so?"
    assert replace(made(permit, "a"), holds=lambda _matter: True).asks == ""
    assert always(matter()) is True


def test_what_was_said_is_kept():
    form_of = own_consent("P2-SPEC")
    lift = by_permit("a")
    rich = made(permit, "a", obliges=["X"], by=form_of, elements=["name"], precedence=4, is_local_policy=True)
    gate = made(
        bar,
        "b",
        obliges=["X"],
        lifted_by=[lift],
        obliges_when_lifted=["Y"],
        precedence=2,
        is_local_policy=True,
    )

    assert (rich.obliges, rich.by, rich.elements, rich.precedence, rich.is_local_policy) == (
        ("X",),
        form_of,
        {"name"},
        4,
        True,
    )
    assert (gate.obliges, gate.lifted_by, gate.obliges_when_lifted, gate.precedence, gate.is_local_policy) == (
        ("X",), (lift,), ("Y",), 2, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "question", "concerned"),
    [
        ({}, ("HIPAA", {"MED"}, "court", "GOV"), True), ({}, ("P2", {"MED"}, "court", "GOV"), False),
        ({"regime": ANY_REGIME}, ("P2", {"MED"}, "court", "GOV"), True),
        ({"to": ["court"]}, ("HIPAA", {"MED"}, "court", "GOV"), True), ({"to": ["court"]}, ("HIPAA", {"MED"}, "fda", "GOV"), False),
        ({"of": ["MED"]}, ("HIPAA", {"MED", "MH"}, "court", "GOV"), True), ({"of": ["MED"]}, ("HIPAA", {"MH"}, "court", "GOV"), False),
        ({"for_": ["GOV"]}, ("HIPAA", {"MED"}, "court", "GOV"), True), ({"for_": ["GOV"]}, ("HIPAA", {"MED"}, "court", "BTG"), False),
    ],
)  # fmt: skip
def test_what_a_rule_concerns_and_what_is_looked_at_for_a_question(given, question, concerned):
    regime, labels, recipient, purpose = question
    for kind in (permit, bar, route):
        rule = made(kind, "a", **given)
        chosen = Library([Pack("made", rules=[rule])]).choose(regime, frozenset(labels), recipient, purpose)
        assert rule.concerns(regime, frozenset(labels), recipient, purpose) is concerned
        assert len(chosen) == concerned
        assert (rule in chosen.permits, rule in chosen.bars, rule in chosen.routes) == (
            concerned and kind is permit, concerned and kind is bar, concerned and kind is route,
        )  # fmt: skip


def test_rules_are_looked_at_in_the_order_of_precedence_and_id_and_each_once():
    rules = [
        made(permit, "c", precedence=4),
        made(permit, "b"),
        made(permit, "a"),
        made(permit, "d", regime=("HIPAA", ANY_REGIME)),
    ]
    books = Library([Pack("one", rules=rules), Pack("two", rules=rules)])
    chosen = books.choose("HIPAA", frozenset({"MED"}), "court", "GOV")

    assert [rule.id for rule in chosen.permits] == ["c", "a", "b", "d"]
    assert len(chosen) == 4
    assert {id_: len(found) for id_, found in books.rules.items()} == dict.fromkeys("abcd", 1)


def test_rules_for_other_recipients_are_not_even_asked(monkeypatch):
    looked_at = []
    concerns = Rule.concerns

    def counted(rule, *question):
        looked_at.append(rule.id)
        return concerns(rule, *question)

    monkeypatch.setattr(Rule, "concerns", counted)
    books = Library(
        [
            Pack(
                "made",
                rules=[
                    made(permit, "fda", to=["fda"]),
                    made(permit, "court", to=["court"]),
                    made(permit, "any"),
                ],
            )
        ]
    )

    assert len(books.choose("HIPAA", frozenset({"MED"}), "court", "GOV")) == 2
    assert sorted(looked_at) == ["any", "court"]


def test_two_rules_of_one_id_are_both_kept():
    books = Library([Pack("one", rules=[made(permit, "a"), made(permit, "a", to=["court"])])])

    assert len(books.rules["a"]) == 2
    assert len(books.choose("HIPAA", frozenset({"MED"}), "court", "GOV")) == 2


def test_a_library_says_which_law_it_holds():
    first = Pack(
        "one",
        version="v1",
        law_as_of="2026-01-01",
        gates={"cfg.a": "42 CFR 2.1"},
        rules=[made(permit, "a", cite="45 CFR 164.502")],
    )
    second = Pack("two", version="v0", law_as_of="2025-01-01")
    unversioned = Pack("three")
    books = library((first, second, unversioned))

    assert (books.version, books.law_as_of) == ("v0+v1", "2026-01-01")
    assert Library([]).version == Library([]).law_as_of == ""
    assert (books.cite("a"), books.cite("cfg.a"), books.cite("nothing")) == (
        "45 CFR 164.502",
        "42 CFR 2.1",
        "",
    )
    assert books.packs == (first, second, unversioned)
    assert library((first, second, unversioned)) is books


def test_regimes_of_packs_add_up_and_what_none_protects_is_local():
    def one(_segment, _asked, _recipient):
        return {"HIPAA": frozenset({"A"})}

    def two(segment, asked, recipient):
        return {"HIPAA": frozenset({"B"}), "P2": frozenset({segment, asked.purpose, recipient})}

    books = Library([Pack("one", regimes=one), Pack("two", regimes=two), Pack("three")])

    assert books.readings("MED", BLANK, "court") == {"HIPAA": {"A", "B"}, "P2": {"MED", "X-EMPLOY", "court"}}
    assert Library([Pack("three")]).readings("MED", BLANK, "court") == {LOCAL: {"MED"}}


# --- what lifts a bar ---------------------------------------------------------------------------------------


def test_permits_lift_by_id_or_by_family_but_for_those_spared():
    matches = {id_: Match(rule=made(permit, id_)) for id_ in ("p2.a", "p2.b", "hipaa.a", "p2")}

    assert by_permit("p2.a")(matter(), matches) == {"p2.a"}
    assert by_permit("p2.*")(matter(), matches) == {"p2.a", "p2.b"}
    assert by_permit("p2.*", "hipaa.a", but=["p2.b"])(matter(), matches) == {"p2.a", "hipaa.a"}
    assert by_permit("hipaa")(matter(), matches) == frozenset()
    assert by_permit()(matter(), matches) == frozenset()


def test_forms_facts_and_matches_lift():
    covering = replace(BLANK, consents=(form("P2-SPEC"),))
    matches = {id_: Match(rule=made(permit, id_)) for id_ in ("a", "b")}

    assert by_form("P2-SPEC")(matter(covering), matches) == EVERY
    assert by_form("P2-TPO")(matter(covering), matches) == frozenset()
    assert by_fact(lambda asked: asked.is_to("employer"))(matter(), matches) == EVERY
    assert by_fact(lambda asked: asked.is_to("court"))(matter(), matches) == frozenset()
    assert by_match(lambda asked, match: asked.is_to("employer") and match.rule.id == "a")(
        matter(), matches
    ) == {"a"}
    assert own_consent("P2-SPEC")(matter(covering)) == covering.consents
    assert own_consent("P2-TPO")(matter(covering)) == ()


# --- reasons --------------------------------------------------------------------------------------------

ORDER = (
    "cj.p2.quarantine | p2.proceedings.2.12d1 | p2.consent.notes.2.31b hipaa.psynotes.164.508a2 pa.mh.privileged "
    "pa.priv.sexassault.5945.1 pa.priv.dv.6116 | vs.nondisclosure vs.unit | pa.hiv.7607 | cj.chria.9106 cj.cjis | 1 | "
    "p2.uncond.2.13b | p2.default-deny.2.13a | 2 pa.mh.7111 pa.sud.state.1690.108b | 3 4"
).split(" | ")  # fmt: skip


def test_bars_are_named_in_the_order_of_the_specification():
    def place(name: str) -> int:
        precedence = int(name) if name.isdigit() else 1
        rule = made(bar, "other" if name.isdigit() else name, precedence=precedence)
        found, id_ = reasons.order_of_bars(rule)
        assert id_ == rule.id
        return found

    places = [{place(name) for name in group.split()} for group in ORDER]

    assert all(len(group) == 1 for group in places)
    assert places == sorted(places, key=min)
    assert len({min(group) for group in places}) == len(ORDER)
    assert place("0") == place("cj.p2.quarantine")


def void_reasons(kind, regime, **changes):
    consent = replace(form(kind), **changes)
    asked = replace(
        BLANK, consents=(consent,), purpose=next(iter(consent.purposes)), segments=consent.segments,
        facts={"cj_condition": True, "recipient_monitoring_duty": True} | changes.pop("facts", {}),
    )  # fmt: skip
    segment = next(iter(consent.segments))
    found = matter(asked, regime=regime, segment=segment, recipient=consent.recipients[0])
    return reasons.reason_of_void_form(found)


DEFECT = "p2.consent.defect.2.31c"


@pytest.mark.parametrize(
    ("kind", "regime", "changes", "found"),
    [
        ("P2-SPEC", "P2", {}, []), ("P2-SPEC", "P2", {"ends_at": AT}, [DEFECT]), ("P2-TPO", "P2", {"ends_at": AT}, [DEFECT]),
        ("P2-NOTES", "P2", {"ends_at": AT}, [DEFECT]), ("P2-PROC", "P2", {"ends_at": AT}, [DEFECT]), ("P2-CJ35", "P2", {"ends_at": AT}, [DEFECT]),
        ("P2-SPEC", "HIPAA", {"ends_at": AT}, []), ("P2-SPEC", "VS", {"ends_at": AT}, []),
        ("P2-TPO", "P2", {"elements_missing": ("p.cestmt",)}, [DEFECT, "p2.consent.ce-statement.2.31a4iii"]),
        ("P2-PROC", "P2", {"combined_with": ("P2-SPEC",)}, ["p2.consent.proceedings.2.31d", DEFECT]),
        ("P2-SPEC", "P2", {"segments": frozenset({"MED"}), "ends_at": AT}, [DEFECT]),
        ("P2-CJ35", "P2", {"elements_missing": ("cj35.condition",)}, ["lead.235-only-if-condition", DEFECT]),
        ("P2-CJ35", "HIPAA", {"revoked_at": AT, "revoked_how": "written", "revocable_on": "final_disposition"}, ["hipaa.cj35.gap"]),
        ("P2-CJ35", "HIPAA", {"revoked_at": AT, "revoked_how": "oral", "revocable_on": "final_disposition"}, []),
        ("P2-CJ35", "P2", {"revoked_at": AT, "revoked_how": "written", "revocable_on": "final_disposition"}, []),
        ("P2-CJ35", "HIPAA", {"ends_at": AT, "revoked_at": AT, "revoked_how": "written"}, []),
        ("VS-REL", "VS", {"ends_at": AT}, ["vs.release"]), ("VS-REL", "VS", {"conditioned_on_services": True}, ["vs.nocondition"]),
        ("VS-REL", "VS", {"elements_missing": ("v.noncond",)}, ["vs.nocondition"]), ("VS-REL", "P2", {"ends_at": AT}, []),
        ("HIPAA-AUTH", "HIPAA", {"ends_at": AT}, ["hipaa.auth.defect.164.508b2"]), ("HIPAA-PSY", "HIPAA", {"ends_at": AT}, ["hipaa.auth.defect.164.508b2"]),
        ("HIPAA-PSY", "PA-MH", {"ends_at": AT}, ["hipaa.auth.defect.164.508b2"]), ("HIPAA-AUTH", "PA-MH", {"ends_at": AT}, []),
        ("PA-MH", "PA-MH", {"ends_at": AT}, ["pa.mh.consent.5100.34"]), ("PA-HIV", "PA-HIV", {"ends_at": AT}, ["pa.hiv.consent.7607c"]),
        ("PA-MH", "PA-HIV", {"ends_at": AT}, []), ("PA-HIV", "PA-MH", {"ends_at": AT}, []),
        ("MULTI-CONF", "HIPAA", {"ends_at": AT}, ["conf.multi.valid", DEFECT]), ("MULTI-CONF", "P2", {"ends_at": AT}, ["conf.multi.valid", DEFECT]),
        ("MULTI-CONF", "VS", {"ends_at": AT}, []),
    ],
)  # fmt: skip
def test_the_rule_that_is_named_for_a_form_that_is_void(kind, regime, changes, found):
    assert void_reasons(kind, regime, **changes) == found


def test_a_void_form_that_was_not_offered_for_this_is_no_reason():
    assert void_reasons("P2-SPEC", "P2", ends_at=AT, sources=("LEAD",)) == []


def test_each_of_two_void_forms_is_a_reason_and_an_order_fills_the_gap_of_2_35():
    ended = form("P2-SPEC", ends_at=AT)
    together = form(
        "P2-PROC", combined_with=("P2-SPEC",), recipients=("employer",), purposes=frozenset({"X-EMPLOY"})
    )
    asked = replace(BLANK, consents=(ended, together))
    each = [
        reasons.reason_of_void_form(matter(replace(asked, consents=(one,)), regime="P2"))
        for one in (ended, together)
    ]
    gap = {"revoked_at": AT, "revoked_how": "written", "revocable_on": "final_disposition"}
    monitored = form("P2-CJ35", **gap)
    ordered = replace(
        BLANK, consents=(monitored,), purpose="X-CJ-MONITOR", process="court_order",
        facts={"cj_condition": True, "recipient_monitoring_duty": True},
    )  # fmt: skip

    assert all(each)
    assert reasons.reason_of_void_form(matter(asked, regime="P2")) == list(
        dict.fromkeys([*each[0], *each[1]])
    )
    assert void_reasons("P2-CJ35", "HIPAA", **gap) == ["hipaa.cj35.gap"]
    assert reasons.reason_of_void_form(matter(ordered, regime="HIPAA", recipient="court")) == []


def gates(asked=BLANK, *findings):
    return list(reasons.gates_passed(asked, findings))


def test_the_ids_that_steer_are_named_where_they_had_a_say():
    determined = Source(
        program="POST", p2_status="program", hipaa_legal="covered", mhpa_facility="no", vs_regime="none"
    )
    known = replace(BLANK, source=determined)
    stays = Finding(segment="MED", regime="HIPAA")

    assert gates(BLANK) == []
    assert gates(known, stays) == ["eng.neutral-response"]
    assert gates(known, replace(stays, routed=("x",))) == ["eng.neutral-response", "eng.counsel-hold"]
    for key in ("p2_status", "hipaa_legal", "mhpa_facility", "vs_regime"):
        doubtful = replace(known, source=replace(determined, **{key: "undetermined"}))
        assert gates(doubtful, stays) == ["eng.neutral-response", "cfg.twosided"]
    ordered = replace(known, process="court_order")
    assert gates(ordered, replace(stays, regime="P2")) == ["eng.neutral-response", "p2.order.effect.2.61"]
    assert gates(ordered, stays) == ["eng.neutral-response"]
    assert gates(known, replace(stays, regime="P2")) == ["eng.neutral-response"]
    enrolled = replace(stays, segment="ENROLL")
    assert gates(known, enrolled) == ["eng.neutral-response", "eng.enroll.inherits"]
    at_lead = replace(known, source=replace(determined, program="LEAD"))
    assert gates(at_lead, enrolled) == ["eng.neutral-response", "eng.enroll.inherits", "lead.intake-status"]
    assert gates(at_lead, stays) == ["eng.neutral-response"]
    conference = replace(known, recipient=Recipient(type="case_conference"))
    assert gates(conference, stays) == ["eng.neutral-response", "conf.per-member"]


@pytest.mark.parametrize("to", ["own_workforce", "part2_internal", "individual", "personal_rep"])
def test_own_staff_and_the_person_get_no_neutral_answer_but_police_do(to):
    known = replace(
        BLANK, recipient=Recipient(type=to),
        source=Source(program="POST", p2_status="program", hipaa_legal="covered", mhpa_facility="no", vs_regime="none"),
    )  # fmt: skip
    stays = Finding(segment="MED", regime="HIPAA")

    assert gates(known, stays) == []
    assert gates(replace(known, actor=Actor(id="a", role="police_officer")), stays) == [
        "eng.neutral-response"
    ]
