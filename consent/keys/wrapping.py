"""Wrapping: data keys lie in the keys database encrypted by a key that lies somewhere else.

Where that is, is the city's to say: a file (the default, `from_files`), or a key management
service. For a service write a class with the three members of `Wrapping` and a function
without arguments that returns the ones that this process may use, the one for new keys
first; name the function in ``KEY_WRAPPING`` (docs/operations.md). Nothing else changes.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.module_loading import import_string

from consent.keys.errors import KeysUnavailable

KEY_BYTES = 32
NONCE_BYTES = 12  # random; a wrapping key wraps far fewer than 2**32 keys (NIST SP 800-38D 8.3)


class Wrapping(Protocol):
    """A key that encrypts keys and is never in the keys database itself."""

    @property
    def id(self) -> str:
        """The key's name, at most 64 characters, the same in every process, which tells nothing of the key."""

    def wrap(self, key: bytes, bound_to: bytes) -> bytes:
        """Encrypt a data key of 32 bytes, so that it opens with the same ``bound_to`` only.

        Raises:
            KeysUnavailable: the service doesn't answer.
        """

    def unwrap(self, wrapped: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
        """The keys of ``(wrapped, bound_to)`` pairs in their order, all in one go: a page asks once.

        Raises:
            KeysUnavailable: the service doesn't answer, or one of them does not open.
        """


class FileWrapping:
    """AES-256-GCM with a key read from a file: base64 of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self.id = hashlib.sha256(b"bulkhead wrapping key id\0" + key).hexdigest()[:32]

    def wrap(self, key: bytes, bound_to: bytes) -> bytes:
        """Nonce, ciphertext and tag: 60 bytes."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, key, bound_to)

    def unwrap(self, wrapped: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
        """The keys, in order."""
        try:
            return [
                self._cipher.decrypt(each[:NONCE_BYTES], each[NONCE_BYTES:], bound_to)
                for each, bound_to in wrapped
            ]
        except (InvalidTag, ValueError):
            raise KeysUnavailable("a wrapped key does not open with its wrapping key") from None


def from_files() -> list[Wrapping]:
    """The key of ``WRAPPING_KEY_<SIDE>``, and during a rotation the one before it.

    Read anew for each transaction: a file that is taken away or put back counts at once.
    """
    return [FileWrapping(_read(path)) for path in settings.WRAPPING_KEY_FILES]


def usable() -> dict[str, Wrapping]:
    """The wrappings that this process may use, by id; the one for new keys comes first.

    Raises:
        KeysUnavailable: there is none, or its file can't be read.
    """
    source = cast(Callable[[], Iterable[Wrapping]], import_string(settings.KEY_WRAPPING))
    found = {each.id: each for each in source()}
    if not found:
        raise KeysUnavailable("there is no wrapping key")
    return found


def _read(path: str) -> bytes:
    try:
        key = base64.b64decode(Path(path).read_bytes().strip(), validate=True)
    except (OSError, binascii.Error):
        raise KeysUnavailable("the wrapping key can't be read") from None
    if len(key) != KEY_BYTES:
        raise KeysUnavailable("a wrapping key file must hold the base64 of 32 bytes")
    return key
