"""42 CFR 2.31 to 2.36, and 2.14 and 2.15 as far as somebody signs: what a consent allows."""

from consent.engine import signers
from consent.engine.facts import Consent
from consent.engine.matter import Matter
from consent.engine.rules import own_consent, permit, route
from consent.engine.vocabulary import MEDIC, TPO, words
from consent.law.words import ACCOUNTING_3Y, CONSENTED, MINIMUM_NECESSARY, P2, VERIFY

_NEVER_ON_REDISCLOSURE = words(
    "law_enforcement le_co_response_partner corrections prosecutor court probation_parole attorney_civil"
)
_SIGNED_FOR_SOMEBODY = words("P2-TPO P2-SPEC P2-NOTES P2-PROC P2-CJ35 MULTI-CONF")


def specific(asked: Matter) -> tuple[Consent, ...]:
    """The forms that a specific disclosure rests on; for counselling notes only their own."""
    if asked.segment == "SUDP2N":
        return asked.covered_by("P2-NOTES")
    return asked.covered_by("P2-SPEC", "MULTI-CONF", "P2-PROC")


@permit(
    "p2.disclose.consent.2.33a1", cite="42 CFR 2.33(a)(1)", regime=P2,
    to=None, of=words("SUDP2 SUDP2N"), for_=None, by=specific,
    obliges=[*CONSENTED, ACCOUNTING_3Y, MINIMUM_NECESSARY], precedence=4,
)  # fmt: skip
def the_patient_consented_to_just_this(asked: Matter) -> bool:
    """Does a conforming consent name them? Monitoring for criminal justice needs 2.35 instead."""
    return asked.purpose != "X-CJ-MONITOR"


@permit(
    "p2.disclose.tpo.2.33a2", cite="42 CFR 2.33(a)(2)", regime=P2,
    to=MEDIC | words("health_plan business_associate part2_program_other och_other_program"),
    of={"SUDP2"}, for_=TPO, by=own_consent("P2-TPO"),
    obliges=[*CONSENTED, ACCOUNTING_3Y, MINIMUM_NECESSARY], precedence=4,
)  # fmt: skip
def the_patient_consented_to_care_in_general(asked: Matter) -> bool:
    """Is there one consent for all treatment, payment and operations, and is this a recipient of those?"""
    return not asked.is_to("och_other_program") or asked.shows("recipient_treats_subject")


@permit(
    "p2.redisc.ce.2.33b1", cite="42 CFR 2.33(b)(1)", regime=P2,
    to=None, of={"SUDP2"}, for_=None, obliges=["OBL-P2-USEBAR"], precedence=4,
)  # fmt: skip
def a_covered_holder_goes_by_hipaa(asked: Matter) -> bool:
    """Does a holder covered by signed determination, who received it for care, pass it on as HIPAA permits?

    Never to the criminal justice system and never for a proceeding. That the holder is
    covered is read from its determination, whatever the request says.
    """
    return (
        asked.recipient not in _NEVER_ON_REDISCLOSURE
        and asked.purpose not in words("X-PROCEEDING X-LE-INVESTIGATE X-LE-PROCESS HLEGAL")
        and asked.is_received("tpo_consent")
        and asked.source.is_covered_by_law
        and bool(asked.matched.get("HIPAA"))
    )


@permit(
    "p2.redisc.program.2.33b2", cite="42 CFR 2.33(b)(2)", regime=P2,
    to=None, of={"SUDP2"}, for_=TPO, by=own_consent("P2-TPO"), obliges=CONSENTED, precedence=4,
)  # fmt: skip
def a_program_passes_on_what_the_consent_allows(asked: Matter) -> bool:
    """Does a program that isn't covered pass on what it received, as that consent allows?"""
    source = asked.source
    return (
        asked.is_received("tpo_consent")
        and source.p2_status == "program"
        and source.hipaa_legal == "not_covered"
    )


@permit(
    "p2.redisc.holder.2.33b3", cite="42 CFR 2.33(b)(3), (c)", regime=P2,
    to=words("contractor"), of={"SUDP2"}, for_=words("HPAYMT HOPERAT"), obliges=[*CONSENTED, "OBL-CONTRACT"],
    precedence=4,
)  # fmt: skip
def a_contractor_is_bound(asked: Matter) -> bool:
    """Does it go to the holder's own contractor, under a contract that binds it to Part 2?"""
    return asked.shows("contract_2.33c") and asked.is_received("tpo_consent", "specific_consent")


@permit(
    "p2.cj.2.35", cite="42 CFR 2.35(a)", regime=P2,
    to=words("prosecutor court probation_parole"), of={"SUDP2"}, for_={"X-CJ-MONITOR"},
    by=own_consent("P2-CJ35"),
    obliges=[*CONSENTED, "OBL-P2-CJUSE", ACCOUNTING_3Y, MINIMUM_NECESSARY], precedence=4,
)  # fmt: skip
def participation_is_a_condition(asked: Matter) -> bool:
    """Did they make taking part a condition, have they a duty to monitor it, and does the case still stand?"""
    return (
        asked.shows("cj_condition", "recipient_monitoring_duty")
        and asked.denies("final_disposition_reached")
        and asked.denies("new_unrelated_case")
    )


def signed_by(asked: Matter, who: frozenset[str]) -> tuple[Consent, ...]:
    """Valid Part 2 forms that somebody of these signed for the patient."""
    return tuple(each for each in asked.covered_by(*sorted(_SIGNED_FOR_SOMEBODY)) if each.signer in who)


def _is_not_beyond(asked: Matter) -> bool:
    """A representative's signature allows what the patient's would: no more for monitoring than 2.35."""
    return asked.purpose != "X-CJ-MONITOR"


@permit(
    "p2.incapacity.adj.2.15a1", cite="42 CFR 2.15(a)(1)", regime=P2,
    to=None, of={"SUDP2"}, for_=None, obliges=[VERIFY], precedence=4,
    by=lambda asked: signed_by(asked, signers.GUARDIANS | signers.REPRESENTATIVES),
)  # fmt: skip
def a_court_found_incapacity(asked: Matter) -> bool:
    """Did a court find that the patient lacks capacity, and did the representative, verified, sign?"""
    return asked.shows("adjudicated_incapacity", "verified_authority") and _is_not_beyond(asked)


@permit(
    "p2.deceased.consent.2.15b2", cite="42 CFR 2.15(b)(2)", regime=P2,
    to=None, of={"SUDP2"}, for_=None, obliges=[*CONSENTED, VERIFY], precedence=4,
    by=lambda asked: signed_by(
        asked, signers.EXECUTORS | signers.REPRESENTATIVES | signers.SPOUSES | signers.FAMILY
    ),
)  # fmt: skip
def somebody_signed_for_the_dead(asked: Matter) -> bool:
    """Did the executor sign, or if there is none the spouse, or if there is neither a family member?"""
    by_office = asked.shows_any("executor", "spouse_no_executor")
    by_family = bool(signed_by(asked, signers.FAMILY))
    return (by_office or by_family) and _is_not_beyond(asked)


# --- off, and routed --------------------------------------------------------------------------


@route(
    "p2.registry.2.34", cite="42 CFR 2.34", regime=P2, to=words("intermediary part2_program_other"), of={"SUDP2"},
    for_=words("PATSFTY"),
)  # fmt: skip
def a_registry_asks(_asked: Matter) -> bool:
    """A central registry's question goes to the privacy officer: no unit dispenses."""
    return True


@route("p2.pdmp.2.36", cite="42 CFR 2.36", regime=P2, to=words("pdmp"), of={"SUDP2"})
def the_drug_monitoring_program_asks(_asked: Matter) -> bool:
    """Reports to the drug monitoring program go to the privacy officer."""
    return True


@route(
    "p2.audit.ops.2.53h", cite="42 CFR 2.53(h)", regime=P2, to=words("auditor_evaluator funder oversight_agency"),
    of={"SUDP2"}, for_=words("HOPERAT HQUALIMP"),
)  # fmt: skip
def an_audit_rides_on_a_general_consent(_asked: Matter) -> bool:
    """An audit on the strength of a general consent goes to the privacy officer."""
    return True


@route(
    "p2.redisc.ce.2.33b1", cite="42 CFR 2.33(b)(1)", regime=P2, to=_NEVER_ON_REDISCLOSURE, of={"SUDP2"},
)  # fmt: skip
def a_covered_holder_is_asked_by_the_justice_system(asked: Matter) -> bool:
    """Would HIPAA let a covered holder pass on to the criminal justice system what it received for care?"""
    return (
        asked.is_received("tpo_consent")
        and asked.source.is_covered_by_law
        and bool(asked.matched.get("HIPAA"))
    )


@route(
    "p2.incapacity.adj.2.15a1", cite="42 CFR 2.15(a)(1)", regime=P2, of={"SUDP2"},
)  # fmt: skip
def an_agent_without_adjudication_signed(asked: Matter) -> bool:
    """Did a health-care agent sign without an adjudication (CR-10)?"""
    return asked.shows("hcpoa_active") and any(
        each.signer in signers.AGENTS | signers.REPRESENTATIVES for each in asked.asked.consents
    )
