"""Pennsylvania: substance use (71 P.S. 1690.108), HIV (35 P.S. 7607-7609), child abuse, privileges, open records."""

from typing import Final

from consent.engine.facts import Consent
from consent.engine.matter import Matter
from consent.engine.rules import Matches, bar, by_form, by_permit, permit, route
from consent.engine.vocabulary import CAREUSE, MEDIC, PHI, TPO, TREATMENT, words
from consent.law.words import (
    CJ,
    HIPAA,
    HIV_STATEMENT,
    HMIS,
    INDIVIDUAL,
    MINIMUM_NECESSARY,
    ORDER_SCOPE,
    OWN,
    P2,
    PA_HIV,
    PA_MH,
    PA_SUD,
    PARENT,
    VERIFY,
    VS,
)

SUD: Final = words("SUDNP2")
HIV: Final = words("HIV")


# --- substance use: 71 P.S. 1690.108 ------------------------------------------------------------


@bar(
    "pa.sud.state.1690.108b", cite="71 P.S. 1690.108(b)(1)", regime=PA_SUD, of=SUD, precedence=2,
    lifted_by=[by_permit("pa.sud.*", "pa.childabuse.6311", "hipaa.preempt.160.202")],
)  # fmt: skip
def substance_use_records_are_confidential(_asked: Matter) -> bool:
    """Records under the Act stay, but for consent and the listed cases (their reach: CR-07)."""
    return True


@permit(
    "pa.sud.fed.1690.108d", cite="71 P.S. 1690.108(b)(1), (d)", regime=PA_SUD, to=None, of=words("SUDP2 SUDP2N"),
    for_=None,
)  # fmt: skip
def federal_law_decides(asked: Matter) -> bool:
    """Does Part 2 permit it? To records of federally assisted programs the state adds nothing."""
    return bool(asked.allowed.get(P2))


@permit(
    "pa.sud.use", cite="71 P.S. 1690.108(b)(1)", regime=PA_SUD, to=OWN, of=words("SUDNP2 SUDP2"), for_=CAREUSE,
    obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def own_staff_care_for_the_person(asked: Matter) -> bool:
    """Is it the person's own worker, or that worker's supervisor?"""
    return (
        asked.shows("same_unit")
        and asked.shows_any("assigned_to_subject", "supervises_program")
        and asked.denies("actor_le_employed")
    )


@permit(
    "pa.sud.treat.1690.108bi", cite="71 P.S. 1690.108(b)(1)(i)", regime=PA_SUD, to=MEDIC, of=SUD,
    for_=TREATMENT | {"X-302"}, obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def medical_personnel_treat_the_person(asked: Matter) -> bool:
    """Is it to medical personnel who treat the person?"""
    return asked.shows("recipient_treats_subject")


@permit(
    "pa.sud.benefits.1690.108bii", cite="71 P.S. 1690.108(b)(1)(ii)", regime=PA_SUD, to=words("benefits_agency"),
    of=SUD, for_={"ELIGDTRM"}, obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def benefits_are_due_the_person(asked: Matter) -> bool:
    """Does an official seek benefits due the person, and nothing else?"""
    return asked.shows("pa_1690_benefits")


@permit(
    "pa.sud.ce.1690.108biii", cite="71 P.S. 1690.108(b)(1)(iii)", regime=PA_SUD,
    to=MEDIC | words("health_plan business_associate"), of=SUD, for_=TPO, obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def a_covered_entity_acts_under_hipaa(asked: Matter) -> bool:
    """Is the recipient a covered entity or business associate, acting under HIPAA (CR-35)?"""
    return asked.shows("recipient_is_ce_or_ba")


def naming_it(asked: Matter) -> tuple[Consent, ...]:
    """Any valid form that names it."""
    return asked.covered_by()


@permit(
    "pa.sud.consent", cite="71 P.S. 1690.108(b)(1)", regime=PA_SUD, to=None, of=SUD, for_=None, by=naming_it,
    precedence=4,
)  # fmt: skip
def the_person_consented(_asked: Matter) -> bool:
    """Does a form that names it permit it?"""
    return True


@permit(
    "pa.sud.consent", cite="71 P.S. 1690.108(b)(1)", regime=PA_SUD, to=INDIVIDUAL, of=SUD, for_={"PATRQT"},
    precedence=4,
)  # fmt: skip
def the_person_asks(_asked: Matter) -> bool:
    """The person's own request counts as consent; HIPAA sees to the identity."""
    return True


@permit(
    "pa.sud.court.1690.108b2", cite="71 P.S. 1690.108(b)(2)", regime=PA_SUD, to=None, of=SUD,
    for_=words("HLEGAL X-LE-PROCESS X-PROCEEDING"), obliges=[ORDER_SCOPE], precedence=4,
)  # fmt: skip
def common_pleas_ordered_it(asked: Matter) -> bool:
    """Did a court of common pleas order it for good cause? No other paper is enough."""
    return asked.under("common_pleas_1690.108") and asked.in_scope()


# --- HIV: 35 P.S. 7607-7609 ---------------------------------------------------------------------


@bar(
    "pa.hiv.7607", cite="35 P.S. 7607(a)", regime=PA_HIV, of=HIV,
    lifted_by=[
        by_permit(
            "pa.hiv.consent.7607c", "pa.hiv.treat.7607a", "pa.hiv.other.7607a", "pa.hiv.order.7608", "pa.hiv.use",
            "pa.hiv.access.self", "hipaa.preempt.160.202",
        )
    ],
)  # fmt: skip
def hiv_information_goes_to_the_listed_alone(_asked: Matter) -> bool:
    """It binds whoever obtained it in a health or social service. Police, landlords, partners are not listed."""
    return True


@permit(
    "pa.hiv.use", cite="35 P.S. 7607(a)(4)", regime=PA_HIV, to=OWN, of=HIV, for_=CAREUSE, obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def own_staff_take_part_in_that_care(asked: Matter) -> bool:
    """Is it the person's own worker, and one who takes part in the HIV care?"""
    return asked.shows("same_unit", "assigned_to_subject", "involved_in_hiv_care") and asked.denies(
        "actor_le_employed"
    )


@permit(
    "pa.hiv.treat.7607a", cite="35 P.S. 7607(a)(2), (4), (6)", regime=PA_HIV, to=MEDIC, of=HIV,
    for_=words("TREAT ETREAT ERTREAT"), obliges=[HIV_STATEMENT, MINIMUM_NECESSARY],
)  # fmt: skip
def a_provider_is_involved_in_that_care(asked: Matter) -> bool:
    """Does the provider treat the person? A clinician decides field by field what must be known (CR-32)."""
    return asked.shows("recipient_treats_subject")


@permit(
    "pa.hiv.other.7607a", cite="35 P.S. 7607(a)(5), (7)-(12)", regime=PA_HIV,
    to=words("public_health_authority health_plan oversight_agency coroner_me"), of=HIV,
    for_=words("PUBHLTH HPAYMT HACCRED HDECD"), obliges=[HIV_STATEMENT, MINIMUM_NECESSARY],
)  # fmt: skip
def the_act_lists_them(asked: Matter) -> bool:
    """Is it a health department, an insurer, oversight or vital statistics, as the act lists them?"""
    return asked.shows("authorized_recipient")


@permit(
    "pa.hiv.consent.7607c", cite="35 P.S. 7607(c)-(d)", regime=PA_HIV, to=None, of=HIV, for_=None,
    by=lambda asked: asked.covered_by("PA-HIV"), obliges=[HIV_STATEMENT], precedence=4,
)  # fmt: skip
def the_person_consented_expressly(_asked: Matter) -> bool:
    """Is there a specific written consent that names HIV? A general one isn't enough."""
    return True


@permit(
    "pa.hiv.consent.7607c", cite="35 P.S. 7607(c)-(d)", regime=PA_HIV, to=None, of=HIV, for_=None,
    obliges=[HIV_STATEMENT], precedence=4,
)  # fmt: skip
def a_scenario_says_there_is_such_a_consent(asked: Matter) -> bool:
    """On the command line a scenario may state the consent as a fact; in the product a form must show it."""
    return asked.asked.closed_world and asked.shows("written_hiv_consent")


@permit(
    "pa.hiv.order.7608", cite="35 P.S. 7608", regime=PA_HIV, to=None, of=HIV, for_=words("HLEGAL X-LE-PROCESS"),
    obliges=[ORDER_SCOPE], precedence=4,
)  # fmt: skip
def a_court_found_a_compelling_need(asked: Matter) -> bool:
    """Did a court order it on a compelling need?"""
    return asked.under("order_7608") and asked.in_scope()


@permit(
    "pa.hiv.access.self", cite="35 P.S. 7607(a)(1)", regime=PA_HIV, to=INDIVIDUAL, of=HIV, for_={"PATRQT"},
    obliges=[VERIFY],
)  # fmt: skip
def it_is_the_person_asking(asked: Matter) -> bool:
    """Is it the person, identified?"""
    return asked.shows("verified_identity")


@route(
    "pa.hiv.exposure", cite="35 P.S. 7606, 7609", regime=PA_HIV, of=HIV, for_=words("PUBHLTH THREAT"),
    to=words("threat_target family_involved law_enforcement ems_medical_personnel employer"),
)  # fmt: skip
def somebody_was_exposed(_asked: Matter) -> bool:
    """Needlesticks and partner notification run through physicians, not through this system."""
    return True


# --- what reaches into several regimes ----------------------------------------------------------


@permit(
    "hipaa.preempt.160.202", cite="45 CFR 160.202 (more stringent, (1)(i)), 160.203", regime=(PA_MH, PA_SUD, PA_HIV),
    to=words("hhs"), of=words("MH MHPA COMMIT RISK SUDNP2 HIV"), for_={"HCOMPL"}, obliges=[VERIFY],
)  # fmt: skip
def the_secretary_looks_into_compliance(asked: Matter) -> bool:
    """Has HHS shown its authority? Stricter state law doesn't reach what the Secretary requires."""
    return asked.shows("verified_authority")


@permit(
    "pa.childabuse.6311", cite="23 Pa.C.S. 6311, 6311.1, 6313, 6318-6320", regime=(HIPAA, PA_MH, PA_SUD, VS, HMIS),
    to=words("child_protective_services"), of=PHI | words("VSP HMIS"), for_={"X-ABUSE-CHILD"},
    obliges=["OBL-CHILDLINE"],
)  # fmt: skip
def a_mandated_report_is_made(asked: Matter) -> bool:
    """Is child abuse suspected, and is it the report itself? Under Part 2 only 2.12(c)(6), never for HIV."""
    return asked.shows("child_abuse_suspected", "initial_report")


@bar(
    "pa.priv.sexassault.5945.1", cite="42 Pa.C.S. 5945.1", regime=VS, of={"VSP"}, lifted_by=[by_form("VS-REL")],
)  # fmt: skip
def a_sexual_assault_counselor_was_told(asked: Matter) -> bool:
    """Was it said to a sexual assault counselor? Not even a court hears it without the victim's consent."""
    return asked.shows("content_privileged") and not asked.is_to("individual", "own_workforce")


@bar(
    "pa.priv.dv.6116", cite="23 Pa.C.S. 6116", regime=VS, of={"VSP"},
    lifted_by=[by_form("VS-REL"), by_permit("pa.childabuse.6311")],
)  # fmt: skip
def a_domestic_violence_advocate_was_told(asked: Matter) -> bool:
    """Was it said to a domestic violence counselor or advocate? Except for child abuse."""
    return asked.shows("content_privileged") and not asked.is_to("individual", "own_workforce")


def nothing_identifies_anybody(asked: Matter, matches: Matches) -> frozenset[str]:
    """The permits for totals, which an open-records request may have."""
    return frozenset(matches) if asked.segment == "AGG" else frozenset()


@bar(
    "pa.rtkl.67.708", cite="65 P.S. 67.708(b)(5), (6), (16)-(18)", regime="*", of=None,
    to=words("rtkl_requester"), precedence=2, lifted_by=[nothing_identifies_anybody],
)  # fmt: skip
def the_open_records_law_exempts_it(_asked: Matter) -> bool:
    """Health, substance use and social-service information about persons is exempt."""
    return True


@bar("pa.juv.6307", cite="42 Pa.C.S. 6307-6308", regime=CJ, of={"JUV"}, to=words("clinical_app_user"))
def it_is_a_juvenile_court_record(_asked: Matter) -> bool:
    """Juvenile court and police juvenile records don't enter the clinical side."""
    return True


@permit(
    "pa.odin.act158", cite="Act 158 of 2022", regime=CJ, to=words("odin_psp"), of={"ODIN"}, for_={"X-OVERDOSE-MAP"},
)  # fmt: skip
def an_officer_reports_an_overdose(asked: Matter) -> bool:
    """Does a law enforcement officer report an overdose met on duty? It doesn't reach clinical units."""
    return asked.shows("official_duty_overdose_report", "actor_le_employed")


@route(
    "pa.minor.sud.1690.112c", cite="71 P.S. 1690.112(c)", regime=P2, to=PARENT, of={"SUDP2"}, for_={"FAMRQT"},
)  # fmt: skip
def a_parent_is_to_be_told_that_care_ended(asked: Matter) -> bool:
    """Does state law ask that a parent be told, against 2.14(a) and 2.20 (CR-09)? Not told, and routed."""
    return asked.asked.may_be_minor and asked.is_one_of("care_kind", "sud")
