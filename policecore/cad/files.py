"""Reading a city's file line by line: CSV as it is or gzipped, in the memory of one row.

A row that can't be read is one bad row; a file that can't be read is a `BrokenFile`, and
the message says where. No message holds a value from the file.
"""

import csv
import gzip
import io
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from policecore.cad import layout as layouts
from policecore.cad.layout import Layout

GZIP = b"\x1f\x8b"
LONGEST_FIELD = 131_072  # characters
LONGEST_LINE = 4 * LONGEST_FIELD
csv.field_size_limit(LONGEST_FIELD)


class BrokenFile(ValueError):
    """The file as a whole can't be taken: nothing of it is."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One row: its line number, its text as it stood there, and its values, or none where it has no sense."""

    line_number: int
    raw: str
    values: dict[str, str] | None
    reason: str = ""


class _Lines:
    """Lines with their numbers; lines that a bad quotation mark swallowed can be given back."""

    def __init__(self, text: io.TextIOBase) -> None:
        self.text = text
        self.number = 0
        self.given_back: deque[str] = deque()
        self.taken: list[str] = []
        self.ends_with_break = True

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.given_back.popleft() if self.given_back else self.text.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        self.ends_with_break = line.endswith(("\n", "\r"))
        self.taken.append(line)
        return line

    def start(self) -> int:
        """A new row begins; the number of its first line."""
        self.taken = []
        return self.number + 1

    def keep_first(self) -> str:
        """Of the lines taken for this row keep the first; the others will be read again."""
        first, rest = self.taken[0], self.taken[1:]
        self.given_back.extendleft(reversed(rest))
        self.number -= len(rest)
        self.ends_with_break = first.endswith(("\n", "\r"))
        return first


@contextmanager
def opened_text(path: Path, encoding: str) -> Iterator[tuple[io.TextIOBase, BinaryIO]]:
    """The file as text, and the file on the disk, whose position is the progress made."""
    try:
        disk = path.open("rb")
    except OSError as error:
        raise BrokenFile(f"cannot open it: {error.strerror}") from error
    with disk:
        is_gzip = disk.read(2) == GZIP
        disk.seek(0)
        if path.suffix == ".gz" and not is_gzip:
            raise BrokenFile("byte 0: it is named .gz and does not begin as a gzip file")
        source = gzip.GzipFile(fileobj=disk) if is_gzip else disk
        yield io.TextIOWrapper(source, encoding=encoding, errors="surrogateescape", newline=""), disk


def records(text: io.TextIOBase, layout: Layout) -> Iterator[Record]:
    """Every row after the header, whatever becomes of it: none is skipped but empty lines.

    Raises:
        BrokenFile: no header, not this layout's columns, a damaged gzip, or an end in
            the middle of a row.
    """
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=layout.delimiter, strict=True)
    try:
        header = _header(reader, layout)
        while True:
            line_number = lines.start()
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Record(
                    line_number=line_number, raw=_raw(lines.keep_first()), values=None, reason="quoting"
                )
                _refuse_a_cut(lines, line_number)
                reader = csv.reader(lines, delimiter=layout.delimiter, strict=True)
                continue
            if row:
                yield _record(header, row, lines, line_number)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        what = "is cut off" if isinstance(error, EOFError) else "is damaged"
        raise BrokenFile(f"after line {lines.number}: the gzip file {what}") from error


def _header(reader: Iterator[list[str]], layout: Layout) -> list[str]:
    try:
        header = [name.strip().removeprefix("\ufeff") for name in next(reader, [])]
    except csv.Error as error:
        raise BrokenFile("line 1: the header can't be read as CSV") from error
    if not header:
        raise BrokenFile("line 1: the file is empty, there is no header")
    missing = [name for name in layout.columns if name not in header]
    if missing:
        named = ", ".join(f"`{name}`" for name in missing)
        raise BrokenFile(f"line 1: layout `{layout.name}` needs the missing {named}{_better(header)}")
    twice = [name for name in layout.columns if header.count(name) > 1]
    if twice:
        raise BrokenFile(f"line 1: column `{twice[0]}` stands there twice")
    return header


def _better(header: list[str]) -> str:
    """A hint where the columns are those of another layout."""
    for name in layouts.names():
        if set(layouts.load(name).columns) <= set(header):
            return f"; these are the columns of layout `{name}`"
    return ""


def _record(header: list[str], row: list[str], lines: _Lines, line_number: int) -> Record:
    raw = _raw("".join(lines.taken))
    if len(row) != len(header):
        if len(row) < len(header):
            _refuse_a_cut(lines, line_number)
        return Record(line_number=line_number, raw=raw, values=None, reason="columns")
    values = dict(zip(header, row, strict=True))
    if any("\udc80" <= letter <= "\udcff" or letter == "\x00" for value in row for letter in value):
        return Record(line_number=line_number, raw=raw, values=None, reason="encoding")
    return Record(line_number=line_number, raw=raw, values=values)


def _refuse_a_cut(lines: _Lines, line_number: int) -> None:
    """A last line that has neither all its columns nor an end was cut off."""
    if not lines.ends_with_break:
        raise BrokenFile(f"line {line_number}: the file ends in the middle of this row")


def _raw(text: str) -> str:
    """The row as text that a database takes: bytes that are no text as ``\\xNN``, and no NUL."""
    plain = text.rstrip("\r\n").encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return plain.replace("\x00", "\\x00")
