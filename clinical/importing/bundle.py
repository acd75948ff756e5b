"""A FHIR R4 bundle of one person, read strictly: what is broken is refused whole, with its place and nothing else.

Shapes are checked by the package's own models. An error names a place by FHIR's words and by numbers,
``Bundle.entry[3].resource.code``; what stood there is never repeated, not even a property that FHIR doesn't
know, because a name may stand in one.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from fhir.resources.R4B.resource import Resource as AnyResource
from pydantic import ValidationError

MOST_BYTES = 4_000_000
MOST_ENTRIES = 5_000
KINDS = ("collection", "document", "searchset", "batch", "transaction", "history")
TAKEN = ("collection", "document", "searchset")
SUPPORTED = (
    "Condition", "MedicationRequest", "MedicationStatement", "Procedure", "Observation", "AllergyIntolerance",
)  # fmt: skip
_WORD = re.compile(r"[a-zA-Z]{1,40}\Z")
_TYPE = re.compile(r"[A-Z][a-zA-Z]{2,40}\Z")
SAYINGS = {"missing": "is missing", "extra_forbidden": "holds a property that FHIR R4 doesn't know"}


class Broken(ValueError):
    """The file is no such bundle: where it is broken, and how. Nothing of what it holds is in here."""

    def __init__(self, place: str, how: str) -> None:
        super().__init__(f"{place}: {how}")
        self.place, self.how = place, how


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource, its shape checked: where it stands, its type, the name by which it is known, its content."""

    place: str
    type: str
    name: str
    content: Mapping[str, Any]


@dataclass(kw_only=True)
class Bundle:
    """What the file holds: the person, what can be taken, and what can't, by its type."""

    patient: Resource
    resources: list[Resource] = field(default_factory=list)
    unsupported: Counter[str] = field(default_factory=Counter)
    by_reference: dict[str, Resource] = field(default_factory=dict)  # ``urn:uuid:…`` and ``Condition/1``


def read(raw: bytes) -> Bundle:
    """The bundle.

    Raises:
        Broken: it is none, or any part of it is not what FHIR R4 says; or it is about several people.
    """
    document = _json(raw)
    if document.get("resourceType") != "Bundle":
        raise Broken("resourceType", "is not Bundle")
    if document.get("type") not in TAKEN:
        known = document.get("type") in KINDS
        raise Broken("Bundle.type", "is one that is sent, not kept" if known else "is none of FHIR R4")
    entries = document.get("entry")
    if not isinstance(entries, list) or not entries:
        raise Broken("Bundle.entry", "is missing or empty")
    if len(entries) > MOST_ENTRIES:
        raise Broken("Bundle.entry", f"holds more than {MOST_ENTRIES:,} entries")
    return _gathered([_entry(number, entry) for number, entry in enumerate(entries)])


def _json(raw: bytes) -> dict[str, Any]:
    if len(raw) > MOST_BYTES:
        raise Broken("the file", f"is longer than {MOST_BYTES // 1_000_000} MB")
    try:
        document = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_constant=_no_constant
        )
    except UnicodeDecodeError:
        raise Broken("the file", "is not in UTF-8") from None
    except json.JSONDecodeError as error:
        raise Broken(f"line {error.lineno}, column {error.colno}", "is not JSON") from None
    except (ValueError, RecursionError):
        raise Broken(
            "the file", "is not strict JSON: a property twice, a number that is none, or too deep"
        ) from None
    if not isinstance(document, dict):
        raise Broken("the file", "is no object")
    return document


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a property twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError("not a JSON number")


@dataclass(frozen=True, kw_only=True)
class _Entry:
    place: str
    full_url: str
    type: str
    content: dict[str, Any]


def _entry(number: int, entry: Any) -> _Entry:
    place = f"Bundle.entry[{number}]"
    if not isinstance(entry, dict):
        raise Broken(place, "is no object")
    full_url, content = entry.get("fullUrl", ""), entry.get("resource")
    if not isinstance(full_url, str):
        raise Broken(f"{place}.fullUrl", "is no text")
    if not isinstance(content, dict):
        raise Broken(f"{place}.resource", "is missing")
    kind = content.get("resourceType")
    if not isinstance(kind, str) or not _is_a_type(kind):
        raise Broken(f"{place}.resource.resourceType", "is no resource of FHIR R4")
    found = _Entry(place=f"{place}.resource", full_url=full_url, type=kind, content=content)
    if kind in (*SUPPORTED, "Patient"):
        _check(found)
    return found


def _is_a_type(name: str) -> bool:
    """Is it the name of a resource?"""
    if not _TYPE.match(name):
        return False
    try:
        model = get_fhir_model_class(name)
    except (ValueError, KeyError, ImportError, AttributeError):
        return False
    return issubclass(model, AnyResource) and model.__name__ == name


def _check(entry: _Entry) -> None:
    """Its shape, by the package's model of that type."""
    try:
        get_fhir_model_class(entry.type).model_validate(entry.content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        location, kind = first["loc"], first["type"]
        if kind == "extra_forbidden":
            location = location[:-1]  # the property's name is the sender's, and may be anybody's
        raise Broken(_path(entry.place, location), SAYINGS.get(kind, "is not what FHIR R4 says")) from None
    except Exception:  # the models fail in ways of their own on what is nested wrongly: broken all the same
        raise Broken(entry.place, "is not what FHIR R4 says") from None


def _path(place: str, location: tuple[int | str, ...]) -> str:
    parts = [
        f"[{part}]" if isinstance(part, int) else f".{part}" if _WORD.match(part) else "" for part in location
    ]
    return place + "".join(parts)


def _gathered(entries: list[_Entry]) -> Bundle:
    people = [each for each in entries if each.type == "Patient"]
    if len(people) != 1:
        raise Broken("Bundle.entry", "holds no Patient" if not people else "holds more than one Patient")
    source = _source(people[0])
    found = Bundle(patient=_resource(people[0], source))
    own = _references(people[0])
    for each in entries:
        if each.type == "Patient":
            continue
        if each.type not in SUPPORTED:
            found.unsupported[each.type] += 1
            continue
        _check_subject(each, own)
        resource = _resource(each, source)
        for name in _references(each):
            if name in found.by_reference:
                raise Broken(each.place, "stands there twice")
            found.by_reference[name] = resource
        found.resources.append(resource)
    return found


def _source(patient: _Entry) -> str:
    """Who knows the person, by the smallest of the identifiers that the sender gives them; ``""`` for nobody."""
    pairs = [
        (each.get("system", ""), each.get("value", ""))
        for each in patient.content.get("identifier", ())
        if isinstance(each, dict)
    ]
    whole = sorted((system, value) for system, value in pairs if system and value)
    return "|".join(whole[0]) if whole else ""


def _resource(entry: _Entry, source: str) -> Resource:
    """With a name that is the same in the next export: the sender's id for it, or its address in the bundle."""
    own = entry.content.get("id") or ""
    name = f"{source}|{entry.type}/{own}" if source and own else entry.full_url
    if not name:
        raise Broken(entry.place, "has neither an id, with an identifier of the Patient, nor a fullUrl")
    return Resource(place=entry.place, type=entry.type, name=name, content=entry.content)


def _references(entry: _Entry) -> list[str]:
    """The ways in which others of the bundle can point at it."""
    own = entry.content.get("id")
    return list(
        dict.fromkeys(name for name in (entry.full_url, f"{entry.type}/{own}" if own else "") if name)
    )


def _check_subject(entry: _Entry, own: list[str]) -> None:
    """It is about the bundle's one person, or it is about somebody else."""
    name = "patient" if entry.type == "AllergyIntolerance" else "subject"
    about = entry.content.get(name)
    told = about.get("reference") if isinstance(about, dict) else None
    if not isinstance(told, str) or not any(told == each or told.endswith(f"/{each}") for each in own):
        raise Broken(f"{entry.place}.{name}", "is not the bundle's Patient")
