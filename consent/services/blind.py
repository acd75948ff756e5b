"""Blind indexes: values that are kept encrypted are found by their keyed hash, and by nothing else.

The key is one of the legal unit's, so that two units' indexes have no token in common and
laying one beside the other matches nobody.
"""

import hashlib
import hmac
from collections.abc import Callable
from uuid import UUID

from consent.keys import store
from consent.models import LegalUnit

TOKEN_BYTES = 8  # a million clients of twenty tokens: one pair in ten thousand such cities is mistaken
PLACES = "police-places"
Forgets = Callable[[UUID], None]
_forgetting: list[Forgets] = []


class BlindIndex:
    """The index of one legal unit."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, kind: str, value: str) -> int:
        """What stands in the index for a value: the first 64 bits of HMAC-SHA-256(key, kind | value), signed.

        Args:
            kind: What sort of value it is, without a ``|``: a name is no phone number.
        """
        digest = hmac.new(self._key, f"{kind}|{value}".encode(), hashlib.sha256).digest()
        return int.from_bytes(digest[:TOKEN_BYTES], "big", signed=True)


def blind_index(unit: LegalUnit) -> BlindIndex:
    """The index of ``unit``.

    Raises:
        KeysUnavailable: its key can't be had now.
    """
    return BlindIndex(store.index_key(unit.slug))


def index_of_places() -> BlindIndex:
    """The police side's index of places, which belongs to no legal unit and has a key of its own.

    Raises:
        KeysUnavailable: its key can't be had now.
    """
    return BlindIndex(store.index_key(PLACES))


def when_forgotten(forgets: Forgets) -> None:
    """Name what is called when a client's key is destroyed: each index takes out its own rows."""
    if forgets not in _forgetting:
        _forgetting.append(forgets)


def forget(subject_id: UUID) -> None:
    """Take a client out of every index of this side, in the caller's transaction and access context."""
    for forgets in _forgetting:
        forgets(subject_id)
