"""The canonical bytes of a ledger entry, and the hash that stands for them."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

MAX_ENTRY_BYTES = 65_536


class EntryTooLarge(ValueError):
    """The entry's canonical form is longer than `MAX_ENTRY_BYTES`."""


def canonical_bytes(content: Mapping[str, object]) -> bytes:
    """The one JSON form of an entry: sorted keys, no white space, UTF-8, instants in UTC to the microsecond.

    The form depends on no setting of the database or the process, so that the
    bytes can be hashed again in ten years (a re-rendered ``timestamptz`` could not).

    Raises:
        EntryTooLarge: the form is longer than `MAX_ENTRY_BYTES`.
        TypeError: a value is of a type that has no canonical form.

    Cites: RFC 8785 for the ordering; no number here is other than an integer.
    """
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
    )
    found = text.encode()
    if len(found) > MAX_ENTRY_BYTES:
        raise EntryTooLarge(f"an entry of {len(found)} bytes is longer than {MAX_ENTRY_BYTES}")
    return found


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"no canonical form for {type(value).__name__}")


def leaf_hash(entry: bytes) -> bytes:
    """The 32-byte SHA-256 hash that stands for one ledger entry.

    Args:
        entry: The entry's canonical JSON, UTF-8, at most `MAX_ENTRY_BYTES`.

    Raises:
        EntryTooLarge: ``entry`` is longer than that.

    Cites: RFC 6962 § 2.1. The prefix byte keeps a leaf from passing for an inner node.
    """
    if len(entry) > MAX_ENTRY_BYTES:
        raise EntryTooLarge(f"an entry of {len(entry)} bytes is longer than {MAX_ENTRY_BYTES}")
    return hashlib.sha256(b"\x00" + entry).digest()
