"""What counsel keeps closed: each path that only routes, by a scenario of its own."""

import pytest

from consent import answers, law
from consent.engine.decide import decide
from consent.scenarios import Scenario, read
from tests.shared_data import REPOSITORY

SCENARIOS = read(REPOSITORY / "tests" / "scenarios" / "routed.yaml").scenarios


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_a_path_that_is_kept_closed_goes_to_somebody(scenario: Scenario) -> None:
    decision = decide(scenario.asked, law.packs())

    assert answers.differences(scenario, decision) == []
    assert not decision.permitted
