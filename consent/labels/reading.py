"""From codings to what they speak of; and which code is nobody's to label, because nothing is known of it."""

from collections.abc import Iterable, Mapping
from functools import cache

from consent.labels import codes
from consent.labels.icd import kinds_of_icd9cm, kinds_of_icd10cm
from consent.labels.kinds import ICD9CM, ICD10CM, LOINC, RXNORM, SNOMED, SPECIAL, Coding, Kind
from consent.labels.medicines import kinds_of_medicine
from consent.labels.names import is_for_a_drug, kinds_of_words

# The same systems by their object identifiers, as older documents name them.
SAME_AS = {
    "urn:oid:2.16.840.1.113883.6.90": ICD10CM,
    "urn:oid:2.16.840.1.113883.6.103": ICD9CM,
    "urn:oid:2.16.840.1.113883.6.88": RXNORM,
    "urn:oid:2.16.840.1.113883.6.1": LOINC,
    "urn:oid:2.16.840.1.113883.6.96": SNOMED,
    "http://hl7.org/fhir/sid/icd-10": ICD10CM,
}
# Labels that a sender put on a resource itself (HL7 v3-ActCode): they are believed, upwards.
ACT_CODES: Mapping[str, Kind] = {
    **dict.fromkeys(("ETH", "ETHUD", "OPIOIDUD", "SUD", "SUDPSY"), Kind.SUBSTANCE),
    **dict.fromkeys(("PSY", "MH", "BH", "PSYTHPN"), Kind.MENTAL),
    "HIV": Kind.HIV,
    "STD": Kind.STI,
    **dict.fromkeys(("SEX", "PREGNANT"), Kind.REPRODUCTIVE),
    "GDIS": Kind.GENETIC,
    **dict.fromkeys(("SDV", "VIO"), Kind.VICTIM),
}


@cache
def _listed(system: str) -> Mapping[str, frozenset[Kind]]:
    """The kinds of each single code of LOINC or SNOMED CT."""
    found: dict[str, set[Kind]] = {}
    for kind, listed in (codes.LOINC_CODES if system == LOINC else codes.SNOMED_CODES).items():
        for code in listed.split():
            found.setdefault(code, set()).add(kind)
    if system == LOINC:
        for code in codes.LOINC_GENERAL.split():
            found.setdefault(code, set()).add(Kind.GENERAL)
    return {code: frozenset(kinds) for code, kinds in found.items()}


def kinds_of(coding: Coding) -> frozenset[Kind]:
    """What a coding speaks of: by its code where that is known, and by the words beside it.

    ``GENERAL`` alone where neither says anything special.
    """
    found = _kinds_of_code(coding) | kinds_of_words(coding.display)
    system = SAME_AS.get(coding.system, coding.system)
    if system == LOINC and is_for_a_drug(coding.display):
        found |= {Kind.SUBSTANCE}
    if system not in (ICD10CM, ICD9CM):
        found |= _kinds_of_named_medicine(coding.display, is_prescribed=system not in (LOINC, SNOMED))
    special = found & SPECIAL
    if special:
        return frozenset(special)
    return frozenset({Kind.SOCIAL}) if Kind.SOCIAL in found else frozenset({Kind.GENERAL})


def _kinds_of_named_medicine(words: str, *, is_prescribed: bool) -> frozenset[Kind]:
    """A level of lithium tells as much as its prescription; one of testosterone tells nothing."""
    found = kinds_of_medicine("", words)
    return found if is_prescribed else found - {Kind.REPRODUCTIVE}


def _kinds_of_code(coding: Coding) -> frozenset[Kind]:
    system, code = SAME_AS.get(coding.system, coding.system), coding.code.strip()
    if system == ICD10CM:
        return kinds_of_icd10cm(code)
    if system == ICD9CM:
        return kinds_of_icd9cm(code)
    if system == RXNORM:
        return kinds_of_medicine(code, "")
    if system in (LOINC, SNOMED):
        return _listed(system).get(code, frozenset())
    return frozenset()


def kinds_of_all(codings: Iterable[Coding]) -> frozenset[Kind]:
    """What several codings speak of together: general health only where none says more; nothing of none."""
    found = frozenset(kind for each in codings for kind in kinds_of(each))
    return found - {Kind.GENERAL} if found & SPECIAL else found


def is_readable(coding: Coding) -> bool:
    """Can anything be said of it? A bare number of a system without families says nothing to us.

    What can't be read can't be labelled, and what isn't labelled isn't kept.
    """
    if coding.display.strip():
        return True
    system = SAME_AS.get(coding.system, coding.system)
    if system in (ICD10CM, ICD9CM):
        return bool(coding.code.strip())
    return bool(_kinds_of_code(coding))
