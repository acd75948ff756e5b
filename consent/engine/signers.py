"""Who may sign a form: the person, or somebody the law lets sign for them.

The wrong signer's form counts as absent. Who may sign is for each body of law by itself:
a spouse may sign a Part 2 consent for the dead (2.15(b)(2)) and is no personal
representative under HIPAA.

Cites: 42 CFR 2.14, 2.15; 45 CFR 164.502(g); 34 U.S.C. 12291(b)(2)(B)(ii); 35 P.S. 10101.1, 10101.2.
"""

from typing import Final

from consent.engine.facts import Asked, Consent
from consent.engine.vocabulary import words

SELF: Final = words("patient subject self client victim minor_patient minor")
PARENTS: Final = words("parent guardian parent_guardian")
BOTH: Final = words("minor_and_parent patient_and_parent parent_and_minor")
ABUSERS: Final = words("abusive_parent abuser abusive_guardian abusive_partner abusive_representative")
GUARDIANS: Final = words("court_appointed_guardian guardian_of_the_person")
REPRESENTATIVES: Final = words("personal_rep personal_representative representative")
EXECUTORS: Final = words("executor administrator")
AGENTS: Final = words("hcpoa_agent health_care_agent")
SPOUSES: Final = words("spouse")
FAMILY: Final = words("family family_member responsible_family")

FAMILY_OF_LAW: Final = {
    "P2-TPO": "P2", "P2-SPEC": "P2", "P2-NOTES": "P2", "P2-PROC": "P2", "P2-CJ35": "P2", "MULTI-CONF": "P2",
    "VS-REL": "VS", "PA-MH": "STATE", "PA-HIV": "STATE",
}  # fmt: skip


def may_sign(consent: Consent, asked: Asked | None, under: str = "") -> bool:
    """May the signer of this form sign it, under the law it belongs to (or ``under``)?"""
    signer, law = consent.signer, under or FAMILY_OF_LAW.get(consent.form, "HIPAA")
    if signer in ABUSERS:
        return False
    if signer in SELF:
        return asked is None or _may_sign_for_oneself(asked, law)
    if asked is None:
        return signer in PARENTS | BOTH | GUARDIANS | REPRESENTATIVES | EXECUTORS | AGENTS | SPOUSES | FAMILY
    if law == "VS":
        return _may_release_for_a_victim(signer, asked)
    if signer in BOTH:
        return True
    if signer in PARENTS:
        return _may_sign_as_parent(asked, law)
    return _may_represent(signer, asked, law)


def _may_sign_for_oneself(asked: Asked, law: str) -> bool:
    if asked.shows("adjudicated_incapacity") or asked.shows("executor"):
        return False
    if law == "VS" and asked.may_be_minor:
        return asked.shows("minor_consented_alone")
    return True


def _may_release_for_a_victim(signer: str, asked: Asked) -> bool:
    """A minor and the parent together, or a guardian the court appointed; never the abuser."""
    if asked.shows("signer_is_abuser") or asked.shows("parent_suspected_abuser"):
        return False
    return signer in BOTH | GUARDIANS


def _may_sign_as_parent(asked: Asked, law: str) -> bool:
    """Never for substance use care in a state where a minor of any age consents alone (2.14(a))."""
    if law == "P2" or asked.shows("parent_suspected_abuser") or asked.shows("minor_consented_alone"):
        return False
    age = asked.value("minor_age")
    if age is None or age >= 18:
        return False
    if law == "STATE":
        return bool(age < 14) or asked.shows("parent_consented_to_care")
    return True


def _may_represent(signer: str, asked: Asked, law: str) -> bool:
    """An adjudication, an executor's office, a health-care power: each where its law takes it."""
    if asked.shows("parent_suspected_abuser"):
        return False
    authority = asked.shows("verified_authority")
    if signer in GUARDIANS:
        return authority and (law != "P2" or asked.shows("adjudicated_incapacity"))
    if signer in EXECUTORS | REPRESENTATIVES and law == "P2" and asked.shows("executor"):
        return True  # 2.15(b)(2); who they are is verified as an obligation
    if signer in EXECUTORS:
        return asked.shows("executor") and authority
    if signer in REPRESENTATIVES:
        adjudicated = asked.shows("adjudicated_incapacity") or asked.shows("executor")
        return authority and (adjudicated or (law == "HIPAA" and asked.shows("hcpoa_active")))
    if signer in AGENTS:
        return law == "HIPAA" and authority and asked.shows("hcpoa_active")
    if law == "P2" and signer in SPOUSES:
        return asked.shows("spouse_no_executor")
    if law == "P2" and signer in FAMILY:  # only if there is neither an executor nor a spouse
        return asked.denies("executor") and asked.denies("spouse_no_executor") and is_dead(asked)
    return False


def is_dead(asked: Asked) -> bool:
    """Is the person shown to have died?"""
    return (
        asked.value("target_class") == "decedent"
        or asked.purpose == "HDECD"
        or asked.shows("death_suspected_crime")
    )
