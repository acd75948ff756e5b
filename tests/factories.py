"""Things to test with, made by plain functions, and a cast that never changes roles.

Oduya asks, Lind treats, Sam is the subject, Varga must never learn anything. Every
protected field of what is made here holds a canary.
"""

import itertools
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from consent import access
from consent.models import (
    Compartment,
    Consent,
    EncryptedJSONField,
    Grant,
    LegalUnit,
    Membership,
    OfficeGrant,
    Organization,
    Principal,
    Program,
    Protected,
    Scope,
)
from tests.oracle.canary import TOKEN_CHARACTERS, TOKEN_PREFIX, Place, World

PASSWORD = "correct horse battery staple"
TOKEN_LENGTH = len(TOKEN_PREFIX) + TOKEN_CHARACTERS
_number = itertools.count(1)
_hashed: list[str] = []
world = World()

# What the cast does on each side, and in which program or unit.
ROLES = {
    "clinical": {"asks": "compliance officer", "treats": "social worker"},
    "police": {"asks": "police supervisor", "treats": "officer"},
}
PROGRAM = {"clinical": ("POST", ("SUDP2",)), "police": ("ZONE1", ("LE",))}


def hashed_password() -> str:
    """The hash of `PASSWORD`, worked out once: argon2 is slow on purpose."""
    if not _hashed:
        _hashed.append(make_password(PASSWORD))
    return _hashed[0]


def make_organization(name: str = "", kind: str = "city", **more: Any) -> Organization:
    name = name or f"Organization {next(_number)}"
    return Organization.objects.get_or_create(name=name, defaults={"kind": kind} | more)[0]


def make_program(slug: str = "", *, organization: Organization | None = None) -> Program:
    """A program in a legal unit of its own; an existing one with that slug is returned."""
    slug = slug or f"PROGRAM{next(_number)}"
    found = Program.objects.filter(slug=slug).first()
    if found is not None:
        return found
    unit, _ = LegalUnit.objects.get_or_create(slug=slug.lower(), defaults={"name": slug})
    return Program.objects.create(
        slug=slug, name=slug, unit=unit, organization=organization or make_organization("The city")
    )


def make_principal(
    username: str = "",
    *,
    role: str | None = None,
    program: Program | None = None,
    employer: Organization | None = None,
    **more: Any,
) -> Principal:
    """Somebody with an account, and with a role in a program if both are given."""
    username = username or f"principal-{next(_number)}"
    principal = Principal.objects.create(
        username=username,
        full_name=more.pop("full_name", username.title()),
        employer=employer or make_organization("The city"),
        password=hashed_password(),
        **more,
    )
    if role is not None and program is not None:
        make_membership(principal, role=role, program=program)
    return principal


def make_membership(principal: Principal, *, role: str, program: Program, **more: Any) -> Membership:
    return Membership.objects.create(
        principal=principal,
        role=Group.objects.get(name=role),
        program=program,
        **({"begins_at": timezone.now() - timedelta(days=1)} | more),
    )


def make_compartment(
    subject_id: uuid.UUID | None = None,
    *,
    program: Program,
    segments: Sequence[str] = ("SUDP2",),
    recipient: Organization | None = None,
) -> Compartment:
    scope, _ = Scope.objects.get_or_create(program=program, segments=sorted(segments))
    with access.opened("system:grants", "HOPERAT"):
        made, _ = Compartment.objects.get_or_create(
            subject_id=subject_id or uuid.uuid4(), scope=scope, recipient=recipient
        )
    return made


def grant(
    principal: Principal,
    compartment: Compartment,
    *,
    purposes: Iterable[str] = access.CAREUSE,
    writes: bool = True,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> Grant:
    """Open a compartment to a principal, from yesterday on unless said otherwise."""
    times = {"valid_until": valid_until} if valid_until else {}
    with access.opened("system:grants", "HOPERAT"):
        return Grant.objects.create(
            user=principal,
            content_object=compartment,
            permission=open_permission(),
            purposes=list(purposes),
            writes=writes,
            valid_from=valid_from or timezone.now() - timedelta(days=1),
            **times,
        )


def grant_to_office(
    role: str, scope: Scope, *, purposes: Iterable[str] = access.CAREUSE, writes: bool = False, **more: Any
) -> OfficeGrant:
    """Open a scope to whoever holds a role in its program."""
    with access.opened("system:grants", "HOPERAT"):
        return OfficeGrant.objects.create(
            group=Group.objects.get(name=role),
            content_object=scope,
            permission=open_permission(Scope),
            purposes=list(purposes),
            writes=writes,
            **({"valid_from": timezone.now() - timedelta(days=1)} | more),
        )


def open_permission(model: type = Compartment) -> Any:
    """guardian wants a permission of the object's model on each grant; ours all mean "open"."""
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(model)
    return Permission.objects.filter(content_type=kind).order_by("pk").first()


def place(compartment: Compartment, field: str, record: str = "") -> Place:
    """Where a canary goes: a field of a record in a compartment."""
    return Place(
        segment="+".join(compartment.scope.segments),
        record=record or f"record-{next(_number)}",
        field=field,
        subject=compartment.subject_id,
        compartment=compartment.pk,
    )


def make_consent(compartment: Compartment, *, by: Principal, purpose: str = "TREAT", **more: Any) -> Consent:
    """A signed form of the subject, written by somebody who may write there; its texts are canaries."""
    record = f"consent-{next(_number)}"
    fields: dict[str, Any] = {
        "form": "P2-SPECIFIC",
        "subject_id": compartment.subject_id,
        "program": compartment.scope.program,
        "recipients": [],
        "segments": list(compartment.scope.segments),
        "purposes": ["TREAT"],
        "elements": {"patient_name": world.surname(place(compartment, "elements", record))},
        "signed_at": timezone.now() - timedelta(days=1),
        "witness": world.surname(place(compartment, "witness", record)),
        "capacity_note": world.token(place(compartment, "capacity_note", record)),
        "explained_by": by,
    }
    with access.opened(by, purpose):
        return Consent.objects.create(compartment=compartment, **(fields | more))


def canaries(model: type[Protected], compartment: Compartment, record: str = "") -> dict[str, Any]:
    """A canary for each text and date of a protected model that a choice does not narrow."""
    record = record or f"{model._meta.model_name}-{next(_number)}"
    made = {
        field.name: canary_for(field, place(compartment, field.name, record))
        for field in model._meta.concrete_fields
        if field.name in model.Privacy.as_compartment and not field.choices
    }
    return {name: value for name, value in made.items() if value is not None}


def canary_for(field: Any, where: Place) -> Any:
    """What such a field would hold, or nothing where no canary fits."""
    if isinstance(field, EncryptedJSONField):
        kind = type(field.get_default()) if field.has_default() else list
        return {list: [world.token(where)], dict: {"said": {"what": world.token(where)}}}.get(kind)
    if isinstance(field, ArrayField):
        item = None if field.base_field.choices else canary_for(field.base_field, where)
        return None if item is None else [item]
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return world.day(where)
    if not isinstance(field, (models.CharField, models.TextField)):
        return None
    if "phone" in where.field:
        return world.phone(where)
    if "name" in where.field or "person" in where.field:
        return world.surname(where)
    is_long_enough = field.max_length is None or field.max_length >= TOKEN_LENGTH
    return world.token(where) if is_long_enough else None


def make_record(
    model: type[Protected], compartment: Compartment, *, by: Principal, purpose: str = "TREAT", **more: Any
) -> Any:
    """A protected row full of canaries, written by somebody who may write there."""
    with access.opened(by, purpose):
        return model.objects.create(compartment=compartment, **(canaries(model, compartment) | more))


def make_client(compartment: Compartment, *, by: Principal, **more: Any) -> Any:
    """A client (clinical side only), known to the legal unit of the compartment's program."""
    from clinical.models import Client

    return make_record(Client, compartment, by=by, **({"unit": compartment.scope.program.unit} | more))


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who is there in every story."""

    oduya: Principal
    lind: Principal
    varga: Principal
    sam: uuid.UUID
    program: Program
    compartment: Compartment


def make_cast(purposes: Iterable[str] = access.CAREUSE) -> Cast:
    """Oduya and Lind in their offices, Varga in the same program without a grant, Sam's compartment."""
    roles = ROLES[settings.SIDE]
    slug, segments = PROGRAM[settings.SIDE]
    program, sam = make_program(slug), uuid.uuid4()
    compartment = make_compartment(sam, program=program, segments=segments)
    lind = make_principal("lind", role=roles["treats"], program=program)
    grant(lind, compartment, purposes=purposes)
    return Cast(
        oduya=make_principal("oduya", role=roles["asks"], program=program),
        lind=lind,
        varga=make_principal("varga", role=roles["treats"], program=program),
        sam=sam,
        program=program,
        compartment=compartment,
    )
