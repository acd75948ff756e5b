"""Words and small helpers for templates; `{% load shell %}`."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django import template
from django.conf import settings

from config.context import side_name

register = template.Library()


class Segment(NamedTuple):
    """A kind of information as people read it: its words, and the family that gives colour and pattern."""

    code: str
    words: str
    family: str


SEGMENTS: dict[str, Segment] = {
    code: Segment(code, words, family)
    for family, words_by_code in {
        "person": {
            "DEM": "Demographics",
            "LOC": "Whereabouts",
            "ENROLL": "Enrollment",
            "IDMATCH": "Identity match",
        },
        "case": {"CASE": "Case"},
        "health": {"MED": "General health", "EMS": "Ambulance report"},
        "mental": {
            "MH": "Mental health",
            "MHPA": "Mental health facility",
            "COMMIT": "Involuntary commitment",
            "PSYNOTE": "Psychotherapy notes",
        },
        "risk": {"RISK": "Risk and safety"},
        "substance": {
            "SUDP2": "Substance use (Part 2)",
            "SUDP2N": "Substance use counseling notes (Part 2)",
            "SUDNP2": "Substance use (not Part 2)",
        },
        "sensitive": {
            "HIV": "HIV",
            "STI": "Sexually transmitted infection",
            "REPRO": "Reproductive health",
            "GEN": "Genetic",
        },
        "victim": {
            "VSP": "Victim services",
            "SDV": "Victimization",
            "PROTADDR": "Protected address",
        },
        "housing": {"HMIS": "Housing and homelessness (HMIS)"},
        "office": {
            "BILL": "Billing",
            "MINOR": "Minor",
            "LDS": "Limited data set",
            "AGG": "Totals, nobody named",
        },
        "police": {
            "CAD": "911 call",
            "REFIN": "Officer's referral",
            "BLOT": "Public docket",
            "CHRI": "Criminal history",
            "INV": "Investigation",
            "CJI": "State and national police files",
            "ODIN": "Overdose network",
            "JUV": "Juvenile justice",
        },
    }.items()
    for code, words in words_by_code.items()
}


@register.simple_tag
def side() -> str:
    """``clinical`` or ``police``; for pages that have no request, the error pages above all."""
    return str(settings.SIDE)


@register.simple_tag(name="side_name")
def side_in_words() -> str:
    """The side in words; for pages that have no request."""
    return side_name()


@register.filter
def listed(value: str | Iterable[Any] | None) -> list[Any]:
    """A list as it is, or a text split at its commas or, without any, its spaces."""
    if value is None:
        return []
    if isinstance(value, str):
        parts = value.split(",") if "," in value else value.split()
        return [part.strip() for part in parts if part.strip()]
    return list(value)


@register.filter
def phrases(value: str | Iterable[Any] | None) -> list[Any]:
    """Like `listed`, but a text without commas is one phrase."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return listed(value)


@register.filter
def segments(value: str | Iterable[str] | None) -> list[Segment]:
    """The segments of a compartment in words; one that this page can't name says so."""
    return [SEGMENTS.get(code, Segment(code, f"Unnamed segment {code}", "unknown")) for code in listed(value)]


@register.filter
def initials(name: str) -> str:
    """First letters of the first and the last word, for the small round or square mark."""
    words: Sequence[str] = str(name).replace("-", " ").split()
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
