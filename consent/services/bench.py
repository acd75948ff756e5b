"""The engine's bench: a made-up question is decided. Nothing is opened, and nobody is read.

A question at the bench is written as a scenario of ``manage.py decide`` is, and read by the same
reader, so that the page and the command can't answer differently. In the product's own way of
reading, an absent fact is not shown rather than false, and determinations have an end.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

import yaml

from consent import answers, law, scenarios
from consent.engine import signers
from consent.engine.decide import decide, recipient_of
from consent.engine.facts import Asked, Decision
from consent.engine.vocabulary import LISTS, TEXTS
from consent.services import ledger
from consent.services.decisions import PACKS

AT_THE_BENCH: Final = "the bench was asked"
Written = Mapping[str, Any]
PROGRAMS: Final = scenarios.PROGRAMS  # what the law book begins with, for sources that have no row here
ABUSERS: Final = signers.ABUSERS
ID: Final = "Q-1"
WOULD_BE_DAYS: Final = 10  # how long a form lasts that is laid on the table to try
_REMARKS: Final = ("determined", "until", "closed_world")


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the bench says to a question.

    Attributes:
        text: The question as a file of ``manage.py decide``.
        closed: What the command decides; ``decision`` is that as well, unless the product was asked.
    """

    asked: Asked
    decision: Decision
    text: str
    scenario: scenarios.Scenario
    closed: Decision

    @property
    def differs(self) -> bool:
        """Does the command let out more or less? In the product an absent fact is no "no"."""
        one, other = self.decision, self.closed
        return (one.permitted, one.elements) != (other.permitted, other.elements)

    @cached_property
    def answer(self) -> Mapping[str, Any]:
        """What the command prints for the question."""
        return answers.as_json(self.scenario, self.closed)


def as_yaml(written: Written, *, id_: str = ID, title: str = "", note: str = "") -> str:
    """The question as a file that ``manage.py decide`` reads: determinations first, then one scenario."""
    remarks = {"title": title, "note": note, "comment": _WORLDS[bool(written.get("closed_world"))]}
    scenario = {"id": id_} | {key: value for key, value in remarks.items() if value}
    scenario |= {key: value for key, value in written.items() if key not in _REMARKS}
    file = {
        "version": 1,
        "law_as_of": law.LAW_AS_OF,
        "defaults": {
            "packs": [pack.name for pack in PACKS],
            "programs": {written["program"]: dict(written["determined"])},
        },
        "scenarios": [scenario],
    }
    plain = json.loads(json.dumps(file))  # no part is written as a reference to another
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=100)


_WORLDS: Final = {
    True: "Asked in a closed world, as the command line asks.",
    False: "Asked as the product asks: there an absent fact is no recorded no. The command line decides "
    "in a closed world and may permit more.",
}


def ask(written: Written) -> Reply:
    """Decide what is written, and note that the bench was asked: no subject, and nothing of the question."""
    text = as_yaml(written)
    scenario = scenarios.parse(text).scenarios[0]
    closed = decide(scenario.asked, PACKS)
    asked, decision = scenario.asked, closed
    if not written["closed_world"]:
        asked = _as_the_product_asks(scenario.asked, written.get("until"))
        decision = decide(asked, PACKS)
    ledger.note_event("decide", reason=AT_THE_BENCH, policy_version=decision.ruleset_version)
    return Reply(asked=asked, decision=decision, text=text, scenario=scenario, closed=closed)


def _as_the_product_asks(asked: Asked, until: str | None) -> Asked:
    ends_at = datetime.fromisoformat(until) if until else None
    return replace(asked, closed_world=False, source=replace(asked.source, valid_until=ends_at))


def with_change(written: Written, asked: Asked, change: Mapping[str, Any]) -> dict[str, Any]:
    """The question with one of the additions made that its decision named as what would change it."""
    changed = deepcopy(dict(written))
    for addition in change["add"]:
        if "fact" in addition:
            changed["facts"][addition["fact"]] = _value(addition)
        elif "recorded_no" in addition:
            changed["facts"][addition["recorded_no"]] = False
        elif "process" in addition:
            changed["process"] = addition["process"]
        else:
            changed["consents"].append(_form(asked, addition["form"], change["segment"]))
    return changed


def _value(addition: Mapping[str, Any]) -> Any:
    key, value = addition["fact"], addition.get("value", "")
    if key in LISTS:
        return [value]
    return "cited" if key in TEXTS else value or True


def _form(asked: Asked, form: str, segment: str) -> dict[str, Any]:
    """A complete form for just this, as it would be written down, signed that day."""
    day = asked.at.date()
    return {
        "form": form,
        "signed": day.isoformat(),
        "expires": (day + timedelta(days=WOULD_BE_DAYS)).isoformat(),
        "recipients": [recipient_of(asked)],
        "segments": [segment],
        "purposes": [asked.purpose],
        "elements_missing": [],
        "combined_with": [],
        "signer": "patient",
    } | ({"revocable_on": "final_disposition"} if form == "P2-CJ35" else {})
