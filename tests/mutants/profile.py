"""What a fault is shown to, in the order in which most of them are noticed soonest."""

import os
import pickle
import sys
from pathlib import Path
from typing import Any

from tests.mutants.questions import Found, found_by_the_engine

ROOT = Path(__file__).resolve().parent.parent.parent
OF_THE_REST = 300  # questions that a fault of one rule is asked beside those in which the rule has a say
OF_ALL = 800  # questions that any other fault is asked
ENGINE, LAW = "tests/consent/engine", "tests/consent/law"
DECIDING = (
    f"{ENGINE}/test_decisions.py",
    f"{ENGINE}/test_scenarios.py",
    f"{ENGINE}/test_forms.py",
    f"{LAW}/test_appendix.py",
)
PROPERTIES = (f"{ENGINE}/test_answers.py", f"{ENGINE}/test_invariants.py")
PREDICATES = (
    f"{LAW}/test_mutants_predicates.py",
)  # the whole takes long: a fault of one rule is shown its own part
# What these hold is small enough for tables of its own, and random questions add nothing to them.
BY_TABLES = {
    "consent.engine.signers": (f"{ENGINE}/test_mutants_signers.py", f"{ENGINE}/test_forms.py"),
    "consent.engine.forms": (f"{ENGINE}/test_mutants_forms.py", f"{ENGINE}/test_forms.py"),
    "consent.engine.receipts": (f"{ENGINE}/test_mutants_receipts.py",),
    "consent.engine.changes": (
        f"{ENGINE}/test_mutants_changes.py",
        *DECIDING[:2],
        f"{ENGINE}/test_answers.py",
    ),
    "consent.engine.validity": (f"{ENGINE}/test_mutants_validity.py", *DECIDING[:2]),
}
# These start another interpreter, which imports the source as it is, or prove the speed of many rules.
ELSEWHERE = (
    "not (other_states or ten_thousand or another_process or command or exit_status or a_table_says"
    " or has_the_keys or worked_file or states_pack)"
)


def first_to_notice(fixed: dict[str, Any], module: str, rule: str) -> str:
    """The test that notices the fault; nothing if none does."""
    return (
        _scenarios(fixed["scenarios"])
        or _questions(fixed["questions"], rule)
        or _tests(_files_for(module))
        or (_tests(PREDICATES, rule) if module.startswith("consent.law") else "")
        or ("" if module.startswith("consent.law") or module in BY_TABLES else _tests(PROPERTIES))
    )


def _scenarios(written: bytes) -> str:
    from consent import answers, law
    from consent.engine.decide import decide

    packs = law.packs()
    for scenario in pickle.loads(written):
        if answers.differences(scenario, decide(scenario.asked, packs)):
            return f"scenario {scenario.id}"
    return ""


def _questions(chosen: list[tuple[tuple[str, ...], bytes, frozenset[str], Found]], rule: str) -> str:
    from consent import law
    from consent.engine.decide import decide

    packs = law.packs()
    own = [each for each in chosen if rule in each[0]]
    number = OF_THE_REST if rule else OF_ALL
    others = chosen[:: max(1, len(chosen) // number)]
    for _rules, written, released, found in (*own, *others):
        decision = decide(pickle.loads(written), packs)
        if decision.failure or set(decision.permitted) != released or found_by_the_engine(decision) != found:
            return "the reference evaluator"
    return ""


def _files_for(module: str) -> list[str]:
    """The tests written because a fault had survived, and the deciding ones."""
    if module in BY_TABLES:
        return list(BY_TABLES[module])
    folder = LAW if module.startswith("consent.law") else ENGINE
    own = [
        file for file in sorted((ROOT / folder).glob("test_mutants_*.py")) if file.name not in PREDICATES[0]
    ]
    files = (DECIDING[0], DECIDING[3]) if folder == LAW else DECIDING
    return [*(str(file.relative_to(ROOT)) for file in own), *files]


class _FirstFailure:
    """Remembers which test failed, or which file couldn't be read."""

    name = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed and not self.name:
            self.name = report.nodeid

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed and not self.name:
            self.name = report.nodeid


def _tests(files: Any, only: str = "") -> str:
    import pytest

    first = _FirstFailure()
    chosen = f"{ELSEWHERE} and {only}" if only else ELSEWHERE
    options = ["--noconftest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-k", chosen]
    code = pytest.main([*options, *files], plugins=[first])
    return "" if code in (0, 5) else first.name or f"pytest's exit code {code}"


def make_ready() -> None:
    """Few and always the same examples, no database of them, no search for smaller ones."""
    os.environ |= {"BULKHEAD_EXAMPLES": "50", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    import pytest  # noqa: F401  (loaded once, before anything is forked)
    import yaml  # noqa: F401
    from hypothesis import HealthCheck, Phase, settings

    settings.register_profile(
        "mutants", derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate), max_examples=50,
    )  # fmt: skip
    settings.load_profile("mutants")
    sys.path.insert(0, str(ROOT))
