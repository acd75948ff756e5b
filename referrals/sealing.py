"""Sealing an envelope to the side it goes to, so that whoever carries it learns neither content nor length."""

import binascii
from base64 import b64decode
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from referrals.fields import Malformed

BLOCK_BYTES = 1024  # payloads are padded to a multiple of it


class BadKey(RuntimeError):
    """A key file does not hold the base64 of 32 bytes."""


@lru_cache(maxsize=8)
def _key_bytes(path: str) -> bytes:
    try:
        found = b64decode(Path(path).read_bytes().strip(), validate=True)
    except binascii.Error:
        found = b""
    if len(found) != PublicKey.SIZE:
        raise BadKey("a sealing key file must hold the base64 of 32 bytes")
    return found


def seal(payload: bytes) -> bytes:
    """Pad, and seal to the other side's public key; this side can't open it again."""
    other = PublicKey(_key_bytes(str(settings.OTHER_SIDES_PUBLIC_KEY_FILE)))
    return bytes(SealedBox(other).encrypt(sodium_pad(payload, BLOCK_BYTES)))


def unseal(sealed: bytes) -> bytes:
    """Open what was sealed to this side.

    Raises:
        Malformed: it was sealed to somebody else, changed on the way, or badly padded.
    """
    own = PrivateKey(_key_bytes(str(settings.SEALING_KEY_FILE)))
    try:
        padded = SealedBox(own).decrypt(sealed)
    except (CryptoError, ValueError, TypeError):
        raise Malformed("not sealed to this side") from None
    if not padded or len(padded) % BLOCK_BYTES:
        raise Malformed("not padded")
    try:
        return bytes(sodium_unpad(padded, BLOCK_BYTES))
    except CryptoError:
        raise Malformed("not padded") from None
