"""What an instrument is, and the ones the city uses, read from ``catalogue/*.toml`` once.

The files are data: questions in English and Spanish, the scale of each, when one is asked at all, what the answers
mean and what to do then. A file that contradicts itself stops the site from starting.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from consent.labels.kinds import Kind

CATALOGUE = Path(__file__).parent / "catalogue"
LANGUAGES = ("en", "es")
Words = Mapping[str, str]  # by language
Given = Mapping[str, str]  # question id -> key of the answer
Condition = Mapping[str, tuple[str, ...]]  # question id -> answers, all of which must fit


class Contradictory(ValueError):
    """A file of the catalogue doesn't fit together."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One of the answers that a question offers."""

    key: str
    words: Words
    points: int = 0


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question, its answers, and the earlier answers on which it depends."""

    id: str
    text: Words
    answers: tuple[Answer, ...]
    lead: Words | None = None  # instead of the instrument's own
    hint: Words = field(default_factory=dict)
    asked_if: Condition = field(default_factory=dict)
    is_optional: bool = False

    def is_asked(self, given: Given) -> bool:
        """Is it asked, after these answers?"""
        return fits(self.asked_if, given)

    def answer(self, key: str) -> Answer | None:
        """The answer of that key."""
        return next((each for each in self.answers if each.key == key), None)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What answers mean: a level, words for it, and what to do; the first that fits counts.

    Attributes:
        level: ``none``, ``low``, ``moderate``, ``high``, or ``""`` where nothing can be said.
        next: Parts of the record to go on with: ``safety_plan``, ``plan``.
    """

    level: str
    words: str
    say: str
    actions: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    any: tuple[Condition, ...] = ()
    any_answer: tuple[str, ...] = ()
    at_least: int | None = None
    needs_all: bool = False

    def fits(self, given: Given, *, points: int, is_whole: bool) -> bool:
        """Do the answers mean this?"""
        if self.any and not any(fits(each, given) for each in self.any):
            return False
        if self.any_answer and not set(self.any_answer) & set(given.values()):
            return False
        if self.at_least is not None and points < self.at_least:
            return False
        return is_whole or not self.needs_all


@dataclass(frozen=True, kw_only=True)
class Alert:
    """Something that is acted on whatever the score says, and the instrument to run then."""

    say: str
    any: tuple[Condition, ...]
    run: str = ""


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """A screener or a scale.

    Attributes:
        kinds: What its answers speak of, beside what the program writes anyway.
        is_one_by_one: One question on a screen; otherwise all on one page.
        opens_needs: Its questions are areas of life in which a need can be opened.
        is_scored: The sum of its points is a figure that is told.
        minutes: How long it takes.
    """

    slug: str
    version: str
    title: str
    source: str
    kinds: tuple[Kind, ...]
    questions: tuple[Question, ...]
    outcomes: tuple[Outcome, ...]
    lead: Words
    alerts: tuple[Alert, ...] = ()
    is_one_by_one: bool = False
    opens_needs: bool = False
    is_scored: bool = False
    minutes: int = 0

    @property
    def most_points(self) -> int:
        """The highest sum there can be."""
        return sum(max(answer.points for answer in each.answers) for each in self.questions)

    def question(self, id: str) -> Question | None:
        """The question of that id."""
        return next((each for each in self.questions if each.id == id), None)


def fits(condition: Condition, given: Given) -> bool:
    """Was each question of the condition answered in one of its ways?"""
    return all(given.get(question) in answers for question, answers in condition.items())


def instrument(slug: str) -> Instrument | None:
    """The instrument of that name."""
    return instruments().get(slug)


@cache
def instruments() -> Mapping[str, Instrument]:
    """All of them, by name, the quickest first."""
    found = [
        read(tomllib.loads(each.read_text(encoding="utf-8"))) for each in sorted(CATALOGUE.glob("*.toml"))
    ]
    for each in found:
        _check(each, {other.slug for other in found})
    return {each.slug: each for each in sorted(found, key=lambda each: each.minutes)}


def read(said: Mapping[str, Any]) -> Instrument:
    """An instrument as its file says it."""
    scales = {name: tuple(_answers(scale)) for name, scale in said["scales"].items()}
    return Instrument(
        slug=said["slug"],
        version=said["version"],
        title=said["title"],
        source=said["source"],
        kinds=tuple(Kind[each] for each in said["kinds"]),
        questions=tuple(_question(each, scales) for each in said["questions"]),
        outcomes=tuple(_outcome(each) for each in said["results"]),
        alerts=tuple(
            Alert(say=each["say"], any=_conditions(each["any"]), run=each.get("run", ""))
            for each in said.get("alerts", ())
        ),
        lead=said["lead"],
        is_one_by_one=said.get("one_by_one", False),
        opens_needs=said.get("opens_needs", False),
        is_scored=said.get("scored", False),
        minutes=said["minutes"],
    )


def _answers(scale: Mapping[str, Mapping[str, Any]]) -> Iterable[Answer]:
    for key, said in scale.items():
        yield Answer(key=key, words={each: said[each] for each in LANGUAGES}, points=said.get("points", 0))


def _question(said: Mapping[str, Any], scales: Mapping[str, tuple[Answer, ...]]) -> Question:
    return Question(
        id=said["id"],
        text=said["text"],
        answers=scales[said["scale"]],
        lead=said.get("lead"),
        hint=said.get("hint", {}),
        asked_if=_condition(said.get("asked_if", {})),
        is_optional=said.get("optional", False),
    )


def _outcome(said: Mapping[str, Any]) -> Outcome:
    return Outcome(
        level=said["level"],
        words=said["words"],
        say=said["say"],
        actions=tuple(said.get("actions", ())),
        next=tuple(said.get("next", ())),
        any=_conditions(said.get("any", ())),
        any_answer=tuple(said.get("any_answer", ())),
        at_least=said.get("at_least"),
        needs_all=said.get("whole", False),
    )


def _conditions(said: Iterable[Mapping[str, Iterable[str]]]) -> tuple[Condition, ...]:
    return tuple(_condition(each) for each in said)


def _condition(said: Mapping[str, Iterable[str]]) -> Condition:
    return {question: tuple(answers) for question, answers in said.items()}


def _check(each: Instrument, slugs: set[str]) -> None:
    """Every condition names a question asked before, and one of its answers; some result always fits.

    Raises:
        Contradictory: it doesn't.
    """
    before: dict[str, set[str]] = {}
    for question in each.questions:
        for named, answers in question.asked_if.items():
            if not set(answers) <= before.get(named, set()):
                raise Contradictory(f"{each.slug}: `{question.id}` depends on what was not asked before it")
        if question.id in before or set(question.text) < set(LANGUAGES):
            raise Contradictory(f"{each.slug}: `{question.id}` stands there twice, or not in every language")
        before[question.id] = {answer.key for answer in question.answers}
    conditions = [
        condition for part in (*each.outcomes, *each.alerts) for one in part.any for condition in one.items()
    ]
    for named, answers in conditions:
        if not set(answers) <= before.get(named, set()):
            raise Contradictory(f"{each.slug}: a result names an answer to `{named}` that there is not")
    last = each.outcomes[-1]
    if last.any or last.any_answer or last.needs_all or last.at_least is not None:
        raise Contradictory(f"{each.slug}: its last result doesn't fit every answer")
    if unknown := {alert.run for alert in each.alerts if alert.run} - slugs:
        raise Contradictory(f"{each.slug}: nothing is called {sorted(unknown)}")
