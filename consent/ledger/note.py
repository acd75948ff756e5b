"""Checkpoints as signed notes: the size and root of a ledger at one moment, under a name and a key.

What signs and what checks a signature comes in as a function, so that this module needs
no cryptography but SHA-256.

Cites: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

ED25519, COSIGNATURE = 0x01, 0x04  # signature types
PUBLIC_BYTES, SIGNATURE_BYTES, ID_BYTES, TIME_BYTES = 32, 64, 4, 8
MOST_BYTES, MOST_SIGNATURES = 16_384, 16
DASH = "\u2014 "

Sign = Callable[[bytes], bytes]  # 64 bytes for a message
Check = Callable[[bytes, bytes, bytes], bool]  # public key, signature, message


class BadNote(ValueError):
    """Not a checkpoint in its one written form, or not signed by a key that is trusted."""


@dataclass(frozen=True, kw_only=True)
class PublicKey:
    """A key by its name, in the one-line form that Go's ``note`` package calls a verifier key."""

    name: str
    public: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        if not self.name or re.search(r"[\s+\x00-\x1f]", self.name):
            raise BadNote("a key's name is empty, or has a space or a plus in it")
        if len(self.public) != PUBLIC_BYTES or self.kind not in (ED25519, COSIGNATURE):
            raise BadNote("not an Ed25519 key")

    @property
    def id(self) -> bytes:
        """The four bytes that a signature begins with."""
        said = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(said).digest()[:ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_text(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, line: str) -> "PublicKey":
        """The key back from its line.

        Raises:
            BadNote: it is none, or its id is not its own.
        """
        name, _, rest = line.strip().partition("+")
        written_id, _, written = rest.partition("+")
        known = _bytes(written)
        if not known:
            raise BadNote("not a public key's line")
        key = cls(name=name, public=known[1:], kind=known[0])
        if key.id.hex() != written_id:
            raise BadNote("a public key's line whose id is another key's")
        return key


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """So many entries with that root; what else is said about them stands in lines of its own."""

    origin: str
    size: int
    root: bytes
    more: tuple[str, ...] = ()

    def text(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), _text(self.root), *self.more)
        if any(not line or not line.isprintable() for line in lines):
            raise BadNote("an empty line, or one that does not print")
        return "".join(f"{line}\n" for line in lines)

    def said(self, word: str) -> str:
        """What the one further line that begins with ``word`` goes on to say.

        Raises:
            BadNote: there is none, or more than one.
        """
        found = [line[len(word) + 1 :] for line in self.more if line.startswith(f"{word} ")]
        if len(found) != 1:
            raise BadNote(f"a checkpoint with {len(found)} lines {word}")
        return found[0]


def signed(checkpoint: Checkpoint, key: PublicKey, sign: Sign) -> str:
    """The checkpoint as a note under ``key``."""
    text = checkpoint.text()
    return f"{text}\n{_signature_line(key, sign(text.encode()))}"


def cosigned(note: str, key: PublicKey, sign: Sign, *, at: int) -> str:
    """The note with one line more: a witness has seen it, at so many seconds since 1970."""
    text, _signatures = _parts(note)
    message = f"cosignature/v1\ntime {at}\n{text}".encode()
    return note + _signature_line(key, at.to_bytes(TIME_BYTES, "big") + sign(message))


def opened(note: str, keys: Iterable[PublicKey], check: Check) -> Checkpoint:
    """The checkpoint in a note that one of ``keys`` signed, as its log.

    Raises:
        BadNote: nobody trusted signed it, a trusted key's signature is false, or it is malformed.
    """
    text, signatures = _parts(note)
    known = {(key.name, key.id): key for key in keys if key.kind == ED25519}
    is_signed = False
    for name, written in signatures:
        key = known.get((name, written[:ID_BYTES]))
        if key is None:
            continue
        if len(written) != ID_BYTES + SIGNATURE_BYTES or not check(
            key.public, written[ID_BYTES:], text.encode()
        ):
            raise BadNote("a signature that is not its key's")
        is_signed = True
    found = _read(text)
    if not is_signed or found.origin not in {name for name, _ in known}:
        raise BadNote("signed by nobody who is trusted")
    return found


def cosigned_at(note: str, keys: Iterable[PublicKey], check: Check) -> int:
    """When a witness that is one of ``keys`` saw the note, in seconds since 1970; the last time of several.

    Raises:
        BadNote: none did, or a signature is false.
    """
    text, signatures = _parts(note)
    known = {(key.name, key.id): key for key in keys if key.kind == COSIGNATURE}
    times = []
    for name, written in signatures:
        key = known.get((name, written[:ID_BYTES]))
        if key is None:
            continue
        time, signature = written[ID_BYTES : ID_BYTES + TIME_BYTES], written[ID_BYTES + TIME_BYTES :]
        at = int.from_bytes(time, "big")
        message = f"cosignature/v1\ntime {at}\n{text}".encode()
        if len(signature) != SIGNATURE_BYTES or not check(key.public, signature, message):
            raise BadNote("a cosignature that is not its key's")
        times.append(at)
    if not times:
        raise BadNote("no witness that is known has seen it")
    return max(times)


def _parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note, and ``(name, signature)`` of each signature line."""
    if len(note) > MOST_BYTES or re.search(r"[\x00-\x09\x0b-\x1f]", note):
        raise BadNote("too long, or holds what does not print")
    text, blank, below = note.rpartition("\n\n")
    lines = below.split("\n")
    if not blank or lines.pop() or not 1 <= len(lines) <= MOST_SIGNATURES:
        raise BadNote("not a signed note")
    signatures = []
    for line in lines:
        name, _, written = line.removeprefix(DASH).partition(" ")
        signature = _bytes(written)
        if not line.startswith(DASH) or not name or len(signature) <= ID_BYTES:
            raise BadNote("not a signature's line")
        signatures.append((name, signature))
    return f"{text}\n", signatures


def _read(text: str) -> Checkpoint:
    lines = text.split("\n")[:-1]
    if len(lines) < 3 or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
        raise BadNote("not a checkpoint")
    root = _bytes(lines[2])
    if len(root) != hashlib.sha256().digest_size:
        raise BadNote("a root that is no SHA-256 hash")
    found = Checkpoint(origin=lines[0], size=int(lines[1]), root=root, more=tuple(lines[3:]))
    if found.text() != text:
        raise BadNote("written in another form than its own")
    return found


def _signature_line(key: PublicKey, signature: bytes) -> str:
    return f"{DASH}{key.name} {_text(key.id + signature)}\n"


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(written: str) -> bytes:
    """The bytes of strict base64; ``b""`` for anything else."""
    try:
        found = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return found if _text(found) == written else b""
