"""Single questions whose answers are worth reading: elements, orders, expiry, product mode, doubts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from consent import law
from consent.engine import explain
from consent.engine.decide import decide
from consent.engine.facts import Actor, Asked, Consent, Decision, Recipient, Source

PACKS = law.packs()
AT = datetime(2026, 4, 2, 16, tzinfo=UTC)
POST = Source(
    program="POST", p2_status="program", hipaa_legal="covered_component", mhpa_facility="no", vs_regime="none"
)
PINS = replace(POST, program="PINS", p2_status="lawful_holder")
TSAP = replace(PINS, program="TSAP", hipaa_legal="not_covered", vs_regime="voca")
OWN = {"same_unit": True, "assigned_to_subject": True}
OWN_SUD = OWN | {"same_program": True, "need_for_sud_duties": True}


def ask(
    source,
    to,
    purpose,
    segments,
    *,
    role="post_peer",
    employer="",
    process="none",
    closed=True,
    consents=(),
    no=(),
    **facts,
) -> Decision:
    return decide(
        Asked(
            actor=Actor(id="a", role=role, employer_class=employer), source=source, recipient=Recipient(type=to), purpose=purpose,
            segments=frozenset(segments.split()), at=AT, process=process, facts=facts, consents=tuple(consents),
            closed_world=closed, recorded_no=frozenset(no),
        ),
        PACKS,
    )  # fmt: skip


# --- the product: absent is not shown -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "employer", "no", "permitted"),
    [
        ("post_peer", "", (), ()),
        ("post_peer", "", ("actor_le_employed",), ("CASE", "SUDP2")),
        ("post_peer", "civil", (), ("CASE", "SUDP2")),
        ("post_peer", "criminal_justice_agency", ("actor_le_employed",), ()),
        ("cr_officer", "civil", ("actor_le_employed",), ()),
        ("pins_liaison", "", ("actor_le_employed",), ()),
        ("pins_liaison", "fire", ("actor_le_employed",), ("CASE", "SUDP2")),
    ],
)
def test_own_staff_read_where_a_no_to_police_employment_is_recorded(role, employer, no, permitted):
    decision = ask(
        POST,
        "own_workforce",
        "CAREMGT",
        "SUDP2 CASE",
        role=role,
        employer=employer,
        no=no,
        closed=False,
        **OWN_SUD,
    )

    assert decision.permitted == permitted


def test_on_the_command_line_an_absent_fact_is_a_no():
    assert ask(POST, "own_workforce", "CAREMGT", "SUDP2 CASE", **OWN_SUD).outcome == "permit"


@pytest.mark.parametrize(("no", "outcome"), [((), "deny"), (("released_from_custody",), "permit")])
def test_a_negative_condition_of_a_permit_needs_its_no(no, outcome):
    decision = ask(
        PINS,
        "corrections",
        "X-LE-CUSTODY",
        "MED",
        closed=False,
        no=no,
        in_lawful_custody=True,
        custodian_represents_need=True,
    )

    assert decision.outcome == outcome


def test_a_bar_that_an_absent_fact_would_wake_is_awake():
    assert "hmis.notice" in ask(PINS, "individual", "TRAIN", "HMIS", closed=False).bars_standing
    assert "cj.chria.9106" in ask(PINS, "prosecutor", "GOV", "INV", closed=False).bars_standing


@pytest.mark.parametrize("to", ["own_workforce", "part2_internal", "part2_admin_control"])
@pytest.mark.parametrize(
    "role", ["cr_officer", "police_officer", "police_detective", "police_supervisor", "crime_analyst"]
)
def test_an_officer_is_a_recipient_whatever_the_team_chart_says(role, to):
    decision = ask(POST, to, "CAREMGT", "SUDP2 DEM", role=role, direct_admin_control=True, **OWN_SUD)

    assert decision.outcome == "deny"
    assert "eng.role.dual" in decision.reasons
    assert [each.code for each in decision.obligations if "DENY" in each.code] == ["OBL-NEUTRAL-DENY"]


# --- elements -----------------------------------------------------------------------------------------

LOCATE = {"le_requested": True, "target_class": "missing_person"}


@pytest.mark.parametrize(
    ("segments", "elements", "outcome", "permitted", "withheld"),
    [
        ("DEM MED", [], "permit", ("DEM", "MED"), ()),
        ("DEM MED", ["name", "blood_type"], "permit", ("DEM", "MED"), ()),
        ("DEM MED", ["name", "diagnosis"], "redact", ("DEM",), ("diagnosis",)),
        ("MED", ["dna"], "deny", (), None),
        ("MED", ["dental", "tissue"], "deny", (), None),
        ("LOC", ["whereabouts"], "deny", (), None),
        ("DEM LOC", ["name", "whereabouts"], "redact", ("DEM",), ("whereabouts",)),
        ("DEM", ["name", "diagnosis"], "redact", ("DEM",), ("diagnosis",)),
    ],
)
def test_police_get_the_listed_elements_and_no_other(segments, elements, outcome, permitted, withheld):
    decision = ask(PINS, "law_enforcement", "X-LE-LOCATE", segments, elements=elements, **LOCATE)

    assert (decision.outcome, decision.permitted) == (outcome, permitted)
    assert (decision.elements.withheld if decision.elements else None) == withheld


def test_without_elements_asked_for_the_answer_names_those_allowed():
    decision = ask(PINS, "law_enforcement", "X-LE-LOCATE", "DEM", **LOCATE)

    assert decision.elements.allowed == ("address", "birthplace", "dob", "name", "ssn")


def test_what_no_rule_limits_has_no_elements():
    assert ask(PINS, "treating_provider_ce", "TREAT", "MED", recipient_treats_subject=True).elements is None


@pytest.mark.parametrize(
    ("items", "outcome", "permitted", "stripped", "bars"),
    [
        (["observed_need", "contact", "safety_observed", "cad"], "permit", ("CAD", "REFIN"), (), ()),
        (["contact", "investigative"], "redact", ("CAD", "REFIN"), ("investigative",), ("cj.chria.9106",)),
        (["contact", "ncic"], "redact", ("CAD", "REFIN"), ("ncic",), ("cj.cjis",)),
        (
            ["contact", "safety_from_record_check"],
            "redact",
            ("CAD", "REFIN"),
            ("safety_from_record_check",),
            ("cj.cjis",),
        ),
        (["clean"], "redact", ("CAD",), ("clean",), ("cj.cjis",)),
    ],
)
def test_what_a_referral_may_not_hold_is_stripped(items, outcome, permitted, stripped, bars):
    decision = ask(
        replace(POST, program="PBP", p2_status="none", hipaa_legal="not_covered"), "clinical_app_user", "X-REFERRAL-IN", "REFIN CAD",
        role="police_officer", cj_info=items,
    )  # fmt: skip

    assert (decision.outcome, decision.permitted, decision.bars_standing) == (outcome, permitted, bars)
    assert decision.elements is None or decision.elements.withheld == stripped
    assert not stripped or {"code": "OBL-SCRUB-CJ", "with": {"strip": list(stripped)}} in [
        each.as_json() for each in decision.obligations
    ]


# --- orders ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "permitted"),
    [(["MED"], ("MED",)), (["MED", "DEM"], ("DEM", "MED")), ([], ()), (None, ("DEM", "MED"))],
)
def test_an_order_reaches_what_it_names(scope, permitted):
    facts = {} if scope is None else {"order_scope": scope}

    assert ask(PINS, "court", "HLEGAL", "MED DEM", process="court_order", **facts).permitted == permitted


@pytest.mark.parametrize(
    "left_out", ["order_after_hearing", "order_independent_counsel", "order_with_mandate", "order_scope"]
)
def test_an_order_against_a_patient_needs_all_of_its_findings(left_out):
    order = {
        "order_after_hearing": True,
        "order_independent_counsel": True,
        "order_with_mandate": True,
        "order_scope": ["SUDP2"],
    }
    whole = ask(POST, "prosecutor", "X-LE-PROCESS", "SUDP2", process="p2_order_2.65", **order)
    order.pop(left_out)

    assert whole.outcome == "permit"
    assert (
        ask(POST, "prosecutor", "X-LE-PROCESS", "SUDP2", process="p2_order_2.65", **order).outcome == "deny"
    )


def test_a_part_2_order_is_a_court_order_elsewhere_and_never_the_reverse():
    order = {"order_after_hearing": True, "order_with_mandate": True, "order_scope": ["SUDP2", "MED"]}

    assert ask(PINS, "court", "HLEGAL", "MED", process="p2_order_2.64", **order).outcome == "permit"
    assert ask(POST, "court", "HLEGAL", "SUDP2", process="court_order", **order).outcome == "deny"


# --- persons' choices and doubts --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "purpose", "facts", "outcome"),
    [
        ("treating_provider_ce", "TREAT", {}, "deny"),
        ("treating_provider_ce", "ETREAT", {"treating_emergency_needs_restricted": True}, "permit"),
        ("public_health_authority", "PUBHLTH", {"authorized_recipient": True}, "permit"),
        ("individual", "PATRQT", {"verified_identity": True}, "permit"),
        ("family_involved", "FAMRQT", {"individual_present": True, "individual_capacity": True, "individual_agreed": True, "relevant_to_involvement": True}, "deny"),
    ],
)  # fmt: skip
def test_an_agreed_restriction(to, purpose, facts, outcome):
    decision = ask(
        PINS, to, purpose, "MED", restriction_agreed=["MED"], recipient_treats_subject=True, **facts
    )

    assert decision.outcome == outcome
    assert ("OBL-P2-EMERG-RESTRICT-ASK" in [each.code for each in decision.obligations]) is (
        purpose == "ETREAT"
    )


def test_a_restriction_beats_a_general_consent_and_yields_to_a_specific_one():
    def form(kind):
        return Consent(
            id=kind, form=kind, signed_at=AT, ends_at=AT + timedelta(days=3), recipients=("treating_provider_ce",),
            segments=frozenset({"MED"}), purposes=frozenset({"TREAT"}), sources=("PINS",),
        )  # fmt: skip

    general, specific = (
        ask(PINS, "treating_provider_ce", "TREAT", "MED", restriction_agreed=["MED"], consents=[form(kind)])
        for kind in ("P2-TPO", "HIPAA-AUTH")
    )

    assert (general.outcome, specific.outcome) == ("deny", "permit")


def test_undetermined_carries_burdens_and_no_privileges():
    undetermined = replace(PINS, program="ROOTS", p2_status="undetermined", hipaa_legal="undetermined")
    police = ask(undetermined, "treating_provider_ce", "TREAT", "CASE", recipient_treats_subject=True)
    passed_on = ask(replace(PINS, hipaa_legal="undetermined"), "treating_provider_ce", "TREAT", "SUDP2", recipient_treats_subject=True,
                    received_under="tpo_consent", recipient_is_ce_or_ba=True)  # fmt: skip

    assert "p2.default-deny.2.13a" in police.bars_standing
    assert "cfg.twosided" in police.reasons
    assert passed_on.outcome == "deny"


def test_what_no_regime_protects_is_withheld():
    decision = ask(
        replace(PINS, hipaa_legal="not_covered"),
        "treating_provider_ce",
        "TREAT",
        "CASE",
        recipient_treats_subject=True,
    )

    assert decision.outcome == "deny"


def test_what_a_victim_services_unit_holds_is_a_victims_record_whatever_its_label():
    assert (
        ask(TSAP, "och_other_program", "CAREMGT", "CASE LOC DEM", recipient_treats_subject=True).outcome
        == "deny"
    )
    assert ask(TSAP, "own_workforce", "X-VICTIMSVC", "CASE LOC DEM VSP PROTADDR", **OWN).outcome == "permit"


def test_one_person_may_be_acknowledged_where_enrolment_may_and_a_list_never():
    single = ask(PINS, "treating_provider_ce", "TREAT", "IDMATCH", recipient_treats_subject=True)
    many = ask(
        PINS, "treating_provider_ce", "TREAT", "IDMATCH", recipient_treats_subject=True, bulk_list=True
    )

    assert (single.outcome, many.outcome) == ("permit", "deny")
    assert many.bars_standing == ("cj.idmatch",)


# --- until when, and in what words --------------------------------------------------------------------------


def test_the_earliest_end_is_the_answers():
    emergency = ask(
        POST, "ems_medical_personnel", "ETREAT", "SUDP2", medical_emergency=True, consent_unobtainable=True,
        recipient_is_medical_personnel=True, recipient_treats_subject=True,
    )  # fmt: skip
    police = ask(PINS, "law_enforcement", "X-LE-LOCATE", "DEM", **LOCATE)
    determined = decide(
        Asked(
            actor=Actor(id="a", role="pins_social_worker"), source=replace(PINS, valid_until=AT + timedelta(hours=1)),
            recipient=Recipient(type="law_enforcement"), purpose="X-LE-LOCATE", segments=frozenset({"DEM"}), at=AT, facts=LOCATE,
            closed_world=True,
        ),
        PACKS,
    )  # fmt: skip

    assert emergency.expires_at == AT + timedelta(hours=24)
    assert police.expires_at == AT + timedelta(days=7)
    assert determined.expires_at == AT + timedelta(hours=1)


@pytest.mark.parametrize(
    ("to", "code", "words"),
    [
        ("law_enforcement", ["OBL-NEUTRAL-DENY"], explain.NEUTRAL), ("employer", ["OBL-NEUTRAL-DENY"], explain.NEUTRAL),
        ("individual", ["OBL-DENIAL-LETTER"], "A letter will say why"), ("personal_rep", ["OBL-DENIAL-LETTER"], "A letter will say why"),
        ("rtkl_requester", [], "neither confirms nor denies"), ("own_workforce", [], explain.NEUTRAL),
    ],
)  # fmt: skip
def test_a_denial_in_the_words_for_who_is_refused(to, code, words):
    decision = ask(PINS, to, "GOV", "MED")

    assert [each.code for each in decision.obligations] == code
    assert words in decision.explanation_outward


def test_the_person_is_told_in_both_languages_and_the_spanish_is_marked_as_a_draft():
    for decision in (
        ask(PINS, "employer", "X-EMPLOY", "MED"),
        ask(PINS, "treating_provider_ce", "TREAT", "MED", recipient_treats_subject=True),
    ):
        assert set(decision.explanation_subject) == {"en", "es"}
        assert decision.explanation_subject["es"].startswith(
            "[Borrador, pendiente de revisión por un traductor]"
        )


def test_explanations_are_made_when_they_are_read(monkeypatch):
    def never(*_args):
        raise AssertionError("nobody asked why")

    for name in ("internal", "outward", "to_the_subject", "hash_of"):
        monkeypatch.setattr(explain, name, never)

    assert (
        ask(PINS, "treating_provider_ce", "TREAT", "MED", recipient_treats_subject=True).outcome == "permit"
    )
