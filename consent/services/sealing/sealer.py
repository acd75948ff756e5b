"""The sealer: makes the entries that are not in the tree yet its leaves, and signs what it has become.

One sealer works at a time; a second waits. What it found and signed is committed first and
given to the witness next, both while the witness's file is held: a sealer that dies in
between has lost nothing, and the next one gives the witness what it lacks. What a witness
refuses is never committed.
"""

import base64
import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from consent import access
from consent.ledger import note as notes
from consent.ledger import numbers
from consent.ledger.files import BadFile
from consent.ledger.image import Form, Row, images_digest
from consent.ledger.note import BadNote
from consent.ledger.tree import Frontier, Subtree, consistency_proof, subtrees_of
from consent.ledger.witness import CheckpointWitness, Refused, Session
from consent.models import Checkpoint, Tile
from consent.services.sealing import rows, tiles
from consent.services.sealing.pending import Pending
from consent.services.sealing.tiles import Edge
from consent.signing import Signer

log = logging.getLogger("bulkhead.sealer")

SEALER, PURPOSE = "system:sealer", "X-SEALING"
MOST_ROWS = 20_000  # of one checkpoint: read, hashed and committed within a second or two
EVERY = timedelta(minutes=10)  # a checkpoint even when nothing was added: a quiet hour looks like any other


class Sealer:
    """Seals one side's ledger, round by round.

    Args:
        signer: The key of the checkpoints, under the ledger's name.
        witness: The file outside the database.
    """

    def __init__(self, signer: Signer, witness: CheckpointWitness) -> None:
        self._signer = signer
        self._witness = witness
        self._last = 0  # the checkpoint that what follows belongs to
        self._note = ""
        self._frontier = Frontier()
        self._edge = Edge(0, [[]])
        self._high = 0
        self._pending = Pending([], 0)

    def seal(self) -> int:
        """Seal everything that is committed; how many entries that was.

        Raises:
            Refused: the witness knows another history than the database's; nothing was sealed.
        """
        sealed = 0
        while True:
            added = self._round()
            sealed += added
            if added < MOST_ROWS:
                return sealed

    def _round(self) -> int:
        with self._held_witness() as session:
            with access.opened(SEALER, PURPOSE):
                if not rows.got_the_lead():
                    return 0
                self._look_up()
                if session is not None and not self._catch_up(session):
                    session = None
                made = self._make()
                if made is None:
                    return 0
                checkpoint, filled, proof = made
                old = checkpoint.size - numbers.count(checkpoint.added)
                if session is not None:
                    session.check(old, proof, checkpoint.note)
                Tile.objects.bulk_create(filled)
                checkpoint.save(force_insert=True)
            self._last = checkpoint.number
            if session is not None:
                self._give(session, old, proof, checkpoint.note)
        return numbers.count(checkpoint.added)

    @contextmanager
    def _held_witness(self) -> Iterator[Session | None]:
        """The witness's file, held; ``None`` while it can't be reached: it gets later what it lacks."""
        try:
            held = self._witness.locked()
            session = held.__enter__()
        except OSError as error:
            log.critical("LEDGER-WITNESS-UNREACHABLE %s", type(error).__name__)
            yield None
            return
        except BadFile as error:
            raise Refused("witness", str(error)) from None
        try:
            yield session
        finally:
            held.__exit__(None, None, None)

    def _give(self, session: Session, old: int, proof: Sequence[bytes], note: str) -> bool:
        try:
            session.add(old, proof, note)
        except OSError as error:
            log.critical("LEDGER-WITNESS-UNREACHABLE %s", type(error).__name__)
            return False
        return True

    def _look_up(self) -> None:
        """Where the tree stands; read anew when another sealer, or none, has been at it since."""
        last = Checkpoint.objects.order_by("-number").first()
        self._note = last.note if last else ""
        if (last.number if last else 0) == self._last and self._last:
            return
        size = last.size if last else 0
        self._frontier = Frontier.from_bytes(size, bytes(last.frontier) if last else b"")
        self._edge = Edge.read(size)
        self._high = last.high if last else 0
        self._pending = Pending(last.pending if last else [], rows.snapshot()[1])
        self._last = last.number if last else 0

    def _catch_up(self, session: Session) -> bool:
        """Give the witness the checkpoints that it has not seen; ``False`` when it can't take them now.

        Raises:
            Refused: it has seen what is not in the database.
        """
        seen = _number(session.last.note) if session.last.note else 0
        if seen and seen == self._last and _text(self._note) == _text(session.last.note):
            return True
        if seen:
            known = Checkpoint.objects.filter(number=seen).values_list("note", flat=True).first()
            if known is None:
                raise Refused("rollback", f"the witness has checkpoint {seen}, the database {self._last}")
            if _text(known) != _text(session.last.note):
                raise Refused("conflict", f"the witness has another checkpoint {seen} than the database")
        for later in Checkpoint.objects.filter(number__gt=seen).order_by("number"):
            proof = consistency_proof(session.last.size, later.size, tiles.subtree)
            if not self._give(session, session.last.size, proof, later.note):
                return False
        return True

    def _make(self) -> tuple[Checkpoint, list[Tile], list[bytes]] | None:
        """The next checkpoint, not saved yet; ``None`` when there is nothing to say.

        What this object remembers of the tree goes on with it. When the round fails after
        this, `_last` says so, and the next round reads everything anew.
        """
        shape = rows.form()
        oldest, _next = rows.snapshot()
        late = rows.rows_of(self._pending.pairs(), shape)
        fresh = rows.rows_after(self._high, MOST_ROWS, shape)
        next_ = rows.snapshot()[1]
        added = [*late, *fresh]
        if not added and not self._is_due():
            self._pending.settle([], oldest, next_)
            return None
        number, self._last = self._last + 1, -1
        self._note_gaps(late, fresh, oldest, next_)
        before, leaves = self._frontier.copy(), [row.leaf for row in added]
        self._frontier.extend(leaves)
        filled = self._edge.extend(leaves)
        proof = consistency_proof(before.size, self._frontier.size, _within(before, leaves))
        return self._checkpoint(number, added, shape), filled, proof

    def _note_gaps(self, late: Sequence[Row], fresh: Sequence[Row], oldest: int, next_: int) -> None:
        self._pending.settle(numbers.pairs_of(row.number for row in late), oldest, next_)
        if fresh:
            seen = numbers.pairs_of(row.number for row in fresh)
            self._pending.add(numbers.without(self._high + 1, seen[-1], seen), next_)
            self._high = seen[-1] - 1

    def _checkpoint(self, number: int, added: Sequence[Row], shape: Form) -> Checkpoint:
        pairs = numbers.pairs_of(row.number for row in added)
        members = hashlib.sha256(numbers.written(pairs)).digest()
        images = images_digest([row.image for row in added])
        told = notes.Checkpoint(
            origin=self._signer.public.name,
            size=self._frontier.size,
            root=self._frontier.root(),
            more=(
                f"number {number}",
                f"members {base64.b64encode(members).decode()}",
                f"rows {shape.id} {base64.b64encode(images).decode()}",
                f"at {datetime.now(UTC).isoformat(timespec='microseconds')}",
            ),
        )
        return Checkpoint(
            number=number,
            size=told.size,
            high=self._high,
            added=pairs,
            pending=self._pending.pairs(),
            frontier=self._frontier.to_bytes(),
            note=self._signer.signed(told),
        )

    def _is_due(self) -> bool:
        newest = Checkpoint.objects.order_by("-number").values_list("sealed_at", flat=True).first()
        return newest is None or not newest <= timezone.now() < newest + EVERY


def _within(before: Frontier, leaves: Sequence[bytes]) -> Subtree:
    """The runs of a tree of which the full subtrees before, and all leaves since, are at hand."""
    known, low = {}, 0
    for root in before.hashes:
        height = (before.size - low).bit_length() - 1
        known[low, low + (1 << height)] = root
        low += 1 << height
    since = subtrees_of(leaves)

    def subtree(low: int, high: int) -> bytes:
        return known[low, high] if low < before.size else since(low - before.size, high - before.size)

    return subtree


def _text(note: str) -> str:
    """A note without its signatures."""
    return note.rpartition("\n\n")[0]


def _number(note: str) -> int:
    """Which checkpoint a note is, in its own words; the witness opens it."""
    for line in _text(note).split("\n"):
        if line.startswith("number "):
            return int(line.removeprefix("number "))
    raise BadNote("a checkpoint without a number")
