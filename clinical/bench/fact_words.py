"""The facts a question may show, in words and in groups that a person looks for them in."""

from collections.abc import Mapping
from typing import Final

from clinical.bench.words import Words

FLAGS: Final[Mapping[str, Words]] = {
    "Recipient": {
        "verified_identity": "Identity was verified (164.514(h))",
        "verified_authority": "Authority was verified (164.514(h))",
        "recipient_treats_subject": "Treats the person, or coordinates the care",
        "recipient_has_relationship": "Has or had a relationship with the person that the information pertains to",
        "recipient_service_furthers_health": "Its service is part of the care or helps it",
        "recipient_is_ce_or_ba": "Is by law a covered entity or business associate",
        "recipient_is_part2_program": "Is a Part 2 program",
        "recipient_is_medical_personnel": "Is medical personnel",
        "recipient_monitoring_duty": "Has a duty to monitor (2.35(a)(1))",
        "recipient_is_cja": "Is a criminal justice agency (18 Pa.C.S. 9102)",
        "recipient_unit_named_in_consent": "Its unit is named on the form",
        "authorized_recipient": "Is authorized to receive the report",
        "bulk_list": "The request names more than one person",
        "use_against_patient": "It would be used against the person",
        "is_marketing_or_sale": "It is for marketing or a sale",
    },
    "Agreements": {
        "qsoa": "Qualified service organization agreement in force",
        "baa": "Business associate agreement in force",
        "service_within_agreement": "The service is within the agreement",
        "contract_2.33c": "Contract under 2.33(c)",
        "need_for_sud_duties": "Needs it for duties in substance use care",
        "direct_admin_control": "Has direct administrative control of the program",
        "dua": "Data use agreement",
    },
    "Own staff": {
        "same_unit": "Of the same legal unit",
        "same_program": "Of the same program",
        "assigned_to_subject": "On the care team, or on the duty unit",
        "supervises_program": "Supervisor or privacy officer of the program",
        "involved_in_hiv_care": "Takes part in the HIV care",
        "actor_le_employed": "Employed by a criminal justice agency",
        "psynote_originator": "Wrote the psychotherapy note",
    },
    "Police request": {
        "le_requested": "The police asked for it",
        "le_written_supervisor_signed": "A supervisor signed the written request",
        "admin_three_part": "Three-part test of an administrative request (164.512(f)(1)(ii)(C))",
        "escaped_custody": "Escaped from custody",
        "admission_violent_crime": "Admitted taking part in a violent crime",
        "learned_in_treatment_of_propensity": "Learned in treatment of the propensity itself",
        "in_lawful_custody": "The person is in lawful custody",
        "custodian_represents_need": "The custodian says why it is needed",
        "released_from_custody": "Released from custody",
        "death_suspected_crime": "The death may come from a crime",
        "cause_of_death_inquiry": "Inquiry into a cause of death",
        "chria_request_logged": "The request is logged (CHRIA)",
    },
    "Court orders and proceedings": {
        "order_names_use_against_patient": "The order names a use against the person",
        "order_after_hearing": "The order followed notice and hearing",
        "order_independent_counsel": "The person had independent counsel",
        "order_confidential_comms_finding": "The order finds on confidential communications (2.63)",
        "order_with_mandate": "The order comes with a subpoena or mandate (2.61)",
        "content_privileged": "The content is privileged",
        "diagnosis_solely_for_evidence": "Diagnosis made solely as evidence (2.12(e)(4)(i))",
        "mhpa_proceeding": "Proceeding authorized by the Mental Health Procedures Act",
        "new_unrelated_case": "It is a new, unrelated case",
        "cj_condition": "Taking part is a condition of the criminal case",
        "final_disposition_reached": "The case is finally disposed of",
    },
    "Threat and emergency": {
        "threat_serious": "The threat is serious",
        "threat_imminent": "The threat is imminent",
        "necessary_to_prevent": "Telling is necessary to prevent it",
        "recipient_can_prevent": "The recipient can prevent it",
        "good_faith": "In good faith",
        "prevents_serious_harm": "Prevents serious harm",
        "medical_emergency": "Medical emergency",
        "emergency_medical_situation": "Emergency medical situation (5100.32(a)(9))",
        "serious_bodily_harm_risk": "Risk of serious bodily harm (5100.32(a)(9))",
        "consent_unobtainable": "Consent can't be obtained",
        "declared_disaster_program_closed": "Declared disaster, program closed",
        "product_error_assertion": "The FDA asserts a product error",
        "treating_emergency_needs_restricted": "Emergency treatment needs what was restricted",
        "alert_needed": "Needed to alert the police",
        "offsite_emergency_care": "Emergency care away from the premises",
    },
    "Victims": {
        "victim_agrees": "The victim agrees",
        "victim_incapacitated": "The victim is incapacitated",
        "le_rep_not_against_victim": "The police say it won't be used against the victim",
        "le_immediate_need": "Police work would suffer from waiting",
        "best_interest": "In the person's best interest",
        "crime_is_abuse_or_dv": "The crime is abuse or domestic violence",
        "vs_mandate": "A statute or court mandates it (victim services)",
        "victim_notice_attempted": "The victim was told, or it was tried",
        "signer_is_abuser": "The signer is the abuser",
        "service_conditioned": "Service was made to depend on signing",
    },
    "Abuse, crime, reports required by law": {
        "child_abuse_suspected": "Child abuse is suspected",
        "adult_abuse_suspected": "Abuse of an adult is suspected",
        "initial_report": "It is the initial report",
        "law_requires_report": "A law requires the report",
        "law_expressly_authorizes": "A law expressly authorizes it",
        "informing_would_endanger": "Telling the person would endanger them",
        "crime_on_premises": "Crime on the premises",
        "crime_against_personnel": "Crime against staff",
        "patient_is_perpetrator": "The person did it",
        "evidence_good_faith": "Believed in good faith to be evidence",
        "official_duty_overdose_report": "Overdose report as an official duty (Act 158)",
    },
    "The person's presence and wishes": {
        "individual_present": "The person is present",
        "individual_capacity": "The person can decide",
        "individual_agreed": "The person agreed",
        "individual_objected": "The person objected",
        "no_objection_inferred": "No objection, as the situation shows",
        "involved_in_care": "The recipient is involved in the care",
        "relevant_to_involvement": "It is relevant to that involvement",
        "prior_preference_against": "The person earlier wished otherwise",
        "paid_in_full": "Paid in full by the person",
        "written_hiv_consent": "Written HIV consent (a form on the table is better)",
        "pa_1690_benefits": "An official seeks benefits due to the person",
    },
    "Minors": {
        "minor_consented_alone": "The minor consented alone",
        "parent_consented_to_care": "A parent consented to the care",
        "parent_suspected_abuser": "A parent is suspected of abuse",
        "minor_lacks_rational_choice": "The minor can't choose rationally",
        "substantial_threat_to_life": "Substantial threat to life",
        "director_determination": "The program director determined so",
    },
    "Who acts for the person": {
        "adjudicated_incapacity": "A court found incapacity",
        "hcpoa_active": "A health care power of attorney is active",
        "executor": "There is an executor",
        "spouse_no_executor": "There is a spouse and no executor",
        "condition_prevents_action": "A condition prevents the person from acting",
    },
    "Research, audit, totals": {
        "irb_waiver": "Waiver of a review board",
        "research_compliant": "The research meets its rules",
        "small_cells_suppressed": "Small cells are suppressed",
        "auditor_funds_or_regulates": "The auditor funds or regulates the program",
        "audit_undertaking": "The auditor signed the undertaking",
    },
    "The record itself": {
        "facility_sud_only": "The facility gives substance use care only",
        "answer_reveals_sud": "Any answer would reveal substance use",
        "nonidentifying_content": "Nothing identifies a substance use patient",
        "mhpa_source": "It comes from a mental health facility",
        "in_privacy_notice": "The HMIS privacy notice lists the use",
    },
}
CHOICES: Final[Mapping[str, tuple[str, str, Words]]] = {
    # key: (group, label, words of its values)
    "received_under": (
        "The record itself",
        "How the holder came by it",
        {
            "own": "It is its own record", "tpo_consent": "Under a general consent",
            "specific_consent": "Under a specific consent", "emergency": "In an emergency",
            "qso": "As a qualified service organization", "audit": "For an audit", "research": "For research",
            "court_order": "By court order", "unknown": "Nobody knows",
        },
    ),
    "le_request_form": (
        "Police request",
        "How the police asked",
        {"oral": "By word of mouth", "written": "In writing", "none": "Not at all"},
    ),
    "target_class": (
        "Police request",
        "Who the person is to the police",
        {
            "suspect": "Suspect", "fugitive": "Fugitive", "material_witness": "Material witness",
            "missing_person": "Missing person", "victim": "Victim", "decedent": "Dead", "other": "Other",
        },
    ),
    "satisfactory_assurance": (
        "Court orders and proceedings",
        "Satisfactory assurance (164.512(e))",
        {"none": "None", "notice": "Notice was given", "protective_order": "Protective order"},
    ),
    "threat_against": (
        "Threat and emergency",
        "Against whom the threat is",
        {
            "self": "The person themselves", "identified_person": "An identified person",
            "public": "The public", "program_staff": "Staff", "program_premises": "The premises",
        },
    ),
    "care_kind": (
        "Minors",
        "Kind of care",
        {
            "sud": "Substance use", "mh_outpatient": "Mental health, outpatient",
            "mh_inpatient": "Mental health, inpatient", "general": "General",
        },
    ),
    "deid_method": (
        "Research, audit, totals",
        "How it was de-identified",
        {"none": "It was not", "safe_harbor": "Safe harbor", "expert": "Expert determination"},
    ),
}  # fmt: skip
NUMBERS: Final[Mapping[str, tuple[str, str]]] = {"minor_age": ("Minors", "Age, if under 18")}
TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "required_by_law_cite": ("Abuse, crime, reports required by law", "The law that requires it is cited"),
}
LISTS: Final[Mapping[str, tuple[str, str]]] = {
    "order_scope": ("Court orders and proceedings", "What the order names"),
    "restriction_agreed": ("The person's presence and wishes", "For which segments, if for some"),
    "elements": (
        "Data elements asked for",
        "Only these elements; none ticked means whatever the segments hold",
    ),
    "cj_info": ("Criminal justice content", "What the police record holds"),
}
ELEMENTS: Final[Words] = {
    "name": "Name", "address": "Address", "dob": "Date of birth", "birthplace": "Place of birth",
    "ssn": "Social security number", "blood_type": "Blood type", "injury_type": "Type of injury",
    "treatment_datetime": "Date and time of treatment", "death_datetime": "Date and time of death",
    "distinguishing_marks": "Distinguishing marks", "dna": "DNA", "dental": "Dental records",
    "tissue": "Tissue", "narrative": "Narrative", "diagnosis": "Diagnosis", "whereabouts": "Whereabouts",
    "patient_status": "That they are a patient", "incident_circumstances": "Circumstances of the incident",
}  # fmt: skip
CJ_INFO: Final[Words] = {
    "observed_need": "A need that was observed", "contact": "How to reach them", "cad": "911 call",
    "blotter": "Blotter", "chri": "Criminal history", "investigative": "Investigative",
    "intelligence": "Intelligence", "ncic": "NCIC", "clean": "CLEAN",
    "safety_observed": "A danger that was observed", "safety_from_record_check": "A danger from a record check",
}  # fmt: skip
# An agreed restriction is read from the record: in the product there always is an answer.
RESTRICTION: Final[Words] = {
    "no": "None is recorded",
    "": "Not known",
    "all": "For everything",
    "some": "For the segments ticked below",
}
TRI_STATE: Final = (("", "Not shown"), ("shown", "Shown"), ("no", "Recorded no"))
GROUPS: Final = (*FLAGS, "Data elements asked for", "Criminal justice content")
LABELS: Final[Words] = (
    {key: text for words in FLAGS.values() for key, text in words.items()}
    | {key: label for key, (_group, label, _words) in CHOICES.items()}
    | {key: label for table in (NUMBERS, TEXTS) for key, (_group, label) in table.items()}
    | {
        "order_scope": "What the order names",
        "restriction_agreed": "Restriction agreed to",
        "elements": "Data elements asked for",
        "cj_info": "What the police record holds",
    }
)
