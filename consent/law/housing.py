"""Homelessness data: HUD HMIS standards, 69 FR 45888 section 4; 24 CFR 578.103(b).

HIPAA, Part 2, HIV and state law still apply to each datum and win where stricter: whoever
asks labels a record with both, and both must permit.
"""

from typing import Final

from consent.engine.elements import F2
from consent.engine.matter import Matter
from consent.engine.rules import bar, by_form, by_permit, permit
from consent.engine.vocabulary import CAREUSE, FORMS, MEDIC, words
from consent.law.words import (
    ELEMENTS_F2,
    HMIS,
    INDIVIDUAL,
    JUDGMENT,
    LAW_ENFORCEMENT,
    MINIMUM_NECESSARY,
    ORDER_SCOPE,
    OWN,
    PROSECUTION,
    VERIFY,
)

RECORD: Final = words("HMIS")
# 4.1.3: name, address, birth date and place, SSN, distinguishing marks.
TO_LOCATE: Final = F2 - words("blood_type injury_type treatment_datetime death_datetime")


@bar(
    "hmis.notice", cite="69 FR 45888 section 4.2.1", regime=HMIS, of=RECORD, precedence=2,
    lifted_by=[
        by_form(*sorted(FORMS)),
        by_permit("hmis.access.self", "hmis.le.process", "pa.childabuse.6311", "hipaa.512a.required"),
    ],
)  # fmt: skip
def the_posted_notice_does_not_name_the_use(asked: Matter) -> bool:
    """Is the use missing from the posted privacy notice? Then it needs consent or a legal requirement."""
    return not asked.asked.shows("in_privacy_notice")


@permit(
    "hmis.use.own", cite="69 FR 45888 section 4.1.3", regime=HMIS, to=OWN, of=RECORD,
    for_=CAREUSE | {"X-HOUSING"}, obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def the_unit_uses_its_own(asked: Matter) -> bool:
    """Does the unit use its own client's record, as the notice says?"""
    return (
        asked.shows("in_privacy_notice", "same_unit")
        and asked.shows_any("assigned_to_subject", "supervises_program")
        and asked.denies("actor_le_employed")
    )


@permit(
    "hmis.access.self", cite="69 FR 45888 section 4.2.5", regime=HMIS, to=INDIVIDUAL, of=RECORD,
    for_={"PATRQT"}, obliges=[VERIFY],
)  # fmt: skip
def it_is_the_person_asking(asked: Matter) -> bool:
    """Is it the person, identified?"""
    return asked.shows("verified_identity")


@permit(
    "hmis.use.std", cite="69 FR 45888 section 4.1.3", regime=HMIS,
    to=MEDIC | words("hmis social_service_org landlord_housing och_other_program part2_program_other"),
    of=RECORD, for_=words("TREAT ETREAT ERTREAT COC CAREMGT X-HOUSING HOPERAT"), obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def services_are_coordinated(asked: Matter) -> bool:
    """Is it to coordinate services or run them, as the notice says?"""
    return asked.shows("in_privacy_notice")


@permit(
    "hmis.threat", cite="69 FR 45888 section 4.1.3", regime=HMIS,
    to=MEDIC | words("law_enforcement le_co_response_partner threat_target family_involved parent_guardian"),
    of=RECORD, for_={"THREAT"}, obliges=[JUDGMENT],
)  # fmt: skip
def may_avert_a_serious_threat(asked: Matter) -> bool:
    """Would telling them, in good faith, avert a serious and imminent threat, as the notice says?"""
    return asked.shows(
        "in_privacy_notice", "threat_serious", "threat_imminent", "necessary_to_prevent",
        "recipient_can_prevent", "good_faith",
    )  # fmt: skip


@permit(
    "hmis.le.process", cite="69 FR 45888 section 4.1.3", regime=HMIS, to=PROSECUTION, of=RECORD,
    for_={"X-LE-PROCESS"}, obliges=[ORDER_SCOPE], precedence=4,
)  # fmt: skip
def a_judge_or_grand_jury_asks(asked: Matter) -> bool:
    """Is it a court order, a court-ordered warrant, a judicial or a grand jury subpoena?"""
    return (
        asked.under("court_order", "search_warrant", "judicial_subpoena", "grand_jury") and asked.in_scope()
    )


@permit(
    "hmis.le.written", cite="69 FR 45888 section 4.1.3", regime=HMIS, to=LAW_ENFORCEMENT, of=RECORD,
    for_=words("X-LE-PROCESS X-LE-INVESTIGATE"), obliges=[VERIFY],
)  # fmt: skip
def a_supervisor_asks_in_writing(asked: Matter) -> bool:
    """Did a supervisory official sign a request that is specific, limited and can't do without names?"""
    return asked.shows(
        "in_privacy_notice", "le_written_supervisor_signed", "admin_three_part"
    ) and asked.is_one_of("le_request_form", "written")


@permit(
    "hmis.le.locate", cite="69 FR 45888 section 4.1.3", regime=HMIS, to=LAW_ENFORCEMENT, of=RECORD,
    for_={"X-LE-LOCATE"}, obliges=[ELEMENTS_F2], elements=TO_LOCATE,
)  # fmt: skip
def police_ask_to_identify_or_locate(asked: Matter) -> bool:
    """Did police ask, to identify or locate a suspect, fugitive, material witness or missing person?"""
    return asked.shows("in_privacy_notice", "le_requested") and asked.is_one_of(
        "target_class", "suspect", "fugitive", "material_witness", "missing_person"
    )


@permit(
    "hmis.le.premises", cite="69 FR 45888 section 4.1.3", regime=HMIS, to=LAW_ENFORCEMENT, of=RECORD,
    for_={"X-LE-PREMISES"},
)  # fmt: skip
def it_is_evidence_of_a_crime_here(asked: Matter) -> bool:
    """Is it believed in good faith to be evidence of a crime on the premises?"""
    return asked.shows("in_privacy_notice", "crime_on_premises", "evidence_good_faith")
