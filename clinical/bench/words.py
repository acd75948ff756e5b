"""What the engine's words mean to people: who acts, who asks, what for, under what process, by what form.

The codes are the closed lists of the engine; a test sees to it that none lacks its words.
"""

from collections.abc import Iterable, Mapping
from typing import Final

Words = Mapping[str, str]

ROLES: Final[Words] = {
    "cr_clinician": "Co-response clinician",
    "cr_officer": "Co-response officer",
    "post_peer": "POST peer",
    "post_case_manager": "POST case manager",
    "lead_case_manager": "LEAD case manager",
    "lead_program_manager": "LEAD program manager",
    "pins_social_worker": "PINS social worker",
    "pins_liaison": "PINS liaison",
    "tsap_social_worker": "TSAP social worker",
    "roots_outreach": "ROOTS outreach worker",
    "ochs_supervisor": "Clinical supervisor of the office",
    "ochs_assistant_director": "Assistant director of the office",
    "privacy_officer": "Privacy officer",
    "records_clerk": "Records clerk",
    "police_officer": "Police officer",
    "police_detective": "Police detective",
    "police_supervisor": "Police supervisor",
    "crime_analyst": "Crime analyst",
    "ems_paramedic": "Paramedic",
    "evaluator": "Evaluator",
    "system_admin": "System administrator",
    "engine_job": "The system itself",
}
EMPLOYERS: Final[Words] = {
    "civil": "Civil service",
    "city": "The city",
    "health_and_human_services": "Health and human services",
    "behavioral_health": "Behavioral health agency",
    "fire": "Fire bureau",
    "ems": "Emergency medical services",
    "county_human_services": "County human services",
    "contractor": "Contractor",
    "nonprofit": "Nonprofit",
    "hospital": "Hospital",
    "university": "University",
    "criminal_justice_agency": "Criminal justice agency",
    "police": "Police",
    "sheriff": "Sheriff",
    "district_attorney": "District attorney",
    "probation": "Probation",
    "corrections": "Corrections",
    "courts": "Courts",
    "law_enforcement": "Law enforcement",
}
RECIPIENTS: Final[Words] = {
    "individual": "The person themselves",
    "personal_rep": "Personal representative",
    "parent_guardian": "Parent or guardian",
    "family_involved": "Family or friend involved in the care",
    "treating_provider_ce": "Treating provider, covered entity",
    "treating_provider_nonce": "Treating provider, not a covered entity",
    "part2_program_other": "Another Part 2 program",
    "social_service_org": "Social service organization",
    "landlord_housing": "Landlord or housing provider",
    "health_plan": "Health plan",
    "business_associate": "Business associate",
    "qso": "Qualified service organization",
    "vendor_no_agreement": "Vendor without an agreement",
    "part2_internal": "Staff inside the Part 2 program",
    "part2_admin_control": "Body with administrative control of the Part 2 program",
    "och_other_program": "Another program of the office",
    "ems_medical_personnel": "Ambulance crew",
    "emergency_medical_personnel": "Emergency medical personnel",
    "law_enforcement": "Law enforcement",
    "le_co_response_partner": "Co-response partner officer",
    "corrections": "Jail or prison",
    "prosecutor": "Prosecutor",
    "court": "Court",
    "probation_parole": "Probation or parole",
    "defense_attorney": "Defense attorney",
    "attorney_civil": "Attorney in a civil matter",
    "child_protective_services": "Child protective services",
    "adult_protective_services": "Adult protective services",
    "public_health_authority": "Public health authority",
    "coroner_me": "Coroner or medical examiner",
    "oversight_agency": "Health oversight agency",
    "hhs": "U.S. Department of Health and Human Services",
    "auditor_evaluator": "Auditor or evaluator",
    "researcher": "Researcher",
    "funder": "Funder",
    "victim_service_provider": "Victim service provider",
    "hmis": "Homeless management information system (HMIS)",
    "intermediary": "Intermediary (health information exchange)",
    "odin_psp": "Overdose network of the state police (ODIN)",
    "pdmp": "Prescription drug monitoring program",
    "case_conference": "Case conference",
    "threat_target": "Person threatened",
    "fda": "Food and Drug Administration",
    "employer": "Employer",
    "insurer_nonhealth": "Insurer other than health",
    "media_public": "Press or public",
    "elected_official": "Elected official",
    "rtkl_requester": "Right-to-know requester",
    "clinical_app_user": "User of the clinical site",
    "police_app_user": "User of the police site",
    "benefits_agency": "Benefits agency",
    "contractor": "Contractor",
    "own_workforce": "Own staff of the unit",
}
PURPOSES: Final[Mapping[str, Words]] = {
    "Care": {
        "TREAT": "Treatment",
        "ETREAT": "Emergency treatment",
        "ERTREAT": "Emergency room treatment",
        "COC": "Coordination of care",
        "CAREMGT": "Care management",
    },
    "Payment and operations": {
        "HPAYMT": "Payment",
        "ELIGDTRM": "Eligibility",
        "HOPERAT": "Health care operations",
        "HQUALIMP": "Quality improvement",
        "HCOMPL": "Compliance",
        "HACCRED": "Accreditation",
        "PATSFTY": "Patient safety",
        "PERFMSR": "Performance measurement",
        "TRAIN": "Training",
        "HPRGRP": "Program reporting",
    },
    "The person and those near": {
        "PATRQT": "At the person's request",
        "PWATRNY": "For a representative",
        "FAMRQT": "At the family's request",
        "SUPNWK": "Support network",
    },
    "Public duties": {
        "PUBHLTH": "Public health",
        "HRESCH": "Research",
        "DISASTER": "Disaster relief",
        "HDECD": "About the deceased",
        "GOV": "Government functions",
        "HLEGAL": "Legal",
        "THREAT": "To avert a threat",
        "BTG": "Breaking glass (needs another purpose beneath it)",
        "X-ABUSE-CHILD": "Report of child abuse",
        "X-ABUSE-ADULT": "Report of adult abuse",
        "X-302": "Involuntary examination (302)",
    },
    "Police and courts": {
        "X-LE-PROCESS": "Police: legal process",
        "X-LE-LOCATE": "Police: identify or locate",
        "X-LE-VICTIM": "Police: about a victim",
        "X-LE-DECEDENT": "Police: about a death",
        "X-LE-PREMISES": "Police: crime on the premises",
        "X-LE-CRIMEMERG": "Police: crime in an emergency",
        "X-LE-CUSTODY": "Police: custody",
        "X-LE-INVESTIGATE": "Police: investigation",
        "X-LE-SAFETY": "Police: officers' safety",
        "X-CJ-MONITOR": "Criminal justice monitoring",
        "X-PROCEEDING": "Legal proceeding",
        "X-RECORDCHECK": "Record check",
        "X-REFERRAL-IN": "Referral from the police side",
    },
    "Programs": {
        "X-DIVERSION": "Diversion",
        "X-CASECONF": "Case conference",
        "X-VICTIMSVC": "Victim services",
        "X-HOUSING": "Housing and HMIS",
        "X-OVERDOSE-MAP": "Overdose mapping (Act 158)",
    },
    "Outside": {
        "X-MEDIA": "Press",
        "X-EMPLOY": "Employment",
        "X-INSURANCE": "Insurance",
        "X-RTKL": "Right-to-know request",
    },
}
PROCESSES: Final[Words] = {
    "none": "No legal process",
    "da_subpoena": "Subpoena of the district attorney",
    "attorney_subpoena": "Attorney's subpoena",
    "admin_subpoena": "Administrative subpoena",
    "judicial_subpoena": "Subpoena signed by a judge",
    "grand_jury": "Grand jury subpoena",
    "arrest_warrant": "Arrest warrant",
    "search_warrant": "Search warrant",
    "court_order": "Court order",
    "p2_order_2.64": "Part 2 order, 42 CFR 2.64 (civil)",
    "p2_order_2.65": "Part 2 order, 42 CFR 2.65 (against a patient)",
    "p2_order_2.66": "Part 2 order, 42 CFR 2.66 (against the program)",
    "p2_order_2.67": "Part 2 order, 42 CFR 2.67 (undercover)",
    "common_pleas_1690.108": "Common pleas order, 71 P.S. 1690.108",
    "order_7608": "Order under 35 P.S. 7608 (HIV)",
}
FORMS: Final[Words] = {
    "HIPAA-AUTH": "HIPAA authorization",
    "HIPAA-PSY": "HIPAA authorization for psychotherapy notes",
    "P2-TPO": "Part 2 consent for treatment, payment and operations",
    "P2-SPEC": "Part 2 specific consent",
    "P2-NOTES": "Part 2 consent for counseling notes",
    "P2-PROC": "Part 2 consent for a proceeding",
    "P2-CJ35": "Part 2 criminal justice consent (2.35)",
    "VS-REL": "Victim services release",
    "PA-MH": "Pennsylvania mental health consent",
    "PA-HIV": "Pennsylvania HIV consent (Act 148)",
    "MULTI-CONF": "Case conference release, one line",
    "ORAL-510B": "Spoken agreement or objection (510(b))",
    "RESTRICT": "Restriction agreed to",
}
SIGNERS: Final[Words] = {
    "patient": "The person",
    "minor_patient": "The person, a minor",
    "parent": "Parent or guardian",
    "minor_and_parent": "The minor and a parent together",
    "court_appointed_guardian": "Guardian appointed by a court",
    "personal_rep": "Personal representative",
    "hcpoa_agent": "Agent under a health care power of attorney",
    "executor": "Executor or administrator",
    "spouse": "Spouse",
    "family": "Other family",
    "abusive_parent": "Parent who is the abuser",
    "abuser": "The abuser",
}
WAYS: Final[Words] = {"written": "In writing", "oral": "They said so", "phone": "By phone"}
END_EVENTS: Final[Words] = {
    "final_disposition": "Final disposition of the case",
    "dismissal": "Dismissal of the charge",
    "withdrawal_of_condition": "Withdrawal of the condition",
    "released_from_custody": "Release from custody",
    "end_of_treatment": "End of the treatment",
}
ASPECTS: Final[Words] = {
    "p2_status": "42 CFR Part 2",
    "hipaa_legal": "HIPAA",
    "mhpa_facility": "Mental health facility (50 P.S. 7103)",
    "vs_regime": "Victim services law",
    "hmis_cho": "HMIS organization",
}
STATUSES: Final[Mapping[str, Words]] = {
    "p2_status": {
        "program": "Part 2 program",
        "lawful_holder": "Lawful holder",
        "none": "Does not apply",
        "undetermined": "Undetermined",
    },
    "hipaa_legal": {
        "covered_component": "Covered component",
        "covered": "Covered entity",
        "business_associate": "Business associate",
        "not_covered": "Not covered",
        "undetermined": "Undetermined",
    },
    "mhpa_facility": {"yes": "Yes", "no": "No", "undetermined": "Undetermined"},
    "vs_regime": {
        "vawa": "VAWA",
        "voca": "VOCA",
        "fvpsa": "FVPSA",
        "none": "Does not apply",
        "undetermined": "Undetermined",
    },
    "hmis_cho": {"yes": "Yes", "no": "No"},
}
REGIMES: Final[Words] = {
    "HIPAA": "HIPAA",
    "P2": "42 CFR Part 2",
    "VS": "Victim services law",
    "HMIS": "Housing data (HMIS)",
    "CJ": "Criminal justice information",
    "PA-MH": "Pennsylvania mental health",
    "PA-SUD": "Pennsylvania substance use",
    "PA-HIV": "Pennsylvania HIV (Act 148)",
    "LOCAL": "No body of law (local rules)",
}
# What a recipient is never told of one of our units; asked for from the police's side only.
POLICE_SEGMENTS: Final = ("CAD", "REFIN", "BLOT", "CHRI", "INV", "CJI", "ODIN", "JUV")
CARE_SEGMENTS: Final = (
    "DEM", "ENROLL", "LOC", "CASE", "MED", "EMS", "MH", "MHPA", "COMMIT", "RISK", "PSYNOTE", "SUDP2", "SUDP2N",
    "SUDNP2", "HIV", "STI", "REPRO", "GEN", "SDV", "VSP", "PROTADDR", "HMIS", "BILL", "IDMATCH", "LDS", "AGG", "MINOR",
)  # fmt: skip


def with_code(words: Words) -> list[tuple[str, str]]:
    """Choices by their words, each with its code, so that who thinks in codes finds it too."""
    return sorted(((code, f"{text} ({code})") for code, text in words.items()), key=lambda each: each[1])


def grouped(groups: Mapping[str, Words]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The same in named groups, in their own order."""
    return [
        (name, [(code, f"{text} ({code})") for code, text in words.items()]) for name, words in groups.items()
    ]


def flat(groups: Mapping[str, Words]) -> dict[str, str]:
    """Every group's words as one."""
    return {code: text for words in groups.values() for code, text in words.items()}


def named(words: Words, codes: Iterable[str]) -> list[str]:
    """The codes in words, in their order."""
    return [words.get(code, code) for code in codes]
