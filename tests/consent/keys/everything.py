"""A row of each protected table of a side, with a canary under every key."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from consent import access
from consent.models import Consent, LifeDates, Organization, Principal, Program, Protected
from consent.models.encrypted import EncryptedBinaryField, EncryptedJSONField, encrypted_fields
from tests import factories

# Rows that a system task alone may add.
WRITTEN_BY = {"consent.EmergencyAccess": "system:emergency", "partners.Release": "system:partners"}


def models_under_keys() -> list[type[Protected]]:
    """Every protected model of this side that has something to hide."""
    return [model for model in apps.get_models() if issubclass(model, Protected) and encrypted_fields(model)]


def make_everything(cast: factories.Cast) -> dict[type[Protected], Any]:
    """One row of each, about Sam; every encrypted field holds a canary."""
    made: dict[type[Protected], Any] = {}
    for model, more in wanted(cast):
        made[model] = make(model, cast, **(belonging_to(made, model) | more))
    others: dict[type[models.Model], Any] = {
        Principal: cast.lind, Program: cast.program, Organization: factories.make_organization(),
    }  # fmt: skip
    waiting = [model for model in models_under_keys() if model not in made]
    while waiting:
        model = next(each for each in waiting if points_to(each) <= made.keys())
        made[model] = make(model, cast, **(belonging_to(made, model) | plainly_filled(model, cast, others)))
        waiting.remove(model)
    return made


def points_to(model: type[Protected]) -> set[type[Protected]]:
    """The other models under keys that a row of it can't do without."""
    keys = [field for field in model._meta.concrete_fields if field.is_relation and not field.null]
    return {field.related_model for field in keys if field.related_model in models_under_keys()} - {model}


def plainly_filled(
    model: type[Protected], cast: factories.Cast, others: dict[type[models.Model], Any]
) -> dict[str, Any]:
    """What such a row needs beside its texts, of the first kind that fits."""
    filled: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        is_said = (
            field.null
            or field.blank
            or field.has_default()
            or field.primary_key
            or field in encrypted_fields(model)
        )
        if (
            is_said
            or field.name in ("compartment", "scope_key")
            or field.related_model in models_under_keys()
        ):
            continue
        if field.is_relation:
            related = field.related_model
            if related not in others:
                others[related] = make(related, cast, label="beside", **plainly_filled(related, cast, others))
            filled[field.name] = others[related]
        elif field.choices:
            filled[field.name] = field.choices[0][0]
        elif isinstance(field, models.DateTimeField):
            filled[field.name] = timezone.now()
        elif isinstance(field, models.DateField):
            filled[field.name] = timezone.localdate()
        elif isinstance(field, models.IntegerField):
            filled[field.name] = 1
        elif isinstance(field, models.BooleanField):
            filled[field.name] = False
        elif isinstance(field, ArrayField):
            filled[field.name] = []
        elif isinstance(field, models.UUIDField):
            filled[field.name] = uuid.uuid4()
    return filled


def belonging_to(made: dict[type[Protected], Any], model: type[Protected]) -> dict[str, Any]:
    """The rows that such a row must point to: those that were made before it."""
    keys = [field for field in model._meta.concrete_fields if field.is_relation and not field.null]
    return {field.name: made[field.related_model] for field in keys if field.related_model in made}


def make(model: type[Protected], cast: factories.Cast, *, label: str = "", **more: Any) -> Any:
    record = label or f"{model._meta.model_name}-under-keys"
    values = factories.canaries(model, cast.compartment, record)
    for field in encrypted_fields(model):
        where = factories.place(cast.compartment, field.name, record)
        if isinstance(field, EncryptedBinaryField):
            values[field.name] = factories.world.token(where).encode()
        elif isinstance(field, EncryptedJSONField):
            values[field.name] = [{"said": factories.world.token(where)}]
    clear = {name for name in values if name not in {field.name for field in encrypted_fields(model)}}
    values = {name: value for name, value in values.items() if name not in clear} | more
    who, purpose = WRITTEN_BY.get(model._meta.label, cast.lind), "TREAT"
    with access.opened(who, purpose):
        return model.objects.create(compartment=cast.compartment, **values)


def wanted(cast: factories.Cast) -> Iterator[tuple[type[Protected], dict[str, Any]]]:
    """What those need beside their canaries whose columns hang together; `plainly_filled` does for the others."""
    now = timezone.now()
    yield (
        Consent,
        {
            "form": "P2-SPEC", "subject_id": cast.sam, "program": cast.program, "segments": [], "purposes": [],
            "signed_at": now,
        },
    )  # fmt: skip
    yield LifeDates, {"subject_id": cast.sam}
    yield (
        apps.get_model("consent", "EmergencyAccess"),
        {
            "subject_id": cast.sam, "principal": cast.lind, "nature": "overdose", "without_consent": "unconscious",
            "treats": "self", "started_at": now, "ends_at": now + timedelta(minutes=30), "due_at": now,
        },
    )  # fmt: skip
    yield from (_clinical if settings.SIDE == "clinical" else _police)(cast)


def _clinical(cast: factories.Cast) -> Iterator[tuple[type[Protected], dict[str, Any]]]:
    from clinical.models import (
        Card,
        Client,
        Encounter,
        InvoluntaryExamination,
        Lowering,
        Note,
        SignedPaper,
        UnsignedForm,
    )
    from referrals.partners.models import Release

    now = timezone.now()
    yield Client, {"unit": cast.program.unit}
    yield Encounter, {"by": cast.lind, "opened_at": now}
    yield Note, {"author": cast.lind}
    yield Card, {"kind": Card.Kind.REFERRAL, "origin_id": uuid.uuid4()}
    yield Release, {"organization": factories.make_organization(), "program": cast.program, "segments": []}
    yield InvoluntaryExamination, {"by": cast.lind}
    yield SignedPaper, {"width": 1, "height": 1, "by": cast.lind}
    yield UnsignedForm, {"form": "P2-SPEC", "answer": "declines", "by": cast.lind, "at": now}
    yield (
        Lowering,
        {"record": "note", "record_id": uuid.uuid4(), "takes_away": ["RISK"], "asked_by": cast.lind},
    )
    yield from _outreach(cast, now)


def _outreach(cast: factories.Cast, now: Any) -> Iterator[tuple[type[Protected], dict[str, Any]]]:
    from clinical.models import (
        Collateral,
        CommunityEvent,
        DeskCard,
        EventAction,
        GroupSession,
        Joined,
        SafeContact,
        ServiceDay,
        Slip,
    )

    by = {"by": cast.lind}
    yield Collateral, by | {"kind": "court", "done_at": now, "minutes": 15}
    yield DeskCard, by | {"last_seen_at": now}
    yield ServiceDay, {"built_at": now, "day": "2026-01-01"}
    yield GroupSession, by | {"kind": "peer", "begins_at": now, "minutes": 60}
    yield CommunityEvent, {"kind": "fire", "happened_at": now, "opened_by": cast.lind}
    yield EventAction, by | {"kind": "vigil", "done_at": now, "minutes": 60}
    yield Slip, by | {"agreed": "signed", "agreed_at": now}
    yield SafeContact, by
    yield Joined, by | {"from_id": uuid.uuid4()}


def _police(cast: factories.Cast) -> Iterator[tuple[type[Protected], dict[str, Any]]]:
    from policecore.models import Incident, OfficerReferral, QuarantinedRow, Zone

    zone = Zone.objects.create(slug="dumped", name="Zone", unit=cast.program)
    yield Incident, {"zone": zone, "occurred_at": timezone.now(), "external_id": "1", "call_type": "FALL"}
    yield QuarantinedRow, {"line_number": 1, "reason": "columns", "digest": "0" * 64}
    yield OfficerReferral, {"made_by": cast.lind}
