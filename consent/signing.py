"""The keys that checkpoints and their witnesses sign with, out of their files; needs no Django.

A private key file holds the base64 of 32 bytes. A public key file holds a line for each key,
the newest first, in the form of `PublicKey`: the old ones stay, for what they have signed.
"""

import base64
import binascii
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from consent.ledger import note
from consent.ledger.note import ED25519, BadNote, Checkpoint, PublicKey

SEED_BYTES = 32


class BadKeyFile(RuntimeError):
    """A key file that is not there or does not hold what it should. Its content is in no message."""


class Signer:
    """A private key under a name."""

    def __init__(self, seed: bytes, name: str, kind: int = ED25519) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.public = PublicKey(name=name, public=public, kind=kind)

    @classmethod
    def from_file(cls, path: Path | str, name: str, kind: int = ED25519) -> "Signer":
        """The key in a file.

        Raises:
            BadKeyFile: there is none in it.
        """
        try:
            seed = base64.b64decode(Path(path).read_bytes().strip(), validate=True)
        except (OSError, binascii.Error):
            seed = b""
        if len(seed) != SEED_BYTES:
            raise BadKeyFile("a checkpoint key file must hold the base64 of 32 bytes")
        return cls(seed, name, kind)

    def sign(self, message: bytes) -> bytes:
        """Its 64-byte signature."""
        return self._key.sign(message)

    def signed(self, checkpoint: Checkpoint) -> str:
        """The checkpoint as a signed note."""
        return note.signed(checkpoint, self.public, self.sign)

    def cosigned(self, written: str, *, at: int) -> str:
        """The note with a witness's line more."""
        return note.cosigned(written, self.public, self.sign, at=at)


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Did the holder of the private key sign the message?"""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def public_keys(path: Path | str) -> list[PublicKey]:
    """The keys of a public key file.

    Raises:
        BadKeyFile: it can't be read, or holds something else.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")
        keys = [PublicKey.parse(line) for line in lines if line.strip() and not line.startswith("#")]
    except (OSError, UnicodeDecodeError, BadNote):
        keys = []
    if not keys:
        raise BadKeyFile("a public key file must hold a key a line: name+id+base64")
    return keys


def opener(keys: list[PublicKey], origin: str) -> Callable[[str], Checkpoint]:
    """What opens the notes of one log."""

    def open_note(written: str) -> Checkpoint:
        found = note.opened(written, keys, is_signed)
        if found.origin != origin:
            raise BadNote("the checkpoint of another ledger")
        return found

    return open_note


def origin_of(side: str) -> str:
    """The name of a side's ledger in its checkpoints, and of the key that signs them."""
    return f"bulkhead/{side}"
