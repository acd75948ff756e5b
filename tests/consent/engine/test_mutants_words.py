"""The closed lists are those of the specification, and what a question says of itself."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from consent.engine import vocabulary as v
from consent.engine.facts import (
    Actor,
    Asked,
    Consent,
    Decision,
    Delegation,
    Finding,
    Obligation,
    Outcome,
    Recipient,
    Route,
    Source,
)
from tests.consent.engine.test_forms import AT
from tests.shared_data import shared

INSTANT = timedelta(microseconds=1)


@cache
def specification() -> str:
    return shared("law", "rules.md").read_text(encoding="utf-8")


def quoted_after(label: str) -> set[str]:
    line = next(each for each in specification().splitlines() if label in each)
    return set(" ".join(re.findall(r"`([^`]+)`", line.split(label, 1)[1])).split())


def part(heading: str, until: str) -> str:
    return specification().split(heading, 1)[1].split(until, 1)[0]


def test_roles_recipients_and_processes_are_those_of_the_specification():
    assert quoted_after("**Actor roles:**") == v.ROLES
    assert quoted_after("**Recipient types:**") == v.RECIPIENTS
    assert quoted_after("**Legal process** `process`:") == v.PROCESSES


def test_purposes_are_those_of_the_specification():
    rows = re.findall(r"^\| ([A-Z][^|]*) \|", part("**Purposes**", "**Legal process**"), re.MULTILINE)

    assert {code.strip() for row in rows if row != "Code" for code in row.split(",")} == v.PURPOSES


def test_facts_are_those_of_the_specification():
    table = part("### 4.4 Fact vocabulary", "### 4.5")
    first = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    rows = dict.fromkeys(word for cell in first for word in re.findall(r"`([^`]+)`", cell))
    values = {word for listed in (*v.CHOICES.values(), *v.LISTS.values()) for word in listed}
    keys = {word for word in rows if " " not in word} - {"name"}
    known = v.FLAGS | v.NUMBERS | v.TEXTS | set(v.CHOICES) | set(v.LISTS)

    assert keys - known - values == set()
    assert known - keys == set()


FAMILIES = {
    "POLICE_ROLES": "cr_officer police_officer police_detective police_supervisor crime_analyst",
    "DOUBTFUL_ROLES": "pins_liaison",
    "POLICE_EMPLOYERS": "criminal_justice_agency police sheriff district_attorney probation corrections courts law_enforcement",
    "CIVIL_EMPLOYERS": "civil city health_and_human_services behavioral_health fire ems county_human_services contractor nonprofit hospital university",
    "MEDIC": "ems_medical_personnel emergency_medical_personnel treating_provider_ce treating_provider_nonce",
    "POLICE_RECIPIENTS": "law_enforcement le_co_response_partner police_app_user",
    "OFFICIALS": "law_enforcement le_co_response_partner police_app_user corrections prosecutor court probation_parole attorney_civil elected_official",
    "OWN_STAFF": "own_workforce part2_internal",
    "INTERNAL": "own_workforce part2_internal part2_admin_control",
    "TREATMENT": "TREAT ETREAT ERTREAT COC CAREMGT",
    "OPERATIONS": "HOPERAT HQUALIMP HCOMPL HACCRED PATSFTY PERFMSR TRAIN",
    "TPO": "TREAT ETREAT ERTREAT COC CAREMGT HPAYMT HOPERAT HQUALIMP HCOMPL HACCRED PATSFTY PERFMSR TRAIN",
    "CAREUSE": "TREAT ETREAT ERTREAT COC CAREMGT HPAYMT HOPERAT HQUALIMP HCOMPL TRAIN",
    "MODIFIERS": "MINOR",
    "PHI": "DEM LOC ENROLL CASE MED MH MHPA COMMIT RISK SUDP2 SUDNP2 HIV STI REPRO GEN SDV BILL EMS PHI",
    "SEGMENTS": "DEM LOC PROTADDR ENROLL CASE MED EMS MH MHPA COMMIT RISK PSYNOTE SUDP2 SUDP2N SUDNP2 HIV STI REPRO GEN SDV VSP HMIS BILL IDMATCH LDS AGG CAD REFIN BLOT CHRI INV CJI ODIN JUV",
    "SIGNED_ORDERS": "court_order p2_order_2.64 p2_order_2.65 p2_order_2.66 p2_order_2.67 common_pleas_1690.108 order_7608",
    "FORMS": "HIPAA-AUTH HIPAA-PSY P2-TPO P2-SPEC P2-NOTES P2-PROC P2-CJ35 VS-REL PA-MH PA-HIV MULTI-CONF ORAL-510B RESTRICT",
    "REVOKED_HOW": "written oral phone",
    "ELEMENTS": "name address dob birthplace ssn blood_type injury_type treatment_datetime death_datetime distinguishing_marks dna dental tissue narrative diagnosis whereabouts patient_status incident_circumstances",
    "CJ_INFO": "observed_need contact cad blotter chri investigative intelligence ncic clean safety_observed safety_from_record_check",
    "NUMBERS": "minor_age",
    "TEXTS": "required_by_law_cite",
}


@pytest.mark.parametrize("name", FAMILIES)
def test_each_closed_list_word_by_word(name):
    assert getattr(v, name) == set(FAMILIES[name].split())


def test_each_choice_word_by_word():
    assert {key: " ".join(sorted(listed)) for key, listed in v.CHOICES.items()} == {
        "received_under": "audit court_order emergency own qso research specific_consent tpo_consent unknown",
        "le_request_form": "none oral written",
        "target_class": "decedent fugitive material_witness missing_person other suspect victim",
        "satisfactory_assurance": "none notice protective_order",
        "threat_against": "identified_person program_premises program_staff public self",
        "care_kind": "general mh_inpatient mh_outpatient sud",
        "deid_method": "expert none safe_harbor",
    }
    assert {key: " ".join(sorted(listed)) for key, listed in v.STATUSES.items()} == {
        "p2_status": "lawful_holder none program undetermined",
        "hipaa_legal": "business_associate covered covered_component not_covered undetermined",
        "mhpa_facility": "no undetermined yes",
        "vs_regime": "fvpsa none undetermined vawa voca",
    }
    assert {
        "order_scope": v.SEGMENTS | {"MINOR"}, "restriction_agreed": v.SEGMENTS | {"MINOR"}, "elements": v.ELEMENTS, "cj_info": v.CJ_INFO,
    } == v.LISTS  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("executor", True, None), ("executor", False, None), ("executor", None, None), ("executor", 1, "`executor` is neither true nor false"),
        ("executor", "yes", "`executor` is neither true nor false"), ("care_kind", "sud", None), ("care_kind", None, None),
        ("care_kind", "dental", "`care_kind` is none of its values"), ("care_kind", 3, "`care_kind` is none of its values"),
        ("minor_age", 0, None), ("minor_age", 17, None), ("minor_age", None, None), ("minor_age", -1, "`minor_age` is no whole number"),
        ("minor_age", True, "`minor_age` is no whole number"), ("minor_age", 1.5, "`minor_age` is no whole number"),
        ("required_by_law_cite", "35 P.S.", None), ("required_by_law_cite", None, None), ("required_by_law_cite", 3, "`required_by_law_cite` is no text"),
        ("order_scope", ["MED"], None), ("order_scope", ("MED",), None), ("order_scope", {"MED"}, None), ("order_scope", frozenset({"MED"}), None),
        ("order_scope", [], None), ("order_scope", None, None), ("order_scope", "MED", "`order_scope` is no list"), ("order_scope", True, "`order_scope` is no list"),
        ("order_scope", ["MED", "B", "A", 3], "`order_scope` holds unknown words: 3, A, B"), ("restriction_agreed", True, None),
        ("restriction_agreed", False, None), ("restriction_agreed", ["MED"], None), ("elements", ["name"], None),
        ("elements", True, "`elements` is no list"), ("wings", True, "no such fact: `wings`"), ("wings", None, "no such fact: `wings`"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_fact(key, value, fault):
    assert v.fault_of_fact(key, value) == fault


# --- what a question says of itself ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "employer", "is_police", "is_civilian"),
    [
        ("post_peer", "", False, False), ("post_peer", "civil", False, True), ("post_peer", "police", True, False),
        ("cr_officer", "civil", True, False), ("pins_liaison", "", True, False), ("pins_liaison", "fire", False, True),
        ("pins_liaison", "other", True, False), ("post_peer", "other", False, False),
    ],
)  # fmt: skip
def test_who_is_police_and_who_is_known_not_to_be(role, employer, is_police, is_civilian):
    actor = Actor(id="a", role=role, employer_class=employer)

    assert (actor.is_police, actor.is_known_civilian) == (is_police, is_civilian)


@pytest.mark.parametrize(
    ("key", "value", "name", "holds"),
    [
        ("p2_status", "program", "may_be_part2", True), ("p2_status", "undetermined", "may_be_part2", True),
        ("p2_status", "lawful_holder", "may_be_part2", False), ("p2_status", "none", "may_be_part2", False),
        ("hipaa_legal", "not_covered", "may_be_covered", False), ("hipaa_legal", "undetermined", "may_be_covered", True),
        ("hipaa_legal", "covered", "is_covered_by_law", True), ("hipaa_legal", "covered_component", "is_covered_by_law", True),
        ("hipaa_legal", "business_associate", "is_covered_by_law", True), ("hipaa_legal", "undetermined", "is_covered_by_law", False),
        ("hipaa_legal", "not_covered", "is_covered_by_law", False), ("mhpa_facility", "no", "may_be_facility", False),
        ("mhpa_facility", "yes", "may_be_facility", True), ("mhpa_facility", "undetermined", "may_be_facility", True),
        ("vs_regime", "none", "serves_victims", False), ("vs_regime", "voca", "serves_victims", True),
        ("vs_regime", "undetermined", "serves_victims", True),
    ],
)  # fmt: skip
def test_what_a_determination_means(key, value, name, holds):
    assert getattr(Source(program="POST", **{key: value}), name) is holds


BLANK = Asked(
    actor=Actor(id="a", role="post_peer"), source=Source(program="POST"), recipient=Recipient(type="employer"), purpose="GOV",
    segments=frozenset({"MED"}), at=AT,
)  # fmt: skip


def test_what_nobody_said_is_undetermined_and_nothing():
    assert Source(program="POST") == Source(
        program="POST", p2_status="undetermined", hipaa_legal="undetermined", mhpa_facility="undetermined", vs_regime="undetermined",
        hmis_cho=False, received_under="own", is_police=False, valid_until=None,
    )  # fmt: skip
    assert Recipient(type="court") == Recipient(type="court", id="", organization="", unit="")
    assert Actor(id="a", role="post_peer") == Actor(id="a", role="post_peer", unit="", employer_class="")
    assert (BLANK.process, dict(BLANK.facts), BLANK.recorded_no, BLANK.consents, BLANK.elements) == (
        "none",
        {},
        frozenset(),
        (),
        None,
    )
    assert (BLANK.subject, BLANK.break_glass, BLANK.delegations, BLANK.closed_world, BLANK.unreadable) == (
        "",
        None,
        (),
        False,
        (),
    )
    bare = Consent(id="x", form="P2-SPEC", signed_at=AT)
    assert (
        bare.ends_at,
        bare.end_event,
        bare.revoked_at,
        bare.revoked_how,
        bare.elements,
        bare.revocable_on,
    ) == (None,) * 6
    assert (
        bare.recipients,
        bare.recipient_ids,
        bare.lines,
        bare.elements_missing,
        bare.combined_with,
        bare.sources,
    ) == ((),) * 6
    assert (bare.segments, bare.purposes, bare.signer, bare.conditioned_on_services) == (
        frozenset(),
        frozenset(),
        "patient",
        False,
    )


def test_facts_shown_and_denied_in_both_worlds():
    asked = replace(
        BLANK,
        facts={"executor": True, "qsoa": False, "baa": None},
        recorded_no=frozenset({"dua", "executor"}),
    )

    assert asked.shows("executor")
    assert not asked.shows("executor", "qsoa")
    assert [asked.denies(key) for key in ("executor", "qsoa", "dua", "baa", "irb_waiver")] == [
        False,
        True,
        True,
        False,
        False,
    ]
    closed = replace(asked, closed_world=True)
    assert [closed.denies(key) for key in ("executor", "qsoa", "dua", "baa", "irb_waiver")] == [
        False,
        True,
        True,
        True,
        True,
    ]
    assert asked.value("qsoa") is False
    assert asked.value("irb_waiver") is None


@pytest.mark.parametrize(
    ("role", "employer", "facts", "police", "denied"),
    [
        ("post_peer", "", {}, False, False), ("post_peer", "civil", {}, False, True), ("post_peer", "police", {}, True, False),
        ("post_peer", "police", {"actor_le_employed": False}, True, False), ("post_peer", "civil", {"actor_le_employed": True}, True, False),
        ("post_peer", "", {"actor_le_employed": False}, False, True),
    ],
)  # fmt: skip
def test_police_employment_cannot_be_argued_away(role, employer, facts, police, denied):
    asked = replace(BLANK, actor=Actor(id="a", role=role, employer_class=employer), facts=facts)

    assert asked.actor_is_police is police
    assert asked.shows("actor_le_employed") is police
    assert asked.denies("actor_le_employed") is denied
    assert asked.denies("executor") is False


def test_what_was_said_with_the_question_counts_before_what_the_source_says():
    assert BLANK.received_under == "own"
    assert replace(BLANK, source=Source(program="POST", received_under="qso")).received_under == "qso"
    assert replace(BLANK, facts={"received_under": "audit"}).received_under == "audit"
    both = replace(BLANK, elements=("name",), facts={"elements": ["dob"]})
    assert both.elements_asked == {"name", "dob"}
    assert BLANK.elements_asked == frozenset()


@pytest.mark.parametrize(
    ("age", "label", "minor"),
    [
        (17, False, True),
        (18, False, False),
        (18, True, False),
        (None, True, True),
        (None, False, False),
        (0, False, True),
    ],
)
def test_under_eighteen_or_labelled_so(age, label, minor):
    segments = frozenset({"MED", "MINOR"} if label else {"MED"})

    assert replace(BLANK, segments=segments, facts={"minor_age": age}).may_be_minor is minor


def test_every_link_of_a_chain_limits_what_is_reached():
    wide = Delegation(
        segments=frozenset({"MED", "DEM"}),
        purposes=frozenset({"GOV"}),
        ends_at=AT + INSTANT,
        owner_is_active=True,
    )
    narrow = replace(wide, segments=frozenset({"DEM"}))
    asked = replace(BLANK, segments=frozenset({"MED", "DEM", "MH"}))

    assert asked.within_delegations == {"MED", "DEM", "MH"}
    assert replace(asked, delegations=(wide,)).within_delegations == {"MED", "DEM"}
    assert replace(asked, delegations=(wide, narrow)).within_delegations == {"DEM"}
    assert replace(asked, delegations=(narrow, wide)).within_delegations == {"DEM"}
    assert replace(asked, delegations=(replace(wide, ends_at=AT), wide)).within_delegations == frozenset()
    consent = Consent(id="x", form="P2-SPEC", signed_at=AT)
    assert asked.with_consents((consent,)) == replace(asked, consents=(consent,))


def test_an_answer_without_texts_has_none():
    bare = Decision(outcome=Outcome.DENY, permitted=())

    assert (bare.explanation_internal, bare.explanation_outward, dict(bare.explanation_subject)) == (
        "",
        "",
        {},
    )
    assert (bare.would_change_it, bare.request_hash) == ((), "")
    assert (bare.redacted, bare.elements, bare.basis, bare.bars_standing, bare.obligations) == (
        (),
        None,
        (),
        (),
        (),
    )
    assert (bare.consents_used, bare.consents_void, bare.expires_at, bare.route, bare.findings) == (
        (),
        (),
        None,
        Route.NONE,
        (),
    )
    assert (bare.reasons, bare.failure, bare.law_as_of, bare.ruleset_version) == ((), "", "", "")
    assert not bare.explanation_is_part2


def test_an_explanation_that_speaks_of_part_2_is_a_part_2_record():
    found = Finding(segment="MED", regime="HIPAA")

    assert (
        found.permits,
        found.overruled,
        found.standing,
        found.lifted,
        found.wanting,
        found.routed,
        found.reasons,
    ) == ((),) * 7
    assert not Decision(outcome=Outcome.DENY, permitted=(), findings=(found,)).explanation_is_part2
    both = (found, replace(found, regime="P2"))
    assert Decision(outcome=Outcome.DENY, permitted=(), findings=both).explanation_is_part2
    assert replace(found, permits=("a",)).is_permitted
    assert not found.is_permitted


def test_a_duty_as_json():
    assert Obligation(code="X").as_json() == {"code": "X"}
    assert Obligation(code="X", parameters={"a": 1}).as_json() == {"code": "X", "with": {"a": 1}}


def test_outcomes_and_routes_in_their_words():
    assert [str(each) for each in Outcome] == ["permit", "redact", "deny"]
    assert [str(each) for each in Route] == ["none", "privacy_officer", "counsel"]
