"""Scenarios in YAML, read into questions: the input of ``manage.py decide``.

A file that can't be read says what, where and in which line. A word that no list holds, a
date that is none: the scenario is asked all the same, and the engine refuses it.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any

import yaml

from consent.engine import forms
from consent.engine.facts import Actor, Asked, Consent, Recipient, Source

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
STATUSES = ("p2_status", "hipaa_legal", "mhpa_facility", "vs_regime", "hmis_cho")
# The determinations to begin with (`law/rules.md` 1.0), where a file gives none.
PROGRAMS: Mapping[str, Mapping[str, Any]] = {
    name: dict(zip(STATUSES, (*statuses.split(), is_cho), strict=True))
    for name, statuses, is_cho in (
        ("POST", "program undetermined no none", False),
        ("LEAD", "program undetermined no none", False),
        ("ROOTS", "undetermined undetermined no none", True),
        ("PINS", "lawful_holder undetermined no none", False),
        ("CO-RESPONSE", "lawful_holder undetermined undetermined none", False),
        ("TSAP", "lawful_holder undetermined no voca", False),
        ("EMS", "none covered no none", False),
        ("PBP", "none not_covered no none", False),
    )
}
_QUESTION = (
    "id program actor_role employer_class recipient_type recipient_id purpose segments process facts consents date "
    "config"
).split()
_EXPECTED = (
    "expect permitted_segments redacted_segments rules_any obligations route elements_allowed elements_withheld"
).split()
_REMARKS = (
    "note notes title text comment why row source tags basis_claimed description name cites question".split()
)
_CONSENT = (
    "form signed expires revoked_on revoked_how elements_missing recipients segments purposes combined_with signer "
    "revocable_on conditioned_on_services note id"
).split()


class Malformed(Exception):
    """The file can't be read: what is wrong, and where."""


class Marked(dict[str, Any]):
    """A mapping that knows in which lines it and its keys stand."""

    line: int = 0
    lines: dict[str, int]


class _Loader(yaml.SafeLoader):
    """Dates stay as they are written, and no key stands twice."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Marked:
    found = Marked()
    found.line, found.lines = node.start_mark.line + 1, {}
    for key_node, _value in node.value:
        if key_node.tag == "tag:yaml.org,2002:merge" or not isinstance(key_node.value, str):
            continue
        if key_node.value in found.lines:
            raise Malformed(f"line {key_node.start_mark.line + 1}: the key `{key_node.value}` stands twice")
        found.lines[key_node.value] = key_node.start_mark.line + 1
    loader.flatten_mapping(node)  # what is merged in comes first, so that what is written prevails
    for key_node, value_node in node.value:
        key = _as_word(loader.construct_object(key_node, deep=True))
        found[key] = loader.construct_object(value_node, deep=True)
        found.lines[key] = key_node.start_mark.line + 1
    return found


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def _as_word(value: Any) -> str:
    """A scalar as the word that was written: YAML reads a bare ``no`` as false."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a scenario says the answer should be."""

    outcome: str | None = None
    permitted: frozenset[str] | None = None
    redacted: frozenset[str] | None = None
    rules_any: frozenset[str] = frozenset()
    obligations: frozenset[str] = frozenset()
    route: str | None = None
    elements_allowed: frozenset[str] | None = None
    elements_withheld: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A question with its id, as it was written, and what it expects."""

    id: str
    asked: Asked
    written: Mapping[str, Any]
    expected: Expected


@dataclass(frozen=True, kw_only=True)
class Book:
    """A file of scenarios."""

    scenarios: tuple[Scenario, ...]
    packs: tuple[str, ...] | None = None
    remarks: tuple[str, ...] = field(default=())


def read(path: Path) -> Book:
    """The scenarios of a file.

    Raises:
        Malformed: It isn't there, is no YAML, or isn't built as a file of scenarios is.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Malformed(f"`{path}`: {error}") from error
    try:
        return parse(text)
    except Malformed as error:
        raise Malformed(f"`{path}`: {error}") from error


def parse(text: str) -> Book:
    """The scenarios in a text that is built as a file of them is.

    Raises:
        Malformed: It is no YAML, or isn't built so.
    """
    try:
        return _book(yaml.load(text, Loader=_Loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise Malformed(f"{where}{getattr(error, 'problem', None) or error}") from error
    except RecursionError as error:
        raise Malformed("nested too deeply") from error


def _book(top: Any) -> Book:
    if not isinstance(top, Marked):
        raise Malformed("line 1: a file of scenarios is a mapping with `version` and `scenarios`")
    if top.get("version") != 1:
        raise Malformed(f"line {top.lines.get('version', 1)}: `version` must be 1")
    if not isinstance(top.get("scenarios"), list):
        raise Malformed(f"line {top.lines.get('scenarios', 1)}: `scenarios` must be a list")
    remarks: list[str] = []
    _look_at_keys(top, ("version", "law_as_of", "defaults", "scenarios", *_REMARKS), remarks)
    defaults = _part(top, "defaults", Marked) or Marked()
    programs = dict(PROGRAMS) | {
        name: statuses
        for name, statuses in (_part(defaults, "programs", Marked) or Marked()).items()
        if _is_mapping(defaults, "programs", name, statuses)
    }
    packs = _part(defaults, "packs", list)
    found: dict[str, Scenario] = {}
    for place, written in enumerate(top["scenarios"], start=1):
        if not isinstance(written, Marked):
            raise Malformed(f"scenario {place} is no mapping")
        scenario = _scenario(written, programs, remarks)
        if scenario.id in found:
            raise Malformed(f"line {written.line}: the id `{scenario.id}` stands twice")
        found[scenario.id] = scenario
    return Book(
        scenarios=tuple(found.values()),
        packs=None if packs is None else tuple(map(_as_word, packs)),
        remarks=tuple(remarks),
    )


def _is_mapping(holder: Marked, key: str, name: str, value: Any) -> bool:
    if not isinstance(value, Marked):
        raise Malformed(f"line {holder.lines[key]}: `{name}` must be a mapping")
    return True


def _part(written: Marked, key: str, kind: type) -> Any:
    """A part of the kind it must have, or ``None`` if it isn't there."""
    value = written.get(key)
    if value is not None and not isinstance(value, kind):
        what = {"list": "a list", "Marked": "a mapping"}[kind.__name__]
        raise Malformed(f"line {written.lines[key]}: `{key}` must be {what}")
    return value


def _look_at_keys(written: Marked, known: Iterable[str], remarks: list[str]) -> None:
    """A key that is nearly a known one is a slip of the pen, and the file is not read; others are passed over."""
    for key in written:
        if key in known:
            continue
        near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.8)
        if near:
            raise Malformed(f"line {written.lines[key]}: no such key: `{key}`; is `{near[0]}` meant?")
        remarks.append(
            f"line {written.lines[key]}: the key `{key}` says nothing to the engine and was passed over"
        )


def _scenario(written: Marked, programs: Mapping[str, Any], remarks: list[str]) -> Scenario:
    _look_at_keys(written, (*_QUESTION, *_EXPECTED, *_REMARKS), remarks)
    id_ = _as_word(written.get("id"))
    if not id_:
        raise Malformed(f"line {written.line}: a scenario needs an `id`")
    return Scenario(
        id=id_,
        asked=_asked(written, programs, remarks),
        written={key: value for key, value in written.items() if key in _QUESTION and key != "id"},
        expected=_expected(written),
    )


def _words(written: Marked, key: str) -> tuple[str, ...]:
    return tuple(map(_as_word, _part(written, key, list) or ()))


def _expected(written: Marked) -> Expected:
    def listed(key: str) -> frozenset[str] | None:
        return frozenset(_words(written, key)) if written.get(key) is not None else None

    return Expected(
        outcome=_as_word(written.get("expect")) or None,
        permitted=listed("permitted_segments"),
        redacted=listed("redacted_segments"),
        rules_any=listed("rules_any") or frozenset(),
        obligations=listed("obligations") or frozenset(),
        route=_as_word(written.get("route")) or None,
        elements_allowed=listed("elements_allowed"),
        elements_withheld=listed("elements_withheld"),
    )


def _asked(written: Marked, programs: Mapping[str, Any], remarks: list[str]) -> Asked:
    unreadable: list[str] = []
    program = _as_word(written.get("program"))
    facts = dict(_part(written, "facts", Marked) or {})
    consents = []
    for place, entry in enumerate(_part(written, "consents", list) or ()):
        if not isinstance(entry, Marked):
            raise Malformed(f"line {written.lines['consents']}: consent {place} is no mapping")
        _look_at_keys(entry, _CONSENT, remarks)
        consent = _consent(entry, place, program, unreadable)
        consents += [consent] if consent else []
    at = _instant(written.get("date"), "date", unreadable, noon=True)
    return Asked(
        actor=Actor(
            id="",
            role=_as_word(written.get("actor_role")),
            employer_class=_as_word(written.get("employer_class")),
        ),
        source=_source(written, program, programs, unreadable),
        recipient=Recipient(
            type=_as_word(written.get("recipient_type")), id=_as_word(written.get("recipient_id"))
        ),
        purpose=_as_word(written.get("purpose")),
        segments=frozenset(_words(written, "segments")),
        at=at or datetime(1, 1, 1, tzinfo=forms.LOCAL_TIME),
        process=_as_word(written.get("process")) or "none",
        facts=facts,
        consents=tuple(consents),
        closed_world=True,
        unreadable=tuple(unreadable),
    )


def _source(written: Marked, program: str, programs: Mapping[str, Any], unreadable: list[str]) -> Source:
    if program not in programs:
        unreadable.append(f"no such program: `{program}`")
    statuses = dict(programs.get(program, {})) | dict(_part(written, "config", Marked) or {})
    unknown = sorted(set(statuses) - set(STATUSES))
    if unknown:
        unreadable.append(f"no such determination: {', '.join(unknown)}")
    is_cho = statuses.get("hmis_cho", False)
    if not isinstance(is_cho, bool):
        unreadable.append("no such status: `hmis_cho`")
    named = {key: _as_word(statuses[key]) for key in STATUSES[:-1] if statuses.get(key) is not None}
    return Source(program=program, hmis_cho=is_cho is True, **named)


def _instant(value: Any, key: str, unreadable: list[str], *, noon: bool = False) -> datetime | None:
    """A date is 00:00 New York (or noon); an instant without a zone is New York's."""
    text = _as_word(value)
    try:
        if _DAY.fullmatch(text):
            day = datetime.fromisoformat(text).date()
            return datetime.combine(day, time(12 if noon else 0), forms.LOCAL_TIME)
        instant = datetime.fromisoformat(text)
    except ValueError:
        unreadable.append(f"`{key}` is no date")
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=forms.LOCAL_TIME)


def _date_or_event(value: Any, key: str, unreadable: list[str]) -> tuple[datetime | None, str | None]:
    text = _as_word(value)
    if text in ("", "none", "null"):
        return None, None
    if text[:1].isdigit():
        return _instant(value, key, unreadable), None
    return None, text


def _consent(entry: Marked, place: int, program: str, unreadable: list[str]) -> Consent | None:
    signed = _instant(entry.get("signed"), "signed", unreadable)
    ends_at, end_event = _date_or_event(entry.get("expires"), "expires", unreadable)
    revoked, revoked_event = _date_or_event(entry.get("revoked_on"), "revoked_on", unreadable)
    revocable_at, revocable_event = _date_or_event(entry.get("revocable_on"), "revocable_on", unreadable)
    if revoked_event:
        unreadable.append("`revoked_on` is no date")
    missing = _words(entry, "elements_missing")
    unknown = sorted(set(missing) - forms.EVERY_KEY)
    if unknown:
        unreadable.append(f"no such key of a form: {', '.join(unknown)}")
    if not isinstance(entry.get("conditioned_on_services", False), (bool, type(None))):
        unreadable.append("`conditioned_on_services` is neither true nor false")
    if signed is None:
        return None
    return Consent(
        id=str(place),
        form=_as_word(entry.get("form")),
        signed_at=signed,
        ends_at=ends_at,
        end_event=end_event,
        revoked_at=revoked,
        revoked_how=_as_word(entry.get("revoked_how")) or None,
        recipients=_words(entry, "recipients"),
        segments=frozenset(_words(entry, "segments")),
        purposes=frozenset(_words(entry, "purposes")),
        elements_missing=missing,
        combined_with=_words(entry, "combined_with"),
        signer=_as_word(entry.get("signer")) or "patient",
        revocable_on=revocable_at or revocable_event,
        conditioned_on_services=entry.get("conditioned_on_services") is True,
        sources=(program,),
    )
