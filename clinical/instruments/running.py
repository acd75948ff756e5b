"""Going through an instrument: what is asked next, and what the answers mean. Pure: no clock, no database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clinical.instruments.definitions import Alert, Answer, Instrument, Outcome, Question, fits

HIGHEST = "high"


class NoSuchAnswer(ValueError):
    """A question or an answer that the instrument doesn't have."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """An instrument, and the answers so far: question id -> key of the answer.

    Answers to questions that are not asked (any more, after an earlier one was changed) don't count.
    """

    instrument: Instrument
    given: Mapping[str, str]

    @classmethod
    def of(cls, instrument: Instrument, given: Mapping[str, Any]) -> "Run":
        """A run with what was posted; names that are no question are left out.

        Raises:
            NoSuchAnswer: a question was answered with what it doesn't offer.
        """
        said: dict[str, str] = {}
        for question in instrument.questions:
            key = given.get(question.id, "")
            if not key or not question.is_asked(said):
                continue
            if question.answer(key) is None:
                raise NoSuchAnswer(f"`{question.id}` has no such answer")
            said[question.id] = key
        return cls(instrument=instrument, given=said)

    @property
    def asked(self) -> list[Question]:
        """The questions that are asked, after these answers."""
        return [each for each in self.instrument.questions if each.is_asked(self.given)]

    @property
    def next(self) -> Question | None:
        """The first that has no answer; ``None`` at the end. One that is optional is passed over by an empty answer."""
        return next((each for each in self.asked if each.id not in self.given), None)

    @property
    def missing(self) -> list[Question]:
        """What must be answered and is not."""
        return [each for each in self.asked if not each.is_optional and each.id not in self.given]

    @property
    def is_whole(self) -> bool:
        """Is everything answered that must be?"""
        return not self.missing

    @property
    def answered(self) -> Iterator[tuple[Question, Answer]]:
        """Each question that was answered, with the answer."""
        for question in self.instrument.questions:
            answer = question.answer(self.given.get(question.id, ""))
            if answer is not None:
                yield question, answer

    @property
    def points(self) -> int:
        """The sum of the answers' points."""
        return sum(answer.points for _question, answer in self.answered)

    @property
    def score(self) -> int | None:
        """The sum, where the instrument tells one and nothing is missing."""
        return self.points if self.instrument.is_scored and self.is_whole else None

    @property
    def is_provisional(self) -> bool:
        """Could the rest of the questions still raise the level?"""
        return not self.is_whole and self.outcome().level != HIGHEST

    def outcome(self) -> Outcome:
        """What the answers mean. Danger that was said counts however few questions were reached."""
        return next(
            each
            for each in self.instrument.outcomes
            if each.fits(self.given, points=self.points, is_whole=self.is_whole)
        )

    def alerts(self) -> list[Alert]:
        """What is acted on whatever the score says."""
        return [
            each
            for each in self.instrument.alerts
            if any(fits(condition, self.given) for condition in each.any)
        ]
