"""Fields whose values lie in the database encrypted with the key of whom they are about.

A value is AES-256-GCM under the client's data key, with a random nonce of 96 bits:
``version ‖ key id ‖ nonce ‖ ciphertext and tag``, stored as bytea. Table, column, row and
compartment are authenticated with it, so that a ciphertext moved to another place does
not open. Before it is encrypted a value is filled up to a bucket (`_padded`), so that its
length tells little. Nothing (no text, no date, an empty list) is NULL: a column that is
NOT NULL says that something stands there.

In Python such a field is the plain one: a `ProtectedQuerySet` opens its rows as they are
loaded, with one question to the keys database. The database can't look anything up by
it; a lookup other than ``isnull`` is an error.
"""

import datetime
import json
import logging
import os
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django import forms
from django.core import checks
from django.core.exceptions import FieldError
from django.core.validators import MaxLengthValidator
from django.db import DataError, models
from django.db.models.lookups import IsNull
from django.db.models.query_utils import DeferredAttribute

from consent import access
from consent.keys.errors import Tampered
from consent.keys.ring import KeyRing

if TYPE_CHECKING:
    from consent.models.protected import Protected

log = logging.getLogger("bulkhead.keys")

VERSION = 1
NONCE_BYTES = 12
HEADER_BYTES = 1 + 16 + NONCE_BYTES
LENGTH_BYTES = 4
# A name, a phone number and a date are of one length; a longer text tells its length to the kilobyte.
BUCKETS = (64, 256, 1024)  # bytes, the length included; above them multiples of the last

P = TypeVar("P", bound="Protected")


class Sealed:
    """A value as it lies in the database."""

    __slots__ = ("envelope",)

    def __init__(self, envelope: bytes) -> None:
        self.envelope = envelope

    @property
    def key_id(self) -> UUID:
        """The key that it was encrypted with.

        Raises:
            Tampered: it is no envelope.
        """
        if len(self.envelope) <= HEADER_BYTES or self.envelope[0] != VERSION:
            raise Tampered("an encrypted value has no header")
        return UUID(bytes=self.envelope[1:17])

    def __repr__(self) -> str:
        return "<sealed>"


class _OpensWhenAsked(DeferredAttribute):
    """Opens what came past a `ProtectedQuerySet`: a deferred field, a refreshed or a joined row."""

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        value = instance.__dict__.get(self.field.attname, instance)
        if value is instance:
            value = super().__get__(instance, owner)
        if isinstance(value, Sealed):
            value = self.field.opened(instance, value, access.current().gathering.keys)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class Encrypted(models.Field):
    """What the encrypted fields share; stands before the plain field in their bases."""

    descriptor_class = _OpensWhenAsked

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("blank"):
            kwargs["null"] = True  # in the database only: nothing is NULL
        super().__init__(*args, **kwargs)

    # --- each kind's own -----------------------------------------------------------------------

    def nothing(self) -> Any:
        """What stands in Python for NULL."""
        return None

    def is_nothing(self, value: Any) -> bool:
        """Is there nothing to encrypt?"""
        return value is None or value == ""

    def as_bytes(self, value: Any) -> bytes:
        """The value as bytes, before it is filled up."""
        raise NotImplementedError

    def from_bytes(self, content: bytes) -> Any:
        """The value again."""
        raise NotImplementedError

    # --- encrypting and opening ----------------------------------------------------------------

    def sealed(
        self, row_id: UUID, compartment_id: int, subject_id: UUID, value: Any, ring: KeyRing
    ) -> Sealed | None:
        """The value for one row, encrypted with the key of whom the row is about.

        Raises:
            KeysUnavailable, KeyDestroyed: nothing may be written.
        """
        if self.is_nothing(value):
            return None
        key_id, cipher = ring.sealing(subject_id)
        nonce = os.urandom(NONCE_BYTES)
        place = self._place(row_id, compartment_id)
        body = cipher.encrypt(nonce, _padded(self.as_bytes(value)), place)
        return Sealed(bytes((VERSION,)) + key_id.bytes + nonce + body)

    def opened(self, row: "Protected", value: Sealed, ring: KeyRing) -> Any:
        """The value of ``row``.

        Raises:
            Tampered: it was changed, or written for another row, column, table or compartment.
            KeysUnavailable, KeyDestroyed: its key can't be had.
        """
        key_id, envelope = value.key_id, value.envelope
        nonce = envelope[HEADER_BYTES - NONCE_BYTES : HEADER_BYTES]
        place = self._place(row.pk, row.compartment_id)
        try:
            content = ring.opening(key_id).decrypt(nonce, envelope[HEADER_BYTES:], place)
            return self.from_bytes(_unpadded(content))
        except (InvalidTag, ValueError):
            log.critical(
                "ALARM: %s.%s of row %s does not open with its key", row._meta.label_lower, self.name, row.pk
            )
            raise Tampered("an encrypted value does not open where it stands") from None

    def _place(self, row_id: UUID, compartment_id: int) -> bytes:
        where = f"{self.model._meta.db_table}\0{self.column}\0".encode()
        return where + row_id.bytes + compartment_id.to_bytes(8, "big")

    # --- Django's side -------------------------------------------------------------------------

    def get_internal_type(self) -> str:
        """A bytea, whatever it is in Python."""
        return "BinaryField"

    def get_lookup(self, lookup_name: str) -> Any:
        """``isnull`` alone."""
        if lookup_name == "isnull":
            return IsNull
        raise FieldError(f"`{self.name}` is encrypted and can't be looked up by `{lookup_name}`")

    def get_transform(self, lookup_name: str) -> Any:
        """None."""
        raise FieldError(f"`{self.name}` is encrypted and has no `{lookup_name}`")

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Still sealed: which row it belongs to is known only later."""
        return self.nothing() if value is None else Sealed(bytes(value))

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """Encrypt for the row that is saved; what was not opened is written as it is."""
        row: Protected = model_instance
        value = row.__dict__.get(self.attname, row)
        if value is row:  # deferred
            value = getattr(row, self.attname)
        if isinstance(value, Sealed):
            return value
        ring = access.current().gathering.keys
        return self.sealed(row.pk, row.compartment_id, row.compartment.subject_id, value, ring)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """The envelope's bytes; nothing is NULL, also as the default of a column that a migration adds.

        Raises:
            TypeError: a plain value got here, which belongs to no row.
        """
        if not isinstance(value, Sealed) and self.is_nothing(value):
            return None
        if not isinstance(value, Sealed):
            raise TypeError(f"`{self.name}` is encrypted for a row, and this value has none")
        return connection.Database.Binary(value.envelope)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """The same, or an expression that gives each row its own."""
        if hasattr(value, "as_sql"):
            return value
        return self.get_db_prep_value(value, connection)

    def get_prep_value(self, value: Any) -> Any:
        """As it is: a value is made ready for a row, not for a query."""
        return value

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Nothing in the database may rest on the value."""
        return [*super().check(**kwargs), *_rests_on(self)]


class EncryptedTextField(Encrypted, models.TextField):
    """A text; with ``max_length`` (characters) one of a line, which forms ask for in a line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("blank"):
            kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def nothing(self) -> str:
        """No text."""
        return ""

    def as_bytes(self, value: Any) -> bytes:
        """UTF-8.

        Raises:
            DataError: it is longer than the field, which the database can't see any more.
        """
        text = str(value)
        if self.max_length is not None and len(text) > self.max_length:
            raise DataError(f"a value of `{self.name}` is too long")
        return text.encode()

    def from_bytes(self, content: bytes) -> str:
        """UTF-8."""
        return content.decode()

    def formfield(self, **kwargs: Any) -> Any:
        """A line where there is a length, a box otherwise; no text is the empty one."""
        if self.max_length is not None:
            kwargs.setdefault("widget", forms.TextInput)
        field = super().formfield(**kwargs)
        if isinstance(field, forms.CharField):
            field.empty_value = ""
        return field


class EncryptedDateField(Encrypted, models.DateField):
    """A date."""

    def as_bytes(self, value: Any) -> bytes:
        """As ISO 8601 writes it."""
        found = self.to_python(value)
        return found.isoformat().encode()

    def from_bytes(self, content: bytes) -> datetime.date:
        """The date."""
        return datetime.date.fromisoformat(content.decode())


class EncryptedJSONField(Encrypted, models.JSONField):
    """What JSON can say; an empty list or object is nothing, and reads as the default."""

    def nothing(self) -> Any:
        """The default."""
        return self.get_default() if self.has_default() else None

    def is_nothing(self, value: Any) -> bool:
        """Also an empty list or object."""
        return value is None or value == "" or value == [] or value == {} or value == ()

    def as_bytes(self, value: Any) -> bytes:
        """JSON without spaces."""
        return json.dumps(value, separators=(",", ":"), cls=self.encoder).encode()

    def from_bytes(self, content: bytes) -> Any:
        """The value."""
        return json.loads(content, cls=self.decoder)


class EncryptedBinaryField(Encrypted, models.BinaryField):
    """Bytes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("blank"):
            kwargs.setdefault("default", b"")
        super().__init__(*args, **kwargs)

    def nothing(self) -> bytes:
        """None at all."""
        return b""

    def is_nothing(self, value: Any) -> bool:
        """Also no bytes."""
        return value is None or len(value) == 0

    def as_bytes(self, value: Any) -> bytes:
        """As they are."""
        return bytes(value)

    def from_bytes(self, content: bytes) -> bytes:
        """As they are."""
        return content


@cache
def encrypted_fields(model: type[models.Model]) -> tuple[Encrypted, ...]:
    """The encrypted fields of a model."""
    return tuple(field for field in model._meta.concrete_fields if isinstance(field, Encrypted))


def open_rows(rows: Sequence[P]) -> list[P]:
    """Open what is sealed in these rows, with one question to the keys database.

    A row whose key was destroyed is left out: it is like one that isn't there.

    Raises:
        KeysUnavailable, Tampered: nothing of this may be shown.
    """
    sealed = [
        (row, field, value)
        for row in _with_joined(rows)
        for field in encrypted_fields(type(row))
        if isinstance(value := row.__dict__.get(field.attname), Sealed)
    ]
    if not sealed:
        return list(rows)
    ring = access.current().gathering.keys
    ring.fetch({value.key_id for _row, _field, value in sealed})
    gone = {id(row) for row, _field, value in sealed if ring.is_destroyed(value.key_id)}
    for row, field, value in sealed:
        if id(row) not in gone:
            row.__dict__[field.attname] = field.opened(row, value, ring)
    return [row for row in rows if id(row) not in gone]


def _with_joined(rows: Iterable[Any]) -> Iterable[Any]:
    """The rows, and those that were loaded with them by a join."""
    for row in rows:
        yield row
        joined = (each for each in row._state.fields_cache.values() if each is not None)
        yield from (each for each in joined if encrypted_fields(type(each)))


def _padded(content: bytes) -> bytes:
    """Its length, itself, and zeros up to the end of its bucket."""
    wanted = LENGTH_BYTES + len(content)
    last = BUCKETS[-1]
    size = next((each for each in BUCKETS if wanted <= each), -(-wanted // last) * last)
    return len(content).to_bytes(LENGTH_BYTES, "big") + content.ljust(size - LENGTH_BYTES, b"\0")


def _unpadded(content: bytes) -> bytes:
    length = int.from_bytes(content[:LENGTH_BYTES], "big")
    return content[LENGTH_BYTES : LENGTH_BYTES + length]


def _rests_on(field: Encrypted) -> Iterable[checks.CheckMessage]:
    meta = field.model._meta
    named: set[str] = {name.lstrip("-") for name in meta.ordering if isinstance(name, str)}
    for index in meta.indexes:
        named |= {name for name, _order in index.fields_orders}
    for constraint in meta.constraints:
        named |= set(getattr(constraint, "fields", ()))
    if field.unique or field.db_index or field.name in named:
        yield checks.Error(
            "an encrypted field can't be unique, indexed or sorted by: the database does not know its value",
            obj=field,
            id="consent.E001",
        )
    if field.has_default() and isinstance(field.default, (list, dict)):
        yield checks.Error("a default that is shared between rows", obj=field, id="consent.E002")


__all__ = [
    "Encrypted",
    "EncryptedBinaryField",
    "EncryptedDateField",
    "EncryptedJSONField",
    "EncryptedTextField",
    "Sealed",
    "encrypted_fields",
    "open_rows",
]
