"""Opening what a phone sealed: AES-256-GCM under a key of its own, which is wrapped with RSA-OAEP for the site.

The phone has the site's public key alone, so that nobody can read there what was kept there: not
after a lock, not the next person, not who finds the phone.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.conf import settings

MOST_BYTES = 400_000  # of a sealed form
NONCE_BYTES, KEY_BYTES = 12, 32
_OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


class Unreadable(ValueError):
    """It was not sealed for this site by a key that is still here, or it was changed since."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A form as it was typed, with what the phone says of it."""

    number: UUID
    owner: str
    encounter_id: UUID | None
    form: str
    is_draft: bool
    kept_at: datetime
    answers: dict[str, list[str]]


@dataclass(frozen=True)
class _Key:
    name: str
    private: rsa.RSAPrivateKey
    public: bytes


def public_key() -> dict[str, str]:
    """What a phone needs to seal: the key's name, and the key (SubjectPublicKeyInfo, base64)."""
    newest = _keys()[0]
    return {"name": newest.name, "spki": base64.b64encode(newest.public).decode()}


def open_parcel(sent: dict[str, Any]) -> Opened:
    """Open what a phone sent.

    Args:
        sent: ``key``, ``wrapped``, ``nonce``, ``sealed`` (base64 but the key's name), and what is
            authenticated beside the text: ``number``, ``owner``, ``encounter``, ``form``.

    Raises:
        Unreadable: see there.
    """
    try:
        key = next(key for key in _keys() if key.name == sent["key"])
        once = key.private.decrypt(_bytes(sent["wrapped"]), _OAEP)
        nonce = _bytes(sent["nonce"])
        if len(once) != KEY_BYTES or len(nonce) != NONCE_BYTES:
            raise ValueError("not AES-256-GCM")
        beside = "|".join(str(sent[name]) for name in ("number", "owner", "encounter", "form"))
        said = json.loads(AESGCM(once).decrypt(nonce, _bytes(sent["sealed"]), beside.encode()))
        return _opened(sent, said)
    except (StopIteration, KeyError, TypeError, ValueError, AttributeError, InvalidTag) as error:
        raise Unreadable("what a phone sent could not be opened") from error


def _opened(sent: dict[str, Any], said: dict[str, Any]) -> Opened:
    answers: dict[str, list[str]] = {}
    for name, value in said["answers"]:
        answers.setdefault(str(name), []).append(str(value))
    kept_at = datetime.fromisoformat(said["kept_at"])
    if kept_at.tzinfo is None:
        raise ValueError("an instant without its zone")
    return Opened(
        number=UUID(sent["number"]),
        owner=str(sent["owner"]),
        encounter_id=UUID(sent["encounter"]) if sent["encounter"] else None,
        form=str(sent["form"]),
        is_draft=said.get("draft") is True,
        kept_at=kept_at,
        answers=answers,
    )


def _bytes(text: str) -> bytes:
    if len(text) > MOST_BYTES:
        raise ValueError("too long")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _keys() -> tuple[_Key, ...]:
    return _loaded(tuple(settings.PHONE_KEY_FILES))


@lru_cache(maxsize=4)
def _loaded(files: tuple[str, ...]) -> tuple[_Key, ...]:
    """The site's keys, the newest first; during a change what was sealed to the one before still opens."""
    found = []
    for file in files:
        private = load_pem_private_key(Path(file).read_bytes(), password=None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise TypeError("a phone's key is an RSA key")
        public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        found.append(_Key(hashlib.sha256(public).hexdigest()[:16], private, public))
    return tuple(found)
