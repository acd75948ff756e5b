"""A decision in words: for the privacy desk, for the recipient, for the person. Made when read."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from consent.engine.elements import STRIPPED_BY
from consent.engine.facts import Asked, Consent, Decision, ElementLimit, Finding, Outcome
from consent.engine.rules import Library

# One text for no record, withheld and not allowed: 42 CFR 2.13(c)(2), eng.neutral-response.
NEUTRAL: Final = (
    "This system can't provide information in response to this request. "
    "Questions may be put to the privacy office."
)
_OPEN_RECORDS: Final = (
    "The request is denied. Medical, psychiatric, substance use and social-services records, and other individually "
    "identifiable health information, are exempt from access under 65 P.S. 67.708(b)(5), (6) and (16)-(18). This "
    "answer neither confirms nor denies that any record exists. You may appeal to the Office of Open Records."
)
_DENIAL_TO_PERSON: Final = (
    "We can't give you this at present. A letter will say why and how you can ask for a review or complain."
)


def stripped_reasons(stripped: Iterable[str]) -> list[str]:
    """The rules under which content from the police side is stripped."""
    return sorted({STRIPPED_BY[each] for each in stripped if each in STRIPPED_BY})


def _rule(books: Library | None, rule_id: str) -> str:
    cite = books.cite(rule_id) if books else ""
    return f"{rule_id} ({cite})" if cite else rule_id


def _rules(books: Library | None, ids: Iterable[str]) -> str:
    return ", ".join(_rule(books, id_) for id_ in ids)


def internal(asked: Asked, decision: Decision, books: Library | None) -> str:
    """The whole chain: each segment under each regime, facts, forms, and what the answer carries."""
    lines = [_headline(asked, decision)]
    if decision.failure:
        return "\n".join([*lines, f"Nothing was weighed: {decision.failure}."])
    for finding in decision.findings:
        lines.append(_line_of(finding, books))
    for void in decision.consents_void:
        lines.append(f"Form {void.consent} counts as absent: {', '.join(void.defects)}.")
    if decision.consents_used:
        lines.append(f"Rests on form {', '.join(decision.consents_used)}.")
    if decision.elements is not None:
        lines.append(_line_of_elements(decision.elements))
    shown = sorted(key for key in asked.facts if asked.value(key) not in (None, False))
    denied = sorted({key for key in asked.facts if asked.facts[key] is False} | asked.recorded_no)
    lines.append(f"Facts shown: {', '.join(shown) or 'none'}. Recorded no: {', '.join(denied) or 'none'}.")
    if decision.obligations:
        lines.append("Carries " + ", ".join(each.code for each in decision.obligations) + ".")
    if decision.expires_at is not None:
        lines.append(f"Holds until {decision.expires_at.isoformat()}.")
    if decision.route:
        lines.append(
            {"none": "", "privacy_officer": "Goes to the privacy officer.", "counsel": "Goes to counsel."}[
                decision.route
            ]
        )
    return "\n".join(line for line in lines if line)


def _headline(asked: Asked, decision: Decision) -> str:
    what = ", ".join([*decision.permitted, *(each.segment for each in decision.redacted)])
    return (
        f"{decision.outcome.upper()}: {what} of {asked.source.program} to {asked.recipient.type} "
        f"for {asked.purpose}, at {asked.at.isoformat() if isinstance(asked.at, datetime) else asked.at}."
    )


def _line_of(finding: Finding, books: Library | None) -> str:
    where = f"{finding.segment} under {finding.regime}"
    if finding.is_permitted:
        also = [
            f"; {word}: {', '.join(ids)}"
            for word, ids in (
                ("lifted", finding.lifted),
                ("matched, but reached by what was lifted", finding.overruled),
                ("unsettled beside it", finding.routed),
            )
            if ids
        ]
        return f"{where}: permitted by {_rules(books, finding.permits)}{''.join(also)}."
    parts = []
    if finding.standing:
        parts.append(f"barred by {_rules(books, finding.standing)}")
    if finding.overruled:
        parts.append(f"overruled: {', '.join(finding.overruled)}")
    other = [reason for reason in finding.reasons if reason not in finding.standing]
    if other:
        parts.append(_rules(books, other))
    if finding.wanting:
        parts.append(f"facts not shown for {', '.join(finding.wanting)}")
    if finding.routed:
        parts.append(f"unsettled: {', '.join(finding.routed)}")
    return f"{where}: withheld; {'; '.join(parts)}."


def _line_of_elements(elements: ElementLimit) -> str:
    withheld = f" Withheld: {', '.join(elements.withheld)}." if elements.withheld else ""
    return f"Only {', '.join(elements.allowed) or 'nothing'}.{withheld}"


def outward(asked: Asked, decision: Decision) -> str:
    """What the recipient reads. A denial says nothing that differs between hidden and absent."""
    if decision.outcome is Outcome.DENY:
        if asked.recipient.type == "rtkl_requester":
            return _OPEN_RECORDS
        if asked.recipient.type in ("individual", "personal_rep"):
            return _DENIAL_TO_PERSON
        return NEUTRAL
    lines = ["What is enclosed may be used for the stated purpose only."]
    codes = {each.code for each in decision.obligations}
    if codes & {"OBL-P2-NOTICE", "OBL-P2-USEBAR"}:
        lines.append(
            "It may not be used or disclosed in any investigation or proceeding against the person it is about."
        )
    if "OBL-P2-NOTICE" in codes:
        lines.append("The statement of 42 CFR 2.32 and the scope of the consent are enclosed and bind you.")
    if "OBL-NOPERSIST" in codes:
        lines.append("It is for viewing only and may not be copied into another record.")
    if decision.expires_at is not None:
        lines.append(f"It may be read until {decision.expires_at.isoformat()}.")
    return " ".join(lines)


def to_the_subject(_asked: Asked, decision: Decision) -> Mapping[str, str]:
    """Short, plain sentences for the person; the Spanish is a draft until a translator has reviewed it."""
    if decision.outcome is Outcome.DENY:
        return {
            "en": "Someone asked for information about you. We did not share it. Nobody was told whether we know you.",
            "es": "[Borrador, pendiente de revisión por un traductor] Alguien pidió información sobre usted. No la "
            "compartimos. No dijimos a nadie si le conocemos.",
        }
    part = decision.outcome is Outcome.REDACT
    because = bool(decision.consents_used)
    english = [
        "We shared some of the information that was asked for."
        if part
        else "We shared information about you."
    ]
    spanish = [
        "Compartimos una parte de la información solicitada."
        if part
        else "Compartimos información sobre usted."
    ]
    english.append("You signed a form that allows it." if because else "The law allows it without a form.")
    spanish.append(
        "Usted firmó un formulario que lo permite." if because else "La ley lo permite sin formulario."
    )
    if because:
        english.append("You can take the form back at any time.")
        spanish.append("Puede retirar el formulario en cualquier momento.")
    english.append("You can ask us who has seen your information.")
    spanish.append("Puede preguntarnos quién ha visto su información.")
    return {
        "en": " ".join(english),
        "es": "[Borrador, pendiente de revisión por un traductor] " + " ".join(spanish),
    }


# --- the question as bytes ----------------------------------------------------------------------


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(each) for each in value)
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _consent_as_json(consent: Consent) -> dict[str, Any]:
    """Every field but a version that nobody gave."""
    return {key: _plain(value) for key, value in vars(consent).items() if key != "version" or value}


def question_as_json(asked: Asked) -> dict[str, Any]:
    """The question as plain values."""
    found: dict[str, Any] = {
        "actor": _plain(vars(asked.actor)),
        "source": _plain(vars(asked.source)),
        "recipient": _plain(vars(asked.recipient)),
        "purpose": asked.purpose,
        "segments": sorted(map(str, asked.segments)),
        "at": _plain(asked.at),
        "process": asked.process,
        "facts": _plain(asked.facts),
        "recorded_no": sorted(asked.recorded_no),
        "elements": sorted(asked.elements or ()),
        "consents": sorted(
            (_consent_as_json(each) for each in asked.consents), key=lambda each: str(each["id"])
        ),
        "subject": asked.subject,
        "closed_world": asked.closed_world,
    }
    if asked.break_glass is not None:
        found["break_glass"] = _plain(vars(asked.break_glass))
    return found


def canonical(value: Any) -> bytes:
    """Canonical JSON: sorted keys, UTF-8, no white space."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def hash_of(asked: Asked) -> str:
    """``sha256:`` and the hash of the question's canonical JSON."""
    return "sha256:" + hashlib.sha256(canonical(question_as_json(asked))).hexdigest()
