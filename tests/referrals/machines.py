"""A partner's machine, as a test needs it: a key pair, a registered client, signed assertions."""

import itertools
import time
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from consent.models import Organization, Principal
from referrals.partners.models import PartnerKey
from referrals.partners.services import keys, tokens
from tests import factories

AUDIENCE = "http://testserver/api/token"
_number = itertools.count(1)
_rsa: list[rsa.RSAPrivateKey] = []


def rsa_key() -> rsa.RSAPrivateKey:
    """One RSA pair for all tests: making one takes long."""
    if not _rsa:
        _rsa.append(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    return _rsa[0]


def public_pem(private: Any) -> str:
    return (
        private.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A registered client and its private key."""

    organization: Organization
    client_id: str
    private: Any
    key: PartnerKey

    @property
    def principal(self) -> Principal:
        return self.key.principal

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Good claims, changed; ``None`` takes a claim out."""
        now = int(time.time())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": AUDIENCE,
            "exp": now + 240,
            "iat": now,
            "jti": str(uuid.uuid4()),
        } | changes
        return {name: value for name, value in claims.items() if value is not None}

    def assertion(self, *, headers: dict[str, Any] | None = None, **changes: Any) -> str:
        return jwt.encode(
            self.claims(**changes), self.private, algorithm=self.key.algorithm, headers=headers or {}
        )

    def token(self, client: Any) -> str:
        """A token, as the endpoint gives it."""
        return ask(client, self.assertion()).json()["access_token"]


def make_machine(organization: Organization | None = None, *, private: Any = None) -> Machine:
    number = next(_number)
    organization = organization or factories.make_organization(
        f"Partner {number}", kind="treating_provider_ce"
    )
    private = private or ec.generate_private_key(ec.SECP384R1())
    client_id = f"client-{number}"
    key = keys.register(organization=organization, client_id=client_id, public_key=public_pem(private))
    return Machine(organization=organization, client_id=client_id, private=private, key=key)


def form_of(assertion: str, **changes: Any) -> dict[str, str]:
    """A good token form, changed; ``None`` takes a field out."""
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": tokens.ASSERTION_TYPE,
        "client_assertion": assertion,
    } | changes
    return {name: value for name, value in form.items() if value is not None}


def ask(client: Any, assertion: str, **changes: Any) -> Any:
    """Ask the endpoint for a token."""
    body = urlencode(form_of(assertion, **changes))
    return client.post("/api/token", body, content_type="application/x-www-form-urlencoded")
