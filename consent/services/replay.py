"""Deciding the ledger's receipts again, each as of its own time: the law, the facts and the forms of then."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from consent import access, law
from consent.engine import facts, receipts
from consent.engine.decide import decide
from consent.keys.errors import Tampered
from consent.models import Consent, LedgerEntry
from consent.services.bench import AT_THE_BENCH
from consent.services.pseudonyms import version_of
from consent.services.receipts import answer_of, answer_of_lasting, hash_of
from consent.services.values import facts_of

SYSTEM, PURPOSE = "system:replay", "HCOMPL"
AT_A_TIME = 500  # receipts in one transaction
COMPARED = (
    "outcome", "segments", "segments_withheld", "rules", "bars", "obligations", "consents", "purposes", "ground",
)  # fmt: skip
COLUMNS = (
    "id", "at", "action", "outcome", "segments", "segments_withheld", "basis", "bars", "obligations", "consents",
    "purposes", "ground", "policy_version", "question", "request_hash",
)  # fmt: skip


class NotAsItWas(Exception):
    """What the receipt names is not there any more, or not as it was."""


class Erased(Exception):
    """A form that the receipt names can't be read any more: its client's key was destroyed."""


class _Unread(Enum):
    """A form that is there, and why it says nothing."""

    ERASED = "its key was destroyed"
    CHANGED = "it does not open with its key"


Forms = Mapping[str, Consent | _Unread]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What deciding again said of one entry; without differences it agrees, if it could be decided at all."""

    entry: UUID
    at: datetime
    differences: tuple[str, ...]
    is_erased: bool = False


def replay(since: datetime, until: datetime) -> Iterator[Verdict]:
    """Decide every receipt of ``since <= at < until`` again, in the order of time.

    Reads as ``system:replay``, a few hundred receipts to a transaction; the forms that it reads are
    ledgered as any read of a system task is.
    """
    cursor: tuple[datetime, UUID] | None = None
    while True:
        with access.opened(SYSTEM, PURPOSE):
            entries = _next(since, until, cursor)
            forms = _forms({UUID(id_) for entry in entries for id_ in receipts.forms_of(entry.question)})
            found = [_verdict(entry, forms) for entry in entries]
        yield from found
        if len(entries) < AT_A_TIME:
            return
        cursor = (entries[-1].at, entries[-1].pk)


def _next(since: datetime, until: datetime, cursor: tuple[datetime, UUID] | None) -> list[LedgerEntry]:
    """Decisions, and those grants that the engine was asked about; at the bench nothing rests on an answer."""
    receipt = Q(action="decide") & ~Q(reason=AT_THE_BENCH) | Q(action="grant") & ~Q(request_hash="")
    rows = LedgerEntry.objects.filter(receipt, at__gte=since, at__lt=until)
    if cursor is not None:
        rows = rows.filter(Q(at__gt=cursor[0]) | Q(at=cursor[0], id__gt=cursor[1]))
    return list(rows.order_by("at", "id").only(*COLUMNS)[:AT_A_TIME])


def _forms(ids: set[UUID]) -> Forms:
    """The forms that are there; one that was changed must not keep the others from being read."""
    rows = Consent.objects.filter(pk__in=ids)
    found: dict[str, Consent | _Unread] = dict.fromkeys(
        map(str, rows.values_list("pk", flat=True)), _Unread.ERASED
    )
    rows = rows.select_related("program")
    try:
        return found | {str(row.pk): row for row in rows}
    except Tampered:
        return {id_: _form(rows.filter(pk=id_)) for id_ in found}


def _form(row: QuerySet[Consent]) -> Consent | _Unread:
    try:
        return row.first() or _Unread.ERASED
    except Tampered:
        return _Unread.CHANGED


def _verdict(entry: LedgerEntry, forms: Forms) -> Verdict:
    try:
        differences = _differences(entry, forms)
    except Erased:
        return Verdict(entry=entry.pk, at=entry.at, differences=(), is_erased=True)
    except (NotAsItWas, receipts.Unreadable) as error:
        differences = [str(error)]
    except Exception as error:  # whatever it is, this receipt can't be decided again
        differences = [f"{type(error).__name__} while deciding again"]
    return Verdict(entry=entry.pk, at=entry.at, differences=tuple(differences))


def _differences(entry: LedgerEntry, forms: Forms) -> list[str]:
    question = entry.question
    found = [] if hash_of(question) == entry.request_hash else ["the question is not the one of the hash"]
    stood = {each["id"]: each for each in question.get("consents", ())}
    asked = receipts.read(question, partial(_form_as_signed, forms, stood))
    try:
        packs = law.ruleset(entry.policy_version, question.get("packs", ()))
    except KeyError as error:
        raise NotAsItWas(f"no such ruleset or pack: {error}") from error
    again = _answer(asked, packs, question.get("purposes"))
    for name in filter(again.__contains__, COMPARED):
        then = _rules(entry.basis) if name == "rules" else getattr(entry, name)
        if _plain(then) != _plain(again[name]):
            found.append(f"{name}: {_told(then)}, decided again {_told(again[name])}")
    return found


def _answer(asked: facts.Asked, packs: Sequence[Any], purposes: Sequence[str] | None) -> dict[str, Any]:
    if purposes is None:
        answer = answer_of(decide(asked, packs))
    else:
        by_purpose = {each: decide(replace(asked, purpose=each), packs) for each in sorted(purposes)}
        answer = answer_of_lasting(asked.segments, by_purpose)
    return answer | {"rules": _rules(answer["basis"])}


def _rules(basis: Sequence[Mapping[str, str]]) -> list[str]:
    return sorted({each["rule"] for each in basis})


def _form_as_signed(
    forms: Forms, stood: Mapping[str, Mapping[str, Any]], id_: str, version: str
) -> facts.Consent:
    """The form of the receipt, if it is there and is what was signed."""
    row = forms.get(id_)
    if row is None:
        raise NotAsItWas(f"form `{id_}` is not there")
    if row is _Unread.ERASED:
        raise Erased
    try:
        is_the_same = isinstance(row, Consent) and version_of(row, version.partition(":")[0]) == version
    except KeyError:
        is_the_same = False
    if not isinstance(row, Consent) or not is_the_same:
        raise NotAsItWas(f"form `{id_}` is not as it was signed")
    revoked_at = stood[id_].get("revoked_at")
    if revoked_at and (row.revoked_at is None or receipts.instant(row.revoked_at) != revoked_at):
        raise NotAsItWas(f"form `{id_}` had been taken back at {revoked_at}, and now says otherwise")
    return facts_of(row)


def _plain(value: Any) -> Any:
    """As JSON has it: what a receipt holds went through JSON, what was decided now did not."""
    return json.loads(json.dumps(value, sort_keys=True))


def _told(value: Any) -> str:
    return value if isinstance(value, str) and value else json.dumps(_plain(value), sort_keys=True)
