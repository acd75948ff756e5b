"""Registering the public key of a partner's machine, and taking it back."""

import json
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.text import slugify

from consent import access, services
from consent.models import LegalUnit, Membership, Organization, Principal, Program
from consent.roles import PARTNER_MACHINE
from referrals.partners.models import AccessToken, PartnerKey

SHORTEST_RSA_BITS = 2048
PUBLIC_MEMBERS = {"RSA": ("kty", "n", "e"), "EC": ("kty", "crv", "x", "y")}


class UnusableKey(ValueError):
    """The file holds no public key that this service takes."""


def public_jwk(text: str) -> tuple[dict[str, Any], str, str]:
    """``(jwk, algorithm, key id)`` from PEM, a JWK or a JWK set of one; private members are dropped.

    Raises:
        UnusableKey: neither RSA of at least 2,048 bits nor EC on P-384.
    """
    said = _as_jwk(text)
    members = PUBLIC_MEMBERS.get(str(said.get("kty")), ())
    algorithm = {"RSA": "RS384", "EC": "ES384"}.get(str(said.get("kty")), "")
    if not members or said.get("alg", algorithm) != algorithm:
        raise UnusableKey("the key must be RSA (RS384) or EC on P-384 (ES384)")
    try:
        jwk = {name: said[name] for name in members}
        key = jwt.PyJWK(jwk, algorithm=algorithm).key
    except (KeyError, jwt.PyJWTError, ValueError) as error:
        raise UnusableKey("the key can't be read") from error
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < SHORTEST_RSA_BITS:
        raise UnusableKey(f"the RSA key is shorter than {SHORTEST_RSA_BITS} bits")
    if isinstance(key, ec.EllipticCurvePublicKey) and not isinstance(key.curve, ec.SECP384R1):
        raise UnusableKey("the EC key is not on P-384")
    return jwk, algorithm, str(said.get("kid", ""))


def _as_jwk(text: str) -> Mapping[str, Any]:
    if "-----BEGIN" in text:
        try:
            key = serialization.load_pem_public_key(text.encode())
        except ValueError as error:
            raise UnusableKey("the file holds no public key in PEM") from error
        if isinstance(key, rsa.RSAPublicKey):
            return dict(jwt.algorithms.RSAAlgorithm.to_jwk(key, as_dict=True))
        if isinstance(key, ec.EllipticCurvePublicKey):
            return dict(jwt.algorithms.ECAlgorithm.to_jwk(key, as_dict=True))
        raise UnusableKey("the key must be RSA or EC on P-384")
    try:
        said = json.loads(text)
    except ValueError as error:
        raise UnusableKey("the file is neither PEM nor JSON") from error
    keys = said.get("keys", [said]) if isinstance(said, dict) else []
    if len(keys) != 1 or not isinstance(keys[0], dict):
        raise UnusableKey("the file must hold one key")
    return keys[0]


@transaction.atomic
def register(*, organization: Organization, client_id: str, public_key: str) -> PartnerKey:
    """Let a machine of ``organization`` ask for tokens with this key; again is the same, a new key is added.

    The machine becomes a principal with the one role of partners' machines, in a program of
    its own organization, where no office of ours opens anything.

    Raises:
        UnusableKey: the key isn't one that this service takes.
        ValueError: the client id is another organization's.
    """
    jwk, algorithm, key_id = public_jwk(public_key)
    machine, _made = Principal.objects.get_or_create(
        username=f"machine {client_id}"[:150].replace(" ", "-"),
        defaults={
            "kind": Principal.Kind.MACHINE,
            "employer": organization,
            "full_name": f"{organization.name} (machine)"[:150],
        },
    )
    if machine.employer_id != organization.pk or machine.kind != Principal.Kind.MACHINE:
        raise ValueError("this client id belongs to another organization")
    if machine.has_usable_password() or not machine.password:
        machine.set_unusable_password()
    machine.is_active = True
    machine.save()
    role = Group.objects.get(name=PARTNER_MACHINE)
    program = _own_program(organization)
    if not Membership.objects.filter(principal=machine, role=role, program=program, ends_at=None).exists():
        Membership.objects.create(principal=machine, role=role, program=program)
    key, _made = PartnerKey.objects.update_or_create(
        client_id=client_id,
        key_id=key_id,
        defaults={
            "organization": organization, "principal": machine, "algorithm": algorithm, "jwk": jwk, "is_active": True,
        },
    )  # fmt: skip
    _recompute(organization)
    return key


@transaction.atomic
def deactivate(*, client_id: str) -> int:
    """Take back every key and token of a client, and its grants; how many keys there were."""
    keys = PartnerKey.objects.filter(client_id=client_id, is_active=True)
    organizations = {key.organization for key in keys.select_related("organization")}
    AccessToken.objects.filter(key__client_id=client_id).delete()
    Principal.objects.filter(
        pk__in=PartnerKey.objects.filter(client_id=client_id).values("principal")
    ).update(is_active=False)
    changed = keys.update(is_active=False)
    for organization in organizations:
        _recompute(organization)
    return changed


def _own_program(organization: Organization) -> Program:
    found = Program.objects.filter(organization=organization).order_by("pk").first()
    if found is not None:
        return found
    unit, _made = LegalUnit.objects.get_or_create(
        slug=f"partner-{organization.pk}", defaults={"name": organization.name}
    )
    slug = f"{slugify(organization.name)[:30]}-{organization.pk}".upper()
    return Program.objects.create(
        slug=slug[:40], name=organization.name, unit=unit, organization=organization
    )


def _recompute(organization: Organization) -> None:
    """Give the machine what its organization was already released, or take it away."""
    with access.opened("system:grants", "HOPERAT"):
        services.recompute_organization(organization)
