"""Witnesses: who remembers which tree was shown, and lets nobody take it back.

`CheckpointWitness` sees whole checkpoints with a proof, by the rules of c2sp.org/tlog-witness.
`DigestWitness` is the other side's: it is told a hash and a padded size once an hour, and
nothing from which somebody could count.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from consent.ledger.files import BadFile, LinesFile, Writer
from consent.ledger.note import BadNote, Checkpoint
from consent.ledger.tree import EMPTY_ROOT, BadProof, check_consistency

SMALLEST_PAD = 1 << 16


class Refused(Exception):
    """The witness does not take the checkpoint; ``code`` says why in one word."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The largest checkpoint that a witness has taken."""

    size: int
    root: bytes
    note: str


NOTHING = Seen(size=0, root=EMPTY_ROOT, note="")
Open = Callable[[str], Checkpoint]


class CheckpointWitness:
    """A file of checkpoints of one log, each of which extends the one before.

    Args:
        path: The file; whoever may write it must not be able to write the database.
        open_note: Opens a note of the log's trusted keys, or raises `BadNote`.
        cosign: Adds the witness's own signature to a note it has taken, if it has a key.
    """

    def __init__(self, path: Path | str, open_note: Open, cosign: Callable[[str], str] = str) -> None:
        self.file = LinesFile(path)
        self._open = open_note
        self._cosign = cosign

    @contextmanager
    def locked(self) -> Iterator["Session"]:
        """Look at the newest and add, with nobody in between."""
        with self.file.locked() as writer:
            yield Session(writer, self._open, self._cosign)

    def last(self) -> Seen:
        """The newest that was taken."""
        line = self.file.last()
        return _seen(self._open, line) if line else NOTHING

    def all(self) -> Iterator[Seen]:
        """Every one, the oldest first."""
        for line in self.file.lines():
            yield _seen(self._open, line)


class Session:
    """A witness's file while it is held."""

    def __init__(self, writer: Writer, open_note: Open, cosign: Callable[[str], str]) -> None:
        self._writer, self._open, self._cosign = writer, open_note, cosign
        line = writer.last()
        self.last = _seen(open_note, line) if line else NOTHING

    def check(self, old: int, proof: Sequence[bytes], note: str) -> Checkpoint:
        """May this checkpoint follow?

        Args:
            old: The size that the caller believes to be the last one taken.
            proof: That the tree of the last size begins the new one.

        Raises:
            Refused: ``unsigned``, ``rollback`` (smaller), ``stale`` (another last size), ``conflict``
                (two roots of one size), ``inconsistent`` (not proved to begin with the last).
        """
        try:
            found = self._open(note)
        except BadNote as error:
            raise Refused("unsigned", str(error)) from None
        if found.size < self.last.size:
            raise Refused("rollback", f"{found.size} entries after {self.last.size}")
        if old != self.last.size:
            raise Refused("stale", f"the last was of {self.last.size} entries, not of {old}")
        if found.size == self.last.size and self.last.note and found.root != self.last.root:
            raise Refused("conflict", f"another root of {found.size} entries")
        try:
            check_consistency(old, self.last.root, found.size, found.root, proof)
        except BadProof as error:
            raise Refused("inconsistent", str(error)) from None
        return found

    def add(self, old: int, proof: Sequence[bytes], note: str) -> str:
        """Take it: checked, and on the disk when this returns; the note with the witness's signature.

        Raises:
            Refused: as `check`.
        """
        found = self.check(old, proof, note)
        taken = self._cosign(note)
        self._writer.add({"note": taken})
        self.last = Seen(size=found.size, root=found.root, note=taken)
        return taken


def _seen(open_note: Open, line: dict[str, object]) -> Seen:
    note = line.get("note")
    if not isinstance(note, str):
        raise BadFile("a line without a note")
    try:
        found = open_note(note)
    except BadNote as error:
        raise BadFile(f"a note in the witness's file: {error}") from None
    return Seen(size=found.size, root=found.root, note=note)


def padded(size: int) -> int:
    """A size that tells no count: the next power of two, and never less than `SMALLEST_PAD`."""
    return max(SMALLEST_PAD, 1 << (size - 1).bit_length() if size > 1 else 1)


def digest_of(note: str) -> str:
    """What stands for a checkpoint where its content must not be told: SHA-256 of its text, hex.

    Of the text alone, so that a cosignature changes nothing; its second of sealing is in
    it, so that a quiet hour looks like any other.
    """
    return hashlib.sha256((note.rpartition("\n\n")[0] + "\n").encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one side told the other in one hour."""

    hour: datetime
    digest: str
    padded_size: int


class DigestWitness:
    """A file of what the other side told, an hour at a time."""

    def __init__(self, path: Path | str) -> None:
        self.file = LinesFile(path)

    def add(self, told: Told) -> bool:
        """Take it, on the disk when this returns; ``False`` when exactly this stands there already.

        Raises:
            Refused: ``conflict`` (another hash for an hour), ``rollback`` (a smaller size or an earlier hour).
        """
        with self.file.locked() as writer:
            line = writer.last()
            last = told_of(line) if line else None
            if last == told:
                return False
            if last is not None:
                check_follows(last, told)
            hour = told.hour.astimezone(UTC).isoformat()
            writer.add({"hour": hour, "digest": told.digest, "padded_size": told.padded_size})
        return True

    def all(self) -> Iterator[Told]:
        """Everything that was told, the oldest first."""
        return map(told_of, self.file.lines())


def check_follows(last: Told, told: Told) -> None:
    """Raise `Refused` unless ``told`` may stand after ``last``."""
    if told.hour == last.hour:
        raise Refused("conflict", "another hash or size for the same hour")
    if told.hour < last.hour:
        raise Refused("rollback", "an hour that has passed")
    if told.padded_size < last.padded_size:
        raise Refused("rollback", "a smaller size")


def told_of(line: dict[str, object]) -> Told:
    """The line of a `DigestWitness`'s file as a value.

    Raises:
        BadFile: it is not one.
    """
    hour, digest, size = line.get("hour"), line.get("digest"), line.get("padded_size")
    if not isinstance(hour, str) or not isinstance(digest, str) or type(size) is not int:
        raise BadFile("not a line about an hour")
    try:
        at = datetime.fromisoformat(hour)
    except ValueError:
        raise BadFile("not an hour") from None
    if at.utcoffset() is None or len(digest) != 64:
        raise BadFile("not an hour, or not a hash")
    return Told(hour=at, digest=digest, padded_size=size)
