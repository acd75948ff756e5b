"""The Merkle tree over the ledger's entries: roots, proofs and what they prove.

A tree is never held whole. Whoever appends keeps its `Frontier`, the roots of the full
subtrees that it is made of; whoever proves asks a function for the hash of a run of leaves.

Cites: RFC 6962 § 2.1; the checks are those of RFC 9162 §§ 2.1.3.2 and 2.1.4.2.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT  # leaves under one tile (c2sp.org/tlog-tiles)

# The hash of the leaves from ``low`` to before ``high``; asked only for runs that are a
# node of the tree or of its right edge.
Subtree = Callable[[int, int], bytes]


class BadProof(ValueError):
    """A proof does not prove what it is said to."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node. Its prefix byte keeps it from passing for a leaf."""
    return sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """The root over 2^k hashes, k ≥ 0."""
    level, new = list(hashes), sha256
    while len(level) > 1:
        pairs = iter(level)
        level = [new(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return level[0]


class Frontier:
    """The right edge of a tree that grows: the roots of its full subtrees, the largest first.

    Their sizes are the powers of two that ``size`` is the sum of.
    """

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.hashes = list(hashes)
        if len(self.hashes) != size.bit_count() or any(len(h) != HASH_BYTES for h in self.hashes):
            raise ValueError(f"not the frontier of a tree of {size} leaves")

    @classmethod
    def from_bytes(cls, size: int, written: bytes) -> "Frontier":
        """A frontier from its hashes, one after the other."""
        return cls(size, split(written))

    def to_bytes(self) -> bytes:
        """Its hashes, one after the other."""
        return b"".join(self.hashes)

    def copy(self) -> "Frontier":
        """One that grows on its own."""
        return Frontier(self.size, self.hashes)

    def append(self, leaf: bytes) -> None:
        """Add one leaf's hash at the right."""
        self._push(leaf, 0)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add many leaves' hashes; whole tiles at once."""
        done = min(-self.size % TILE_WIDTH, len(leaves))
        for leaf in leaves[:done]:
            self._push(leaf, 0)
        while len(leaves) - done >= TILE_WIDTH:
            self._push(perfect_root(leaves[done : done + TILE_WIDTH]), TILE_HEIGHT)
            done += TILE_WIDTH
        for leaf in leaves[done:]:
            self._push(leaf, 0)

    def root(self) -> bytes:
        """The root of the tree as it is now."""
        if not self.hashes:
            return EMPTY_ROOT
        found = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            found = node_hash(left, found)
        return found

    def _push(self, root: bytes, height: int) -> None:
        """Add the root of a full subtree of 2^height leaves, which must be aligned to them."""
        left_of_it = self.size >> height
        while left_of_it & 1:
            root = node_hash(self.hashes.pop(), root)
            left_of_it >>= 1
        self.hashes.append(root)
        self.size += 1 << height


def split(written: bytes) -> list[bytes]:
    """Hashes out of their concatenation."""
    return [written[at : at + HASH_BYTES] for at in range(0, len(written), HASH_BYTES)]


def subtrees_of(leaves: Sequence[bytes]) -> Subtree:
    """The runs of a tree all of whose leaves are at hand."""

    def subtree(low: int, high: int) -> bytes:
        frontier = Frontier()
        frontier.extend(leaves[low:high])
        return frontier.root()

    return subtree


def _split_at(size: int) -> int:
    """The largest power of two smaller than ``size`` (> 1)."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The hashes beside the way from leaf ``index`` up to the root of ``size`` leaves, the lowest first.

    Cites: RFC 6962 § 2.1.1.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    low, high = 0, size
    beside: list[bytes] = []
    while high - low > 1:
        middle = low + _split_at(high - low)
        if index < middle:
            beside.append(subtree(middle, high))
            high = middle
        else:
            beside.append(subtree(low, middle))
            low = middle
    return beside[::-1]


def root_of_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """The root that ``proof`` leads to.

    Raises:
        BadProof: it is too short or too long, or there is no such leaf.
    """
    if not 0 <= index < size:
        raise BadProof("no such leaf")
    at, last, found = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            raise BadProof("a hash too many")
        if at & 1 or at == last:
            found = node_hash(beside, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, beside)
        at, last = at >> 1, last >> 1
    if last:
        raise BadProof("a hash too few")
    return found


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """What shows that the first ``old`` of ``new`` leaves are those they were.

    Cites: RFC 6962 § 2.1.2. Empty where there is nothing to show: from no leaf, or to the same size.
    """
    if not 0 <= old <= new:
        raise ValueError(f"no tree of {old} leaves within one of {new}")
    if old in (0, new):
        return []
    low, high, is_old_root = 0, new, True
    beside: list[bytes] = []
    while high > old:
        middle = low + _split_at(high - low)
        if old <= middle:
            beside.append(subtree(middle, high))
            high = middle
        else:
            beside.append(subtree(low, middle))
            low, is_old_root = middle, False
    if not is_old_root:
        beside.append(subtree(low, high))
    return beside[::-1]


def check_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Do the ``new`` leaves begin with the ``old`` ones?

    Raises:
        BadProof: it is not shown that they do.
    """
    if not 0 <= old <= new:
        raise BadProof("the older tree is the larger one")
    if old in (0, new):
        if proof or (old == new and old_root != new_root) or (old == 0 and old_root != EMPTY_ROOT):
            raise BadProof("nothing to prove, or two roots of one size")
        return
    hashes = list(proof) if old & (old - 1) else [old_root, *proof]
    if not hashes:
        raise BadProof("a hash too few")
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = hashes[0]
    for beside in hashes[1:]:
        if last == 0:
            raise BadProof("a hash too many")
        if at & 1 or at == last:
            first, second = node_hash(beside, first), node_hash(beside, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, beside)
        at, last = at >> 1, last >> 1
    if last or first != old_root or second != new_root:
        raise BadProof("the older leaves are not the first of the newer ones")
