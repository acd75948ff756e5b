"""Does a row say in its columns what its canonical bytes say? Every column, its type and its null included."""

import hashlib
import ipaddress
import json
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.adapt import Transformer
from psycopg.pq import Format

from consent.ledger.entry import EntryTooLarge, canonical_bytes
from consent.ledger.image import OF_TREE_ONLY, BadRow, Form, fields

UNREADABLE = object()
MOST_KEPT = 20_000  # written forms of a column's values, most of which come again and again
_Y2K = datetime(2000, 1, 1)  # noqa: DTZ001 (PostgreSQL counts from here, in UTC)
_ARRAY = struct.Struct(
    "!iiIii"
)  # dimensions, are there nulls, element type, length and lower bound of the first


class Columns:
    """Reads the tuples of one form."""

    def __init__(self, connection: psycopg.Connection[Any], form: Form, oids: Sequence[int]) -> None:
        self._form = form
        self._transformer = Transformer(connection)
        self._transformer.set_loader_types(list(oids), Format.BINARY)
        names = [name for name in form.names if name not in OF_TREE_ONLY]
        self._writers = [_WRITERS.get(kind) for _name, kind in form.columns]
        self._kept: list[dict[bytes | None, bytes | None]] = [{} for _name in form.names]
        self._in_order = []
        for number, name in enumerate(sorted(names)):
            at = form.names.index(name)
            self._in_order.append((at, f'{"," if number else "{"}"{name}":'.encode(), self._kept[at]))
        self._loaders = [self._transformer.get_loader(oid, Format.BINARY) for oid in oids]

    def agree(self, row: bytes, leaf: bytes) -> bool:
        """Does the row say what its canonical bytes say? ``False`` also where only a slower look can tell.

        The canonical bytes are written anew out of the columns and compared as a whole.
        """
        try:
            raw = fields(row)
        except BadRow:
            return False
        if len(raw) != len(self._kept) or raw[2] != leaf:
            return False
        parts = []
        for at, name, kept in self._in_order:
            value = raw[at]
            written = kept.get(value) or self._written(at, value)
            if written is None:
                return False
            parts += (name, written)
        return b"".join(parts) + b"}" == raw[1]

    def _written(self, at: int, value: bytes | None) -> bytes | None:
        """A value as it stands in the canonical bytes; ``None`` when it can't be read."""
        writer = self._writers[at]
        if writer is not None and value is not None:
            return writer(value)
        loaded = self._one(self._loaders[at], value)
        if self._form.columns[at][1].endswith("[]"):
            loaded = _from_one(loaded, value)
        found = None if loaded is UNREADABLE else _form_of({"": _plain(loaded)})[4:-1] or None
        kept = self._kept[at]
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[value] = found
        return found

    def differences(self, row: bytes, leaf: bytes) -> tuple[str, list[str]]:
        """The entry's id, and the columns that do not say what the canonical bytes say.

        Args:
            row: The tuple.
            leaf: The leaf hash of its canonical bytes.
        """
        try:
            raw = fields(row)
        except BadRow:
            return "", ["canonical"]
        if len(raw) != len(self._form.names):
            return "", ["canonical"]
        loaded = [
            _from_one(value, written) if kind.endswith("[]") else value
            for value, written, (_name, kind) in zip(self._loaded(raw), raw, self._form.columns, strict=True)
        ]
        values = dict(zip(self._form.names, loaded, strict=True))
        canonical, stored = raw[1] or b"", raw[2]
        wrong = [] if stored == leaf else ["leaf_hash"]
        said = {name: _plain(value) for name, value in values.items() if name not in OF_TREE_ONLY}
        return str(said.get("id", "")), wrong + list(_unequal(said, canonical))

    def _loaded(self, raw: Sequence[bytes | None]) -> Sequence[Any]:
        try:
            return self._transformer.load_sequence(raw)
        except Exception:  # what a changed byte makes of a value is anybody's guess: find out which it is
            return [self._one(loader, value) for loader, value in zip(self._loaders, raw, strict=True)]

    @staticmethod
    def _one(loader: Any, value: bytes | None) -> Any:
        if value is None:
            return None
        try:
            return loader.load(value)
        except Exception:
            return UNREADABLE


def _uuid(value: bytes) -> bytes | None:
    text = value.hex()
    if len(text) != 32:
        return None
    return f'"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"'.encode()


def _whole(value: bytes) -> bytes:
    return b"%d" % int.from_bytes(value, "big", signed=True)


def _instant(value: bytes) -> bytes | None:
    try:
        at = _Y2K + timedelta(microseconds=int.from_bytes(value, "big", signed=True))
    except OverflowError:
        return None
    return f'"{at.isoformat(timespec="microseconds")}Z"'.encode()


# Kinds of value of which most rows have one of their own.
_WRITERS: Mapping[str, Callable[[bytes], bytes | None]] = {
    "uuid": _uuid, "integer": _whole, "bigint": _whole, "timestamp with time zone": _instant,
}  # fmt: skip


def _from_one(value: Any, written: bytes | None) -> Any:
    """An array that counts from anything but 1 is another value, though it holds the same."""
    if isinstance(value, list) and value and written is not None:
        dimensions, _nulls, _type, _length, begins = _ARRAY.unpack_from(written)
        return value if (dimensions, begins) == (1, 1) else UNREADABLE
    return value


def _plain(value: Any) -> Any:
    """Addresses as text, as the site writes them; everything else has a canonical form as it is."""
    if isinstance(
        value,
        ipaddress.IPv4Address | ipaddress.IPv6Address | ipaddress.IPv4Interface | ipaddress.IPv6Interface,
    ):
        return str(value)
    return value


def _unequal(said: Mapping[str, Any], canonical: bytes) -> Iterator[str]:
    if _form_of(said) == canonical:
        return
    try:
        sealed = json.loads(canonical)
    except ValueError:
        sealed = None
    if not isinstance(sealed, dict) or _form_of(sealed) != canonical:
        yield "canonical"
        return
    for name in sorted({*said, *sealed}):
        if name not in said:
            yield name
        elif name not in sealed:
            if said[name] not in ("", [], {}, None, 0) or said[name] is UNREADABLE:
                yield name  # a column that came later holds nothing in rows from before
        elif _form_of({name: said[name]}) != _form_of({name: sealed[name]}):
            yield name


def _form_of(content: Mapping[str, Any]) -> bytes:
    try:
        return canonical_bytes(content)
    except (EntryTooLarge, TypeError, ValueError):
        return b"" if content else hashlib.sha256(b"").digest()
