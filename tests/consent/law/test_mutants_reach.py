"""Whom, what and what for: each rule reaches what the reference's table says, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from consent import law
from consent.engine.facts import Actor, Asked, Consent, Recipient, Source
from consent.engine.matter import Matter, Table
from consent.engine.rules import Effect, Rule
from tests.consent.engine.reference import rows
from tests.consent.engine.table import BARS, GROUPS, PERMITS

RULES: tuple[Rule, ...] = tuple(rule for pack in law.packs() for rule in pack.rules)
ANY = ("*",)
Reach = set[tuple[str, str, str, str]]


def of_rule(rule: Rule) -> Reach:
    return set(product(rule.regimes, rule.to or ANY, rule.of or ANY, rule.for_ or ANY))


def of_id(id_: str, effect: Effect) -> Reach:
    return set().union(*(of_rule(rule) for rule in RULES if rule.id == id_ and rule.effect is effect))


def written_out(cell: str) -> set[str] | None:
    return None if cell == "*" else {word for each in cell.split() for word in GROUPS.get(each, each).split()}


def of_table(text: str, id_: str) -> Reach:
    found: Reach = set()
    for named, regimes, to, of, rest in rows(text):
        if named == id_:
            for_ = written_out(rest[0]) if text is PERMITS else None
            found |= set(product(regimes or ANY, to or ANY, of or ANY, for_ or ANY))
    return {tuple(word.replace("as-PHI", "PHI") for word in each) for each in found}


def with_words(reach: Reach, place: int, words: str) -> Reach:
    return {(*each[:place], word, *each[place + 1 :]) for each in reach for word in words.split()}


# Where a rule's column and its question divide the work in another way than the table's.
OTHERWISE = {
    "p2.premises.2.12c5": lambda reach: (
        reach | with_words(reach, 2, "SUDP2")
    ),  # for the elements of 2.12(c)(5) alone
    "pa.sud.consent": lambda reach: (
        reach | {("PA-SUD", "individual", "SUDNP2", "PATRQT")}
    ),  # one's own request
    "hipaa.restrict.selfpay.164.522a1vi": lambda reach: with_words(reach, 3, f"HPAYMT {GROUPS['OPS']}"),
    "p2.restrict.selfpay.2.26a6": lambda reach: with_words(reach, 3, f"HPAYMT {GROUPS['OPS']}"),
    "vs.unit": lambda reach: with_words(reach, 1, "*"),
}


def expected(text: str, id_: str) -> Reach:
    return OTHERWISE.get(id_, lambda reach: reach)(of_table(text, id_))


@pytest.mark.parametrize("id_", sorted({row[0] for row in rows(PERMITS)}))
def test_a_permit_reaches_what_the_table_says(id_):
    assert of_id(id_, Effect.PERMIT) == expected(PERMITS, id_)


@pytest.mark.parametrize("id_", sorted({row[0] for row in rows(BARS)}))
def test_a_bar_reaches_what_the_table_says(id_):
    assert of_id(id_, Effect.BAR) == expected(BARS, id_)


# What only sends a question to somebody: ``id ; regimes ; recipients ; segments ; purposes`` (`law/rules.md` A.2, end).
ROUTES = """
hipaa.cj35.gap ; HIPAA ; * ; PHI ; *
hipaa.tpo.treat.thirdparty-le ; HIPAA ; le_co_response_partner ; PHI ; COC CAREMGT TREAT
hipaa.family.disaster.164.510b4 ; HIPAA ; family_involved social_service_org ; PHI ; DISASTER
hipaa.512b.exposure ; HIPAA ; threat_target ; MED STI HIV ; PUBHLTH
hipaa.512f1.required ; HIPAA ; law_enforcement ; PHI ; X-LE-PROCESS
hipaa.512k2.natsec ; HIPAA ; law_enforcement ; PHI ; GOV
cfg.p2.program ; P2 ; * ; SUDP2 ; *
p2.registry.2.34 ; P2 ; intermediary part2_program_other ; SUDP2 ; PATSFTY
p2.pdmp.2.36 ; P2 ; pdmp ; SUDP2 ; *
p2.audit.ops.2.53h ; P2 ; auditor_evaluator funder oversight_agency ; SUDP2 ; HOPERAT HQUALIMP
p2.redisc.ce.2.33b1 ; P2 ; attorney_civil corrections court law_enforcement le_co_response_partner probation_parole prosecutor ; SUDP2 ; *
p2.incapacity.adj.2.15a1 ; P2 ; * ; SUDP2 ; *
p2.order.undercover.2.67 ; P2 ; * ; SUDP2 SUDP2N ; *
vs.lecarve ; VS ; law_enforcement prosecutor ; VSP PROTADDR ; X-LE-VICTIM
pa.mh.payer.5100.32a2 ; PA-MH ; health_plan ; MHPA COMMIT ; HPAYMT
pa.hiv.exposure ; PA-HIV ; threat_target family_involved law_enforcement ems_medical_personnel employer ; HIV ; PUBHLTH THREAT
pa.minor.sud.1690.112c ; P2 ; parent_guardian ; SUDP2 ; FAMRQT
"""


@pytest.mark.parametrize("row", rows(ROUTES), ids=lambda row: row[0])
def test_a_path_that_is_kept_closed_reaches_what_its_row_says(row):
    id_, regimes, to, of, (for_,) = row
    reach = set(product(regimes, to or ANY, of or ANY, written_out(for_) or ANY))

    assert of_id(id_, Effect.ROUTE) == {
        tuple(word.replace("as-PHI", "PHI") for word in each) for each in reach
    }


def test_every_path_that_is_kept_closed_has_its_row():
    assert {rule.id for rule in RULES if rule.effect is Effect.ROUTE} == {row[0] for row in rows(ROUTES)}


AT = datetime(2026, 4, 2, 16, tzinfo=UTC)
SIGNED = Consent(
    id="0", form="P2-CJ35", signed_at=AT - timedelta(days=1), ends_at=AT + timedelta(days=5), recipients=("court",), sources=("POST",),
    segments=frozenset({"SUDP2"}), purposes=frozenset({"X-CJ-MONITOR"}), revoked_at=AT, revoked_how="written", revocable_on="final_disposition",
)  # fmt: skip
MONITORED = {"cj_condition": True, "recipient_monitoring_duty": True}
COVERED = Source(
    program="POST", p2_status="lawful_holder", hipaa_legal="covered", received_under="tpo_consent"
)
HIPAA_MATCHES = {"HIPAA": frozenset({"x"})}
AGENT = replace(SIGNED, form="P2-SPEC", signer="hcpoa_agent", revoked_at=None)


def holds(
    id_, *, segment="SUDP2", to="court", purpose="X-CJ-MONITOR", matched=None, allowed=None, **changes
) -> bool:
    """Does the path that is kept closed hold, whomever it concerns?"""
    asked = Asked(
        actor=Actor(id="a", role="post_peer"), source=changes.pop("source", Source(program="POST")), recipient=Recipient(type=to),
        purpose=purpose, segments=frozenset({segment}) | changes.pop("labels", frozenset()), at=AT, **changes,
    )  # fmt: skip
    matter = Matter(
        asked=asked, segment=segment, regime="HIPAA", labels=frozenset({segment}), recipient=to, table=Table(asked),
        matched=matched or {}, allowed=allowed or {},
    )  # fmt: skip
    (rule,) = (rule for rule in RULES if rule.id == id_ and rule.effect is Effect.ROUTE)
    return bool(rule.holds(matter))


@pytest.mark.parametrize(
    ("id_", "question", "expected"),
    [
        ("hipaa.cj35.gap", {"consents": (SIGNED,), "facts": MONITORED}, True),
        ("hipaa.cj35.gap", {"consents": (replace(SIGNED, revoked_how="oral"),), "facts": MONITORED}, False),
        ("hipaa.cj35.gap", {"consents": (SIGNED,), "facts": MONITORED, "process": "court_order"}, False),
        ("hipaa.cj35.gap", {"consents": (replace(SIGNED, revoked_at=AT + timedelta(seconds=1)),), "facts": MONITORED}, False),
        ("hipaa.cj35.gap", {"consents": (replace(SIGNED, form="P2-SPEC"),), "facts": MONITORED}, False),
        ("hipaa.cj35.gap", {"facts": MONITORED}, False),
        ("hipaa.tpo.treat.thirdparty-le", {"segment": "MED"}, True), ("hipaa.tpo.treat.thirdparty-le", {"segment": "DEM"}, False),
        ("hipaa.tpo.treat.thirdparty-le", {"segment": "LOC"}, False), ("hipaa.family.disaster.164.510b4", {}, True),
        ("hipaa.512b.exposure", {}, True), ("hipaa.512k2.natsec", {}, True), ("p2.registry.2.34", {}, True), ("p2.pdmp.2.36", {}, True),
        ("p2.audit.ops.2.53h", {}, True), ("pa.mh.payer.5100.32a2", {}, True), ("pa.hiv.exposure", {}, True),
        ("hipaa.512f1.required", {"facts": {"law_requires_report": True}}, True), ("hipaa.512f1.required", {}, False),
        ("cfg.p2.program", {"segment": "MED", "allowed": HIPAA_MATCHES}, True), ("cfg.p2.program", {"segment": "MED", "matched": HIPAA_MATCHES}, False),
        ("cfg.p2.program", {"segment": "MED"}, False), ("cfg.p2.program", {"segment": "SUDP2", "allowed": HIPAA_MATCHES}, False),
        ("cfg.p2.program", {"segment": "SUDP2N", "allowed": HIPAA_MATCHES}, False), ("cfg.p2.program", {"segment": "ENROLL", "allowed": HIPAA_MATCHES}, False),
        ("cfg.p2.program", {"segment": "IDMATCH", "allowed": HIPAA_MATCHES}, False),
        ("p2.redisc.ce.2.33b1", {"source": COVERED, "matched": HIPAA_MATCHES}, True), ("p2.redisc.ce.2.33b1", {"source": COVERED}, False),
        ("p2.redisc.ce.2.33b1", {"source": replace(COVERED, received_under="own"), "matched": HIPAA_MATCHES}, False),
        ("p2.redisc.ce.2.33b1", {"source": replace(COVERED, hipaa_legal="undetermined"), "matched": HIPAA_MATCHES}, False),
        ("p2.incapacity.adj.2.15a1", {"consents": (AGENT,), "facts": {"hcpoa_active": True}}, True),
        ("p2.incapacity.adj.2.15a1", {"consents": (replace(AGENT, signer="personal_rep"),), "facts": {"hcpoa_active": True}}, True),
        ("p2.incapacity.adj.2.15a1", {"consents": (replace(AGENT, signer="patient"),), "facts": {"hcpoa_active": True}}, False),
        ("p2.incapacity.adj.2.15a1", {"consents": (AGENT,)}, False), ("p2.incapacity.adj.2.15a1", {"facts": {"hcpoa_active": True}}, False),
        ("p2.order.undercover.2.67", {"process": "p2_order_2.67"}, True), ("p2.order.undercover.2.67", {"process": "p2_order_2.66"}, False),
        ("vs.lecarve", {"facts": {"target_class": "victim"}}, True), ("vs.lecarve", {"facts": {"target_class": "suspect"}}, False),
        ("pa.minor.sud.1690.112c", {"facts": {"minor_age": 17, "care_kind": "sud"}}, True),
        ("pa.minor.sud.1690.112c", {"facts": {"minor_age": 18, "care_kind": "sud"}}, False),
        ("pa.minor.sud.1690.112c", {"facts": {"care_kind": "sud"}, "labels": frozenset({"MINOR"})}, True),
        ("pa.minor.sud.1690.112c", {"facts": {"minor_age": 17, "care_kind": "general"}}, False),
    ],
)  # fmt: skip
def test_a_path_that_is_kept_closed_holds_where_it_says(id_, question, expected):
    assert holds(id_, **question) is expected


# --- what goes with a rule ------------------------------------------------------------------------------

F2 = "name address dob birthplace ssn blood_type injury_type treatment_datetime death_datetime distinguishing_marks"
ELEMENTS = {
    "hipaa.512f2.locate": F2,
    "hipaa.502j2.workforcevictim": F2,
    "hipaa.512j.admission": f"{F2} incident_circumstances",
    "p2.premises.2.12c5": "incident_circumstances patient_status name address whereabouts",
    "hmis.le.locate": "name address dob birthplace ssn distinguishing_marks",
    "cj.referral.in": "contact observed_need safety_observed",
    "cj.cad": "cad",
}
WHEN_STANDING = {"p2.proceedings.2.12d1": ("OBL-P2-USEBAR",), "cj.p2.quarantine": ("OBL-QUARANTINE",)}
WHEN_LIFTED = {
    "hipaa.restrict.164.522a": ("OBL-P2-EMERG-RESTRICT-ASK",),
    "p2.restrict.2.26": ("OBL-P2-EMERG-RESTRICT-ASK",),
}


def test_the_elements_and_the_duties_of_bars_are_those_of_the_law():
    listed = {rule.id: rule.elements for rule in RULES if rule.elements is not None}

    assert listed == {id_: set(words.split()) for id_, words in ELEMENTS.items()}
    assert {
        rule.id: rule.obliges for rule in RULES if rule.effect is Effect.BAR and rule.obliges
    } == WHEN_STANDING
    assert {rule.id: rule.obliges_when_lifted for rule in RULES if rule.obliges_when_lifted} == WHEN_LIFTED
    assert {rule.id for rule in RULES if rule.is_local_policy} == {
        "hipaa.tpo.treat.thirdparty-le",
        "lead.goldenrule",
    }


# --- 2.13(b), which the reference leaves out: it bars what 2.13(a) bars, and says why ---------------------

OFFICIALS = (
    "law_enforcement le_co_response_partner police_app_user corrections prosecutor court probation_parole attorney_civil "
    "elected_official"
).split()


@pytest.mark.parametrize("to", [*OFFICIALS, "employer", "individual", "treating_provider_ce"])
@pytest.mark.parametrize("process", ["none", "da_subpoena", "court_order"])
def test_a_badge_or_a_paper_adds_nothing_under_part_2(to, process):
    (rule,) = (rule for rule in RULES if rule.id == "p2.uncond.2.13b")
    asked = Asked(
        actor=Actor(id="a", role="post_peer"), source=COVERED, recipient=Recipient(type=to), purpose="GOV",
        segments=frozenset({"SUDP2"}), at=AT, process=process,
    )  # fmt: skip
    matter = Matter(
        asked=asked, segment="SUDP2", regime="P2", labels=frozenset({"SUDP2"}), recipient=to, table=Table(asked), matched={}, allowed={},
    )  # fmt: skip

    assert rule.holds(matter) is (to in OFFICIALS or process != "none")
    assert of_rule(rule) == {("P2", "*", "SUDP2", "*"), ("P2", "*", "SUDP2N", "*")}


# --- who signs, word by word ------------------------------------------------------------------------------

ONESELF = "patient subject self client victim minor_patient minor".split()


def signed(form, signer, *, regime, segment, facts, to="treating_provider_ce", purpose="TREAT") -> Matter:
    consent = Consent(
        id="0", form=form, signed_at=AT - timedelta(days=1), ends_at=AT + timedelta(days=5), recipients=(to,), sources=("POST",),
        segments=frozenset({segment}), purposes=frozenset({purpose}), signer=signer,
    )  # fmt: skip
    asked = Asked(
        actor=Actor(id="a", role="post_peer"), source=Source(program="POST"), recipient=Recipient(type=to), purpose=purpose,
        segments=frozenset({segment}), at=AT, consents=(consent,), facts=facts,
    )  # fmt: skip
    return Matter(
        asked=asked, segment=segment, regime=regime, labels=frozenset({segment}), recipient=to, table=Table(asked), matched={}, allowed={},
    )  # fmt: skip


def rule_of(id_: str, effect: Effect) -> Rule:
    return next(rule for rule in RULES if rule.id == id_ and rule.effect is effect)


@pytest.mark.parametrize("signer", ONESELF)
def test_a_victim_releases_under_whatever_name_without_a_word_about_abuse(signer):
    rule = rule_of("vs.release", Effect.PERMIT)

    assert rule.by(signed("VS-REL", signer, regime="VS", segment="VSP", facts={}))
    assert not rule.by(signed("VS-REL", "court_appointed_guardian", regime="VS", segment="VSP", facts={}))
    known = {"signer_is_abuser": False}
    assert rule.by(signed("VS-REL", "court_appointed_guardian", regime="VS", segment="VSP", facts=known))


@pytest.mark.parametrize(
    ("signer", "lifts"),
    [("patient", True), ("minor_patient", True), ("minor", True), ("personal_rep", False)],
)
@pytest.mark.parametrize(
    ("id_", "form", "regime", "segment"),
    [
        ("p2.minor.alone.2.14a", "P2-SPEC", "P2", "SUDP2"),
        ("pa.minor.mh.records.10101.2", "PA-MH", "PA-MH", "MH"),
    ],
)
def test_a_minor_lets_a_parent_know_under_whatever_name(id_, form, regime, segment, signer, lifts):
    facts = {"minor_age": 15, "care_kind": "sud", "minor_consented_alone": True}
    if signer == "personal_rep":
        facts |= {"adjudicated_incapacity": True, "verified_authority": True}
    matter = signed(
        form, signer, regime=regime, segment=segment, facts=facts, to="parent_guardian", purpose="FAMRQT"
    )

    assert matter.covered_by()
    assert any(lift(matter, {}) for lift in rule_of(id_, Effect.BAR).lifted_by) is lifts
    assert rule_of(id_, Effect.BAR).holds(matter)


@pytest.mark.parametrize("form", "P2-TPO P2-SPEC P2-PROC P2-CJ35 MULTI-CONF".split())
@pytest.mark.parametrize(
    "signer",
    [
        "court_appointed_guardian",
        "guardian_of_the_person",
        "personal_rep",
        "personal_representative",
        "representative",
        "patient",
        "spouse",
    ],
)
def test_a_representatives_part_2_form_of_whatever_kind(form, signer):
    facts = {
        "verified_authority": True,
        "cj_condition": True,
        "recipient_monitoring_duty": True,
        "spouse_no_executor": True,
    }
    if signer != "patient":
        facts["adjudicated_incapacity"] = True
    matter = signed(form, signer, regime="P2", segment="SUDP2", facts=facts)

    assert matter.covered_by()
    represented = bool(rule_of("p2.incapacity.adj.2.15a1", Effect.PERMIT).by(matter))
    assert represented is (signer not in ("patient", "spouse"))


@pytest.mark.parametrize(
    "signer",
    ["family", "family_member", "responsible_family", "spouse", "executor", "administrator", "patient"],
)
def test_for_the_dead_somebody_signs(signer):
    facts = {
        "family": {"target_class": "decedent", "executor": False, "spouse_no_executor": False}, "spouse": {"spouse_no_executor": True},
        "executor": {"executor": True}, "patient": {},
    }  # fmt: skip
    kind = {"family_member": "family", "responsible_family": "family", "administrator": "executor"}.get(
        signer, signer
    )
    matter = signed("P2-SPEC", signer, regime="P2", segment="SUDP2", facts=facts[kind])
    rule = rule_of("p2.deceased.consent.2.15b2", Effect.PERMIT)

    assert matter.covered_by()
    assert (bool(rule.by(matter)) and rule.holds(matter)) is (signer != "patient")
    monitoring = signed(
        "P2-SPEC", signer, regime="P2", segment="SUDP2", facts=facts[kind], purpose="X-CJ-MONITOR"
    )
    assert not rule.holds(monitoring)
