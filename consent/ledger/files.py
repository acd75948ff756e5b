"""Files that are only added to: one JSON object a line, on the disk before anybody is told, one writer at a time.

A line that a crash cut short was never acknowledged; the next writer takes it off.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TAIL_BYTES = 65_536  # longer than any line


class BadFile(ValueError):
    """A whole line that is not a JSON object: somebody else wrote into the file."""


class LinesFile:
    """One such file; it and its folder are made when they are missing."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    @contextmanager
    def locked(self) -> Iterator["Writer"]:
        """Hold the file alone, to look at its end and add to it.

        Raises:
            OSError: it can't be opened, made or locked.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_new = not self.path.exists()
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o640)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if is_new:
                _sync_folder(self.path.parent)
            yield Writer(handle)
        finally:
            os.close(handle)

    def lines(self, begin: int = 0) -> Iterator[dict[str, Any]]:
        """Every whole line from the byte ``begin`` on, the oldest first.

        Raises:
            OSError: the file can't be read.
            BadFile: a line is not one of ours, or the file is shorter than that.
        """
        with self.path.open("rb") as file:
            if begin > os.fstat(file.fileno()).st_size:
                raise BadFile("shorter than it was")
            file.seek(begin)
            for line in file:
                if line.endswith(b"\n"):
                    yield _object(line)

    def size(self) -> int:
        """How many bytes whole lines take; 0 when the file is not there."""
        try:
            with self.path.open("rb") as file:
                return _last(file.fileno())[1]
        except FileNotFoundError:
            return 0

    def last(self) -> dict[str, Any] | None:
        """The newest whole line; ``None`` in a file that is empty or not there."""
        try:
            with self.path.open("rb") as file:
                return _last(file.fileno())[0]
        except FileNotFoundError:
            return None


class Writer:
    """The locked file."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._last, self._end = _last(handle)

    def last(self) -> dict[str, Any] | None:
        """The newest line."""
        return self._last

    def add(self, line: Mapping[str, Any]) -> None:
        """Append, and return once it is on the disk."""
        written = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        if len(written) > TAIL_BYTES // 2:
            raise ValueError("a line too long")
        if os.fstat(self._handle).st_size != self._end:
            os.ftruncate(self._handle, self._end)
        os.pwrite(self._handle, written, self._end)
        os.fsync(self._handle)
        self._last, self._end = dict(line), self._end + len(written)


def _last(handle: int) -> tuple[dict[str, Any] | None, int]:
    """The newest whole line, and where it ends."""
    size = os.fstat(handle).st_size
    begin = max(0, size - TAIL_BYTES)
    tail = os.pread(handle, size - begin, begin)
    whole = tail[: tail.rfind(b"\n") + 1]
    if not whole:
        if begin:
            raise BadFile("no line ends where one must")
        return None, 0
    return _object(whole.rstrip(b"\n").rpartition(b"\n")[2]), begin + len(whole)


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BadFile("a line that is not ours")
    return found


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
