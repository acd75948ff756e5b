"""The pack ``us-federal``: which federal regime protects what, its rules, and the ids that only steer."""

from types import ModuleType
from typing import Final

from consent.engine.facts import Asked
from consent.engine.rules import LOCAL, Pack, Rule
from consent.engine.vocabulary import AS_PHI, OWN_STAFF, PHI, words
from consent.law import (
    conference,
    gates,
    hipaa,
    hipaa_family,
    hipaa_public,
    housing,
    justice,
    part2,
    part2_consent,
    part2_orders,
    victims,
)
from consent.law.words import HIPAA, HMIS, P2, VS

VERSION: Final = "2026-11-22.1"
LAW_AS_OF: Final = "2026-11-22"
# Held by a Part 2 unit these count as its record toward anybody outside it (2.12(a)(1); CR-30).
OF_A_PART2_UNIT: Final = words("DEM LOC CASE MED MH RISK BILL")
_HEALTH: Final = PHI - {AS_PHI}
_WITH_NONIDENTIFYING: Final = words("law_enforcement threat_target adult_protective_services")
_FOR_NONIDENTIFYING: Final = words("THREAT X-ABUSE-ADULT")


def rules_of(*modules: ModuleType) -> tuple[Rule, ...]:
    """The rules that the modules define, in the order of the modules."""
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, Rule))


def _under_hipaa(segment: str, asked: Asked) -> frozenset[str]:
    """As what it is read under HIPAA; as nothing where the unit isn't covered.

    Counselling notes, psychotherapy notes and victims' records of a covered or undetermined
    unit are health information as well.
    """
    if segment == "LDS":
        return frozenset({"LDS"})
    if not asked.source.may_be_covered:
        return frozenset()
    if segment in _HEALTH or segment == "PSYNOTE":
        return frozenset({segment})
    if segment in ("SUDP2N", "VSP", "PROTADDR"):
        return frozenset({segment, AS_PHI})
    return frozenset({"IDMATCH", "ENROLL"}) if segment == "IDMATCH" else frozenset()


def _under_part2(segment: str, asked: Asked, recipient: str) -> frozenset[str]:
    """As what it is read under Part 2."""
    if segment in ("SUDP2", "SUDP2N"):
        return frozenset({segment})
    if segment == "LDS" and (asked.source.may_be_part2 or "SUDP2" in asked.segments):
        return frozenset({"LDS", "SUDP2"})
    if not asked.source.may_be_part2:
        return frozenset()
    if segment == "ENROLL":
        return frozenset({"ENROLL", "SUDP2"})
    if segment == "IDMATCH":
        return frozenset({"IDMATCH", "ENROLL", "SUDP2"})
    if segment == "AGG":
        return frozenset({"AGG"})
    if segment not in OF_A_PART2_UNIT or recipient in OWN_STAFF:
        return frozenset()
    if not asked.shows("nonidentifying_content"):
        return frozenset({segment, "SUDP2"})
    # nothing shows a patient: where the carve-out speaks of it, it is the basis and obliges
    told = recipient in _WITH_NONIDENTIFYING and asked.purpose in _FOR_NONIDENTIFYING and segment != "BILL"
    return frozenset({segment}) if told else frozenset()


def _for_victims(segment: str, asked: Asked) -> frozenset[str]:
    """As what it is read under victim services: whatever such a unit collected about a person.

    A hidden address is protected whoever holds it.
    """
    if segment == "PROTADDR":
        return frozenset({"PROTADDR"})
    if segment == "LDS" and (asked.source.serves_victims or "VSP" in asked.segments):
        return frozenset({"LDS", "VSP"})
    if not asked.source.serves_victims:
        return frozenset()
    if segment == "AGG":
        return frozenset({"AGG"})
    if segment == "IDMATCH":
        return frozenset({"IDMATCH", "ENROLL", "VSP"})
    return frozenset({segment, "VSP"}) if segment in _HEALTH | {"VSP"} else frozenset()


def regimes(segment: str, asked: Asked, recipient: str) -> dict[str, frozenset[str]]:
    """Which federal regimes protect a segment of that source toward that recipient, and as what."""
    found = {
        HIPAA: _under_hipaa(segment, asked),
        P2: _under_part2(segment, asked, recipient),
        VS: _for_victims(segment, asked),
        HMIS: frozenset({"HMIS"}) if segment == "HMIS" else frozenset(),
        LOCAL: frozenset({"AGG"}) if segment == "AGG" else frozenset(),
    }
    return {regime: labels for regime, labels in found.items() if labels} | justice.regimes(segment)


PACK: Final = Pack(
    name="us-federal",
    rules=rules_of(
        hipaa,
        hipaa_family,
        hipaa_public,
        part2,
        part2_consent,
        part2_orders,
        victims,
        housing,
        justice,
        conference,
    ),
    regimes=regimes,
    version=VERSION,
    law_as_of=LAW_AS_OF,
    gates=gates.FEDERAL,
)
