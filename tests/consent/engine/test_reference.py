"""The engine agrees with a second evaluator of Appendix A that shares no code with it."""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent.engine.decide import decide
from tests.consent.engine import reference
from tests.consent.engine.questions import PACKS, RULES, questions
from tests.consent.engine.table import BARS, PERMITS

DEEP = os.environ.get("BULKHEAD_DEEP") == "1"
QUESTIONS = 50_000 if DEEP else 3_000


@settings(max_examples=QUESTIONS, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_both_release_the_same_segments(data):
    asked = data.draw(questions())

    decision = decide(asked, PACKS)

    assert not decision.failure
    assert set(decision.permitted) == reference.permitted(asked)


def test_the_table_names_the_rules_of_the_engine():
    engines = {rule.id for rule in RULES if rule.effect != "route"}
    tables = {id_ for text in (PERMITS, BARS) for id_, *_rest in reference.rows(text)}

    # 2.13(b) bars exactly what 2.13(a) bars: it is named, and decides nothing by itself
    assert engines - tables == {"p2.uncond.2.13b"}
    assert tables - engines == set()
