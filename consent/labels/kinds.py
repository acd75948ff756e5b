"""The kinds of information that a code can speak of; a program's determination makes segments of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
ICD9CM = "http://hl7.org/fhir/sid/icd-9-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"


class Kind(StrEnum):
    """What is spoken of. Tobacco is no substance use here: 42 CFR 2.11 leaves it out."""

    SUBSTANCE = "substance use"
    MENTAL = "mental health"
    RISK = "risk to oneself or others"
    COMMITMENT = "involuntary examination"
    HIV = "HIV"
    STI = "sexually transmitted infection"
    REPRODUCTIVE = "sexual and reproductive health"
    GENETIC = "genetics"
    VICTIM = "violence suffered"
    SOCIAL = "needs and circumstances"
    GENERAL = "general health"


SPECIAL = frozenset(Kind) - {Kind.GENERAL, Kind.SOCIAL}


@dataclass(frozen=True, kw_only=True)
class Coding:
    """A code of a system, with the words that came beside it. Either may be missing."""

    system: str = ""
    code: str = ""
    display: str = ""


@dataclass(frozen=True)
class Families:
    """Codes by how they begin: ``F11``, ``K70.3``, or a range of beginnings of equal length, ``F20-F99``."""

    words: str

    def __post_init__(self) -> None:
        pairs = [_pair(each) for each in self.words.split()]
        object.__setattr__(self, "_pairs", tuple(pairs))

    def hold(self, code: str) -> bool:
        """Does the code begin like one of them?"""
        plain = bare(code)
        pairs: Iterable[tuple[str, str]] = self._pairs  # type: ignore[attr-defined]
        return any(first <= plain[: len(first)] <= last for first, last in pairs)


def bare(code: str) -> str:
    """The code without its dot, in capitals: ``F11.20`` and ``f1120`` are one."""
    return code.replace(".", "").strip().upper()


def _pair(family: str) -> tuple[str, str]:
    first, _dash, last = family.partition("-")
    pair = bare(first), bare(last or first)
    if len(pair[0]) != len(pair[1]) or pair[0] > pair[1]:
        raise ValueError(f"`{family}` is no range")
    return pair
