"""The post-box: envelopes on their way out, and envelopes that came in."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone


class OutboxEnvelope(models.Model):
    """One sealed envelope, written in the transaction of what caused it.

    ``subject_id`` is the id under which both sides know the matter (a referral, an
    incident), never a person's. ``kind`` is for this side's own overview; the exchange
    can't read it.
    """

    sequence = models.BigAutoField(primary_key=True)
    envelope_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    subject_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    sealed = models.BinaryField()
    sent_at = models.DateTimeField(default=timezone.now)
    copied_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["sequence"], condition=models.Q(copied_at__isnull=True), name="outbox_to_be_copied"
            )
        ]

    def __str__(self) -> str:
        return f"envelope {self.envelope_id}"


class InboxEnvelope(models.Model):
    """One envelope that arrived: waiting, opened, in quarantine, or set aside by whoever owns the quarantine."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "Waiting"
        OPENED = "opened", "Opened"
        QUARANTINED = "quarantined", "In quarantine"
        SET_ASIDE = "set aside", "Set aside"

    id = models.UUIDField(primary_key=True, editable=False)
    subject_id = models.UUIDField()
    sequence = models.BigIntegerField()  # the sender's
    sealed = models.BinaryField()
    sent_at = models.DateTimeField()
    arrived_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=12, choices=State.choices, db_default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(db_default=0)
    due_at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=40, blank=True, db_default="")  # known once it was opened
    reason = models.CharField(max_length=100, blank=True, db_default="")
    owner_role = models.CharField(max_length=40, blank=True, db_default="")
    quarantined_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # opened or set aside

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="inbox_quarantine_has_an_owner",
                condition=~models.Q(state="quarantined")
                | (models.Q(quarantined_at__isnull=False) & ~models.Q(owner_role="") & ~models.Q(reason="")),
            )
        ]
        indexes = [
            models.Index(
                fields=["subject_id", "sequence"],
                condition=models.Q(state__in=["waiting", "quarantined"]),
                name="inbox_unsettled_by_subject",
            ),
            models.Index(
                fields=["sequence"], condition=models.Q(state="waiting"), name="inbox_waiting_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"envelope {self.pk}"


class ArrivingEnvelope(models.Model):
    """The part of the inbox that the exchange may write; the rest has the database's defaults."""

    id = models.UUIDField(primary_key=True, editable=False)
    subject_id = models.UUIDField()
    sequence = models.BigIntegerField()
    sealed = models.BinaryField()
    sent_at = models.DateTimeField()

    class Meta:
        managed = False
        default_permissions = ()
        db_table = "referrals_inboxenvelope"

    def __str__(self) -> str:
        return f"envelope {self.pk}"
