"""The keys and passwords of one state folder: made once, readable by their owner only."""

import json
import secrets
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from nacl.public import PrivateKey

from consent.signing import Signer, origin_of

SIDES = ("clinical", "police")
LOGINS = ("owner", "app", "exchange", "verifier")
KEY_LOGINS = ("keys_owner", "keys")
BROKERS = ("clinical", "police", "exchange")
PHONE_KEY_BITS = 3072  # as strong as a 128-bit key (NIST SP 800-57 part 1, table 2)


@dataclass(frozen=True, kw_only=True)
class Keys:
    """Where the key files lie, and the passwords themselves."""

    folder: Path
    passwords: dict[str, str]

    def file(self, kind: str, side: str) -> Path:
        """The key file of a side.

        ``kind`` is principal, pseudonym, wrapping, sealing, sealing-public, checkpoint, checkpoint-public,
        verifier or, on the clinical side, phone.
        """
        return self.folder / f"{side}-{kind}.key"


def keys_of(state: Path) -> Keys:
    """The keys of this state folder; those that are missing are made."""
    folder = state / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = Keys(folder=folder, passwords=_passwords(folder / "passwords.json"))
    for side in SIDES:
        for kind in ("principal", "pseudonym", "wrapping", "checkpoint", "verifier"):
            if not keys.file(kind, side).exists():
                _write(keys.file(kind, side), b64encode(secrets.token_bytes(32)).decode() + "\n")
        if not keys.file("sealing", side).exists():
            pair = PrivateKey.generate()
            _write(keys.file("sealing-public", side), b64encode(bytes(pair.public_key)).decode() + "\n")
            _write(keys.file("sealing", side), b64encode(bytes(pair)).decode() + "\n")
        if not keys.file("checkpoint-public", side).exists():
            signer = Signer.from_file(keys.file("checkpoint", side), origin_of(side))
            _write(keys.file("checkpoint-public", side), f"{signer.public}\n")
    if not keys.file("phone", "clinical").exists():
        _write(keys.file("phone", "clinical"), _phone_key())
    return keys


def _phone_key() -> str:
    """A key to which phones seal what they keep without a signal: PEM, PKCS #8."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=PHONE_KEY_BITS)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _passwords(file: Path) -> dict[str, str]:
    names = [f"{side}_{login}" for side in SIDES for login in (*LOGINS, *KEY_LOGINS)]
    names += [f"broker_{broker}" for broker in BROKERS]
    names += [f"secret_{side}" for side in SIDES]
    passwords: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    missing = [name for name in names if name not in passwords]
    if missing:
        passwords |= {name: secrets.token_urlsafe(48) for name in missing}
        _write(file, json.dumps(passwords, indent=1) + "\n")
    return passwords


def _write(file: Path, text: str) -> None:
    """Write a whole file or none: a key that was half written would lock people out."""
    draft = file.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(file)
