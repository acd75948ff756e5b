"""What the verifier remembers: the newest checkpoint that it found intact, under its own signature.

It lies in a file outside the database and works like one more witness: the next check
compares it with what the database says then.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from consent.ledger.files import BadFile, LinesFile
from consent.ledger.note import BadNote, cosigned_at
from consent.signing import Signer, is_signed
from consent.verifier.findings import CouldNotRun
from consent.verifier.witnesses import number_in


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """The end of the last check that found everything intact."""

    number: int = 0  # of the checkpoint
    note: str = ""
    whole_at: datetime | None = None  # when the whole ledger was last checked
    read: dict[str, int] = field(default_factory=dict)  # bytes of each witness's file


class VerifierMemory:
    """The file, and the key that says that the lines in it are the verifier's own."""

    def __init__(self, path: Path | str, signer: Signer) -> None:
        self._file = LinesFile(path)
        self._signer = signer

    def last(self) -> Remembered:
        """What was remembered last.

        Raises:
            CouldNotRun: the file is not the verifier's: then nobody knows what was checked.
        """
        try:
            line = self._file.last()
            if line is None:
                return Remembered()
            note, whole_at = str(line["note"]), line["whole_at"]
            cosigned_at(note, [self._signer.public], is_signed)
            return Remembered(
                number=number_in(note),
                note=note,
                whole_at=datetime.fromisoformat(whole_at) if whole_at else None,
                read={str(name): int(size) for name, size in line["read"].items()},
            )
        except (OSError, BadFile, BadNote, KeyError, TypeError, ValueError, AttributeError) as error:
            raise CouldNotRun(f"the verifier's own file: {type(error).__name__}") from None

    def keep(self, note: str, whole_at: datetime | None, read: Sequence[tuple[str, int]]) -> None:
        """Remember a checkpoint up to which everything is intact."""
        mine = self._signer.cosigned(note, at=int(time.time()))
        whole = whole_at.astimezone(UTC).isoformat() if whole_at else None
        try:
            with self._file.locked() as writer:
                writer.add({"note": mine, "whole_at": whole, "read": dict(read)})
        except (OSError, BadFile) as error:
            raise CouldNotRun(f"the verifier's own file: {type(error).__name__}") from None
