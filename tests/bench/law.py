"""What the whole law costs: the worked scenarios, in one run with a hand-written function and with Cedar.

Run by ``make bench``. The contestants take turns in short slices, so that a busy machine is
busy for all of them; what counts is the ratio. The hand-written function and Cedar's policies
are those of job A of the benchmark that lies beside the repository, and answer that job's far
smaller question: a role table, care teams, and consents as bit masks.
"""

import gc
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from consent import law
from consent.engine.decide import decide
from consent.engine.facts import Asked
from consent.engine.rules import Pack, Rule
from consent.scenarios import read

REPOSITORY = Path(__file__).resolve().parent.parent.parent
ROUNDS = 25
OF_THE_LOWER_BOUND, TAIL = 300, 4  # the goals: at most so many times the hand-written function; p99 over p50
MORE_RULES, MORE_FORMS = (0, 1_000, 10_000), (0, 1_000, 100_000)


@dataclass
class Contestant:
    """Somebody who answers calls; microseconds of each, by the clock on the wall and by the processor's."""

    name: str
    answer: Callable[[Any], Any]
    calls: Callable[[], Sequence[Any]]
    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    rounds: list[float] = field(default_factory=list)

    def take_a_turn(self) -> None:
        """Answer one slice of calls."""
        calls, answer, clock, processor = self.calls(), self.answer, time.perf_counter_ns, time.thread_time_ns
        wall = []
        for call in calls:
            spent, began = processor(), clock()
            answer(call)
            wall.append((clock() - began) / 1000)
            self.processor.append((processor() - spent) / 1000)
        self.wall += wall
        self.rounds.append(statistics.median(wall))

    @property
    def median(self) -> float:
        """Over all calls of all rounds."""
        return statistics.median(self.wall)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them doesn't exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def race(contestants: Sequence[Contestant], rounds: int = ROUNDS) -> None:
    """Everybody warms up, then all take turns."""
    for each in contestants:
        each.take_a_turn()
        each.wall, each.processor, each.rounds = [], [], []
    gc.collect()
    gc.freeze()  # what was loaded stays; only what a call leaves is looked through
    for _ in range(rounds):
        for each in contestants:
            each.take_a_turn()


def fresh(questions: Sequence[Asked]) -> Callable[[], list[Asked]]:
    """The questions as new values each time, with nothing remembered from the last."""
    return lambda: [replace(each) for each in questions]


def peers(folder: Path) -> list[Contestant]:
    """The hand-written function and Cedar, from the benchmark's own files."""
    sys.path.insert(0, str(folder))
    import job_a
    from cb.world import World

    world = World()
    calls = world.requests(4_000)
    place = iter(range(0, 10**9, 500))

    def slice_of(count: int) -> Callable[[], list[Any]]:
        return lambda: [calls[(next(place) + each) % len(calls)] for each in range(count)]

    found = [Contestant("hand-written function (lower bound)", world.decide, slice_of(2_000))]
    for mode in ("hot", "policyset"):
        cedar = job_a.Cedar(mode)
        cedar.setup(world)
        same = calls[:100]
        found.append(Contestant(f"cedarpy ({mode})", cedar.decide, lambda same=same: same))  # type: ignore[misc]
    return found


def packs_with(more: int) -> tuple[Pack, ...]:
    """The law, and so many rules that don't concern the questions."""
    packs = law.packs()
    sample = packs[0].rules
    others = tuple(
        Rule(
            id=f"other.{place}", cite="", regimes=rule.regimes, effect=rule.effect, holds=rule.holds,
            to=frozenset({"pdmp", "fda"}), of=rule.of, for_=frozenset({"X-INSURANCE"}),
        )
        for place in range(more)
        for rule in [sample[place % len(sample)]]
    )  # fmt: skip
    return (*packs, Pack(name="others", rules=others))


def with_rules(questions: Sequence[Asked], more: int) -> Contestant:
    """The law with so many rules beside it."""
    packs = packs_with(more)
    return Contestant(
        f"the law, {more:,} more rules loaded", lambda asked: decide(asked, packs), fresh(questions)
    )


def with_store(questions: Sequence[Asked], more: int) -> Contestant:
    """Forms looked up by whom they are about, among so many of other people."""
    store = {f"client {place}": asked.consents for place, asked in enumerate(questions)}
    some = next(asked.consents for asked in questions if asked.consents)
    store |= {f"somebody {place}": some for place in range(more)}
    packs = law.packs()

    def answer(call: tuple[str, Asked]) -> Any:
        about, asked = call
        return decide(asked.with_consents(store[about]), packs)

    def calls() -> list[tuple[str, Asked]]:
        return [(f"client {place}", asked) for place, asked in enumerate(questions)]

    return Contestant(f"the law, {more:,} forms of other people stored", answer, calls)


def show(contestants: Sequence[Contestant], base: Contestant) -> None:
    """A table in Markdown: microseconds, and the ratio to the base."""
    print("| | p50 | rounds | p99 | p99 / p50 | p99 / p50, processor | x |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for each in contestants:
        wall, processor = percentile(each.wall, 0.99), percentile(each.processor, 0.99)
        print(
            f"| {each.name} | {each.median:.1f} | {min(each.rounds):.1f}-{max(each.rounds):.1f} | {wall:.0f} "
            f"| {wall / each.median:.1f} | {processor / statistics.median(each.processor):.1f} "
            f"| {each.median / base.median:.2f} |"
        )


def told(reached: bool, goal: str) -> None:
    """A goal, and whether it was reached."""
    print(f"{'reached' if reached else 'MISSED '}  {goal}")


def main(arguments: Sequence[str]) -> None:
    """Measure; the first argument names the benchmark's folder, if it is there."""
    questions = [each.asked for each in read(REPOSITORY / "tests" / "scenarios" / "worked.yaml").scenarios]
    packs = law.packs()
    engine = Contestant("the whole law", lambda asked: decide(asked, packs), fresh(questions))
    told_in_full = Contestant(
        "the whole law, explanation read",
        lambda asked: decide(asked, packs).explanation_internal,
        fresh(questions),
    )
    others = peers(Path(arguments[0])) if arguments else []
    base = others[0] if others else engine
    print(f"\nThe law on {len(questions)} worked scenarios; microseconds, {ROUNDS} rounds\n")
    race([*others, engine, told_in_full])
    show([*others, engine, told_in_full], base)
    by_rules = [with_rules(questions, more) for more in MORE_RULES]
    by_forms = [with_store(questions, more) for more in MORE_FORMS]
    race([*by_rules, *by_forms])
    print()
    show(by_rules, by_rules[0])
    print()
    show(by_forms, by_forms[0])
    print()
    if others:
        times = engine.median / base.median
        told(
            times <= OF_THE_LOWER_BOUND,
            f"{times:.0f} times the hand-written function, at most {OF_THE_LOWER_BOUND}",
        )
        told(True, f"{engine.median / others[1].median:.2f} times cedarpy (hot), for comparison")
    tail = percentile(engine.processor, 0.99) / statistics.median(engine.processor)
    told(tail <= TAIL, f"p99 is {tail:.1f} times p50 in processor time, at most {TAIL}")
    for what, series in (("rules", by_rules), ("stored forms", by_forms)):
        growth = series[-1].median / series[0].median
        told(growth <= 1.2, f"{growth:.2f} times as long with the most {what} as with none, flat")


if __name__ == "__main__":
    main(sys.argv[1:])
