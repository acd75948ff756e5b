"""Numbers that were given to somebody and have not been seen: late committers, or roll-backs.

Nothing waits for them. A number is given before its transaction has an id, so it is looked
for until every transaction that could hold it has ended, twice over, and for a minute at least.
A long transaction elsewhere only makes the list be kept for longer.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from consent.ledger import numbers
from consent.ledger.numbers import Pairs

AT_LEAST_SECONDS = 60.0
ROUNDS = 2


@dataclass
class _Gap:
    low: int
    high: int
    ends_with: int  # whoever holds it was begun before this transaction id
    rounds: int = 0
    since: float = field(default_factory=time.monotonic)


class Pending:
    """The gaps below the highest number in the tree."""

    def __init__(self, pairs: Iterable[int], next_transaction: int) -> None:
        self._gaps = [_Gap(low, high, next_transaction) for low, high in numbers.runs(list(pairs))]

    def add(self, pairs: Pairs, next_transaction: int) -> None:
        """New gaps, seen before ``next_transaction`` began."""
        self._gaps += [_Gap(low, high, next_transaction) for low, high in numbers.runs(pairs)]

    def pairs(self) -> Pairs:
        """All numbers that are looked for."""
        found: Pairs = []
        for gap in sorted(self._gaps, key=lambda each: each.low):
            if found and found[-1] == gap.low:
                found[-1] = gap.high
            else:
                found += [gap.low, gap.high]
        return found

    def settle(self, seen: Pairs, oldest_running: int, next_transaction: int) -> None:
        """Take out what was seen; and what nobody can hold, now that it has been looked for once more.

        Args:
            oldest_running: As of *before* the search that saw ``seen``.
        """
        kept = []
        for gap in self._gaps:
            if oldest_running >= gap.ends_with:
                gap.rounds += 1
                gap.ends_with = next_transaction
            if gap.rounds >= ROUNDS and time.monotonic() - gap.since >= AT_LEAST_SECONDS:
                continue
            for low, high in numbers.runs(numbers.without(gap.low, gap.high, seen)):
                kept.append(_Gap(low, high, gap.ends_with, gap.rounds, gap.since))
        self._gaps = kept
