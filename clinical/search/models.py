"""The rows of the blind index, and who waits to be compared."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from consent import access
from consent.models import Compartment


class GuardedQuerySet(models.QuerySet[Any]):
    """Rows that are nobody's record, yet are asked for by somebody and for a purpose only.

    They are looked for from what the asker may open, never row by row.
    """

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            access.current()
            access.read_by(access.GATHER)
        super()._fetch_all()

    def exists(self) -> bool:
        """Is there a row that the principal may see?"""
        access.current()
        access.read_by(access.GATHER)
        return super().exists()


class SearchToken(models.Model):
    """One word, sound, birth date or phone number of a client, as its keyed hash: 64 bits that say nothing.

    It opens with the client's compartment: both indexes begin with what a grant or an office opens, so that
    looking for a token never comes near a row that is hidden from who looks. Found rows are no read
    of a person; the clients that are then loaded are.
    """

    pk = models.CompositePrimaryKey("client_id", "token")
    client_id = models.UUIDField()
    token = models.BigIntegerField()
    # the composite key with scope_key stands for this one
    compartment = models.ForeignKey(
        Compartment, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    scope_key = models.SmallIntegerField()

    objects = GuardedQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["compartment", "token"], include=["client_id", "scope_key"], name="token_granted"
            ),
            models.Index(
                fields=["scope_key", "token"], include=["client_id", "compartment"], name="token_of_office"
            ),
        ]

    def __str__(self) -> str:
        return f"token of client {self.client_id}"


class Unmatched(models.Model):
    """A client whose name, birth date or phone is new, to be compared with the rest of the legal unit.

    Written with every client, whoever else is there, so that writing one tells nothing; the
    comparing is done later by ``system:matching``, and no other task can read these rows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_id = models.UUIDField()
    compartment = models.ForeignKey(
        Compartment, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    scope_key = models.SmallIntegerField()
    since = models.DateTimeField(default=timezone.now)

    objects = GuardedQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["since"], name="unmatched_since")]

    def __str__(self) -> str:
        return f"unmatched client {self.client_id}"


class SearchCount(models.Model):
    """How often somebody searched in the minute that began at ``minute``: about staff, not about clients."""

    principal = models.OneToOneField("consent.Principal", models.CASCADE, related_name="+", primary_key=True)
    minute = models.DateTimeField()
    searches = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"searches of principal {self.pk}"
