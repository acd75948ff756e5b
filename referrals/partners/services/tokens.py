"""Machines prove who they are with a signed assertion, and get a token for five minutes.

RFC 7523 client assertions as SMART Backend Services profiles them: RS384 or ES384 with a
key registered beforehand. There is no shared secret, no key fetched from an address that
the assertion names, and no second use of an assertion.
"""

import hashlib
import math
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from django.db import IntegrityError, transaction

from consent.models import Principal
from referrals.partners.models import AccessToken, AssertionSeen, PartnerKey, TokenRefusal

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ("RS384", "ES384")
SCOPE = "referrals"
TOKEN_SECONDS = 300
LONGEST_ASSERTION_SECONDS = 300
CLOCK_SECONDS = 30  # by how much a partner's clock may be ahead of ours
MAX_ASSERTION_CHARACTERS = 8192
MAX_NAME = 255
REFUSALS_A_MINUTE = 20


class TokenError(Exception):
    """An error of RFC 6749, section 5.2. Which part of an assertion failed is nobody's to know."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def issue(parameters: Mapping[str, str], *, audience: str, at: datetime) -> str:
    """A token for the machine that signed the assertion.

    Raises:
        TokenError: the request or the assertion isn't good.
    """
    if "grant_type" not in parameters:
        raise TokenError("invalid_request")
    if parameters["grant_type"] != "client_credentials":
        raise TokenError("unsupported_grant_type")
    assertion = parameters.get("client_assertion", "")
    if parameters.get("client_assertion_type") != ASSERTION_TYPE or not assertion:
        raise TokenError("invalid_request")
    if "client_secret" in parameters or len(assertion) > MAX_ASSERTION_CHARACTERS:
        raise TokenError("invalid_request")
    key = verify(assertion, audience=audience, at=at)
    if parameters.get("client_id", key.client_id) != key.client_id:
        raise TokenError("invalid_client")
    token = secrets.token_urlsafe(32)
    AccessToken.objects.filter(expires_at__lte=at).delete()
    AccessToken.objects.create(
        token_hash=hash_of(token), key=key, expires_at=at + timedelta(seconds=TOKEN_SECONDS)
    )
    return token


def verify(assertion: str, *, audience: str, at: datetime) -> PartnerKey:
    """The registered key that signed ``assertion``, which from now on is used.

    Raises:
        TokenError: ``invalid_client``, whatever was wrong.
    """
    try:
        header = jwt.get_unverified_header(assertion)
        claimed = jwt.decode(assertion, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise TokenError("invalid_client") from None
    if header.get("alg") not in ALGORITHMS or "crit" in header:
        raise TokenError("invalid_client")
    for key in _candidates(header, claimed):
        try:
            claims = _checked(assertion, key, audience)
        except (jwt.PyJWTError, ValueError, TypeError):
            continue
        _check_times(claims, at)
        _use_once(key, claims, at)
        return key
    raise TokenError("invalid_client")


def _candidates(header: Mapping[str, Any], claimed: Mapping[str, Any]) -> list[PartnerKey]:
    """The active keys of the client that the assertion names; without a key id, all of them."""
    client_id, key_id = claimed.get("iss"), header.get("kid")
    if not _is_name(client_id) or (key_id is not None and not _is_name(key_id)):
        return []
    keys = PartnerKey.objects.filter(
        client_id=client_id,
        algorithm=header["alg"],
        is_active=True,
        principal__is_active=True,
        principal__kind=Principal.Kind.MACHINE,
    )
    if key_id is not None:
        keys = keys.filter(key_id__in=[key_id, ""])  # a key without an id is known by its signature
    return list(keys.select_related("principal"))


def _checked(assertion: str, key: PartnerKey, audience: str) -> dict[str, Any]:
    """Signature, issuer, subject and audience; times are checked against our own ``at``.

    The audience is this endpoint and no second one: whoever else an assertion is meant for
    could use it here before its sender does.
    """
    claims = jwt.decode(
        assertion,
        key=jwt.PyJWK(key.jwk, algorithm=key.algorithm).key,
        algorithms=[key.algorithm],
        audience=audience,
        issuer=key.client_id,
        options={
            "require": ["iss", "sub", "aud", "exp", "jti"],
            "strict_aud": True,
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        },
    )
    if claims["sub"] != key.client_id or not _is_name(claims["jti"]):
        raise ValueError("not about itself")
    return claims


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME and value.isprintable()


def _check_times(claims: Mapping[str, Any], at: datetime) -> None:
    """Not expired, gone in five minutes at the latest, and not from the future."""
    now = at.timestamp()
    times = {name: claims[name] for name in ("exp", "iat", "nbf") if name in claims}
    for value in times.values():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or (isinstance(value, float) and not math.isfinite(value)):
            raise TokenError("invalid_client")
    if not now < times["exp"] <= now + LONGEST_ASSERTION_SECONDS:
        raise TokenError("invalid_client")
    if any(times.get(name, now) > now + CLOCK_SECONDS for name in ("iat", "nbf")):
        raise TokenError("invalid_client")


def _use_once(key: PartnerKey, claims: Mapping[str, Any], at: datetime) -> None:
    AssertionSeen.objects.filter(expires_at__lte=at).delete()
    try:
        with transaction.atomic():
            AssertionSeen.objects.create(
                client_id=key.client_id,
                assertion_id=claims["jti"],
                expires_at=datetime.fromtimestamp(claims["exp"], UTC),
            )
    except IntegrityError:
        raise TokenError("invalid_client") from None


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def key_behind(token: str, *, at: datetime) -> PartnerKey | None:
    """The key whose machine holds ``token``, if token, key and machine are good at ``at``."""
    if not token or len(token) > MAX_NAME or not token.isascii():
        return None
    found = (
        AccessToken.objects.filter(
            token_hash=hash_of(token),
            expires_at__gt=at,
            key__is_active=True,
            key__principal__is_active=True,
            key__principal__kind=Principal.Kind.MACHINE,
        )
        .select_related("key__principal__employer")
        .first()
    )
    return found.key if found else None


def is_refused_too_often(source_address: str | None, *, at: datetime) -> bool:
    """Has this address been refused so often in the last minute that it has to wait?"""
    if source_address is None:
        return False
    since = at - timedelta(minutes=1)
    recent = TokenRefusal.objects.filter(source_address=source_address, at__gt=since)
    return recent.count() >= REFUSALS_A_MINUTE


def note_refusal(source_address: str | None, *, at: datetime) -> None:
    """Count a refusal against its address; those of earlier minutes are forgotten."""
    if source_address is not None:
        TokenRefusal.objects.filter(at__lte=at - timedelta(minutes=1)).delete()
        TokenRefusal.objects.create(source_address=source_address, at=at)
