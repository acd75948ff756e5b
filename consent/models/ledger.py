"""The ledger's rows: who read or decided what, about whom, on what basis. Ids and codes, no content."""

import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import connection, models
from django.db.models import Q


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    """Entries are added many at a time, and never changed."""

    def bulk_create(self, objs: Iterable["LedgerEntry"], *args: Any, **kwargs: Any) -> list["LedgerEntry"]:
        """Add the entries in one statement with one value, their JSON.

        A list of fifty writes two thousand values; quoting each of them costs several times what
        the insert does. The database reads the same types out of the JSON.
        """
        rows = list(objs)
        if not rows:
            return rows
        fields = self.model._meta.concrete_fields
        columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
        table = connection.ops.quote_name(self.model._meta.db_table)
        content = [{field.column: getattr(row, field.attname) for field in fields} for row in rows]
        with connection.cursor() as cursor:
            cursor.execute(
                f"insert into {table} ({columns}) select {columns} from json_populate_recordset(null::{table}, %s)",
                [json.dumps(content, default=_as_text, ensure_ascii=False)],
            )
        return rows


def _as_text(value: Any) -> str:
    """How the database reads a value that JSON has no word for."""
    return f"\\x{bytes(value).hex()}" if isinstance(value, (bytes, memoryview)) else str(value)


class LedgerEntry(models.Model):
    """One read, decision, write or refusal. Rows are only added.

    ``canonical`` holds the exact bytes that ``leaf_hash`` stands for; the other
    columns repeat them so that the desk can search. Nothing here is content: a
    subject is a keyed pseudonym, so that erasing a client needs no ledger edit.

    Fields after CJIS AU-3, ASVS 16.2.1 and IHE BALP.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    request_id = models.UUIDField()
    side = models.CharField(max_length=8)
    actor = models.CharField(max_length=64)  # a principal's uid, or "system:name"
    role = models.CharField(max_length=64, blank=True)
    organization = models.CharField(max_length=64, blank=True)  # uid
    on_behalf_of = models.CharField(max_length=64, blank=True)
    authentication = models.CharField(max_length=16, blank=True)  # "password", "mfa", "assertion", "system"
    session = models.CharField(max_length=64, blank=True)  # SHA-256 of the session key
    source_address = models.GenericIPAddressField(null=True)
    destination = models.CharField(max_length=128, blank=True)  # the view's name
    client_application = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=16)  # read, decide, grant, write, refuse, revoke, send, receive
    outcome = models.CharField(max_length=16)  # served, permit, redact, deny, failed, done
    purpose = models.CharField(max_length=24, blank=True)
    subject = models.CharField(max_length=64, blank=True)
    recipient = models.CharField(max_length=64, blank=True)
    resources = models.JSONField(default=dict)  # {resource type: [opaque id]}
    field_groups = ArrayField(models.CharField(max_length=48), default=list)
    segments = ArrayField(models.CharField(max_length=16), default=list)
    segments_withheld = ArrayField(models.CharField(max_length=16), default=list)
    basis = models.JSONField(default=list)  # [{"rule": id, "cite": text}]
    bars = ArrayField(models.CharField(max_length=64), default=list)
    obligations = models.JSONField(default=list)
    consents = ArrayField(models.CharField(max_length=64), default=list)
    policy_version = models.CharField(max_length=64, blank=True)
    law_as_of = models.CharField(max_length=10, blank=True)
    question = models.JSONField(default=dict)  # what was decided (`consent.engine.receipts`)
    request_hash = models.CharField(max_length=80, blank=True)  # of the question's canonical JSON
    purposes = ArrayField(models.CharField(max_length=24), default=list)  # that a grant opens for
    # What is searched for, typed: the leading rule, and whether it went out and is accounted for.
    ground = models.CharField(max_length=64, blank=True)
    is_disclosure = models.BooleanField(default=False)
    is_accountable = models.BooleanField(default=False)
    record_count = models.PositiveIntegerField(default=0)
    bytes_out = models.PositiveBigIntegerField(default=0)
    duration_us = models.PositiveBigIntegerField(default=0)
    reason = models.CharField(max_length=64, blank=True)
    # On the first of the entries of one request that say the same of several clients, how many there
    # are; 0 on the others. The desk shows the first, and the others when it is opened.
    alike = models.PositiveIntegerField(default=1)
    canonical = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=32)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-id"]
        # Most entries are reads, and only the first five hold those: an insert stays cheap.
        indexes = [
            models.Index(fields=["-at", "-id"], name="ledger_newest", condition=Q(alike__gt=0)),
            BrinIndex(fields=["at"], name="ledger_at"),
            models.Index(fields=["subject", "-at"], name="ledger_subject", condition=~Q(subject="")),
            models.Index(fields=["actor", "-at"], name="ledger_actor"),
            models.Index(fields=["request_id"], name="ledger_request"),
            models.Index(
                fields=["action", "-at"], name="ledger_seldom", condition=~Q(action__in=["read", "use", "write"])
            ),
            models.Index(
                fields=["outcome", "-at"], name="ledger_refused", condition=Q(outcome__in=["deny", "failed"])
            ),
            models.Index(
                fields=["recipient", "ground", "-at", "-id"],
                name="ledger_recipient",
                condition=Q(is_disclosure=True),
            ),
            models.Index(
                fields=["ground", "-at", "-id"], name="ledger_ground", condition=Q(is_disclosure=True)
            ),
            # all that an accounting shows, so that it never goes to the rows
            models.Index(
                fields=["subject", "-at"],
                include=["id", "recipient", "segments", "purpose", "ground", "consents"],
                name="ledger_accounting",
                condition=Q(is_accountable=True),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"ledger entry {self.pk}"

    def content(self) -> dict[str, Any]:
        """The entry as plain values, the ones that the canonical bytes are made of."""
        return {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.attname not in ("canonical", "leaf_hash")
        }


class LedgerDay(models.Model):
    """How many disclosures of one UTC day went to a recipient on a ground: counted once the day is over.

    A count for the desk, and no evidence; the entries are. The row without recipient and
    ground counts the whole day, and says that the day has been counted.
    """

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    recipient = models.CharField(max_length=64, blank=True)
    ground = models.CharField(max_length=64, blank=True)
    entries = models.PositiveBigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "ground", "day"], include=["entries"], name="ledger_day_once"
            )
        ]
        indexes = [models.Index(fields=["ground", "day"], include=["entries"], name="ledger_day_ground")]

    def __str__(self) -> str:
        return f"ledger day {self.pk}"
