"""How much is done for an answer: only what concerns the question, and nothing that nobody reads."""

from functools import cache

import pytest

from consent import law
from consent.engine import changes, explain
from consent.engine.decide import decide
from consent.engine.rules import Library
from consent.scenarios import Scenario, read
from tests.bench.law import packs_with
from tests.shared_data import REPOSITORY


@cache
def scenarios() -> tuple[Scenario, ...]:
    return read(REPOSITORY / "tests" / "scenarios" / "worked.yaml").scenarios


def test_rules_that_do_not_concern_a_question_are_not_looked_at_for_it():
    few, many = Library(law.packs()), Library(packs_with(1_000))

    for scenario in scenarios():
        asked = scenario.asked
        for segment in asked.segments:
            for regime, labels in few.readings(segment, asked, asked.recipient.type).items():
                question = (regime, labels, asked.recipient.type, asked.purpose)
                assert len(many.choose(*question)) == len(few.choose(*question))


def test_rules_that_do_not_concern_a_question_change_no_answer():
    packs = packs_with(1_000)

    for scenario in scenarios():
        assert decide(scenario.asked, packs).findings == decide(scenario.asked, law.packs()).findings


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (explain, "internal"),
        (explain, "outward"),
        (explain, "to_the_subject"),
        (changes, "that_would_release"),
    ],
)
def test_no_explanation_is_built_before_it_is_read(module, name, monkeypatch):
    def build_nothing(*_args):
        raise AssertionError("built though nobody read it")

    monkeypatch.setattr(module, name, build_nothing)

    decided = [decide(scenario.asked, law.packs()) for scenario in scenarios()]

    assert all(decision.failure == "" for decision in decided)
