"""What opens and closes together, and the grants that open it."""

import uuid
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from consent import access
from consent.models.organizations import Organization, Program
from consent.models.principals import Principal

FOR_GOOD = datetime(9999, 12, 31, tzinfo=UTC)  # "until further notice"; an infinite timestamp has no Python


class Scope(models.Model):
    """A program and a set of segments: the kind of a compartment, and what an office opens."""

    id = models.SmallAutoField(primary_key=True)
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    segments = ArrayField(models.CharField(max_length=16))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "segments"], name="scope_once"),
            models.CheckConstraint(name="scope_names_a_segment", condition=Q(segments__len__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.program_id}: {' '.join(self.segments)}"


class Compartment(models.Model):
    """One client, one program, one set of segments; a release has its recipient's own.

    ``subject_id`` is the client's opaque id, or, for what is about no one person
    (an incident), the id of the unit that keeps it. What was written before a hand-over
    in summary lies in a compartment of its own, ``closed_to_later_at`` the hand-over: of the
    care team it opens to those who were on it before that instant. Supervisors open both by their office.
    """

    subject_id = models.UUIDField()
    scope = models.ForeignKey(Scope, models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    closed_to_later_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        permissions = [("open_compartment", "Can open a compartment")]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "scope", "recipient", "closed_to_later_at"],
                name="compartment_once",
                nulls_distinct=False,
            ),
            # what a record's copied scope_key refers to, so that it can't lie
            models.UniqueConstraint(fields=["id", "scope"], name="compartment_id_scope"),
        ]
        indexes = [models.Index(fields=["scope", "id"], name="compartment_scope")]

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Self:
        """Load a row; the ledger's flush then knows whose it is."""
        row = super().from_db(db, field_names, values)
        context = access.current_or_none()
        if context is not None and "subject_id" in field_names and "scope_id" in field_names:
            context.gathering.compartments[row.pk] = row
        return row

    def __str__(self) -> str:
        return f"compartment {self.pk}"


class Grant(UserObjectPermissionBase):
    """A decision that lasts: this principal may open that compartment, for these purposes, until then.

    One row per compartment and grantee, never per record; written by
    ``system:grants`` alone. guardian's direct-foreign-key permission, with the
    purpose, basis and validity it does not know.
    """

    user = models.ForeignKey(Principal, models.CASCADE, related_name="+")
    content_object = models.ForeignKey(Compartment, models.CASCADE, related_name="+")
    purposes = ArrayField(models.CharField(max_length=24))
    basis = models.JSONField(default=list)  # [{"rule": id, "cite": text}], {"consent": id}
    writes = models.BooleanField(default=False)
    valid_from = models.DateTimeField(default=timezone.now)
    valid_until = models.DateTimeField(default=FOR_GOOD)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        default_permissions = ()
        unique_together: list[list[str]] = []
        constraints = [
            models.UniqueConstraint(
                fields=["content_object", "user"],
                include=["valid_from", "valid_until"],
                name="grant_compartment",
            ),
            models.CheckConstraint(name="grant_begins_first", condition=Q(valid_from__lte=F("valid_until"))),
        ]
        indexes = [
            models.Index(
                fields=["user", "content_object"],
                include=["valid_from", "valid_until", "purposes"],  # all that the gather role asks of it
                name="grant_user",
            )
        ]

    def __str__(self) -> str:
        return f"grant {self.pk}"


class OfficeGrant(GroupObjectPermissionBase):
    """What an office opens: whoever holds the role in the scope's program, for these purposes."""

    content_object = models.ForeignKey(Scope, models.CASCADE, related_name="+")
    purposes = ArrayField(models.CharField(max_length=24))
    basis = models.JSONField(default=list)
    writes = models.BooleanField(default=False)
    valid_from = models.DateTimeField(default=timezone.now)
    valid_until = models.DateTimeField(default=FOR_GOOD)

    changes_at = models.DateTimeField(null=True, blank=True)  # when the law says something else next

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        default_permissions = ()
        unique_together: list[list[str]] = []
        constraints = [
            models.UniqueConstraint(fields=["content_object", "group"], name="office_grant_once"),
            models.CheckConstraint(
                name="office_grant_begins_first", condition=Q(valid_from__lte=F("valid_until"))
            ),
        ]

    def __str__(self) -> str:
        return f"office grant {self.pk}"


class NextChange(models.Model):
    """When the answer about a client changes next by the clock alone; nothing is due without a row.

    What ends, ends by itself; the sweep goes by this to open and renew what the law lets open then.
    """

    subject_id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["at"], name="next_change_at")]

    def __str__(self) -> str:
        return f"next change {self.pk}"


class Assignment(models.Model):
    """Who is on a client's care team in a program, from when to when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_id = models.UUIDField()
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    principal = models.ForeignKey(Principal, models.PROTECT, related_name="+")
    by = models.ForeignKey(Principal, models.PROTECT, null=True, related_name="+")
    begins_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    # since when they take part in the client's HIV care, as a supervisor said (35 P.S. 7607(a)(4))
    hiv_care_since = models.DateTimeField(null=True, blank=True)
    hiv_care_by = models.ForeignKey(Principal, models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="assignment_begins_first",
                condition=Q(ends_at__isnull=True) | Q(begins_at__lte=F("ends_at")),
            ),
            models.CheckConstraint(
                name="hiv_care_said_by_another",
                condition=Q(hiv_care_since=None, hiv_care_by=None)
                | Q(hiv_care_since__isnull=False, hiv_care_by__isnull=False) & ~Q(hiv_care_by=F("principal")),
            ),
            models.UniqueConstraint(
                fields=["subject_id", "program", "principal"],
                condition=Q(ends_at__isnull=True),
                name="assignment_open_once",
            ),
        ]
        indexes = [
            models.Index(fields=["principal", "subject_id"], name="assignment_principal"),
            models.Index(fields=["subject_id"], name="assignment_subject"),
        ]

    def __str__(self) -> str:
        return f"assignment {self.pk}"
