"""Sealing an envelope to the side it goes to, so that whoever carries it learns neither content nor length.

Two boxes, one in the other. The inner one is made with the sender's private key: whoever
only carries envelopes can't make one. The outer one is made with a key that is thrown away:
the sender can't open it again.
"""

import binascii
from base64 import b64decode
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import Box, PrivateKey, PublicKey, SealedBox

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


def _keys() -> tuple[PrivateKey, PublicKey]:
    """This side's private key, and the other side's public one."""
    own, other = settings.SEALING_KEY_FILE, settings.OTHER_SIDES_PUBLIC_KEY_FILE
    return PrivateKey(_key_bytes(str(own))), PublicKey(_key_bytes(str(other)))


def seal(payload: bytes) -> bytes:
    """Pad, prove that it comes from this side, and seal to the other; this side can't open it again."""
    own, other = _keys()
    return bytes(SealedBox(other).encrypt(bytes(Box(own, other).encrypt(sodium_pad(payload, BLOCK_BYTES)))))


def unseal(sealed: bytes) -> bytes:
    """Open what the other side sealed to this one.

    Raises:
        Malformed: it was sealed to or by somebody else, changed on the way, or badly padded.
    """
    own, other = _keys()
    try:
        proven = SealedBox(own).decrypt(sealed)
    except (CryptoError, ValueError, TypeError):
        raise Malformed("not sealed to this side") from None
    try:
        padded = Box(own, other).decrypt(proven)
    except (CryptoError, ValueError, TypeError):
        raise Malformed("not from the other side") from None
    if not padded or len(padded) % BLOCK_BYTES:
        raise Malformed("not padded")
    try:
        return bytes(sodium_unpad(padded, BLOCK_BYTES))
    except CryptoError:
        raise Malformed("not padded") from None
