"""The keys that one transaction has asked for: kept until it ends and not a moment longer."""

from collections.abc import Iterable
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consent.keys import store
from consent.keys.errors import KeyDestroyed


class KeyRing:
    """Data keys by their id and by whom they are about; a page of fifty clients is one question."""

    def __init__(self) -> None:
        self._ciphers: dict[UUID, AESGCM | None] = {}  # None: destroyed
        self._in_use: dict[UUID, UUID] = {}  # subject → key

    def fetch(self, key_ids: Iterable[UUID]) -> None:
        """Have these keys at hand; one query for those that are not yet.

        Raises:
            KeysUnavailable: they can't be had.
        """
        missing = {each for each in key_ids if each not in self._ciphers}
        if missing:
            found = store.data_keys(missing)
            for each in missing:
                self._ciphers[each] = AESGCM(found[each]) if each in found else None

    def is_destroyed(self, key_id: UUID) -> bool:
        """Is there no such key any more?"""
        self.fetch([key_id])
        return self._ciphers[key_id] is None

    def opening(self, key_id: UUID) -> AESGCM:
        """The cipher of a key.

        Raises:
            KeyDestroyed: it is gone for good.
            KeysUnavailable: it can't be had.
        """
        self.fetch([key_id])
        cipher = self._ciphers[key_id]
        if cipher is None:
            raise KeyDestroyed("the key of this text was destroyed")
        return cipher

    def sealing(self, subject_id: UUID) -> tuple[UUID, AESGCM]:
        """The key in use for a subject, made when there is none.

        Raises:
            KeyDestroyed, KeysUnavailable: as `store.key_of`.
        """
        key_id = self._in_use.get(subject_id)
        if key_id is None:
            key_id, key = store.key_of(subject_id)
            self._in_use[subject_id] = key_id
            self._ciphers[key_id] = AESGCM(key)
        cipher = self._ciphers[key_id]
        assert cipher is not None
        return key_id, cipher
