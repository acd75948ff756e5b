"""Explanations line by line, the question as bytes, and what would change an answer."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from consent.engine import changes, explain
from consent.engine.decide import decide
from consent.engine.facts import (
    Actor,
    Asked,
    BreakGlass,
    Consent,
    Decision,
    ElementLimit,
    Finding,
    Obligation,
    Outcome,
    Recipient,
    Redaction,
    Route,
    Source,
    VoidConsent,
)
from consent.engine.rules import Library, Pack, bar, own_consent, permit

AT = datetime(2026, 4, 2, 16, tzinfo=UTC)
ASKED = Asked(
    actor=Actor(id="a", role="post_peer"), source=Source(program="POST"), recipient=Recipient(type="employer"), purpose="GOV",
    segments=frozenset({"MED"}), at=AT, closed_world=True, subject="s",
)  # fmt: skip
BARE = Decision(outcome=Outcome.DENY, permitted=())


def yes(_matter) -> bool:
    """Is it so?"""
    return True


BOOKS = Library(
    [
        Pack(
            "made",
            rules=[permit("a.rule", cite="42 CFR 2.1", regime="HIPAA", to=None, of=None, for_=None)(yes)],
        )
    ]
)


def lines(decision, asked=ASKED, books=None) -> list[str]:
    return explain.internal(asked, decision, books).split("\n")


def test_the_headline_says_who_asked_what_of_whom():
    decision = replace(BARE, permitted=("CASE", "MED"), redacted=(Redaction(segment="DEM", reason="x"),))

    assert (
        lines(decision)[0]
        == "DENY: CASE, MED, DEM of POST to employer for GOV, at 2026-04-02T16:00:00+00:00."
    )
    assert lines(decision, replace(ASKED, at="soon"))[0].endswith("for GOV, at soon.")
    assert lines(replace(decision, failure="a fault"))[1:] == ["Nothing was weighed: a fault."]


def test_the_facts_are_named_as_shown_or_denied():
    asked = replace(
        ASKED,
        facts={"qsoa": True, "baa": False, "dua": None, "care_kind": "sud"},
        recorded_no=frozenset({"executor"}),
    )

    assert lines(BARE) == [lines(BARE)[0], "Facts shown: none. Recorded no: none."]
    assert lines(BARE, asked)[1] == "Facts shown: care_kind, qsoa. Recorded no: baa, executor."


def test_a_permitted_segment_names_its_permits_and_what_is_beside_them():
    found = Finding(segment="MED", regime="HIPAA", permits=("a.rule", "b.rule"))
    rich = replace(found, lifted=("l",), overruled=("o", "p"), routed=("r",))

    assert (
        lines(replace(BARE, findings=(found,)), books=BOOKS)[1]
        == "MED under HIPAA: permitted by a.rule (42 CFR 2.1), b.rule."
    )
    assert lines(replace(BARE, findings=(found,)))[1] == "MED under HIPAA: permitted by a.rule, b.rule."
    assert lines(replace(BARE, findings=(rich,)), books=BOOKS)[1] == (
        "MED under HIPAA: permitted by a.rule (42 CFR 2.1), b.rule; lifted: l; matched, but reached by what was lifted: o, p; unsettled beside it: r."
    )


def test_a_withheld_segment_names_every_reason_once():
    found = Finding(segment="MED", regime="P2", reasons=("a.rule",))
    rich = Finding(
        segment="MED",
        regime="P2",
        standing=("s", "a.rule"),
        overruled=("o", "p"),
        reasons=("d", "s", "a.rule"),
        wanting=("w", "v"),
        routed=("r",),
    )

    assert (
        lines(replace(BARE, findings=(found,)), books=BOOKS)[1]
        == "MED under P2: withheld; a.rule (42 CFR 2.1)."
    )
    assert lines(replace(BARE, findings=(rich,)), books=BOOKS)[1] == (
        "MED under P2: withheld; barred by s, a.rule (42 CFR 2.1); overruled: o, p; d; facts not shown for w, v; unsettled: r."
    )
    assert (
        lines(replace(BARE, findings=(Finding(segment="MED", regime="P2"),)))[1]
        == "MED under P2: withheld; ."
    )


def test_forms_elements_duties_ends_and_routes_have_a_line_each():
    decision = replace(
        BARE, consents_void=(VoidConsent(consent="1", defects=("expired", "signer")),), consents_used=("2", "3"),
        elements=ElementLimit(allowed=("dob", "name"), withheld=("dna", "ssn")), obligations=(Obligation(code="X"), Obligation(code="Y")),
        expires_at=AT, route=Route.COUNSEL,
    )  # fmt: skip

    assert lines(decision)[1:] == [
        "Form 1 counts as absent: expired, signer.", "Rests on form 2, 3.", "Only dob, name. Withheld: dna, ssn.",
        "Facts shown: none. Recorded no: none.", "Carries X, Y.", "Holds until 2026-04-02T16:00:00+00:00.", "Goes to counsel.",
    ]  # fmt: skip
    assert lines(replace(BARE, elements=ElementLimit(allowed=(), withheld=())))[1] == "Only nothing."
    assert lines(replace(BARE, route=Route.PRIVACY_OFFICER))[-1] == "Goes to the privacy officer."


def test_stripped_content_names_its_rules_once_and_in_order():
    assert explain.stripped_reasons(["ncic", "clean", "chri", "contact"]) == ["cj.chria.9121", "cj.cjis"]


# --- outward, and to the person -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "begins"),
    [("rtkl_requester", "The request is denied."), ("individual", "We can't give you this"), ("personal_rep", "We can't give you this"),
     ("employer", "This system can't provide"), ("court", "This system can't provide")],
)  # fmt: skip
def test_a_denial_outward(to, begins):
    assert explain.outward(replace(ASKED, recipient=Recipient(type=to)), BARE).startswith(begins)


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["OBL-P2-NOTICE"], ["It may not be used or disclosed", "The statement of 42 CFR 2.32"]), (["OBL-P2-USEBAR"], ["It may not be used or disclosed"]),
        (["OBL-NOPERSIST"], ["It is for viewing only"]), (["OBL-MINNEC"], []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("until", [None, AT])
def test_a_release_outward(codes, said, until):
    decision = replace(
        BARE,
        outcome=Outcome.PERMIT,
        obligations=tuple(Obligation(code=code) for code in codes),
        expires_at=until,
    )
    text = explain.outward(ASKED, decision)

    assert text.startswith("What is enclosed may be used for the stated purpose only.")
    for sentence in (
        "It may not be used or disclosed",
        "The statement of 42 CFR 2.32",
        "It is for viewing only",
    ):
        assert (sentence in text) is (sentence in said)
    assert ("It may be read until 2026-04-02T16:00:00+00:00." in text) is (until is not None)
    assert text.count(". ") == len(said) + (until is not None)


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("used", [(), ("0",)])
def test_the_person_reads_what_became_of_it(outcome, used):
    told = explain.to_the_subject(ASKED, replace(BARE, outcome=outcome, consents_used=used))

    assert list(told) == ["en", "es"]
    assert told["es"].startswith("[Borrador, pendiente de revisión por un traductor] ")
    denied, part = outcome is Outcome.DENY, outcome is Outcome.REDACT
    for language, shared, some, form, law, back in (
        ("en", "We shared information about you.", "We shared some of", "You signed a form", "The law allows it", "You can take the form back"),
        ("es", "Compartimos información sobre usted.", "Compartimos una parte", "Usted firmó", "La ley lo permite", "Puede retirar"),
    ):  # fmt: skip
        text = told[language]
        assert (shared in text) is (outcome is Outcome.PERMIT)
        assert (some in text) is part
        assert (form in text) is (back in text) is (bool(used) and not denied)
        assert (law in text) is (not used and not denied)
    assert ("Nobody was told" in told["en"]) is denied


# --- the question as bytes ------------------------------------------------------------------------------------


def test_a_question_has_one_form_as_bytes():
    consent = Consent(
        id="1", form="P2-SPEC", signed_at=AT, segments=frozenset({"MED", "DEM"}), recipients=("court",)
    )
    asked = replace(
        ASKED, consents=(replace(consent, id="2"), consent), elements=("ssn", "name"), recorded_no=frozenset({"dua", "baa"}),
        facts={"cj_info": ("ncic", "cad"), "order_scope": {"MED", "DEM"}, "minor_age": 3, "qsoa": True, "executor": None},
    )  # fmt: skip
    told = explain.question_as_json(asked)

    assert told == {
        "actor": {"id": "a", "role": "post_peer", "unit": "", "employer_class": ""},
        "source": {"program": "POST", "p2_status": "undetermined", "hipaa_legal": "undetermined", "mhpa_facility": "undetermined",
                   "vs_regime": "undetermined", "hmis_cho": False, "received_under": "own", "is_police": False, "valid_until": None},
        "recipient": {"type": "employer", "id": "", "organization": "", "unit": ""},
        "purpose": "GOV", "segments": ["MED"], "at": "2026-04-02T16:00:00+00:00", "process": "none",
        "facts": {"cj_info": ["ncic", "cad"], "order_scope": ["DEM", "MED"], "minor_age": 3, "qsoa": True, "executor": None},
        "recorded_no": ["baa", "dua"], "elements": ["name", "ssn"], "subject": "s", "closed_world": True,
        "consents": [told["consents"][0], told["consents"][0] | {"id": "2"}],
    }  # fmt: skip
    assert told["consents"][0]["id"] == "1"
    assert told["consents"][0]["segments"] == ["DEM", "MED"]
    assert told["consents"][0]["signed_at"] == "2026-04-02T16:00:00+00:00"
    glass = BreakGlass(by="a", reason="r", emergency="e", opened_at=AT)
    assert (
        explain.question_as_json(replace(asked, break_glass=glass))["break_glass"]["opened_at"]
        == "2026-04-02T16:00:00+00:00"
    )
    written = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert explain.hash_of(asked) == "sha256:" + hashlib.sha256(written).hexdigest()


def test_canonical_bytes_sort_keys_and_keep_letters():
    assert explain.canonical({"b": [1], "a": "ñ"}) == '{"a":"ñ","b":[1]}'.encode()
    assert explain.question_as_json(replace(ASKED, facts={"odd": Route.COUNSEL, 3: 1.5}))["facts"] == {
        "odd": "counsel",
        "3": 1.5,
    }
    assert explain.question_as_json(replace(ASKED, facts={"odd": object}))["facts"] == {
        "odd": "<class 'object'>"
    }


# --- what would change it ---------------------------------------------------------------------------------------


def grant(id_="a.permit", holds=yes, **given):
    return permit(id_, **({"cite": "law", "regime": "HIPAA", "to": None, "of": None, "for_": None} | given))(
        holds
    )


def would(*rules, asked=ASKED, regimes=("HIPAA",)):
    packs = [
        Pack(
            "made",
            rules=rules,
            regimes=lambda segment, _asked, _to: {each: frozenset({segment}) for each in regimes},
        )
    ]
    return [dict(each) for each in decide(asked, packs).would_change_it]


def released_by(*additions, segment="MED"):
    return {"segment": segment, "add": list(additions)}


@pytest.mark.parametrize(
    ("holds", "additions"),
    [
        (lambda m: m.shows("qsoa"), [[{"fact": "qsoa"}]]),
        (lambda m: m.shows("qsoa", "baa"), [[{"fact": "baa"}, {"fact": "qsoa"}]]),
        (lambda m: m.shows_any("qsoa", "baa"), [[{"fact": "baa"}], [{"fact": "qsoa"}]]),
        (lambda m: m.is_one_of("care_kind", "sud", "general"), [[{"fact": "care_kind", "value": "general"}], [{"fact": "care_kind", "value": "sud"}]]),
        (lambda m: m.has("required_by_law_cite"), [[{"fact": "required_by_law_cite"}]]),
        (lambda m: m.under("court_order", "grand_jury"), [[{"process": "court_order"}], [{"process": "grand_jury"}]]),
        (lambda m: m.in_scope(named=True), [[{"fact": "order_scope", "value": "MED"}]]),
        (lambda m: bool(m.covered_by("HIPAA-AUTH")), [[{"form": "HIPAA-AUTH"}]]),
        (lambda m: bool(m.covered_by("P2-SPEC")), []),
        (lambda m: m.shows("treating_emergency_needs_restricted"), []),
        (lambda m: m.shows("actor_le_employed"), []),
        (lambda m: m.shows("qsoa") and m.shows("baa"), [[{"fact": "baa"}, {"fact": "qsoa"}]]),
        (lambda m: m.shows("qsoa") or m.shows("baa", "dua"), [[{"fact": "qsoa"}]]),
        (lambda m: False, []),
    ],
)  # fmt: skip
def test_the_smallest_additions_are_proposed(holds, additions):
    assert would(grant(holds=holds)) == [released_by(*each) for each in additions]


def test_a_recorded_no_is_proposed_where_nothing_is_known():
    opened = replace(ASKED, closed_world=False)
    rule = grant(holds=lambda m: m.denies("qsoa"))

    assert would(rule, asked=opened) == [released_by({"recorded_no": "qsoa"})]
    assert would(rule, asked=replace(opened, facts={"qsoa": True})) == []


def test_what_was_said_already_is_not_said_otherwise():
    assert (
        would(
            grant(holds=lambda m: m.is_one_of("care_kind", "sud")),
            asked=replace(ASKED, facts={"care_kind": "general"}),
        )
        == []
    )
    assert (
        would(grant(holds=lambda m: m.under("court_order")), asked=replace(ASKED, process="grand_jury")) == []
    )
    assert (
        would(
            grant(holds=lambda m: m.in_scope(named=True)),
            asked=replace(ASKED, facts={"order_scope": ["DEM"]}),
        )
        == []
    )


def test_every_regime_is_satisfied_together():
    rules = [grant("a", lambda m: m.shows("qsoa")), grant("b", lambda m: m.shows("baa"), regime="P2")]

    assert would(*rules, regimes=("HIPAA", "P2")) == [released_by({"fact": "baa"}, {"fact": "qsoa"})]
    assert would(rules[0], grant("b", regime="P2"), regimes=("HIPAA", "P2")) == [
        released_by({"fact": "qsoa"})
    ]
    assert would(rules[0], regimes=("HIPAA", "P2")) == []


def test_what_a_bar_keeps_is_not_proposed_and_what_is_permitted_needs_nothing():
    assert would(grant(), bar("z", cite="", regime="HIPAA", of=None)(yes)) == []
    assert would(grant()) == []
    assert (
        would(
            grant(holds=lambda m: m.shows("qsoa")),
            bar("z", cite="", regime="HIPAA", of=None)(lambda m: m.shows("qsoa")),
        )
        == []
    )


def test_at_most_four_ways_are_told_and_each_segment_by_itself():
    many = grant(holds=lambda m: m.shows_any("baa", "dua", "executor", "irb_waiver", "qsoa"))
    two = replace(ASKED, segments=frozenset({"MED", "DEM", "MINOR"}))

    assert [each["add"][0]["fact"] for each in would(many)] == ["baa", "dua", "executor", "irb_waiver"]
    assert [each["segment"] for each in would(grant(holds=lambda m: m.shows("qsoa")), asked=two)] == [
        "DEM",
        "MED",
    ]


def test_of_two_rules_the_smaller_addition_is_told():
    rules = [grant("a", lambda m: m.shows("qsoa", "baa")), grant("b", lambda m: m.shows("dua"))]

    assert would(*rules) == [released_by({"fact": "dua"})]


def test_a_permit_that_rests_on_a_form_asks_for_the_form_and_its_facts():
    rule = grant(holds=lambda m: m.shows("qsoa"), by=own_consent("HIPAA-AUTH"))

    assert would(rule) == [released_by({"fact": "qsoa"}, {"form": "HIPAA-AUTH"})]


@pytest.mark.parametrize(
    ("kind", "regime", "purpose", "proposed"),
    [
        ("P2-PROC", "P2", "X-PROCEEDING", True), ("P2-PROC", "P2", "GOV", False), ("P2-CJ35", "P2", "X-CJ-MONITOR", True),
        ("P2-CJ35", "P2", "GOV", False), ("MULTI-CONF", "P2", "X-CASECONF", True), ("MULTI-CONF", "P2", "X-DIVERSION", True),
        ("MULTI-CONF", "P2", "GOV", False), ("P2-SPEC", "P2", "GOV", True), ("P2-SPEC", "HIPAA", "GOV", False), ("VS-REL", "VS", "GOV", True),
        ("VS-REL", "P2", "GOV", False), ("PA-MH", "PA-MH", "GOV", True), ("PA-HIV", "PA-HIV", "GOV", True), ("PA-HIV", "PA-MH", "GOV", False),
        ("P2-NOTES", "P2", "GOV", True), ("P2-TPO", "P2", "TREAT", True), ("P2-TPO", "VS", "TREAT", False), ("P2-NOTES", "VS", "GOV", False),
        ("PA-MH", "HIPAA", "GOV", False), ("P2-PROC", "VS", "X-PROCEEDING", False), ("P2-CJ35", "VS", "X-CJ-MONITOR", False),
    ],
)  # fmt: skip
def test_only_the_form_that_somebody_would_be_asked_to_sign_is_proposed(kind, regime, purpose, proposed):
    segment = {"P2-NOTES": "SUDP2N"}.get(kind, "MED")
    to = "treating_provider_ce" if kind == "P2-TPO" else "court"
    asked = replace(
        ASKED,
        purpose=purpose,
        segments=frozenset({segment}),
        recipient=Recipient(type=to),
        facts={"cj_condition": True, "recipient_monitoring_duty": True},
    )
    found = would(grant(regime=regime, by=own_consent(kind)), asked=asked, regimes=(regime,))

    assert found == ([released_by({"form": kind}, segment=segment)] if proposed else [])


def test_additions_are_made_as_they_say():
    additions = [
        ("fact", "qsoa", ""), ("fact", "care_kind", "sud"), ("fact", "order_scope", "MED"), ("fact", "required_by_law_cite", ""),
        ("recorded_no", "baa", ""), ("process", "court_order", ""), ("form", "P2-CJ35", ""),
    ]  # fmt: skip
    asked = replace(ASKED, facts={"dua": True}, recorded_no=frozenset({"executor"}))
    changed = changes.with_additions(asked, additions, "MED", "court")

    assert changed.facts == {
        "dua": True,
        "qsoa": True,
        "care_kind": "sud",
        "order_scope": ("MED",),
        "required_by_law_cite": "cited",
    }
    assert (changed.recorded_no, changed.process) == ({"executor", "baa"}, "court_order")
    (form,) = changed.consents
    assert (form.form, form.signed_at, form.recipients, form.segments) == ("P2-CJ35", AT, ("court",), {"MED"})
    assert (form.purposes, form.sources, form.revocable_on) == ({"GOV"}, ("POST",), "final_disposition")
    assert form.ends_at > AT
    assert (
        changes.with_additions(asked, [("form", "P2-SPEC", "")], "MED", "court").consents[0].revocable_on
        is None
    )
    assert changes.with_additions(asked, [], "MED", "court") == asked
