"""Sets of entry numbers as pairs ``[low, high, low, high, …]``, half-open, rising, apart from each other.

A checkpoint names its entries this way: almost always one pair, because numbers are given in order.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

Pairs = list[int]


def pairs_of(numbers: Iterable[int]) -> Pairs:
    """The pairs that hold exactly these numbers, which must rise.

    Raises:
        ValueError: they do not.
    """
    found: Pairs = []
    for number in numbers:
        if found and number < found[-1]:
            raise ValueError("numbers that do not rise")
        if found and number == found[-1]:
            found[-1] = number + 1
        else:
            found += [number, number + 1]
    return found


def runs(pairs: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Each pair.

    Raises:
        ValueError: they are not pairs, not half-open, or do not rise.
    """
    if len(pairs) % 2:
        raise ValueError("not pairs")
    before = None
    for at in range(0, len(pairs), 2):
        low, high = pairs[at], pairs[at + 1]
        if low >= high or (before is not None and low <= before):
            raise ValueError("pairs that do not rise")
        before = high
        yield low, high


def count(pairs: Sequence[int]) -> int:
    """How many numbers."""
    return sum(high - low for low, high in runs(pairs))


def expanded(pairs: Sequence[int]) -> Iterator[int]:
    """Each number, rising."""
    for low, high in runs(pairs):
        yield from range(low, high)


def rank(pairs: Sequence[int], number: int) -> int | None:
    """How many of the numbers are smaller than ``number``; ``None`` when it is not among them."""
    at = bisect_right(pairs, number)
    if not at % 2:
        return None
    before = sum(high - low for low, high in runs(pairs[: at - 1]))
    return before + number - pairs[at - 1]


def without(low: int, high: int, pairs: Sequence[int]) -> Pairs:
    """The numbers from ``low`` to before ``high`` that ``pairs`` does not hold."""
    found: Pairs = []
    for first, last in runs(pairs):
        if last <= low:
            continue
        if first >= high:
            break
        if first > low:
            found += [low, first]
        low = max(low, last)
    return [*found, low, high] if low < high else found


def written(pairs: Sequence[int]) -> bytes:
    """The one form that is hashed: ``1-5 9-10``, half-open, in decimal."""
    return " ".join(f"{low}-{high}" for low, high in runs(pairs)).encode()
