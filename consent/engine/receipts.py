"""The question as a receipt keeps it: enough to decide again, and nothing of content.

Codes, ids, instants and the facts of the vocabulary. A form is its id, its version (a digest of
the form as it was signed) and what had been written on it of a revocation; the form itself stays
in the record. A text that somebody typed, a reason or a citation, is kept as that it was given.

What is empty is left out, and read back as empty, whatever a field's default will be by then.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, Final

from consent.engine.facts import Actor, Asked, BreakGlass, Consent, Delegation, Recipient, Source
from consent.engine.vocabulary import TEXTS, fault_of_fact

GIVEN: Final = "given"  # a text that the law only wants to be there
UNREADABLE: Final = "a fact that no list holds"
Written = dict[str, Any]
Find = Callable[[str, str], Consent]  # by id and version


class Unreadable(ValueError):
    """No question was ever written like this."""


def written(asked: Asked) -> Written:
    """The question as plain values of JSON.

    A fact that the vocabulary doesn't know is not written down, only that there was one: the
    engine refuses the question for it, then and when it is asked again.
    """
    facts = {key: _fact(key, value) for key, value in asked.facts.items() if not fault_of_fact(key, value)}
    unreadable = [UNREADABLE] if asked.unreadable or len(facts) < len(asked.facts) else []
    return _without_the_empty(
        {
            "actor": _plain_fields(asked.actor),
            "source": _plain_fields(asked.source),
            "recipient": _plain_fields(asked.recipient),
            "purpose": asked.purpose,
            "segments": sorted(map(str, asked.segments)),
            "at": instant(asked.at),
            "process": asked.process,
            "facts": facts,
            "recorded_no": sorted(asked.recorded_no),
            "elements": sorted(asked.elements or ()),
            "consents": [_form(each) for each in sorted(asked.consents, key=lambda each: each.id)],
            "subject": asked.subject,
            "break_glass": _opening(asked.break_glass),
            "delegations": [_plain_fields(each) for each in asked.delegations],
            "closed_world": asked.closed_world,
            "unreadable": unreadable,
        }
    )


def instant(at: datetime) -> str:
    """The instant in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value


def _plain_fields(value: Any) -> Written:
    return _without_the_empty({each.name: _plain(getattr(value, each.name)) for each in fields(value)})


def _without_the_empty(value: Written) -> Written:
    """``False`` is empty too, but within facts, where a recorded "no" is said by it."""
    return {
        key: each for key, each in value.items() if each not in ("", None, False) and each not in ([], {})
    }


def _fact(key: str, value: Any) -> Any:
    return (GIVEN if value.strip() else "") if key in TEXTS and value else _plain(value)


def _form(consent: Consent) -> Written:
    return _without_the_empty(
        {
            "id": consent.id,
            "version": consent.version,
            "revoked_at": _plain(consent.revoked_at),
            "revoked_how": consent.revoked_how,
        }
    )


def _opening(opened: BreakGlass | None) -> Written | None:
    if opened is None:
        return None
    texts = {name: GIVEN if getattr(opened, name).strip() else "" for name in ("reason", "emergency")}
    return _without_the_empty(_plain_fields(opened) | texts)


def read(question: Mapping[str, Any], find: Find) -> Asked:
    """The question as the engine takes it.

    Args:
        find: Gives the form of an id and a version, as it was signed; it says by an error of its
            own that there is none. What the receipt says of the revocation is put on it here.

    Raises:
        Unreadable: The receipt was not written by `written`.
    """
    try:
        return Asked(
            actor=Actor(**_texts(Actor, question.get("actor", {}))),
            source=_source(question.get("source", {})),
            recipient=Recipient(**_texts(Recipient, question["recipient"])),
            purpose=question.get("purpose", ""),
            segments=frozenset(question.get("segments", ())),
            at=datetime.fromisoformat(question["at"]),
            process=question.get("process", ""),
            facts={key: _tuple(value) for key, value in question.get("facts", {}).items()},
            recorded_no=frozenset(question.get("recorded_no", ())),
            elements=frozenset(question.get("elements", ())) or None,
            consents=tuple(_as_it_stood(find, each) for each in question.get("consents", ())),
            subject=question.get("subject", ""),
            break_glass=_opened(question.get("break_glass")),
            delegations=tuple(map(_delegation, question.get("delegations", ()))),
            closed_world=question.get("closed_world", False),
            unreadable=tuple(question.get("unreadable", ())),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"the question can't be read: {type(error).__name__}") from error


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _texts(of: Any, value: Mapping[str, str]) -> dict[str, str]:
    return {each.name: value.get(each.name, "") for each in fields(of)}


def _source(value: Mapping[str, Any]) -> Source:
    flags = {name: value.get(name, False) for name in ("hmis_cho", "is_police")}
    known = {**_texts(Source, value), **flags, "valid_until": _instant(value.get("valid_until"))}
    return Source(**known)


def _opened(value: Mapping[str, Any] | None) -> BreakGlass | None:
    if not value:
        return None
    times: dict[str, Any] = {
        "opened_at": datetime.fromisoformat(value["opened_at"]),
        "closed_at": _instant(value.get("closed_at")),
    }
    return BreakGlass(**{**_texts(BreakGlass, value), **times})


def _delegation(value: Mapping[str, Any]) -> Delegation:
    return Delegation(
        segments=frozenset(value.get("segments", ())),
        purposes=frozenset(value.get("purposes", ())),
        ends_at=datetime.fromisoformat(value["ends_at"]),
        owner_is_active=value.get("owner_is_active", False),
    )


def _as_it_stood(find: Find, value: Mapping[str, Any]) -> Consent:
    """The form with the revocation that stood on it then; a later one does not count."""
    found = find(value["id"], value.get("version", ""))
    return replace(found, revoked_at=_instant(value.get("revoked_at")), revoked_how=value.get("revoked_how"))


def forms_of(question: Mapping[str, Any]) -> Iterable[str]:
    """The ids of the forms that lay on the table."""
    return [each["id"] for each in question.get("consents", ())]
