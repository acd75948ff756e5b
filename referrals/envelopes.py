"""What crosses between the sides: a few frozen, versioned kinds of value, and their one written form.

An envelope is built up from the fields named here and from nothing else. Reading is
strict: an unknown or missing field, a wrong type, a text too long, an unknown kind or
version, a time without an offset are all refused.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from referrals.fields import (
    Codec,
    Count,
    Digest,
    Exactly,
    Id,
    Instant,
    Malformed,
    OneOf,
    PaddedSize,
    Text,
    Texts,
)

__all__ = [
    "KINDS", "CallCounts", "CheckpointTold", "Envelope", "IncidentHanded", "Malformed", "Received", "ReferralMade", "read", "write",
]  # fmt: skip

MAX_PAYLOAD_BYTES = 64 * 1024


def _as(codec: Codec) -> dict[str, Codec]:
    return {"codec": codec}


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """The base of every kind: it can't be made with a field that its form doesn't allow."""

    def __post_init__(self) -> None:
        for name, codec in form_of(type(self)).items():
            try:
                codec.check(getattr(self, name))
            except Malformed as error:
                raise Malformed(f"{type(self).__name__}.{name}: {error}") from None

    @property
    def matter_id(self) -> UUID:
        """The id under which both sides know what it is about; it stands on the outside as well."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class ReferralMade(Envelope):
    """Police to clinical: an officer met somebody who may need help.

    ``reasons`` are what was seen. ``suggested_program`` may be empty: the clinical side
    chooses, and the officer can't tell afterwards what it chose.
    """

    version: int = field(metadata=_as(Exactly(1)), default=1)
    referral_id: UUID = field(metadata=_as(Id()))
    incident_id: UUID | None = field(metadata=_as(Id(may_be_missing=True)))
    person_as_known: str = field(metadata=_as(Text(200)))
    contact: str = field(metadata=_as(Text(200)))
    reasons: tuple[str, ...] = field(metadata=_as(Texts(12, 100)))
    suggested_program: str = field(metadata=_as(Text(40)))
    agreed: str = field(metadata=_as(OneOf(("yes", "no", "not asked"))))
    safety_note: str = field(metadata=_as(Text(1000)))
    seen_at: datetime = field(metadata=_as(Instant()))
    zone: str = field(metadata=_as(Text(40)))
    location: str = field(metadata=_as(Text(300)))
    call_type: str = field(metadata=_as(Text(200)))

    @property
    def matter_id(self) -> UUID:
        """The referral's."""
        return self.referral_id


@dataclass(frozen=True, kw_only=True)
class IncidentHanded(Envelope):
    """Police to clinical: an incident is opened for a co-response unit."""

    version: int = field(metadata=_as(Exactly(1)), default=1)
    incident_id: UUID = field(metadata=_as(Id()))
    call_type: str = field(metadata=_as(Text(200)))
    location: str = field(metadata=_as(Text(300)))
    zone: str = field(metadata=_as(Text(40)))
    occurred_at: datetime = field(metadata=_as(Instant()))
    description: str = field(metadata=_as(Text(4000)))

    @property
    def matter_id(self) -> UUID:
        """The incident's."""
        return self.incident_id


@dataclass(frozen=True, kw_only=True)
class Received(Envelope):
    """Clinical to police: the referral arrived. The same word for every program, for ever."""

    version: int = field(metadata=_as(Exactly(1)), default=1)
    referral_id: UUID = field(metadata=_as(Id()))

    @property
    def matter_id(self) -> UUID:
        """The referral's."""
        return self.referral_id


@dataclass(frozen=True, kw_only=True)
class CallCounts(Envelope):
    """Police to clinical: how many calls came from a referral's place before and after it.

    Sent for every referral, taken up or not, so that having sent it tells nothing. ``days`` is
    the length of both spans; ``before`` is missing where the referral named no place, ``after``
    where the span is not over yet.
    """

    version: int = field(metadata=_as(Exactly(1)), default=1)
    referral_id: UUID = field(metadata=_as(Id()))
    days: int = field(metadata=_as(Count(366)))
    before: int | None = field(metadata=_as(Count(100_000, may_be_missing=True)))
    after: int | None = field(metadata=_as(Count(100_000, may_be_missing=True)))
    counted_at: datetime = field(metadata=_as(Instant()))

    @property
    def matter_id(self) -> UUID:
        """The referral's."""
        return self.referral_id


CHECKPOINTS = UUID("4c1b1f0e-6f0a-5a0b-9d0c-1d5c9a7e0b64")  # the one matter that all of these are about


@dataclass(frozen=True, kw_only=True)
class CheckpointTold(Envelope):
    """Both ways, once an hour: the hash of a ledger's checkpoint and its size, padded. Nobody can count by it."""

    version: int = field(metadata=_as(Exactly(1)), default=1)
    hour: datetime = field(metadata=_as(Instant()))
    digest: str = field(metadata=_as(Digest()))
    padded_size: int = field(metadata=_as(PaddedSize()))

    @property
    def matter_id(self) -> UUID:
        """The same for all, which keeps them in order."""
        return CHECKPOINTS


KINDS: Mapping[str, type[Envelope]] = {
    kind.__name__: kind for kind in (ReferralMade, IncidentHanded, CallCounts, Received, CheckpointTold)
}


def form_of(kind: type[Envelope]) -> dict[str, Codec]:
    """The fields of a kind and what each may hold."""
    return {each.name: each.metadata["codec"] for each in fields(kind)}


def write(value: Envelope, *, envelope_id: UUID) -> bytes:
    """The value's one written form, together with the id it travels under."""
    form = form_of(type(value))
    content = {name: codec.write(getattr(value, name)) for name, codec in form.items()}
    document = {"envelope": str(envelope_id), "kind": type(value).__name__, "fields": content}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read(payload: bytes, *, envelope_id: UUID, subject_id: UUID | None = None) -> Envelope:
    """The value back from its written form.

    Its own id and its matter's are inside as well as outside: an envelope put under another
    one's is refused, so that whoever carries it can't make it wait behind, or be ledgered
    under, a matter that it is not about.

    Raises:
        Malformed: the bytes are anything but what `write` writes.
    """
    document = _document(payload)
    if set(document) != {"envelope", "kind", "fields"}:
        raise Malformed("not the fields of an envelope")
    if document["envelope"] != str(envelope_id):
        raise Malformed("sealed under another id")
    name, content = document["kind"], document["fields"]
    if not isinstance(name, str) or name not in KINDS:
        raise Malformed("unknown kind")
    form = form_of(KINDS[name])
    if not isinstance(content, dict) or set(content) != set(form):
        raise Malformed(f"not the fields of {name}")
    values = {}
    for each, codec in form.items():
        try:
            values[each] = codec.read(content[each])
        except Malformed as error:
            raise Malformed(f"{name}.{each}: {error}") from None
    value = KINDS[name](**values)
    if subject_id is not None and value.matter_id != subject_id:
        raise Malformed("sealed under another matter")
    return value


def _document(payload: bytes) -> dict[str, Any]:
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise Malformed(f"longer than {MAX_PAYLOAD_BYTES} bytes")
    try:
        document = json.loads(payload.decode(), object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Malformed("not strict JSON") from None
    if not isinstance(document, dict):
        raise Malformed("not an object")
    return document


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate name")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError("not a JSON number")
