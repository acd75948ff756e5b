"""The ledger's rows: who read or decided what, about whom, on what basis. Ids and codes, no content."""

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models


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
    action = models.CharField(max_length=16)  # read, decide, write, refuse, revoke, send, receive
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
    request_hash = models.CharField(max_length=80, blank=True)
    record_count = models.PositiveIntegerField(default=0)
    bytes_out = models.PositiveBigIntegerField(default=0)
    duration_us = models.PositiveBigIntegerField(default=0)
    reason = models.CharField(max_length=64, blank=True)
    canonical = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="ledger_newest"),
            models.Index(fields=["subject", "-at"], name="ledger_subject"),
            models.Index(fields=["actor", "-at"], name="ledger_actor"),
            models.Index(fields=["request_id"], name="ledger_request"),
        ]

    def __str__(self) -> str:
        return f"ledger entry {self.pk}"

    def content(self) -> dict[str, Any]:
        """The entry as plain values, the ones that the canonical bytes are made of."""
        return {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.attname not in ("canonical", "leaf_hash")
        }
