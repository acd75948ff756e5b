"""From a resource of FHIR to a fact as it is said here, with all the codes that its label goes by."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from clinical.health.models import HealthFact
from clinical.health.services import SYSTEMS, Said
from clinical.importing.bundle import Bundle, Resource
from consent.labels.kinds import Coding, Kind
from consent.labels.reading import ACT_CODES, SAME_AS, is_readable
from consent.texts import plain

What, Status = HealthFact.What, HealthFact.Status
LONGEST_WORDS, LONGEST_DETAIL, LONGEST_CODE, LONGEST_DATE = 400, 1000, 40, 32
_NAMES = {address: system for system, address in SYSTEMS.items()}
# A code of a law that the sender put on a resource (HL7 v3-ActUSPrivacyLaw): it stays a Part 2 record here.
PART2_LAW = "42CFRPart2"
GOES_ON = frozenset({"active", "recurrence", "relapse", "on-hold", "draft", "intended", "unknown"})
VOID = frozenset({"entered-in-error", "refuted"})


class NotTaken(ValueError):
    """The resource is whole, and can't be kept: why, in words without its content."""


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A fact to keep, and what its label goes by beside its own code."""

    resource: Resource
    said: Said
    codings: tuple[Coding, ...]
    kinds: frozenset[Kind]
    segments: frozenset[str]


def incoming(resource: Resource, bundle: Bundle) -> Incoming:
    """What a resource says.

    Raises:
        NotTaken: it was entered in error, or nothing in it can be read.
    """
    content = resource.content
    if _code_of(content.get("verificationStatus")) in VOID or content.get("status") in VOID:
        raise NotTaken("was entered in error or ruled out")
    concept = content.get(_MAIN.get(resource.type, "code"))
    if not isinstance(concept, dict):
        raise NotTaken(
            "names no code" if resource.type != "MedicationRequest" else "names its medicine elsewhere"
        )
    coding = _chosen(concept)
    if coding is None:
        raise NotTaken("has a code without words that nothing is known of, so that it can't be labelled")
    said = replace(_said(resource, coding), detail=_cut(_DETAILS[resource.type](content), LONGEST_DETAIL))
    because = list(_because(content, bundle))
    return Incoming(
        resource=resource,
        said=said,
        codings=(
            *said.codings,
            *_codings(concept),
            *(coding for part in because for coding in _codings(part)),
        ),
        kinds=frozenset(ACT_CODES[code] for code in _security(content) if code in ACT_CODES),
        segments=frozenset({"SUDP2"} if PART2_LAW in _security(content) else ()),
    )


_MAIN = {"MedicationRequest": "medicationCodeableConcept", "MedicationStatement": "medicationCodeableConcept"}
_WHAT = {
    "Condition": What.CONDITION,
    "MedicationRequest": What.MEDICINE,
    "MedicationStatement": What.MEDICINE,
    "Procedure": What.PROCEDURE,
    "Observation": What.RESULT,
    "AllergyIntolerance": What.ALLERGY,
}


def _said(resource: Resource, coding: Coding) -> Said:
    content, what = resource.content, _WHAT[resource.type]
    system = _NAMES.get(SAME_AS.get(coding.system, coding.system))
    return Said(
        what=what,
        system=system or (HealthFact.System.OTHER if coding.code else HealthFact.System.NONE),
        code=coding.code if len(coding.code) <= LONGEST_CODE else "",
        words=_cut(coding.display or coding.code, LONGEST_WORDS),
        status=_status(what, content),
        since=_first(content, "onsetDateTime", "onsetPeriod.start", "performedDateTime", "performedPeriod.start",
                     "effectiveDateTime", "effectivePeriod.start", "authoredOn", "dateAsserted", "recordedDate"),
        until=_first(content, "abatementDateTime", "abatementPeriod.end", "effectivePeriod.end")
        if what in (What.CONDITION, What.MEDICINE) else "",
    )  # fmt: skip


def _status(what: str, content: Mapping[str, Any]) -> str:
    if what in (What.PROCEDURE, What.RESULT):
        return Status.DONE
    told = _code_of(content.get("clinicalStatus")) or content.get("status") or "active"
    has_ended = bool(_first(content, "abatementDateTime", "abatementPeriod.end"))
    return Status.CURRENT if told in GOES_ON and not has_ended else Status.ENDED


def _first(content: Mapping[str, Any], *paths: str) -> str:
    """The first of these dates that is there, as it was written."""
    for path in paths:
        name, _dot, part = path.partition(".")
        value = content.get(name)
        if part:
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, str):
            return value[:LONGEST_DATE]
    return ""


def _dicts(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects in a list, or the one object."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield each


def _text(value: Any) -> str:
    return plain(value) if isinstance(value, str) else ""


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _codings(concept: Any) -> Iterator[Coding]:
    """Every coding of a concept, and its own words."""
    for each in _dicts(concept):
        for coding in _dicts(each.get("coding")):
            found = Coding(
                system=_text(coding.get("system")),
                code=_text(coding.get("code")),
                display=_text(coding.get("display")),
            )
            if is_readable(found):
                yield found
        if text := _text(each.get("text")):
            yield Coding(display=text)


def _chosen(concept: Mapping[str, Any]) -> Coding | None:
    """The coding that is shown: the first that can be read, in the concept's own words if it has some."""
    found = list(_codings(concept))
    if not found:
        return None
    coded = next((each for each in found if each.code), found[0])
    words = (
        _text(concept.get("text"))
        or coded.display
        or next((each.display for each in found if each.display), "")
    )
    return replace(coded, display=words)


def _code_of(concept: Any) -> str:
    return next(
        (_text(coding.get("code")) for each in _dicts(concept) for coding in _dicts(each.get("coding"))), ""
    )


def _because(content: Mapping[str, Any], bundle: Bundle) -> Iterator[Any]:
    """What else tells what it is about: why it was done, what was found, and the conditions that it points to."""
    for name in ("reasonCode", "valueCodeableConcept", "category", "interpretation", "bodySite"):
        yield from _dicts(content.get(name))
    for component in _dicts(content.get("component")):
        yield from _dicts(component.get("code"))
        yield from _dicts(component.get("valueCodeableConcept"))
    for reaction in _dicts(content.get("reaction")):
        yield from _dicts(reaction.get("substance"))
        yield from _dicts(reaction.get("manifestation"))
    for reference in (*_dicts(content.get("reasonReference")), *_dicts(content.get("hasMember"))):
        target = bundle.by_reference.get(_text(reference.get("reference")))
        if target is not None:
            yield from _dicts(target.content.get(_MAIN.get(target.type, "code")))
        yield {"text": reference.get("display")}


def _security(content: Mapping[str, Any]) -> frozenset[str]:
    """The codes of the labels that its sender put on it."""
    meta = content.get("meta")
    labels = meta.get("security") if isinstance(meta, dict) else None
    return frozenset(_text(each.get("code")) for each in _dicts(labels))


# --- what a sort of resource tells beside its code --------------------------------------------------------


def _notes(content: Mapping[str, Any]) -> str:
    return "; ".join(filter(None, (_text(each.get("text")) for each in _dicts(content.get("note")))))


def _of_medicine(content: Mapping[str, Any]) -> str:
    doses = [
        _text(each.get("text"))
        for name in ("dosageInstruction", "dosage")
        for each in _dicts(content.get(name))
    ]
    return "; ".join(filter(None, (*doses, _notes(content))))


def _of_result(content: Mapping[str, Any]) -> str:
    parts = [
        _value(content),
        *(f"{_words(each.get('code'))}: {_value(each)}" for each in _dicts(content.get("component"))),
    ]
    return "; ".join(filter(None, (*parts, _notes(content))))


def _of_allergy(content: Mapping[str, Any]) -> str:
    signs = [
        _words(each)
        for reaction in _dicts(content.get("reaction"))
        for each in _dicts(reaction.get("manifestation"))
    ]
    return "; ".join(filter(None, (*signs, _notes(content))))


def _words(concept: Any) -> str:
    return next((each.display or each.code for each in _codings(concept)), "")


def _value(content: Mapping[str, Any]) -> str:
    """A result in words: a quantity with its unit, a concept, a text, yes or no."""
    quantity = content.get("valueQuantity")
    if isinstance(quantity, dict) and "value" in quantity:
        return f"{quantity['value']} {_text(quantity.get('unit')) or _text(quantity.get('code'))}".strip()
    if isinstance(content.get("valueCodeableConcept"), dict):
        return _words(content["valueCodeableConcept"])
    if isinstance(content.get("valueBoolean"), bool):
        return "Yes" if content["valueBoolean"] else "No"
    told: Iterable[Any] = (
        content.get(name) for name in ("valueString", "valueInteger", "valueDateTime", "valueTime")
    )
    return next((plain(str(each)) for each in told if each is not None), "")


_DETAILS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "Condition": _notes,
    "MedicationRequest": _of_medicine,
    "MedicationStatement": _of_medicine,
    "Procedure": _notes,
    "Observation": _of_result,
    "AllergyIntolerance": _of_allergy,
}
