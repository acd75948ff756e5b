"""From the answers to a suggested route, by rules that a city reads and changes (``routing.toml``)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policecore.triage.words import QUESTIONS, Answer, Route

FILE = Path(__file__).resolve().parent / "routing.toml"


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What a rule says of a call.

    Attributes:
        eligible: May a team without police answer?
        medics: Are medics sent as well?
        version: Of the rules.
    """

    route: Route
    eligible: bool
    medics: bool
    why: str
    version: str


@cache
def _rules() -> tuple[tuple[Mapping[str, frozenset[str]], Suggestion], ...]:
    said = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found = []
    for rule in said["rules"]:
        when = {name: frozenset(Answer(each) for each in answers) for name, answers in rule["when"].items()}
        if not when.keys() <= QUESTIONS.keys():
            raise ValueError("a rule of triage asks something that nobody is asked")
        suggestion = Suggestion(
            route=Route(rule["route"]), eligible=rule["eligible"], medics=rule.get("medics", False),
            why=rule["why"], version=said["version"],
        )  # fmt: skip
        found.append((when, suggestion))
    if found[-1][0]:
        raise ValueError("the last rule of triage must fit always")
    return tuple(found)


def suggest(answers: Mapping[str, str]) -> Suggestion:
    """The first rule that fits all of ``answers``, which has one for each of `QUESTIONS`."""
    for when, suggestion in _rules():
        if all(answers[name] in allowed for name, allowed in when.items()):
            return suggestion
    raise AssertionError("the last rule fits always")
