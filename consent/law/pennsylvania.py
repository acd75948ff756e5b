"""The pack ``us-pa``: Pennsylvania's regimes, with their rules in `pennsylvania_care` and `pennsylvania_minds`."""

from typing import Final

from consent.engine.facts import Asked
from consent.engine.rules import Pack
from consent.engine.vocabulary import MEDIC, words
from consent.law import gates, pennsylvania_care, pennsylvania_minds
from consent.law.federal import LAW_AS_OF, VERSION, rules_of
from consent.law.words import PA_HIV, PA_MH, PA_SUD

_TREATING: Final = MEDIC | words("part2_program_other och_other_program")


def _for_minds(segment: str, asked: Asked, recipient: str) -> frozenset[str]:
    """As what it is read under the Mental Health Procedures Act.

    Notes of a unit that may be a facility are its records toward whoever doesn't treat;
    what came from a facility always is, and a privileged communication too.
    """
    source = asked.source
    if segment in ("MHPA", "COMMIT"):
        return frozenset({segment})
    if segment == "PSYNOTE" and (source.may_be_facility or asked.shows("content_privileged")):
        return frozenset({segment})
    if segment in ("MH", "RISK"):
        is_treating = recipient in _TREATING and asked.shows("recipient_treats_subject")
        if asked.shows("mhpa_source") or (source.may_be_facility and not is_treating):
            return frozenset({segment})
    if segment == "LDS" and (source.may_be_facility or asked.segments & {"MHPA", "COMMIT"}):
        return frozenset({"LDS", "MHPA"})
    return frozenset()


def regimes(segment: str, asked: Asked, recipient: str) -> dict[str, frozenset[str]]:
    """Which of Pennsylvania's regimes protect a segment, and as what."""
    found = {
        PA_MH: _for_minds(segment, asked, recipient),
        PA_SUD: frozenset({segment}) if segment in ("SUDNP2", "SUDP2", "SUDP2N") else frozenset(),
        PA_HIV: frozenset({segment}) if segment == "HIV" else frozenset(),
    }
    if segment == "LDS" and "HIV" in asked.segments:
        found[PA_HIV] = frozenset({"LDS", "HIV"})
    if segment == "LDS" and "SUDNP2" in asked.segments:
        found[PA_SUD] = frozenset({"LDS", "SUDNP2"})
    return {regime: labels for regime, labels in found.items() if labels}


PACK: Final = Pack(
    name="us-pa",
    rules=rules_of(pennsylvania_minds, pennsylvania_care),
    regimes=regimes,
    version=VERSION,
    law_as_of=LAW_AS_OF,
    gates=gates.PENNSYLVANIA,
)
