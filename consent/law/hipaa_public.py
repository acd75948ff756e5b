"""45 CFR 164.512, and 164.502(j)(2): what HIPAA lets out in the public interest.

These are permissions under HIPAA and nowhere else: a Part 2 record, a Pennsylvania
mental-health record, HIV information or a victim's record needs its own.
"""

from consent.engine.elements import F2, THE_REPORT
from consent.engine.matter import Matter
from consent.engine.rules import permit, route
from consent.engine.vocabulary import MEDIC, PHI, words
from consent.law.words import (
    ACCOUNTING_6Y,
    COURTROOM,
    ELEMENTS_F2,
    HIPAA,
    JUDGMENT,
    LAW_ENFORCEMENT,
    MINIMUM_NECESSARY,
    NOTIFY,
    ORDER_SCOPE,
    PROSECUTION,
    RECORD_BASIS,
    VERIFY,
)

# 164.512(a)(2): toward these, what law requires goes by (c), (e) or (f).
OWN_ROWS = words(
    "law_enforcement le_co_response_partner prosecutor court attorney_civil adult_protective_services"
)


@permit(
    "hipaa.512a.required", cite="45 CFR 164.512(a), 164.103", regime=HIPAA,
    to=None, of=PHI | {"PSYNOTE"}, for_=None, obliges=[RECORD_BASIS, ACCOUNTING_6Y],
)  # fmt: skip
def a_law_requires_it(asked: Matter) -> bool:
    """Does a law, cited, require it of us, and has whoever asks shown that it names them?"""
    return (
        asked.recipient not in OWN_ROWS
        and asked.has("required_by_law_cite")
        and asked.shows("verified_authority")
    )


@permit(
    "hipaa.512b.publichealth", cite="45 CFR 164.512(b)(1)(i)", regime=HIPAA,
    to=words("public_health_authority fda"), of=PHI, for_={"PUBHLTH"},
    obliges=[MINIMUM_NECESSARY, VERIFY, ACCOUNTING_6Y],
)  # fmt: skip
def public_health_may_collect_it(asked: Matter) -> bool:
    """Is the authority authorised by law to collect it?"""
    return asked.shows("authorized_recipient")


@permit(
    "hipaa.512b.childabuse", cite="45 CFR 164.512(b)(1)(ii)", regime=HIPAA,
    to=words("child_protective_services"), of=PHI, for_={"X-ABUSE-CHILD"},
    obliges=[MINIMUM_NECESSARY, ACCOUNTING_6Y],
)  # fmt: skip
def child_abuse_is_reported(asked: Matter) -> bool:
    """Is child abuse or neglect suspected, and does it go where such reports go?"""
    return asked.shows("child_abuse_suspected", "authorized_recipient")


@route(
    "hipaa.512b.exposure", cite="45 CFR 164.512(b)(1)(iv)", regime=HIPAA,
    to=words("threat_target"), of=words("MED STI HIV"), for_={"PUBHLTH"},
)  # fmt: skip
def somebody_was_exposed(_asked: Matter) -> bool:
    """Notice to somebody at risk of a disease goes to the privacy officer."""
    return True


@permit(
    "hipaa.512c.abuse", cite="45 CFR 164.512(c)", regime=HIPAA,
    to=words("adult_protective_services law_enforcement"), of=PHI, for_={"X-ABUSE-ADULT"},
    obliges=[NOTIFY, ACCOUNTING_6Y],
)  # fmt: skip
def an_adult_is_abused(asked: Matter) -> bool:
    """Is an adult believed abused, and does a law require the report, or the victim agree, or (c)(1)(iii) apply?"""
    if not asked.shows("adult_abuse_suspected", "authorized_recipient"):
        return False
    if asked.shows_any("law_requires_report", "victim_agrees"):
        return True
    return asked.shows("law_expressly_authorizes") and (
        asked.shows("prevents_serious_harm")
        or asked.shows("victim_incapacitated", "le_rep_not_against_victim", "le_immediate_need")
    )


@permit(
    "hipaa.512d.oversight", cite="45 CFR 164.512(d)", regime=HIPAA,
    to=words("oversight_agency funder auditor_evaluator"), of=PHI | {"PSYNOTE"},
    for_=words("HCOMPL GOV HPRGRP HACCRED"), obliges=[MINIMUM_NECESSARY, VERIFY, ACCOUNTING_6Y],
)  # fmt: skip
def oversight_is_authorised(asked: Matter) -> bool:
    """Is it oversight authorised by law, not of the person, and not by a criminal justice agency?"""
    return (
        asked.shows("authorized_recipient", "verified_authority")
        and asked.denies("use_against_patient")
        and asked.denies("recipient_is_cja")
    )


# --- (e) and (f)(1): legal process --------------------------------------------------------------


@permit(
    "hipaa.512e.order", cite="45 CFR 164.512(e)(1)(i)", regime=HIPAA,
    to=COURTROOM, of=PHI, for_=words("HLEGAL X-PROCEEDING"), obliges=[ORDER_SCOPE, ACCOUNTING_6Y], precedence=4,
)  # fmt: skip
def a_court_orders_it(asked: Matter) -> bool:
    """Did a court or tribunal order it? Only what the order says."""
    return asked.under("court_order") and asked.in_scope()


@permit(
    "hipaa.512e.subpoena", cite="45 CFR 164.512(e)(1)(ii)-(vi)", regime=HIPAA,
    to=COURTROOM, of=PHI, for_=words("HLEGAL X-PROCEEDING"),
    obliges=[ORDER_SCOPE, MINIMUM_NECESSARY, ACCOUNTING_6Y],
)  # fmt: skip
def the_person_had_notice_of_the_subpoena(asked: Matter) -> bool:
    """A subpoena without an order: was the person told in time to object, or is there a protective order?"""
    return (
        asked.under("attorney_subpoena", "da_subpoena")
        and asked.is_one_of("satisfactory_assurance", "notice", "protective_order")
        and asked.in_scope()
    )


@permit(
    "hipaa.512f1.order", cite="45 CFR 164.512(f)(1)(ii)(A)", regime=HIPAA,
    to=PROSECUTION, of=PHI, for_={"X-LE-PROCESS"}, obliges=[ORDER_SCOPE, ACCOUNTING_6Y], precedence=4,
)  # fmt: skip
def a_judge_signed_it(asked: Matter) -> bool:
    """Is it a court order, a court-ordered warrant, or a subpoena that a judicial officer issued?"""
    return asked.under("court_order", "judicial_subpoena", "search_warrant") and asked.in_scope()


@permit(
    "hipaa.512f1.grandjury", cite="45 CFR 164.512(f)(1)(ii)(B)", regime=HIPAA,
    to=PROSECUTION, of=PHI, for_={"X-LE-PROCESS"}, obliges=[ORDER_SCOPE, ACCOUNTING_6Y],
)  # fmt: skip
def a_grand_jury_asks(asked: Matter) -> bool:
    """Is it a grand jury subpoena?"""
    return asked.under("grand_jury") and asked.in_scope()


@permit(
    "hipaa.512f1.admin", cite="45 CFR 164.512(f)(1)(ii)(C)", regime=HIPAA,
    to=PROSECUTION, of=PHI, for_={"X-LE-PROCESS"}, obliges=[VERIFY, ACCOUNTING_6Y],
)  # fmt: skip
def an_administrative_request_meets_the_three_tests(asked: Matter) -> bool:
    """Is it relevant and material, specific and limited, and would de-identified information not do?"""
    return asked.under("admin_subpoena", "da_subpoena") and asked.shows("admin_three_part")


@route(
    "hipaa.512f1.required", cite="45 CFR 164.512(f)(1)(i); 18 Pa.C.S. 5106", regime=HIPAA,
    to=LAW_ENFORCEMENT, of=PHI, for_={"X-LE-PROCESS"},
)  # fmt: skip
def a_law_requires_the_report(asked: Matter) -> bool:
    """Is a wound report or the like required by law? It binds physicians and hospitals; so it is looked at."""
    return asked.shows("law_requires_report")


# --- (f)(2)-(6): police ask, or are told ------------------------------------------------------


@permit(
    "hipaa.512f2.locate", cite="45 CFR 164.512(f)(2)", regime=HIPAA,
    to=LAW_ENFORCEMENT, of=words("DEM LOC MED"), for_={"X-LE-LOCATE"},
    obliges=[ELEMENTS_F2, VERIFY, ACCOUNTING_6Y], elements=F2,
)  # fmt: skip
def police_ask_to_identify_or_locate(asked: Matter) -> bool:
    """Did police ask, to identify or locate a suspect, fugitive, material witness or missing person?"""
    return asked.shows("le_requested") and asked.is_one_of(
        "target_class", "suspect", "fugitive", "material_witness", "missing_person"
    )


@permit(
    "hipaa.512f3.victim", cite="45 CFR 164.512(f)(3)", regime=HIPAA,
    to=LAW_ENFORCEMENT, of=PHI, for_={"X-LE-VICTIM"}, obliges=[VERIFY, JUDGMENT, ACCOUNTING_6Y],
)  # fmt: skip
def police_ask_about_a_victim(asked: Matter) -> bool:
    """Did police ask about a victim who agrees, or who can't and for whom all of (f)(3)(ii) is shown?"""
    return asked.shows("le_requested") and (
        asked.shows("victim_agrees")
        or asked.shows(
            "victim_incapacitated", "le_rep_not_against_victim", "le_immediate_need", "best_interest"
        )
    )


@permit(
    "hipaa.512f4.decedent", cite="45 CFR 164.512(f)(4)", regime=HIPAA,
    to=LAW_ENFORCEMENT, of=PHI, for_={"X-LE-DECEDENT"}, obliges=[ACCOUNTING_6Y],
)  # fmt: skip
def a_death_may_be_a_crime(asked: Matter) -> bool:
    """Is the death suspected to result from a crime?"""
    return asked.shows("death_suspected_crime")


@permit(
    "hipaa.512f5.premises", cite="45 CFR 164.512(f)(5)", regime=HIPAA,
    to=LAW_ENFORCEMENT, of=PHI, for_={"X-LE-PREMISES"}, obliges=[ACCOUNTING_6Y],
)  # fmt: skip
def it_is_evidence_of_a_crime_here(asked: Matter) -> bool:
    """Is it believed in good faith to be evidence of a crime on the premises?"""
    return asked.shows("crime_on_premises", "evidence_good_faith")


@permit(
    "hipaa.512f6.emergency", cite="45 CFR 164.512(f)(6)", regime=HIPAA,
    to=LAW_ENFORCEMENT, of=words("LOC SDV"), for_={"X-LE-CRIMEMERG"}, obliges=[ACCOUNTING_6Y],
)  # fmt: skip
def emergency_care_meets_a_crime(asked: Matter) -> bool:
    """Is it emergency care away from the premises, and must police be told of the crime?

    The crime's nature and place and the perpetrator's description, never the victim's
    identity or health. If it comes from abuse or domestic violence, 512(c) decides.
    """
    return asked.shows("offsite_emergency_care", "alert_needed") and asked.denies("crime_is_abuse_or_dv")


@permit(
    "hipaa.502j2.workforcevictim", cite="45 CFR 164.502(j)(2)", regime=HIPAA,
    to=LAW_ENFORCEMENT, of=words("DEM MED"), for_=words("X-LE-VICTIM X-LE-PREMISES"),
    obliges=[ELEMENTS_F2, RECORD_BASIS], elements=F2,
)  # fmt: skip
def a_worker_was_the_victim(asked: Matter) -> bool:
    """Was a worker the victim, and is it the suspect who is described?"""
    return asked.shows("crime_against_personnel", "patient_is_perpetrator")


# --- (g) to (k) -------------------------------------------------------------------------------


@permit(
    "hipaa.512g.coroner", cite="45 CFR 164.512(g)", regime=HIPAA,
    to=words("coroner_me"), of=PHI | {"PSYNOTE"}, for_={"HDECD"}, obliges=[ACCOUNTING_6Y],
)  # fmt: skip
def the_coroner_looks_into_a_death(asked: Matter) -> bool:
    """Does the medical examiner look into the cause of death?"""
    return asked.shows("cause_of_death_inquiry")


@permit(
    "hipaa.512i.research", cite="45 CFR 164.512(i)", regime=HIPAA,
    to=words("researcher"), of=PHI, for_={"HRESCH"}, obliges=[MINIMUM_NECESSARY, ACCOUNTING_6Y],
)  # fmt: skip
def a_board_waived_authorization(asked: Matter) -> bool:
    """Did a review board or privacy board waive the authorization?"""
    return asked.shows("irb_waiver")


@permit(
    "hipaa.512j.threat", cite="45 CFR 164.512(j)(1)(i)", regime=HIPAA,
    to=MEDIC | words("threat_target family_involved parent_guardian law_enforcement le_co_response_partner court"),
    of=PHI | {"PSYNOTE"}, for_=words("THREAT X-LE-PREMISES X-302"),
    obliges=[JUDGMENT, MINIMUM_NECESSARY, ACCOUNTING_6Y],
)  # fmt: skip
def may_avert_a_serious_threat(asked: Matter) -> bool:
    """Would telling them, in good faith, avert a serious and imminent threat?

    All five must be shown. Anger without a near moment is not imminence, and a recipient
    who can do nothing about it is not one. A court, or the county's delegate, only where
    somebody is to be examined under section 302.
    """
    if asked.is_to("court") and not asked.is_for({"X-302"}):
        return False
    return asked.shows(
        "threat_serious", "threat_imminent", "necessary_to_prevent", "recipient_can_prevent", "good_faith"
    )


@permit(
    "hipaa.512j.admission", cite="45 CFR 164.512(j)(1)(ii)(A), (2), (3)", regime=HIPAA,
    to=LAW_ENFORCEMENT, of=words("DEM LOC MED MH RISK CASE"), for_={"X-LE-LOCATE"},
    obliges=[ELEMENTS_F2, ACCOUNTING_6Y], elements=F2 | THE_REPORT,
)  # fmt: skip
def somebody_admitted_a_violent_crime(asked: Matter) -> bool:
    """Did somebody admit a violent crime, and not in treatment for that very propensity?

    The statement, which is the report itself, and the elements of (f)(2)(i).
    """
    return asked.shows("admission_violent_crime", "good_faith") and asked.denies(
        "learned_in_treatment_of_propensity"
    )


@permit(
    "hipaa.512j.escape", cite="45 CFR 164.512(j)(1)(ii)(B)", regime=HIPAA,
    to=LAW_ENFORCEMENT, of=PHI, for_={"X-LE-LOCATE"}, obliges=[MINIMUM_NECESSARY, ACCOUNTING_6Y],
)  # fmt: skip
def somebody_escaped_from_custody(asked: Matter) -> bool:
    """Does it appear, in good faith, that the person escaped from lawful custody?"""
    return asked.shows("escaped_custody", "good_faith")


@permit(
    "hipaa.512k5.custody", cite="45 CFR 164.512(k)(5)", regime=HIPAA,
    to=words("corrections law_enforcement"), of=PHI, for_={"X-LE-CUSTODY"}, obliges=[MINIMUM_NECESSARY, VERIFY],
)  # fmt: skip
def the_custodian_needs_it_for_care(asked: Matter) -> bool:
    """Does the lawful custodian represent a need for care or safety, and does custody still last?"""
    return asked.shows("in_lawful_custody", "custodian_represents_need") and asked.denies(
        "released_from_custody"
    )


@permit(
    "hipaa.512k6.benefits", cite="45 CFR 164.512(k)(6)", regime=HIPAA,
    to=words("benefits_agency"), of=words("DEM ENROLL BILL"), for_=words("ELIGDTRM GOV"),
    obliges=[MINIMUM_NECESSARY, ACCOUNTING_6Y],
)  # fmt: skip
def benefit_programs_share(asked: Matter) -> bool:
    """Is the benefits agency authorised to receive it?"""
    return asked.shows("authorized_recipient")


@route(
    "hipaa.512k2.natsec", cite="45 CFR 164.512(k)(2)-(3)", regime=HIPAA,
    to=LAW_ENFORCEMENT, of=PHI, for_={"GOV"},
)  # fmt: skip
def national_security_asks(_asked: Matter) -> bool:
    """National security and protective services always go to the privacy officer."""
    return True
