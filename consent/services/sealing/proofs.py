"""That an entry is in the tree: its place, its checkpoint, and the hashes that prove it to anybody."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consent.ledger import numbers
from consent.ledger.tree import inclusion_proof
from consent.models import Checkpoint, LedgerEntry
from consent.services.sealing import rows, tiles

FURTHEST = 5_000  # checkpoints that a late committer may have missed: hours of them


@dataclass(frozen=True, kw_only=True)
class Proof:
    """An entry's place, and what proves it (`tree.root_of_inclusion` leads to the root in the note)."""

    checkpoint: int
    sealed_at: datetime
    position: int  # of the leaf, from 0
    size: int
    note: str
    hashes: tuple[bytes, ...]


def proof_of(entry: LedgerEntry | UUID) -> Proof | None:
    """The proof that an entry is in the tree of the checkpoint that sealed it; ``None`` before it is sealed.

    As whoever is asking: whom the database doesn't show the ledger, it shows no proof.

    Raises:
        LookupError: entries or tiles that the proof needs are gone.
    """
    number = rows.number_of(entry.pk if isinstance(entry, LedgerEntry) else entry)
    if number is None:
        return None
    later = Checkpoint.objects.filter(high__gte=number).order_by("high", "number")[:FURTHEST]
    for sealed in later.iterator(chunk_size=20):
        rank = numbers.rank(sealed.added, number)
        if rank is not None:
            position = sealed.size - numbers.count(sealed.added) + rank
            return Proof(
                checkpoint=sealed.number,
                sealed_at=sealed.sealed_at,
                position=position,
                size=sealed.size,
                note=sealed.note,
                hashes=tuple(inclusion_proof(position, sealed.size, tiles.subtree)),
            )
    return None
