"""The tree as it is kept: tiles of 256 hashes, written once each is full, and what is asked of them."""

from collections.abc import Iterable, Iterator

from consent.ledger import numbers
from consent.ledger.numbers import Pairs
from consent.ledger.tree import HASH_BYTES, TILE_HEIGHT, TILE_WIDTH, node_hash, perfect_root, split
from consent.models import Checkpoint, Tile
from consent.services.sealing import rows


class Edge:
    """The hashes at the right of each level that do not fill a tile yet."""

    def __init__(self, size: int, levels: list[list[bytes]]) -> None:
        self.size = size
        self._levels = levels

    @classmethod
    def read(cls, size: int) -> "Edge":
        """Out of the database, for a tree of ``size`` leaves."""
        levels, level, count = [], 0, size
        while True:
            low = count - count % TILE_WIDTH
            levels.append(hashes(level, low, count))
            count //= TILE_WIDTH
            level += 1
            if not count:
                return cls(size, levels)

    def extend(self, leaves: Iterable[bytes]) -> list[Tile]:
        """Add leaves at the right; the tiles that they fill, to be saved."""
        filled: list[Tile] = []
        for leaf in leaves:
            self._levels[0].append(leaf)
            self.size += 1
            if len(self._levels[0]) == TILE_WIDTH:
                self._fill(0, filled)
        return filled

    def _fill(self, level: int, filled: list[Tile]) -> None:
        full = self._levels[level]
        root = perfect_root(full)
        index = (self.size >> TILE_HEIGHT * (level + 1)) - 1
        filled.append(Tile(level=level, index=index, hashes=b"".join(full), root=root))
        self._levels[level] = []
        if len(self._levels) == level + 1:
            self._levels.append([])
        self._levels[level + 1].append(root)
        if len(self._levels[level + 1]) == TILE_WIDTH:
            self._fill(level + 1, filled)


def hashes(level: int, low: int, high: int) -> list[bytes]:
    """The hashes ``low`` to before ``high`` of a level of tiles; one tile holds them, or will.

    Raises:
        LookupError: they are not all there.
    """
    if low >= high:
        return []
    tile = Tile.objects.filter(level=level, index=low >> TILE_HEIGHT).values_list("hashes", flat=True).first()
    if tile is not None:
        first = low % TILE_WIDTH
        return split(bytes(tile)[first * HASH_BYTES : (first + high - low) * HASH_BYTES])
    if level == 0:
        return leaves(low, high)
    below = Tile.objects.filter(level=level - 1, index__gte=low, index__lt=high).order_by("index")
    found = [bytes(root) for root in below.values_list("root", flat=True)]
    if len(found) != high - low:
        raise LookupError("tiles of the tree are missing")
    return found


def leaves(low: int, high: int) -> list[bytes]:
    """The leaf hashes ``low`` to before ``high``, made anew from the entries.

    Raises:
        LookupError: they are not all there.
    """
    wanted = [number for pairs in _pieces(low, high) for number in numbers.expanded(pairs)]
    found = rows.leaves_of(wanted)
    if len(wanted) != high - low or any(number not in found for number in wanted):
        raise LookupError("entries that are in the tree are gone from the ledger")
    return [found[number] for number in wanted]


def _pieces(low: int, high: int) -> Iterator[Pairs]:
    """The entries that are these leaves, a piece for each checkpoint, in the order of the leaves."""
    sealed = Checkpoint.objects.filter(size__gt=low).order_by("size", "number")
    for size, added in sealed.values_list("size", "added").iterator(chunk_size=300):
        begins = size - numbers.count(added)
        if begins >= high:
            return
        yield _part(added, max(low - begins, 0), high - begins)


def _part(pairs: Pairs, first: int, last: int) -> Pairs:
    """From the ``first`` to before the ``last`` of the numbers."""
    found: Pairs = []
    at = 0
    for low, high in numbers.runs(pairs):
        begin, end = max(low, low + first - at), min(high, low + last - at)
        if begin < end:
            found += [begin, end]
        at += high - low
    return found


def subtree(low: int, high: int) -> bytes:
    """The hash of a run of leaves that is a node of the tree or of its right edge (`tree.Subtree`)."""
    parts: list[bytes] = []
    while low < high:
        height = (high - low).bit_length() - 1
        parts.append(_node(height, low >> height))
        low += 1 << height
    found = parts.pop()
    while parts:
        found = node_hash(parts.pop(), found)
    return found


def _node(height: int, index: int) -> bytes:
    level, within = divmod(height, TILE_HEIGHT)
    first = index << within
    return perfect_root(hashes(level, first, first + (1 << within)))
