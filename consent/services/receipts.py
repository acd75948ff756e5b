"""What the ledger keeps of a decision: the answer in typed columns, the question to decide it again."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from consent.engine import receipts
from consent.engine.explain import canonical
from consent.engine.facts import Asked, BasisLine, Decision, Outcome
from consent.services.pseudonyms import pseudonym

Columns = dict[str, Any]
ACCOUNTED = "OBL-ACCT-"  # 45 CFR 164.528; 42 CFR 2.25, 2.24: the obligations that make an entry accountable
# Of several rules that permit, the leading one is that of the regime that protects most.
_REGIMES = ("P2", "VS", "PA-SUD", "PA-HIV", "PA-MH", "HMIS", "CJ", "HIPAA")


def question_of(asked: Asked, subject_id: UUID, **more: Any) -> Columns:
    """The columns ``question`` and ``request_hash``; whom it is about stands there as a pseudonym.

    Args:
        more: The names of the law's ``packs``; for a grant its ``purposes``, each of them a question.
    """
    if asked.subject:
        named = pseudonym(subject_id)
        opened = asked.break_glass
        asked = replace(
            asked,
            subject=named if asked.subject == str(subject_id) else pseudonym(asked.subject),
            break_glass=replace(opened, subject=pseudonym(opened.subject)) if opened else None,
        )
    question = receipts.written(asked) | more
    return {"question": question, "request_hash": hash_of(question)}


def hash_of(question: Mapping[str, Any]) -> str:
    """``sha256:`` and the hash of the question's canonical JSON, as the receipt keeps it."""
    return "sha256:" + hashlib.sha256(canonical(question)).hexdigest()


def answer_of(decision: Decision) -> Columns:
    """The columns of one decision."""
    return {
        "outcome": str(decision.outcome),
        "segments": sorted(decision.permitted),
        "segments_withheld": sorted({item.segment for item in decision.redacted}),
        "basis": _cited(decision.basis),
        "bars": sorted(decision.bars_standing),
        "obligations": [each.as_json() for each in decision.obligations],
        "consents": sorted(map(str, decision.consents_used)),
        "ground": ground_of(decision),
    } | _law_of(decision)


def answer_of_lasting(segments: Iterable[str], by_purpose: Mapping[str, Decision]) -> Columns:
    """The columns of a grant: the purposes for which everything opens, and what that rests on.

    Args:
        by_purpose: The decision on each purpose that was asked, at least one.
    """
    wanted = sorted(segments)
    held = {purpose: each for purpose, each in by_purpose.items() if sorted(each.permitted) == wanted}
    opens, every = list(held.values()), list(by_purpose.values())
    return {
        "outcome": str(Outcome.PERMIT if held else Outcome.DENY),
        "purposes": sorted(held),
        "segments": wanted if held else [],
        "segments_withheld": [] if held else wanted,
        "basis": _cited([line for each in opens for line in each.basis]),
        "bars": [] if held else sorted({bar for each in every for bar in each.bars_standing}),
        "obligations": _united(opens),
        "consents": sorted({str(id_) for each in opens for id_ in each.consents_used}),
        "ground": ground_of((opens or every)[0]),
    } | _law_of(every[0])


def ground_of(decision: Decision) -> str:
    """The rule that leads: of those that permit, or the first reason of what is withheld."""
    if decision.basis:
        return min(decision.basis, key=_rank).rule
    return decision.redacted[0].reason if decision.redacted else "".join(decision.reasons[:1])


def is_accounted_for(obligations: Iterable[Mapping[str, Any]]) -> bool:
    """Does one of them put a disclosure into the client's accounting?"""
    return any(str(each["code"]).startswith(ACCOUNTED) for each in obligations)


def _rank(line: BasisLine) -> tuple[int, str, str]:
    place = _REGIMES.index(line.regime) if line.regime in _REGIMES else len(_REGIMES)
    return (place, line.regime, line.rule)


def _cited(lines: Iterable[BasisLine]) -> list[dict[str, str]]:
    """Each rule once, with its citation; which segment and regime it spoke of comes out of deciding again."""
    return [{"rule": rule, "cite": cite} for rule, cite in sorted({(line.rule, line.cite) for line in lines})]


def _united(decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    found = {canonical(each.as_json()): each.as_json() for one in decisions for each in one.obligations}
    return [found[key] for key in sorted(found)]


def _law_of(decision: Decision) -> Columns:
    return {"policy_version": decision.ruleset_version, "law_as_of": decision.law_as_of}
