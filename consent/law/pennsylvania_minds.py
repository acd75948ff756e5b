"""Pennsylvania, mental health: 50 P.S. 7103, 7111, 7302; 55 Pa. Code 5100.31-39; 35 P.S. 10101.1-.2; 42 Pa.C.S. 5944."""

from typing import Final

from consent.engine.facts import Consent
from consent.engine.matter import Matter
from consent.engine.rules import bar, by_fact, by_form, by_permit, permit, route
from consent.engine.vocabulary import CAREUSE, MEDIC, TPO, TREATMENT, words
from consent.law.words import (
    COUNSEL,
    HIPAA,
    JUDGMENT,
    MH_STATEMENT,
    MINIMUM_NECESSARY,
    ORDER_SCOPE,
    OWN,
    PA_MH,
    PARENT,
    RECORD_BASIS,
)

RECORDS: Final = words("MHPA COMMIT MH RISK")
MINORS: Final = words("patient minor_patient minor")


@bar(
    "pa.mh.7111", cite="50 P.S. 7111(a); 55 Pa. Code 5100.32(a)", regime=PA_MH, of=RECORDS, precedence=2,
    lifted_by=[by_permit("pa.mh.*", "pa.childabuse.6311", "hipaa.preempt.160.202")],
)  # fmt: skip
def documents_about_treatment_are_confidential(_asked: Matter) -> bool:
    """No release without written consent, but in the listed cases. Police are not on the list."""
    return True


@bar(
    "pa.mh.privileged", cite="50 P.S. 7111(a); 42 Pa.C.S. 5944", regime=PA_MH, of=words("PSYNOTE MHPA"),
    lifted_by=[
        by_form("PA-MH", "HIPAA-PSY"),
        by_fact(lambda asked: asked.shows("psynote_originator") and asked.is_to("own_workforce")),
        by_fact(lambda asked: asked.is_to("individual") and asked.segment == "MHPA"),
        by_permit("pa.childabuse.6311"),
    ],
)  # fmt: skip
def it_is_a_privileged_communication(asked: Matter) -> bool:
    """Was it said in confidence to a psychiatrist or psychologist, or to their agent (CR-25)?"""
    return asked.shows("content_privileged")


@bar(
    "pa.minor.mh.records.10101.2", cite="35 P.S. 10101.2", regime=(PA_MH, HIPAA), of=words("MH MHPA RISK"),
    to=PARENT,
    lifted_by=[
        by_fact(lambda asked: any(each.signer in MINORS for each in asked.covered_by())),
        by_permit("hipaa.512j.threat", "pa.mh.emerg.5100.32a9"),
    ],
)  # fmt: skip
def the_minor_controls_the_release(asked: Matter) -> bool:
    """Is it a parent asking for records of care to which a minor of 14 to 17 consented alone?"""
    age = asked.asked.value("minor_age")
    in_range = "MINOR" in asked.asked.segments if age is None else 14 <= age <= 17
    return in_range and asked.shows("minor_consented_alone")


@permit(
    "pa.mh.use", cite="50 P.S. 7111(a)(1); 55 Pa. Code 5100.32(a)(1)", regime=PA_MH, to=OWN,
    of=RECORDS | {"PSYNOTE"}, for_=CAREUSE, obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def own_staff_treat_the_person(asked: Matter) -> bool:
    """Is it somebody of the unit who treats the person? Psychotherapy notes are their originator's alone."""
    return (
        asked.shows("same_unit")
        and asked.shows_any("assigned_to_subject", "supervises_program")
        and asked.denies("actor_le_employed")
        and (asked.segment != "PSYNOTE" or asked.shows("psynote_originator"))
    )


@permit(
    "pa.mh.treat.5100.32a1", cite="50 P.S. 7111(a)(1); 55 Pa. Code 5100.32(a)(1)", regime=PA_MH,
    to=MEDIC | {"corrections"}, of=RECORDS, for_=TREATMENT | {"X-LE-CUSTODY"},
    obliges=[MH_STATEMENT, MINIMUM_NECESSARY],
)  # fmt: skip
def they_actively_treat_the_person(asked: Matter) -> bool:
    """Do they actively treat the person, or is it the facility to which the person is referred?"""
    return asked.shows("recipient_treats_subject")


@permit(
    "pa.mh.ce.7111", cite="50 P.S. 7111(a), as amended by Act 32 of 2022", regime=PA_MH,
    to=MEDIC | words("health_plan business_associate"), of=words("MHPA MH RISK"), for_=TPO, obliges=[MH_STATEMENT],
)  # fmt: skip
def a_covered_entity_acts_under_hipaa(asked: Matter) -> bool:
    """Is the recipient a covered entity or business associate, acting under HIPAA?"""
    return asked.shows("recipient_is_ce_or_ba")


@permit(
    "pa.mh.emerg.5100.32a9", cite="55 Pa. Code 5100.32(a)(9)", regime=PA_MH,
    to=MEDIC | words("law_enforcement le_co_response_partner family_involved parent_guardian threat_target"),
    of=words("RISK MHPA MH"), for_=words("THREAT ETREAT"), obliges=[MINIMUM_NECESSARY, JUDGMENT, RECORD_BASIS],
)  # fmt: skip
def a_medical_emergency_risks_bodily_harm(asked: Matter) -> bool:
    """Is it an emergency medical situation, and would the facts prevent serious bodily harm or death?

    Only what is pertinent to relief. This, and not 164.512(j), is the way to an officer on scene.
    """
    return asked.shows("emergency_medical_situation", "serious_bodily_harm_risk")


def _is_a_302_matter(asked: Matter) -> bool:
    return (asked.is_for({"X-302"}) or asked.shows("mhpa_proceeding")) and asked.in_scope()


@permit(
    "pa.mh.court.5100.32a6", cite="50 P.S. 7111(a)(3); 55 Pa. Code 5100.32(a)(5)-(6)", regime=PA_MH,
    to=words("court treating_provider_ce"), of=RECORDS, for_=words("X-302 HLEGAL"),
    obliges=[MINIMUM_NECESSARY, ORDER_SCOPE],
)  # fmt: skip
def a_court_hears_a_commitment(asked: Matter) -> bool:
    """Is it the court, or the county's delegate, in a proceeding under the Act?"""
    return _is_a_302_matter(asked)


@permit(
    "pa.mh.302", cite="50 P.S. 7302", regime=PA_MH, to=words("court treating_provider_ce"), of=RECORDS,
    for_=words("X-302 HLEGAL"), obliges=[MINIMUM_NECESSARY, ORDER_SCOPE],
)  # fmt: skip
def somebody_is_to_be_examined(asked: Matter) -> bool:
    """Do the facts support an involuntary examination, to the delegate, the facility or the court?"""
    return _is_a_302_matter(asked)


@permit(
    "pa.mh.order.5100.35", cite="55 Pa. Code 5100.32(a)(7), 5100.35(b)", regime=PA_MH,
    to=None, of=words("MHPA COMMIT"), for_=words("HLEGAL X-PROCEEDING X-LE-PROCESS"),
    obliges=[ORDER_SCOPE, COUNSEL], precedence=4,
)  # fmt: skip
def a_court_orders_it_under_that_section(asked: Matter) -> bool:
    """Did a court order just this under that section? A subpoena gets a letter, not records."""
    return asked.under("court_order") and asked.in_scope(named=True)


def consenting(asked: Matter) -> tuple[Consent, ...]:
    """The state's form; for psychotherapy notes of a unit that is no facility, their federal form is enough."""
    found = asked.covered_by("PA-MH")
    if asked.segment == "PSYNOTE" and not asked.source.may_be_facility:
        found += asked.covered_by("HIPAA-PSY")
    return found


@permit(
    "pa.mh.consent.5100.34", cite="55 Pa. Code 5100.34(f)", regime=PA_MH, to=None, of=RECORDS | {"PSYNOTE"},
    for_=None, by=consenting, obliges=[MH_STATEMENT], precedence=4,
)  # fmt: skip
def the_person_consented_in_the_states_form(_asked: Matter) -> bool:
    """Is there a consent with the state's elements?"""
    return True


@permit(
    "pa.mh.access.5100.33", cite="55 Pa. Code 5100.33; Act 32 of 2022", regime=PA_MH,
    to=words("individual parent_guardian personal_rep"), of=RECORDS, for_=words("PATRQT PWATRNY FAMRQT"),
)  # fmt: skip
def who_may_see_the_persons_own_record(asked: Matter) -> bool:
    """Is it the person; the parent of a child under 14; the guardian or executor, verified?"""
    if asked.is_to("individual"):
        return asked.shows("verified_identity")
    if not asked.shows("verified_authority"):
        return False
    if asked.is_to("parent_guardian"):
        return asked.age_below(14) and asked.denies("parent_suspected_abuser")
    return asked.shows_any("adjudicated_incapacity", "executor")


@route(
    "pa.mh.payer.5100.32a2", cite="55 Pa. Code 5100.32(a)(2)", regime=PA_MH, to=words("health_plan"),
    of=words("MHPA COMMIT"), for_={"HPAYMT"},
)  # fmt: skip
def a_payer_asks(_asked: Matter) -> bool:
    """A payer that isn't a covered entity goes to the privacy officer: staff names, dates, types, costs."""
    return True
