"""42 CFR Part 2, subparts A and B: the bars of 2.12 and 2.13, its carve-outs, use inside the program.

Consents stand in `part2_consent`, disclosures without consent and court orders in `part2_orders`.
"""

from typing import Final

from consent.engine.elements import C5
from consent.engine.matter import Matter
from consent.engine.rules import bar, by_fact, by_form, by_match, by_permit, permit, route
from consent.engine.vocabulary import OFFICIALS, OPERATIONS, TPO, words
from consent.law.words import (
    ACCOUNTING_6Y,
    INDIVIDUAL,
    JUDGMENT,
    LAW_ENFORCEMENT,
    MINIMUM_NECESSARY,
    OWN,
    P2,
    PARENT,
    USE_BAR,
    VERIFY,
)

RECORDS: Final = words("SUDP2 SUDP2N")
# 2.32(a), word for word; either may accompany a disclosure made with consent.
NOTICE_2_32: Final = {
    1: (
        "This record which has been disclosed to you is protected by Federal confidentiality rules (42 CFR part 2). "
        "These rules prohibit you from using or disclosing this record, or testimony that describes the information "
        "contained in this record, in any civil, criminal, administrative, or legislative proceedings by any Federal, "
        "State, or local authority, against the patient, unless authorized by the consent of the patient, except as "
        "provided at 42 CFR 2.12(c)(5) or as authorized by a court in accordance with 42 CFR 2.64 or 2.65. In "
        "addition, the Federal rules prohibit you from making any other use or disclosure of this record unless at "
        "least one of the following applies: (i) Further use or disclosure is expressly permitted by the written "
        "consent of the individual whose information is being disclosed in this record or as otherwise permitted by "
        "42 CFR part 2. (ii) You are a covered entity or business associate and have received the record for "
        "treatment, payment, or health care operations, or (iii) You have received the record from a covered entity "
        "or business associate as permitted by 45 CFR part 164, subparts A and E. A general authorization for the "
        "release of medical or other information is NOT sufficient to meet the required elements of written consent "
        "to further use or redisclose the record (see 42 CFR 2.31)."
    ),
    2: "42 CFR part 2 prohibits unauthorized use or disclosure of these records.",
}

_AGAINST = words("prosecutor court law_enforcement probation_parole")
_MANDATES = (
    "attorney_subpoena", "da_subpoena", "admin_subpoena", "judicial_subpoena", "grand_jury", "arrest_warrant",
    "search_warrant", "court_order",
)  # fmt: skip


# --- bars -------------------------------------------------------------------------------------


@bar(
    "p2.proceedings.2.12d1", cite="42 CFR 2.12(d)(1), 2.12(a)(2); 42 U.S.C. 290dd-2(c)", regime=P2, of=RECORDS,
    obliges=[USE_BAR],
    lifted_by=[
        by_form("P2-PROC"),
        by_permit(
            "p2.order.noncriminal.2.64", "p2.order.patient.2.65", "p2.order.program.2.66", "p2.cj.2.35",
            "p2.premises.2.12c5",
        ),
    ],
)  # fmt: skip
def it_would_serve_a_proceeding(asked: Matter) -> bool:
    """Would it serve to investigate or charge the patient, or go into a proceeding against the patient?

    It binds every holder, however the record was obtained, and covers testimony.
    """
    if asked.is_for(words("X-PROCEEDING X-LE-INVESTIGATE X-LE-PROCESS")) or asked.shows(
        "use_against_patient"
    ):
        return True
    if asked.is_for({"HLEGAL"}) and asked.recipient in _AGAINST:
        return True
    return asked.recipient in _AGAINST | {"attorney_civil"} and asked.process in _MANDATES


@bar("p2.uncond.2.13b", cite="42 CFR 2.13(b)", regime=P2, of=RECORDS, lifted_by=[by_permit("p2.*")])
def the_asker_relies_on_something_else(asked: Matter) -> bool:
    """Does the asker rely on a badge, a subpoena, a warrant or knowing already? It adds nothing."""
    return asked.recipient in OFFICIALS or asked.process != "none"


@bar(
    "p2.ack.2.13c", cite="42 CFR 2.13(c)", regime=P2, of=words("ENROLL IDMATCH"),
    lifted_by=[
        by_form("P2-TPO", "P2-SPEC", "P2-PROC", "P2-CJ35", "MULTI-CONF"),
        by_permit("p2.*", but=["p2.nonidentifying", "p2.publichealth.2.54"]),
    ],
)  # fmt: skip
def it_would_acknowledge_a_patient(asked: Matter) -> bool:
    """Would it tell somebody outside that the person is, or isn't, a patient?"""
    return asked.source.may_be_part2 and not asked.is_to(
        "individual", "own_workforce", "part2_internal", "part2_admin_control"
    )


def a_judge_found_the_notes_needed(asked: Matter) -> bool:
    """Did the order find, under 2.63(a), that confidential communications are needed?"""
    return asked.shows("order_confidential_comms_finding")


@bar(
    "p2.consent.notes.2.31b", cite="42 CFR 2.31(b), 2.11", regime=P2, of={"SUDP2N"},
    lifted_by=[
        by_form("P2-NOTES"),
        by_permit("p2.use.notes.2.31b", "p2.secretary.2.2b", "p2.deceased.vital.2.15b1", "p2.audit.2.53"),
        by_match(
            lambda asked, match: match.rule.id == "p2.order.noncriminal.2.64" and a_judge_found_the_notes_needed(asked)
        ),
    ],
)  # fmt: skip
def counselling_notes_stay_apart(_asked: Matter) -> bool:
    """Counselling notes need a consent of their own."""
    return True


@bar("p2.default-deny.2.13a", cite="42 CFR 2.13(a), 2.12(a)", regime=P2, of=RECORDS, precedence=2,
     lifted_by=[by_permit("p2.*")])  # fmt: skip
def part_2_permits_nothing_by_itself(_asked: Matter) -> bool:
    """No use or disclosure except as Part 2 permits."""
    return True


@bar(
    "p2.minor.alone.2.14a", cite="42 CFR 2.14(a); 71 P.S. 1690.112", regime=P2,
    of=words("SUDP2 SUDP2N ENROLL"), to=PARENT,
    lifted_by=[
        by_fact(lambda asked: any(each.signer in ("patient", "minor_patient", "minor") for each in asked.covered_by())),
        by_permit("p2.minor.threat.2.14c"),
    ],
)  # fmt: skip
def the_minor_decides_alone(asked: Matter) -> bool:
    """Is it a parent asking about a minor's substance use care, to which the minor alone consents?"""
    return asked.asked.may_be_minor and asked.is_one_of("care_kind", "sud")


@bar(
    "cj.p2.quarantine",
    cite="42 CFR 2.12(d)(1), 2.16(a), 2.32",
    regime=P2,
    of=RECORDS,
    obliges=["OBL-QUARANTINE"],
)
def it_lies_in_the_police_database(asked: Matter) -> bool:
    """Was it found in the police database? It is returned or destroyed, and not read further."""
    return asked.source.is_police or asked.source.program == "PBP"


@bar(
    "p2.order.recipients.2.62", cite="42 CFR 2.62", regime=P2, of=RECORDS,
    lifted_by=[by_permit("p2.order.program.2.66")],
)  # fmt: skip
def researchers_and_auditors_are_not_turned_on_patients(asked: Matter) -> bool:
    """Is it held for research or audit, without consent, and asked for against a patient?

    An order may reach the holder (2.66), never a patient through the holder.
    """
    against = asked.process == "p2_order_2.65" or asked.shows("use_against_patient")
    return asked.is_received("research", "audit") and against


# --- restrictions that the patient asked for: 2.26 ----------------------------------------------


@bar(
    "p2.restrict.2.26", cite="42 CFR 2.26(a)(1)-(5)", regime=P2, of=None, precedence=3,
    lifted_by=[
        by_fact(
            lambda asked: asked.shows("treating_emergency_needs_restricted")
            and not asked.is_to("law_enforcement", "le_co_response_partner")
        ),
        by_fact(lambda asked: asked.is_to("individual")),
        by_match(lambda asked, _match: asked.purpose not in TPO),
    ],
    obliges_when_lifted=["OBL-P2-EMERG-RESTRICT-ASK"],
)  # fmt: skip
def a_restriction_was_agreed(asked: Matter) -> bool:
    """Did the program agree to a restriction that covers it? It binds even under a general consent."""
    return asked.is_restricted()


@bar(
    "p2.restrict.selfpay.2.26a6", cite="42 CFR 2.26(a)(6)", regime=P2, of=None,
    to=words("health_plan"), for_=OPERATIONS | {"HPAYMT"}, precedence=3,
    lifted_by=[by_fact(lambda asked: asked.has("required_by_law_cite"))],
)  # fmt: skip
def it_was_paid_in_full(asked: Matter) -> bool:
    """Did the patient pay in full for the item, so that the plan needn't know?"""
    return asked.shows("paid_in_full")


# --- inside the program, and for it -------------------------------------------------------------


@permit(
    "p2.internal.2.12c3", cite="42 CFR 2.12(c)(3)", regime=P2,
    to=words("part2_internal part2_admin_control own_workforce"), of={"SUDP2"},
    for_=words("TREAT ETREAT ERTREAT COC CAREMGT HPAYMT HOPERAT HQUALIMP HCOMPL TRAIN"),
    obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def personnel_need_it_for_their_duties(asked: Matter) -> bool:
    """Does it stay within the program, or with who directly controls it, for duties in substance use care?"""
    within = asked.shows_any("same_program", "direct_admin_control")
    return within and asked.shows("need_for_sud_duties") and asked.denies("actor_le_employed")


@permit(
    "p2.use.notes.2.31b", cite="42 CFR 2.31(b)(1)", regime=P2,
    to=words("own_workforce part2_internal"), of={"SUDP2N"}, for_=words("TREAT ETREAT TRAIN"),
    obliges=[MINIMUM_NECESSARY, USE_BAR],
)  # fmt: skip
def the_originator_uses_own_counselling_notes(asked: Matter) -> bool:
    """Is it the one who wrote the notes, in the same program, for treatment or supervised training?"""
    return asked.shows("psynote_originator", "same_program") and asked.denies("actor_le_employed")


@permit(
    "p2.use.holder.2.33", cite="42 CFR 2.33(a), (b)", regime=P2,
    to=OWN, of={"SUDP2"}, for_=words("TREAT ETREAT COC CAREMGT"), obliges=[MINIMUM_NECESSARY, USE_BAR],
    by=lambda asked: asked.covered_by("P2-TPO", "P2-SPEC"),
)  # fmt: skip
def a_holder_uses_what_it_received(asked: Matter) -> bool:
    """Does a unit that received it under a consent still in force use it for its own client?"""
    return (
        asked.is_received("tpo_consent", "specific_consent")
        and asked.shows("same_unit")
        and asked.shows_any("assigned_to_subject", "supervises_program")
        and asked.denies("actor_le_employed")
    )


@permit(
    "p2.qso.2.12c4", cite="42 CFR 2.12(c)(4), 2.11", regime=P2,
    to=words("qso business_associate"), of={"SUDP2"}, for_=words("HOPERAT HPAYMT"), obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def a_service_organization_is_bound(asked: Matter) -> bool:
    """Is there a qualified service organization agreement, and is this the service it names?"""
    return asked.shows("qsoa", "service_within_agreement")


@permit(
    "p2.premises.2.12c5", cite="42 CFR 2.12(c)(5)", regime=P2,
    to=LAW_ENFORCEMENT, of=words("DEM LOC ENROLL SUDP2"), for_={"X-LE-PREMISES"},
    obliges=["OBL-ELEMENTS-C5", ACCOUNTING_6Y], elements=C5,
)  # fmt: skip
def a_patient_commits_a_crime_here(asked: Matter) -> bool:
    """Did the patient commit or threaten a crime on the premises or against personnel?

    The circumstances, that it is a patient, name, address and last known whereabouts: a
    record beyond these is reached only for those of them that were asked for.
    """
    if asked.labels.isdisjoint(words("DEM LOC ENROLL")) and not asked.asked.elements_asked & C5:
        return False
    return asked.shows("patient_is_perpetrator") and (
        asked.shows_any("crime_on_premises", "crime_against_personnel")
        or asked.is_one_of("threat_against", "program_staff", "program_premises")
    )


@permit(
    "p2.childabuse.2.12c6", cite="42 CFR 2.12(c)(6)", regime=P2,
    to=words("child_protective_services"), of={"SUDP2"}, for_={"X-ABUSE-CHILD"},
    obliges=["OBL-CHILDLINE", ACCOUNTING_6Y],
)  # fmt: skip
def child_abuse_is_first_reported(asked: Matter) -> bool:
    """Is it the initial report of suspected child abuse, to whom State law names? Never what is asked after it."""
    return asked.shows("child_abuse_suspected", "initial_report", "authorized_recipient")


@permit(
    "p2.nonidentifying", cite="42 CFR 2.12(a)(1), 2.11 (disclose)", regime=P2,
    to=words("law_enforcement threat_target adult_protective_services"),
    of=words("DEM LOC CASE MED MH RISK"), for_=words("THREAT X-ABUSE-ADULT"),
    obliges=["OBL-NONID-CHECK", JUDGMENT],
)  # fmt: skip
def nothing_shows_a_patient(asked: Matter) -> bool:
    """Does nothing in it, neither a program's name nor a worker's title, show a substance use patient?"""
    return asked.shows("nonidentifying_content") and "SUDP2" not in asked.labels


@permit(
    "p2.access.2.23", cite="42 CFR 2.23", regime=P2, to=INDIVIDUAL, of={"SUDP2"}, for_={"PATRQT"}, obliges=[VERIFY],
)  # fmt: skip
def it_is_the_patient_asking(asked: Matter) -> bool:
    """Is it the patient, identified?"""
    return asked.shows("verified_identity")


@route("cfg.p2.program", cite="42 CFR 2.11, 2.12(b), (e)", regime=P2, of={"SUDP2"})
def only_the_units_name_makes_it_part_2(asked: Matter) -> bool:
    """Would HIPAA let it out, and does only its coming from the unit keep it in (CR-03, CR-30)?"""
    return asked.segment not in RECORDS | {"ENROLL", "IDMATCH"} and bool(asked.allowed.get("HIPAA"))
