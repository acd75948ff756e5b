"""Answers of ``manage.py decide``: as JSON, one a line, or as a table for people; and whether they are as expected."""

import hashlib
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from consent.engine import forms
from consent.engine.explain import canonical
from consent.engine.facts import Decision
from consent.scenarios import Scenario

_WIDTH = 100
_MARKS = {"permit": "PERMIT", "redact": "REDACT", "deny": "DENY"}


def request_hash(written: Mapping[str, Any]) -> str:
    """SHA-256 of the question as it was written: canonical JSON, without its id and what it expects."""
    return "sha256:" + hashlib.sha256(canonical(written)).hexdigest()


def _number(consent: Any) -> Any:
    return int(consent) if isinstance(consent, str) and consent.isdigit() else consent


def _obligations(decision: Decision) -> list[dict[str, Any]]:
    found = []
    for each in decision.obligations:
        told = each.as_json()
        if "consent" in told.get("with", {}):
            told["with"] = told["with"] | {"consent": _number(told["with"]["consent"])}
        found.append(told)
    return found


def as_json(scenario: Scenario, decision: Decision) -> dict[str, Any]:
    """The answer as `manage.py decide` prints it."""
    elements = decision.elements
    expires = decision.expires_at
    return {
        "id": scenario.id,
        "outcome": str(decision.outcome),
        "permitted": list(decision.permitted),
        "redacted": [
            {"segment": each.segment, "reason": each.reason, "regime": each.regime or None}
            for each in decision.redacted
        ],
        "elements": elements and {"allowed": list(elements.allowed), "withheld": list(elements.withheld)},
        "basis": [
            {"rule": each.rule, "cite": each.cite, "regime": each.regime, "segment": each.segment}
            for each in decision.basis
        ],
        "bars_standing": list(decision.bars_standing),
        "obligations": _obligations(decision),
        "consents_used": sorted(_number(each) for each in decision.consents_used),
        "consents_void": [
            {"consent": _number(each.consent), "defects": list(each.defects)}
            for each in decision.consents_void
        ],
        "expires_at": expires and expires.astimezone(forms.LOCAL_TIME).isoformat(),
        "route": str(decision.route),
        "explanation_internal": decision.explanation_internal,
        "explanation_outward": decision.explanation_outward,
        "would_change_it": list(decision.would_change_it),
        "law_as_of": decision.law_as_of,
        "ruleset_version": decision.ruleset_version,
        "request_hash": request_hash(scenario.written),
    }


def differences(scenario: Scenario, decision: Decision) -> list[str]:
    """Where the answer isn't what the scenario expects."""
    expected, found = scenario.expected, []
    elements = decision.elements
    for what, wanted, got in (
        ("outcome", expected.outcome, str(decision.outcome)),
        ("permitted", expected.permitted, frozenset(decision.permitted)),
        ("redacted", expected.redacted, frozenset(each.segment for each in decision.redacted)),
        ("route", expected.route, str(decision.route)),
        ("elements allowed", expected.elements_allowed, frozenset(elements.allowed if elements else ())),
        ("elements withheld", expected.elements_withheld, frozenset(elements.withheld if elements else ())),
    ):
        if wanted is not None and wanted != got:
            found.append(f"{what}: expected {_told(wanted)}, got {_told(got)}")
    cited = rules_cited(decision)
    if expected.rules_any and not expected.rules_any & cited:
        found.append(f"rules: none of {_told(expected.rules_any)} is among {_told(cited)}")
    lacking = expected.obligations - {each.code for each in decision.obligations}
    if lacking:
        found.append(f"obligations: {_told(lacking)} not carried")
    return found


def rules_cited(decision: Decision) -> frozenset[str]:
    """Every rule that the answer rests on or gives as a reason."""
    return (
        frozenset(each.rule for each in decision.basis)
        | frozenset(decision.bars_standing)
        | frozenset(each.reason for each in decision.redacted)
        | frozenset(decision.reasons)
    )


def _told(value: Any) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "nothing"
    return str(value)


# --- for people -------------------------------------------------------------------------------


def as_table(scenario: Scenario, decision: Decision, unexpected: Sequence[str] | None = None) -> str:
    """One scenario as a block: the answer first, then what goes, what stays and why, and what must be done."""
    asked = scenario.asked
    day = asked.at.astimezone(forms.LOCAL_TIME)
    mark = "" if unexpected is None else ("  as expected" if not unexpected else "  NOT AS EXPECTED")
    process = "" if asked.process == "none" else f", under {asked.process}"
    lines = [
        f"{_MARKS[decision.outcome]:<7} {scenario.id}{mark}",
        f"        {asked.source.program} to {asked.recipient.type} for {asked.purpose}{process}, {day:%Y-%m-%d %H:%M}",
    ]
    lines += _row("goes", [", ".join(decision.permitted)] if decision.permitted else [])
    lines += _row("stays", (f"{each.segment}: {each.reason}" for each in decision.redacted))
    if decision.elements is not None:
        lines += _row("only", [", ".join(decision.elements.allowed)] if decision.elements.allowed else [])
        lines += _row("not", [", ".join(decision.elements.withheld)] if decision.elements.withheld else [])
    lines += _row("rests on", dict.fromkeys(f"{each.rule}  {each.cite}" for each in decision.basis))
    lines += _row("barred by", decision.bars_standing)
    lines += _row(
        "void", (f"form {each.consent}: {', '.join(each.defects)}" for each in decision.consents_void)
    )
    lines += _row(
        "must", [", ".join(each.code for each in decision.obligations)] if decision.obligations else []
    )
    if decision.expires_at is not None:
        lines += _row("until", [f"{decision.expires_at.astimezone(forms.LOCAL_TIME):%Y-%m-%d %H:%M %Z}"])
    if decision.route != "none":
        lines += _row("ask", [decision.route.replace("_", " ")])
    lines += _row("would do", (_change(each) for each in decision.would_change_it))
    lines += _row("differs", unexpected or ())
    return "\n".join(lines) + "\n"


def _row(name: str, values: Iterable[str]) -> list[str]:
    found: list[str] = []
    for value in values:
        head = f"  {name:<10}" if not found else " " * 12
        found += textwrap.wrap(
            value, _WIDTH, initial_indent=head, subsequent_indent=" " * 14, break_on_hyphens=False
        )
    return found


def _change(told: Mapping[str, Any]) -> str:
    parts = []
    for addition in told["add"]:
        kind, key = next((kind, addition[kind]) for kind in addition if kind != "value")
        parts.append(f"{kind} {key}" + (f" = {addition['value']}" if "value" in addition else ""))
    return f"{told['segment']}: {' and '.join(parts)}"


def summary(outcomes: Sequence[str], differing: int | None) -> str:
    """One line at the end of the table."""
    counts = ", ".join(f"{outcomes.count(each)} {each}" for each in ("permit", "redact", "deny"))
    checked = (
        "" if differing is None else f"; {differing} not as expected" if differing else "; all as expected"
    )
    return f"{len(outcomes)} decided: {counts}{checked}"
