"""42 CFR 2.51 to 2.54, 2.61 to 2.67, and 2.14, 2.15 as far as nobody signs: without consent, and by order."""

from typing import Final

from consent.engine.matter import Matter
from consent.engine.rules import permit, route
from consent.engine.vocabulary import MEDIC, words
from consent.law.words import (
    COUNSEL,
    DEID_PROOF,
    JUDGMENT,
    MINIMUM_NECESSARY,
    ORDER_SCOPE,
    P2,
    PARENT,
    PROSECUTION,
    USE_BAR,
    VERIFY,
)

DOCUMENT_AT_ONCE: Final = "OBL-P2-EMERG-DOC"
ORDERED: Final = (ORDER_SCOPE, COUNSEL, USE_BAR)
RECORDS: Final = words("SUDP2 SUDP2N")


# --- emergencies, minors, the dead ----------------------------------------------------------


@permit(
    "p2.emergency.2.51", cite="42 CFR 2.51(a)(1)", regime=P2, to=MEDIC, of={"SUDP2"},
    for_=words("ETREAT ERTREAT"), obliges=[DOCUMENT_AT_ONCE, MINIMUM_NECESSARY, USE_BAR],
)  # fmt: skip
def a_medical_emergency_leaves_no_time(asked: Matter) -> bool:
    """Is it a bona fide medical emergency, to medical personnel, where consent can't be obtained?

    A conscious refusal is not "cannot". An officer with naloxone is not medical personnel.
    """
    return asked.shows("medical_emergency", "consent_unobtainable", "recipient_is_medical_personnel")


@permit(
    "p2.emergency.disaster.2.51a2", cite="42 CFR 2.51(a)(2)", regime=P2, to=MEDIC, of={"SUDP2"},
    for_=words("ETREAT DISASTER"), obliges=[DOCUMENT_AT_ONCE],
)  # fmt: skip
def a_disaster_closed_the_program(asked: Matter) -> bool:
    """Is the program closed by a declared emergency, and is there a medical emergency?"""
    return asked.shows(
        "medical_emergency", "declared_disaster_program_closed", "recipient_is_medical_personnel"
    )


@permit(
    "p2.emergency.fda.2.51b", cite="42 CFR 2.51(b)", regime=P2, to=words("fda"), of={"SUDP2"},
    for_={"PUBHLTH"}, obliges=[DOCUMENT_AT_ONCE],
)  # fmt: skip
def a_product_error_threatens_patients(asked: Matter) -> bool:
    """Do medical personnel of the FDA assert a product error, to notify patients or physicians?"""
    return asked.shows("product_error_assertion", "recipient_is_medical_personnel")


@permit(
    "p2.minor.threat.2.14c", cite="42 CFR 2.14(c)", regime=P2, to=PARENT, of={"SUDP2"},
    for_=words("THREAT SUPNWK FAMRQT"), obliges=[JUDGMENT, MINIMUM_NECESSARY],
)  # fmt: skip
def the_director_finds_a_minor_in_danger(asked: Matter) -> bool:
    """Did the director find that the minor can't choose rationally and that telling would reduce a threat to life?"""
    return asked.shows("minor_lacks_rational_choice", "substantial_threat_to_life", "director_determination")


@permit(
    "p2.incapacity.payment.2.15a2", cite="42 CFR 2.15(a)(2)", regime=P2, to=words("health_plan"),
    of=words("SUDP2 BILL"), for_={"HPAYMT"}, obliges=[JUDGMENT, MINIMUM_NECESSARY],
)  # fmt: skip
def the_director_consents_to_payment(asked: Matter) -> bool:
    """Does a medical condition, not an adjudication, keep the patient from acting? For payment alone."""
    return asked.shows("condition_prevents_action", "director_determination") and asked.denies(
        "adjudicated_incapacity"
    )


@permit(
    "p2.deceased.vital.2.15b1", cite="42 CFR 2.15(b)(1)", regime=P2,
    to=words("coroner_me public_health_authority"), of={"SUDP2"}, for_={"HDECD"},
    obliges=[MINIMUM_NECESSARY, USE_BAR],
)  # fmt: skip
def a_law_asks_for_the_cause_of_death(asked: Matter) -> bool:
    """Is it asked under laws on death, vital statistics or the cause of death?"""
    return asked.shows("cause_of_death_inquiry")


# --- research, audit, public health -----------------------------------------------------------


@permit(
    "p2.research.2.52", cite="42 CFR 2.52", regime=P2, to=words("researcher"), of={"SUDP2"}, for_={"HRESCH"},
    obliges=[MINIMUM_NECESSARY, USE_BAR],
)  # fmt: skip
def the_research_complies(asked: Matter) -> bool:
    """Does the research comply, with a waiver or with the patient's consent?"""
    return asked.shows("research_compliant") and (
        asked.shows("irb_waiver") or bool(asked.covered_by("P2-SPEC", "HIPAA-AUTH"))
    )


@permit(
    "p2.audit.2.53", cite="42 CFR 2.53(a)-(g)", regime=P2, to=words("auditor_evaluator oversight_agency funder"),
    of={"SUDP2"}, for_=words("HCOMPL HPRGRP GOV HACCRED"), obliges=["OBL-AUDIT-AGREEMENT", USE_BAR],
)  # fmt: skip
def the_auditor_funds_or_regulates(asked: Matter) -> bool:
    """Does the auditor fund or lawfully regulate the program, in writing, and is it no criminal justice agency?"""
    return asked.shows("auditor_funds_or_regulates", "audit_undertaking") and asked.denies("recipient_is_cja")


@permit(
    "p2.publichealth.2.54", cite="42 CFR 2.54", regime=P2, to=words("public_health_authority"), of={"AGG"},
    for_={"PUBHLTH"}, obliges=[DEID_PROOF],
)  # fmt: skip
def public_health_gets_it_deidentified(asked: Matter) -> bool:
    """Is it de-identified for a public health authority? Identifiable reports have no permit."""
    return asked.is_one_of("deid_method", "safe_harbor", "expert")


@permit(
    "p2.secretary.2.2b", cite="42 CFR 2.2(b), 2.4", regime=P2, to=words("hhs"), of=RECORDS, for_={"HCOMPL"},
    obliges=[VERIFY],
)  # fmt: skip
def the_secretary_looks_into_compliance(asked: Matter) -> bool:
    """Has HHS shown its authority?"""
    return asked.shows("verified_authority")


# --- subpart E --------------------------------------------------------------------------------


def reaches_communications(asked: Matter) -> bool:
    """If it holds confidential communications, did the judge find them needed (2.63(a))?"""
    confidential = asked.segment == "SUDP2N" or asked.asked.shows("content_privileged")
    return not confidential or asked.shows("order_confidential_comms_finding")


@permit(
    "p2.order.noncriminal.2.64", cite="42 CFR 2.64, 2.61, 2.63(a)", regime=P2, to=None, of=RECORDS,
    for_=words("HLEGAL X-PROCEEDING"), obliges=ORDERED, precedence=4,
)  # fmt: skip
def a_court_ordered_it_for_a_civil_purpose(asked: Matter) -> bool:
    """Did a court, after a hearing, order just this for a purpose that isn't criminal, with a mandate beside it?

    An order only authorises; without a subpoena or the like nothing is compelled (2.61).
    """
    return (
        asked.recipient not in PROSECUTION
        and asked.under("p2_order_2.64")
        and asked.shows("order_after_hearing", "order_with_mandate")
        and asked.in_scope(named=True)
        and reaches_communications(asked)
    )


@permit(
    "p2.order.patient.2.65", cite="42 CFR 2.65, 2.61, 2.63(a)", regime=P2, to=PROSECUTION, of=RECORDS,
    for_=words("X-LE-PROCESS X-PROCEEDING"), obliges=ORDERED, precedence=4,
)  # fmt: skip
def a_court_ordered_it_against_the_patient(asked: Matter) -> bool:
    """Did a court order just this for an extremely serious crime, with us heard by independent counsel?"""
    return (
        asked.under("p2_order_2.65")
        and asked.shows("order_after_hearing", "order_independent_counsel", "order_with_mandate")
        and asked.in_scope(named=True)
        and reaches_communications(asked)
    )


@permit(
    "p2.order.program.2.66", cite="42 CFR 2.66, 2.61, 2.63(a)", regime=P2,
    to=PROSECUTION | {"oversight_agency"}, of=RECORDS, for_={"X-LE-PROCESS"}, obliges=ORDERED, precedence=4,
)  # fmt: skip
def a_court_ordered_it_against_the_program(asked: Matter) -> bool:
    """Did a court order just this against the program or holder, never to be turned on the patient?"""
    return (
        asked.under("p2_order_2.66")
        and asked.shows("order_with_mandate")
        and asked.denies("order_names_use_against_patient")
        and asked.denies("use_against_patient")
        and asked.in_scope(named=True)
        and reaches_communications(asked)
    )


@route("p2.order.undercover.2.67", cite="42 CFR 2.67, 2.17", regime=P2, of=RECORDS)
def an_agent_is_to_be_placed(asked: Matter) -> bool:
    """Is it an order to place an agent in a program? Always counsel's."""
    return asked.process == "p2_order_2.67"
