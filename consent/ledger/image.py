"""What one row looks like to whoever checks it: a binary COPY's tuple, taken apart.

The first three columns are always ``number``, ``canonical``, ``leaf_hash``; the others follow
in the order of their names. A row's image is the SHA-256 of the tuple as PostgreSQL sent it,
without the canonical bytes and their hash, which the leaf stands for; so any bit of any column,
types and nulls included, is bound by a checkpoint without a column being looked at.

Cites: PostgreSQL, COPY, Binary Format.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

SIGNATURE = b"PGCOPY\n\xff\r\n\0"
HEADER_BYTES = len(SIGNATURE) + 8
TRAILER = b"\xff\xff"
FIRST = ("number", "canonical", "leaf_hash")
OF_TREE_ONLY = frozenset({"number", "canonical", "leaf_hash"})  # not in the canonical form

_HEAD = struct.Struct("!hiqi")  # fields, length and value of number, length of canonical
_LENGTH = struct.Struct("!i")
_NULL = 0xFFFFFFFF
_OF_A_HASH = _LENGTH.pack(32)


class BadRow(ValueError):
    """A tuple that is not one of the ledger's."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """The columns of the ledger as they are now, ``(name, type)`` in the order in which they are read."""

    columns: tuple[tuple[str, str], ...]
    server: int  # PostgreSQL's major version: binary forms are its own

    @classmethod
    def of(cls, columns: Iterable[tuple[str, str]], server: int) -> "Form":
        """The form of these columns."""
        by_name = dict(columns)
        missing = [name for name in FIRST if name not in by_name]
        if missing:
            raise BadRow(f"the ledger has no column {', '.join(missing)}")
        names = [*FIRST, *sorted(set(by_name) - set(FIRST))]
        return cls(columns=tuple((name, by_name[name]) for name in names), server=server)

    @property
    def names(self) -> list[str]:
        """The columns, in the order in which they are read."""
        return [name for name, _type in self.columns]

    @property
    def id(self) -> str:
        """What a checkpoint calls it: the server's version and sixteen hex digits."""
        said = " ".join(f"{name}:{type_}" for name, type_ in self.columns)
        return f"{self.server}-{sha256(said.encode()).hexdigest()[:16]}"


def tuples(blocks: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    """The tuples of a binary COPY whose blocks are a row each, as PostgreSQL sends them."""
    for number, block in enumerate(blocks):
        row = bytes(block)
        if number == 0:
            if not row.startswith(SIGNATURE):
                raise BadRow("not a binary COPY")
            row = row[HEADER_BYTES:]
        if row and row != TRAILER:
            yield row


class Row(NamedTuple):
    """An entry as the tree sees it."""

    number: int
    leaf: bytes
    image: bytes
    raw: bytes


def row_of(raw: bytes) -> Row:
    """The tuple with its number, the leaf hash of its canonical bytes, and its image.

    Of whatever length the canonical bytes are: an entry that somebody put in past the site
    must not keep others from being sealed.

    Raises:
        BadRow: it has no number or no canonical bytes.
    """
    try:
        _fields, eight, number, length = _HEAD.unpack_from(raw)
    except struct.error:
        raise BadRow("not an entry's tuple") from None
    if eight != 8 or length < 0:
        raise BadRow("an entry without number or canonical bytes")
    behind = _HEAD.size + length
    leaf = leaf_of(raw[_HEAD.size : behind])
    rest = behind + _LENGTH.size + len(leaf)
    agrees = raw[behind:rest] == _OF_A_HASH + leaf
    image = sha256(raw[: _HEAD.size] + raw[rest:] if agrees else raw).digest()
    return Row(number, leaf, image, raw)


def leaf_of(canonical: bytes) -> bytes:
    """The leaf hash of canonical bytes (RFC 6962 § 2.1)."""
    return sha256(b"\x00" + canonical).digest()


def fields(row: bytes) -> list[bytes | None]:
    """Every column's bytes; ``None`` for a null.

    Raises:
        BadRow: the tuple goes on behind its columns, or ends within them.
    """
    found: list[bytes | None] = []
    at, end, take = 6, len(row), int.from_bytes
    for _column in range(take(row[:2], "big")):
        length = take(row[at - 4 : at], "big")
        if length == _NULL:
            found.append(None)
            at += 4
        else:
            found.append(row[at : at + length])
            at += length + 4
    if at - 4 != end:
        raise BadRow("a tuple that is longer or shorter than its columns")
    return found


def images_digest(images: Sequence[bytes]) -> bytes:
    """What a checkpoint says of its rows: the hash of their images in the order of the leaves."""
    return sha256(b"".join(images)).digest()
