"""Keyed hashes: what the ledger may say of a person and of a form without saying it."""

import hashlib
import hmac
import uuid
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from consent.engine.explain import canonical
from consent.models import Consent

# What makes a form the form that was signed; its revocation is written on it later. A form that
# gets more fields becomes another edition, and this one stays for the receipts that name it.
_FIRST = (
    "id", "form", "subject_id", "program_id", "recipients", "segments", "purposes", "elements", "combined_with",
    "conditioned_on_services", "signer", "signed_at", "ends_at", "end_event", "signature", "signature_digest",
    "witness", "language", "interpreter", "explained_by_id", "capacity_note", "channel",
)  # fmt: skip
EDITIONS = {"1": _FIRST, "2": (*_FIRST, "sheet", "sheet_id", "paper_digest")}
NEWEST = "2"


@lru_cache(maxsize=4)
def _key(path: str) -> bytes:
    return Path(path).read_bytes().strip()


def _hashed(text: bytes) -> str:
    return hmac.new(_key(settings.PSEUDONYM_KEY_FILE), text, hashlib.sha256).hexdigest()[:32]


def pseudonym(subject_id: uuid.UUID | str) -> str:
    """What the ledger calls a client: HMAC-SHA-256 of the opaque id, 32 hex digits."""
    return _hashed(str(subject_id).encode())


def version_of(consent: Consent, edition: str = NEWEST) -> str:
    """The edition, and the HMAC-SHA-256 of the canonical bytes of the form as it was signed.

    Keyed, because a form says little that can't be guessed: whoever holds the ledger and no key
    can't try names and dates until one fits.

    Raises:
        KeyError: There is no such edition.
    """
    content = {name: _plain(getattr(consent, name)) for name in EDITIONS[edition]}
    return f"{edition}:{_hashed(b'form|' + canonical(content))}"


def _plain(value: object) -> object:
    if isinstance(value, (bytes, memoryview)):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, uuid.UUID) else value
