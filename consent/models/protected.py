"""The base of every protected row, and the only way to load one: inside an access context."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Self, TypeVar

from django.core.exceptions import FieldError
from django.db import models
from django.db.models import Case, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from consent import access, plans
from consent.models.compartments import Compartment
from consent.models.encrypted import Encrypted, encrypted_fields, open_rows

M = TypeVar("M", bound="Protected")
OPENED_AT_ONCE = 500  # rows of an iterator whose keys are asked for together


class ProtectedQuerySet(models.QuerySet[M]):
    """A query set that runs only for somebody and for a purpose.

    Rows are loaded as whole instances, which are noted for the ledger. Values
    taken out past the instance would go unnoted, so only fields that say nothing
    can be had that way, and no part of one query may stand inside another as a value
    (a test looks for ``Subquery`` in the code).
    """

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        if is_new:
            self._ready()
        super()._fetch_all()
        if is_new and self._fields is None:
            self._result_cache = open_rows(self._result_cache)

    def _ready(self) -> None:
        plans.put_on_for(self)
        if self._fields is not None:
            allowed = self.model.Privacy.says_nothing | {"pk"}
            asked = {name for name in self._fields if isinstance(name, str)} | set(
                self.query.annotation_select
            )
            if not self._fields or not asked <= allowed:
                raise access.Unledgered(f"values of `{self.model.__name__}` would be read unledgered")

    def iterator(self, chunk_size: int | None = None) -> Iterator[M]:
        """Iterate without a cache, noting each row as it is loaded."""
        self._ready()
        rows = super().iterator(chunk_size)
        return rows if self._fields is not None else self._opened(rows, chunk_size or OPENED_AT_ONCE)

    @staticmethod
    def _opened(rows: Iterator[M], size: int) -> Iterator[M]:
        while some := list(islice(rows, size)):
            yield from open_rows(some)

    def count(self) -> int:
        """How many rows the principal may see: from counters, or gathered where there is a condition."""
        if self._result_cache is not None:
            return len(self._result_cache)
        if self.model.is_counted and plans.is_whole(self) and access.current().plan != access.SYSTEM:
            return plans.number_of_all(self.model)
        access.read_by(access.GATHER)
        return super().count()

    def exists(self) -> bool:
        """Is there a row that the principal may see?"""
        plans.put_on_for(self)
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Refused: an aggregate of protected fields is a read that names no row."""
        raise access.Unledgered(f"an aggregate over `{self.model.__name__}` would be read unledgered")

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: it would combine or take away rows without naming them to the ledger."""
        raise access.Unledgered(f"rows of `{self.model.__name__}` would be touched unledgered")

    union = intersection = difference = delete = _refuse

    def order_by(self, *field_names: Any) -> Self:
        """Order the rows; by an encrypted field there is no order."""
        encrypted = {field.name for field in encrypted_fields(self.model)}
        if encrypted & {name.lstrip("-") for name in field_names if isinstance(name, str)}:
            raise FieldError("rows can't be ordered by what is encrypted")
        return super().order_by(*field_names)

    def update(self, **kwargs: Any) -> int:
        """Change the rows, and note each one.

        Which they are is asked first; the change itself keeps the query's own conditions,
        so that checking and setting stay one statement. An encrypted value is encrypted for
        each row by itself.
        """
        context = access.current()
        encrypted = {
            field: kwargs.pop(field.name) for field in encrypted_fields(self.model) if field.name in kwargs
        }
        if encrypted_fields(self.model) and {"compartment", "compartment_id"} & kwargs.keys():
            raise FieldError("a row is moved to another compartment by saving it: its texts are bound to it")
        with access.planned(access.WALK):
            rows = list(self.order_by().values_list("pk", "compartment_id"))
        access.read_by(access.WALK)
        if encrypted and rows:
            values = {pk: encrypted for pk, _compartment_id in rows}
            changed = self.filter(pk__in=values)._change(kwargs | self._sealed(rows, values))
        else:
            changed = self._change(kwargs) if kwargs else 0
        if changed:
            for pk, compartment_id in rows:
                context.note_write(self.model(pk=pk, compartment_id=compartment_id))
        return changed

    update.alters_data = True  # type: ignore[attr-defined]

    def _change(self, values: dict[str, Any]) -> int:
        return super().update(**values)

    def _sealed(
        self, rows: Iterable[tuple[uuid.UUID, int]], values: Mapping[uuid.UUID, Mapping[Encrypted, Any]]
    ) -> dict[str, Any]:
        """For each encrypted field one expression that gives each row its own ciphertext."""
        ring = access.current().gathering.keys
        known = dict(rows)
        found = Compartment.objects.filter(pk__in=set(known.values()))
        subjects = dict(found.values_list("pk", "subject_id"))
        whens: dict[Encrypted, list[When]] = {}
        for pk, by_field in values.items():
            compartment_id = known[pk]
            for field, value in by_field.items():
                if hasattr(value, "resolve_expression"):
                    raise FieldError(f"`{field.name}` is encrypted and takes no expression")
                sealed = field.sealed(pk, compartment_id, subjects[compartment_id], value, ring)
                whens.setdefault(field, []).append(When(pk=pk, then=Value(sealed, output_field=field)))
        return {
            field.name: Cast(Case(*cases, output_field=field), output_field=field)
            for field, cases in whens.items()
        }

    def bulk_update(self, objs: Iterable[M], fields: Iterable[str], batch_size: int | None = None) -> int:
        """Change these fields of many rows, each with its own value, noting each row."""
        objs, names = list(objs), set(fields)
        encrypted = {field for field in encrypted_fields(self.model) if field.name in names}
        plain = sorted(names - {field.name for field in encrypted})
        changed = super().bulk_update(objs, plain, batch_size) if plain else 0
        if encrypted and objs:
            values = {row.pk: {field: getattr(row, field.attname) for field in encrypted} for row in objs}
            chosen = self.filter(pk__in=values)
            access.read_by(access.WALK)
            here = list(chosen.order_by().values_list("pk", "compartment_id"))
            seen = {pk: values[pk] for pk, _compartment_id in here}
            changed = chosen._change(self._sealed(here, seen)) if seen else 0
            for pk, compartment_id in here:
                access.current().note_write(self.model(pk=pk, compartment_id=compartment_id))
        return changed

    bulk_update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        """Insert many, each with its compartment's scope."""
        context = access.current()
        access.read_by(access.WALK)
        objs = list(objs)
        for each in objs:
            each.scope_key = each.compartment.scope_id
            context.note_write(each)
        return super().bulk_create(objs, *args, **kwargs)

    def about(self, subject_id: uuid.UUID) -> Self:
        """The rows about one client."""
        return self.filter(compartment__subject_id=subject_id)

    def newest_first(self) -> Self:
        """The order of every list, the one the indexes keep."""
        return self.order_by("-created_at", "-id")


class Protected(models.Model):
    """A row that somebody may see and others may not; its compartment says who.

    ``scope_key`` is the compartment's scope, copied so that the database's policies
    need no join; a composite foreign key keeps it true (installed by `consent.rls.Protect`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compartment = models.ForeignKey(Compartment, models.PROTECT, related_name="+", db_index=False)
    scope_key = models.SmallIntegerField(editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProtectedQuerySet.as_manager()
    is_counted = True  # off where rows open to fewer than their compartment does; `Protect` is told it too
    listed_by = "created_at"  # the column its lists go by, newest first; `Protect` is told it too

    class Meta:
        abstract = True

    class Privacy:
        """Which fields open with the compartment and which say nothing; a test leaves none out."""

        as_compartment: frozenset[str] | set[str] = frozenset()
        says_nothing: frozenset[str] | set[str] = frozenset(
            {"id", "compartment", "compartment_id", "scope_key", "created_at"}
        )

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Self:
        """Load a row, and note that it was read.

        Raises:
            NoContext: nobody is asking.
        """
        context = access.current()
        row = super().from_db(db, field_names, values)
        context.note_read(row)
        return row

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: a record ends, it is not deleted; retention has its own way."""
        raise access.Unledgered(f"`{self.pk}` would be deleted unledgered")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the scope of the compartment."""
        context = access.current()
        self.scope_key = self.compartment.scope_id
        if kwargs.get("update_fields") is not None and {"compartment", "compartment_id"} & {
            *kwargs["update_fields"]
        }:
            # what is encrypted is bound to the compartment, and moves with the row
            moving = {"scope_key", *(field.name for field in encrypted_fields(type(self)))}
            kwargs["update_fields"] = {*kwargs["update_fields"], *moving}
        access.read_by(access.WALK)
        super().save(*args, **kwargs)
        context.note_write(self)
