"""Is the question one that can be answered? Unknown words, wrong types and naive instants can't."""

from collections.abc import Iterator
from datetime import datetime

from consent.engine.facts import Asked, Consent, Source
from consent.engine.vocabulary import (
    CHOICES,
    ELEMENTS,
    FORMS,
    MODIFIERS,
    PROCESSES,
    PURPOSES,
    RECIPIENTS,
    REVOKED_HOW,
    ROLES,
    SEGMENTS,
    STATUSES,
    fault_of_fact,
)

_LABELS = SEGMENTS | MODIFIERS


def faults_of(asked: Asked) -> list[str]:
    """What is wrong with the question; nothing if it can be answered."""
    return [
        *asked.unreadable,
        *_faults_of_words(asked),
        *_faults_of_facts(asked),
        *_faults_of_source(asked.source, asked),
    ]


def _is_aware(instant: object) -> bool:
    return isinstance(instant, datetime) and instant.utcoffset() is not None


def _faults_of_words(asked: Asked) -> Iterator[str]:
    if not _is_aware(asked.at):
        yield "the instant has no time zone"
    if asked.actor.role not in ROLES:
        yield f"no such role: `{asked.actor.role}`"
    if asked.recipient.type not in RECIPIENTS:
        yield f"no such recipient: `{asked.recipient.type}`"
    if asked.purpose not in PURPOSES:
        yield f"no such purpose: `{asked.purpose}`"
    if asked.process not in PROCESSES:
        yield f"no such process: `{asked.process}`"
    if not asked.segments <= _LABELS:
        yield f"no such segment: {', '.join(sorted(map(str, asked.segments - _LABELS)))}"
    if not asked.segments - MODIFIERS:
        yield "no segment is asked for"


def _faults_of_facts(asked: Asked) -> Iterator[str]:
    for key, value in asked.facts.items():
        fault = fault_of_fact(key, value)
        if fault:
            yield fault
    if not frozenset(asked.elements or ()) <= ELEMENTS:
        yield "an element asked for is unknown"
    by_id: dict[str, Consent] = {}
    for consent in asked.consents:
        if by_id.setdefault(consent.id, consent) != consent:
            yield f"two forms have one id: `{consent.id}`"
        yield from _faults_of_consent(consent)


def _faults_of_consent(consent: Consent) -> Iterator[str]:
    if consent.form not in FORMS:
        yield f"no such form: `{consent.form}`"
    if not set(consent.combined_with) <= FORMS:
        yield f"a form shares its sheet with an unknown one: `{consent.id}`"
    if not consent.segments <= _LABELS or not consent.purposes <= PURPOSES:
        yield f"a form names an unknown segment or purpose: `{consent.id}`"
    if not set(consent.recipients) <= RECIPIENTS or not {kind for kind, _id in consent.lines} <= RECIPIENTS:
        yield f"a form names an unknown recipient: `{consent.id}`"
    if consent.revoked_how is not None and consent.revoked_how not in REVOKED_HOW:
        yield f"a form is revoked in an unknown way: `{consent.id}`"


def _faults_of_source(source: Source, asked: Asked) -> Iterator[str]:
    if not source.program:
        yield "no program is named"
    for key, known in STATUSES.items():
        if getattr(source, key) not in known:
            yield f"no such status: `{key}`"
    if source.received_under not in CHOICES["received_under"]:
        yield "no such way of receiving a record"
    if source.valid_until is not None:
        if not _is_aware(source.valid_until):
            yield "a determination ends at an instant without a time zone"
        elif _is_aware(asked.at) and source.valid_until <= asked.at:
            yield "a determination has expired"
