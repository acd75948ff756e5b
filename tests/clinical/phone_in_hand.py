"""A phone as the site's script makes it behave, for tests without a browser: it seals with the public key alone."""

import base64
import json
import os
import uuid
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.urls import reverse

from clinical.field.phones import owner_tag


def base64_of(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


class PhoneInHand:
    """One phone, in the hand of ``principal``."""

    def __init__(self, night: Any, principal: Any) -> None:
        self.night, self.principal, self.number = night, principal, str(uuid.uuid4())
        self.key: dict[str, str] = {}

    def ask(self, name: str, body: Any, by: Any = None) -> Any:
        """Post JSON to the site."""
        browser = self.night.browser(by or self.principal)
        text = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return browser.post(reverse(f"clinical:{name}"), text, content_type="application/json")

    def contact(self) -> Any:
        """Say that it is here; what it is told."""
        said = self.ask("phone_contact", {"phone": self.number}).json()
        self.key = said["key"]
        return said

    def sealed(
        self,
        encounter: Any,
        form: str,
        *,
        at: datetime,
        is_draft: bool = False,
        number: str = "",
        **answers: Any,
    ) -> dict[str, str]:
        """A form as the phone keeps it."""
        listed = [
            [name, each]
            for name, value in answers.items()
            for each in (value if isinstance(value, list) else [value])
        ]
        text = json.dumps({"answers": listed, "kept_at": at.isoformat(), "draft": is_draft})
        beside = {
            "number": number or str(uuid.uuid4()), "owner": owner_tag(self.principal),
            "encounter": str(encounter), "form": form,
        }  # fmt: skip
        once, nonce = AESGCM.generate_key(256), os.urandom(12)
        public = load_der_public_key(base64.b64decode(self.key["spki"]))
        oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
        return beside | {
            "key": self.key["name"], "nonce": base64_of(nonce), "wrapped": base64_of(public.encrypt(once, oaep)),
            "sealed": base64_of(AESGCM(once).encrypt(nonce, text.encode(), "|".join(beside.values()).encode())),
        }  # fmt: skip

    def send(self, parcel: dict[str, str], by: Any = None) -> Any:
        """Send what was kept."""
        return self.ask("phone_parcel", parcel, by)
