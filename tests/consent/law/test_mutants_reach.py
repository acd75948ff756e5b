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
