"""The fixed questions that every fault is asked: the scenarios, and random ones chosen so that each rule has its say.

``python -m tests.mutants.questions FILE`` writes them down, with what the reference evaluator, which shares no
code with the engine, releases for each. That takes a while, and is the same for every fault.
"""

import copyreg
import pickle
import sys
from collections import Counter
from pathlib import Path
from types import MappingProxyType
from typing import Any

SEEDS, OF_EACH = 12_000, 3  # questions made; how many are kept in which a rule had its say in one way
SCENARIOS = ("worked.yaml", "routed.yaml")
copyreg.pickle(MappingProxyType, lambda value: (MappingProxyType, (dict(value),)))


def write(file: Path) -> None:
    """Choose and write."""
    from consent.scenarios import read

    folder = Path(__file__).resolve().parent.parent / "scenarios"
    scenarios = [each for name in SCENARIOS for each in read(folder / name).scenarios]
    file.write_bytes(pickle.dumps({"scenarios": pickle.dumps(scenarios), "questions": _chosen()}))


def _chosen() -> list[tuple[tuple[str, ...], bytes, frozenset[str]]]:
    """The rules that have a say, the question, and the segments that the reference releases."""
    from consent.engine.decide import decide
    from tests.consent.engine import reference
    from tests.consent.engine.questions import PACKS, make

    chosen, told = [], Counter[Any]()
    for seed in range(SEEDS):
        asked = make(seed)
        written = pickle.dumps(asked)
        says = _says(asked, decide(asked, PACKS))
        if all(told[each] >= OF_EACH for each in says):
            continue
        told.update(says)
        rules = tuple(sorted({each[0] for each in says}))
        chosen.append((rules, written, frozenset(reference.permitted(asked))))
    return chosen


def _says(asked: Any, decision: Any) -> set[tuple[str, ...]]:
    said = {("consent", each.form, str(each.id in decision.consents_used)) for each in asked.consents}
    said |= {("void", defect) for each in decision.consents_void for defect in each.defects}
    for found in decision.findings:
        goes = "goes" if found.segment in decision.permitted else "stays"
        for how in ("permits", "overruled", "standing", "lifted", "wanting", "routed"):
            said |= {(rule, how, goes) for rule in getattr(found, how)}
        said |= {(rule, asked.recipient.type) for rule in (*found.permits, *found.standing)}
        said |= {(rule, asked.purpose) for rule in (*found.permits, *found.standing)}
        said |= {(rule, found.segment) for rule in (*found.permits, *found.standing)}
    return said


if __name__ == "__main__":
    write(Path(sys.argv[1]))
