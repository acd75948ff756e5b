"""The closed lists of words that a question may use. A word that stands in none of them is refused."""

from collections.abc import Mapping
from typing import Final

Words = frozenset[str]


def words(text: str) -> Words:
    """The set of the words in ``text``."""
    return frozenset(text.split())


ROLES: Final = words(
    "cr_clinician cr_officer post_peer post_case_manager lead_case_manager lead_program_manager pins_social_worker "
    "pins_liaison tsap_social_worker roots_outreach ochs_supervisor ochs_assistant_director privacy_officer "
    "records_clerk police_officer police_detective police_supervisor crime_analyst ems_paramedic evaluator "
    "system_admin engine_job"
)
# Employed by a criminal justice agency whatever the team chart says (42 CFR 2.12(c)(3), 2.17).
POLICE_ROLES: Final = words("cr_officer police_officer police_detective police_supervisor crime_analyst")
# Police unless a recorded employer says otherwise.
DOUBTFUL_ROLES: Final = words("pins_liaison")
POLICE_EMPLOYERS: Final = words(
    "criminal_justice_agency police sheriff district_attorney probation corrections courts law_enforcement"
)
CIVIL_EMPLOYERS: Final = words(
    "civil city health_and_human_services behavioral_health fire ems county_human_services contractor nonprofit "
    "hospital university"
)

RECIPIENTS: Final = words(
    "individual personal_rep parent_guardian family_involved treating_provider_ce treating_provider_nonce "
    "part2_program_other social_service_org landlord_housing health_plan business_associate qso vendor_no_agreement "
    "part2_internal part2_admin_control och_other_program ems_medical_personnel emergency_medical_personnel "
    "law_enforcement le_co_response_partner corrections prosecutor court probation_parole defense_attorney "
    "attorney_civil child_protective_services adult_protective_services public_health_authority coroner_me "
    "oversight_agency hhs auditor_evaluator researcher funder victim_service_provider hmis intermediary odin_psp "
    "pdmp case_conference threat_target fda employer insurer_nonhealth media_public elected_official rtkl_requester "
    "clinical_app_user police_app_user benefits_agency contractor own_workforce"
)
MEDIC: Final = words(
    "ems_medical_personnel emergency_medical_personnel treating_provider_ce treating_provider_nonce"
)
POLICE_RECIPIENTS: Final = words("law_enforcement le_co_response_partner police_app_user")
# Who may ask with a badge, a gavel or a bar card: none of these is what 42 CFR 2.13(b) accepts.
OFFICIALS: Final = words(
    "law_enforcement le_co_response_partner police_app_user corrections prosecutor court probation_parole "
    "attorney_civil elected_official"
)
OWN_STAFF: Final = words("own_workforce part2_internal")
INTERNAL: Final = OWN_STAFF | {"part2_admin_control"}

PURPOSES: Final = words(
    "TREAT ETREAT ERTREAT COC CAREMGT HPAYMT ELIGDTRM HOPERAT HQUALIMP HCOMPL HACCRED PATSFTY PERFMSR TRAIN HPRGRP "
    "PATRQT PWATRNY FAMRQT SUPNWK PUBHLTH HRESCH DISASTER HDECD GOV HLEGAL THREAT BTG X-LE-PROCESS X-LE-LOCATE "
    "X-LE-VICTIM X-LE-DECEDENT X-LE-PREMISES X-LE-CRIMEMERG X-LE-CUSTODY X-LE-INVESTIGATE X-LE-SAFETY X-ABUSE-CHILD "
    "X-ABUSE-ADULT X-302 X-CJ-MONITOR X-DIVERSION X-CASECONF X-VICTIMSVC X-HOUSING X-OVERDOSE-MAP X-REFERRAL-IN "
    "X-RECORDCHECK X-MEDIA X-EMPLOY X-INSURANCE X-RTKL X-PROCEEDING"
)
TREATMENT: Final = words("TREAT ETREAT ERTREAT COC CAREMGT")
OPERATIONS: Final = words("HOPERAT HQUALIMP HCOMPL HACCRED PATSFTY PERFMSR TRAIN")
TPO: Final = TREATMENT | {"HPAYMT"} | OPERATIONS
CAREUSE: Final = words("TREAT ETREAT ERTREAT COC CAREMGT HPAYMT HOPERAT HQUALIMP HCOMPL TRAIN")

SEGMENTS: Final = words(
    "DEM LOC PROTADDR ENROLL CASE MED EMS MH MHPA COMMIT RISK PSYNOTE SUDP2 SUDP2N SUDNP2 HIV STI REPRO GEN SDV VSP "
    "HMIS BILL IDMATCH LDS AGG CAD REFIN BLOT CHRI INV CJI ODIN JUV"
)
MODIFIERS: Final = words("MINOR")  # a label that changes how others are read and holds nothing itself
# Read as protected health information because it comes from health care, whatever its own label.
AS_PHI: Final = "PHI"
PHI: Final = words(
    "DEM LOC ENROLL CASE MED MH MHPA COMMIT RISK SUDP2 SUDNP2 HIV STI REPRO GEN SDV BILL EMS"
) | {AS_PHI}

PROCESSES: Final = words(
    "none da_subpoena attorney_subpoena admin_subpoena judicial_subpoena grand_jury arrest_warrant search_warrant "
    "court_order p2_order_2.64 p2_order_2.65 p2_order_2.66 p2_order_2.67 common_pleas_1690.108 order_7608"
)
# A judge signed these; outside Part 2 each is a court order as well, never the reverse.
SIGNED_ORDERS: Final = words(
    "court_order p2_order_2.64 p2_order_2.65 p2_order_2.66 p2_order_2.67 common_pleas_1690.108 order_7608"
)

FORMS: Final = words(
    "HIPAA-AUTH HIPAA-PSY P2-TPO P2-SPEC P2-NOTES P2-PROC P2-CJ35 VS-REL PA-MH PA-HIV MULTI-CONF ORAL-510B RESTRICT"
)
REVOKED_HOW: Final = words("written oral phone")

ELEMENTS: Final = words(
    "name address dob birthplace ssn blood_type injury_type treatment_datetime death_datetime distinguishing_marks "
    "dna dental tissue narrative diagnosis whereabouts patient_status incident_circumstances"
)
CJ_INFO: Final = words(
    "observed_need contact cad blotter chri investigative intelligence ncic clean safety_observed "
    "safety_from_record_check"
)

FLAGS: Final = words(
    "verified_identity verified_authority recipient_treats_subject recipient_has_relationship "
    "recipient_service_furthers_health recipient_is_ce_or_ba recipient_is_part2_program "
    "recipient_is_medical_personnel recipient_monitoring_duty recipient_is_cja recipient_unit_named_in_consent qsoa "
    "baa service_within_agreement contract_2.33c need_for_sud_duties direct_admin_control le_requested "
    "le_written_supervisor_signed admin_three_part order_names_use_against_patient order_after_hearing "
    "order_independent_counsel order_confidential_comms_finding order_with_mandate threat_serious threat_imminent "
    "necessary_to_prevent recipient_can_prevent good_faith admission_violent_crime "
    "learned_in_treatment_of_propensity escaped_custody victim_agrees victim_incapacitated "
    "le_rep_not_against_victim le_immediate_need best_interest law_requires_report law_expressly_authorizes "
    "prevents_serious_harm informing_would_endanger child_abuse_suspected adult_abuse_suspected initial_report "
    "authorized_recipient crime_on_premises crime_against_personnel patient_is_perpetrator evidence_good_faith "
    "offsite_emergency_care crime_is_abuse_or_dv alert_needed death_suspected_crime cause_of_death_inquiry "
    "in_lawful_custody custodian_represents_need released_from_custody individual_present individual_capacity "
    "individual_agreed individual_objected no_objection_inferred involved_in_care relevant_to_involvement "
    "prior_preference_against medical_emergency consent_unobtainable declared_disaster_program_closed "
    "product_error_assertion minor_consented_alone parent_consented_to_care parent_suspected_abuser "
    "minor_lacks_rational_choice substantial_threat_to_life director_determination adjudicated_incapacity "
    "hcpoa_active executor spouse_no_executor condition_prevents_action paid_in_full "
    "treating_emergency_needs_restricted irb_waiver research_compliant dua small_cells_suppressed "
    "auditor_funds_or_regulates audit_undertaking cj_condition final_disposition_reached new_unrelated_case "
    "facility_sud_only answer_reveals_sud nonidentifying_content diagnosis_solely_for_evidence psynote_originator "
    "vs_mandate victim_notice_attempted signer_is_abuser service_conditioned in_privacy_notice "
    "chria_request_logged written_hiv_consent emergency_medical_situation serious_bodily_harm_risk "
    "official_duty_overdose_report bulk_list same_unit assigned_to_subject supervises_program involved_in_hiv_care "
    "actor_le_employed use_against_patient content_privileged is_marketing_or_sale same_program mhpa_source "
    "mhpa_proceeding pa_1690_benefits"
)
NUMBERS: Final = words("minor_age")
TEXTS: Final = words("required_by_law_cite")
CHOICES: Final[Mapping[str, Words]] = {
    "received_under": words(
        "own tpo_consent specific_consent emergency qso audit research court_order unknown"
    ),
    "le_request_form": words("oral written none"),
    "target_class": words("suspect fugitive material_witness missing_person victim decedent other"),
    "satisfactory_assurance": words("none notice protective_order"),
    "threat_against": words("self identified_person public program_staff program_premises"),
    "care_kind": words("sud mh_outpatient mh_inpatient general"),
    "deid_method": words("none safe_harbor expert"),
}
LISTS: Final[Mapping[str, Words]] = {
    "order_scope": SEGMENTS | MODIFIERS,
    "restriction_agreed": SEGMENTS | MODIFIERS,
    "elements": ELEMENTS,
    "cj_info": CJ_INFO,
}

STATUSES: Final[Mapping[str, Words]] = {
    "p2_status": words("program lawful_holder none undetermined"),
    "hipaa_legal": words("covered_component covered business_associate not_covered undetermined"),
    "mhpa_facility": words("yes no undetermined"),
    "vs_regime": words("vawa voca fvpsa none undetermined"),
}


def fault_of_fact(key: str, value: object) -> str | None:
    """What is wrong with a fact, or nothing. ``None`` as a value says that nobody knows."""
    if value is None:
        known = key in FLAGS | NUMBERS | TEXTS or key in CHOICES or key in LISTS
        return None if known else f"no such fact: `{key}`"
    if key in FLAGS:
        return None if isinstance(value, bool) else f"`{key}` is neither true nor false"
    if key in CHOICES:
        return None if isinstance(value, str) and value in CHOICES[key] else f"`{key}` is none of its values"
    if key in LISTS:
        return _fault_of_list(key, value)
    if key in NUMBERS:
        whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return None if whole else f"`{key}` is no whole number"
    if key in TEXTS:
        return None if isinstance(value, str) else f"`{key}` is no text"
    return f"no such fact: `{key}`"


def _fault_of_list(key: str, value: object) -> str | None:
    if key == "restriction_agreed" and isinstance(value, bool):
        return None  # agreed for everything, or for nothing
    if isinstance(value, str) or not isinstance(value, (list, tuple, set, frozenset)):
        return f"`{key}` is no list"
    unknown = sorted(str(each) for each in value if not isinstance(each, str) or each not in LISTS[key])
    return f"`{key}` holds unknown words: {', '.join(unknown)}" if unknown else None
