"""The fixed questions that every fault is asked: the scenarios, and random ones chosen so that each rule has its say.

``python -m tests.mutants.questions FILE`` writes them down, with what the reference evaluator, which shares no
code with the engine, finds for each: for every segment and regime the permits that match and the bars that stand.
That takes a while, and is the same for every fault.
"""

import copyreg
import pickle
import sys
from collections import Counter
from pathlib import Path
from types import MappingProxyType
from typing import Any

SEEDS = 14_000
OF_EACH = {"how": 12, "reach": 2, "facts": 1}  # how many are kept in which a rule had its say in one way
NAMED_ALONE = {"p2.uncond.2.13b"}  # decides nothing by itself, and the reference leaves it out
SCENARIOS = ("worked.yaml", "routed.yaml")
copyreg.pickle(MappingProxyType, lambda value: (MappingProxyType, (dict(value),)))


def write(file: Path) -> None:
    """Choose and write."""
    from consent.scenarios import read

    folder = Path(__file__).resolve().parent.parent / "scenarios"
    scenarios = [each for name in SCENARIOS for each in read(folder / name).scenarios]
    file.write_bytes(pickle.dumps({"scenarios": pickle.dumps(scenarios), "questions": _chosen()}))


Found = dict[tuple[str, str], tuple[frozenset[str], frozenset[str]]]


def found_by_the_engine(decision: Any) -> Found:
    """For each segment and regime, the permits that match and the bars that stand."""
    return {
        (each.segment, each.regime): (
            frozenset(each.permits) | frozenset(each.overruled),
            frozenset(each.standing) - NAMED_ALONE,
        )
        for each in decision.findings
    }


def _found_by_the_reference(asked: Any, recipient: str) -> Found:
    """The walk of `reference.permitted`, with what it sees on the way."""
    from tests.consent.engine import reference

    found: Found = {}
    for segment in asked.segments - {"MINOR"}:
        before = {"HIPAA": (set[str](), False), "P2": (set[str](), False)}
        readings = reference.readings(segment, asked, recipient)
        for regime in sorted(readings, key=lambda name: ({"HIPAA": 0, "P2": 1}.get(name, 2), name)):
            look = reference.Look(asked, segment, regime, readings[regime], recipient, before)
            standing = reference.examine(look)
            before[regime] = (set(look.matched), bool(look.matched) and not standing)
            found[segment, regime] = (frozenset(look.matched), frozenset(standing))
    return found


def _chosen() -> list[tuple[tuple[str, ...], bytes, frozenset[str], Found]]:
    """The rules that have a say, the question, and what the reference releases and finds."""
    from consent.engine.decide import decide, recipient_of
    from tests.consent.engine import reference
    from tests.consent.engine.questions import PACKS, RULES, make, words_of

    words: dict[str, frozenset[str]] = {}
    for rule in RULES:
        words[rule.id] = words.get(rule.id, frozenset()) | words_of(rule)
    chosen, told = [], Counter[Any]()
    for seed in range(SEEDS):
        asked = make(seed)
        written = pickle.dumps(asked)
        says = _says(asked, decide(asked, PACKS), words)
        if all(told[each] >= OF_EACH[each[0]] for each in says):
            continue
        told.update(says)
        rules = tuple(sorted({str(each[1]) for each in says}))
        released = frozenset(reference.permitted(asked))
        chosen.append((rules, written, released, _found_by_the_reference(asked, recipient_of(asked))))
    return chosen


def _says(asked: Any, decision: Any, words: dict[str, frozenset[str]]) -> set[tuple[Any, ...]]:
    said: set[tuple[Any, ...]] = set()
    for each in asked.consents:
        said.add(("how", each.form, each.id in decision.consents_used))
    said |= {("how", defect) for each in decision.consents_void for defect in each.defects}
    for found in decision.findings:
        for how in ("permits", "overruled", "standing", "lifted", "wanting", "routed"):
            said |= {("how", rule, how) for rule in getattr(found, how)}
        for rule in (*found.permits, *found.overruled, *found.standing, *found.lifted):
            said |= {("reach", rule, word) for word in (asked.recipient.type, asked.purpose, found.segment)}
        for rule in (*found.permits, *found.overruled, *found.wanting, *found.standing):
            shown = frozenset(key for key, value in asked.facts.items() if value and key in words[rule])
            said.add(("facts", rule, shown))
    return said


if __name__ == "__main__":
    write(Path(sys.argv[1]))
