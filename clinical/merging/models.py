"""That a nameless record was joined to a known one, and what moved."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent.models import EncryptedJSONField, EncryptedTextField, Protected, ProtectedQuerySet


class Joined(Protected):
    """A nameless client's record that became part of another's, inside one program.

    It lies with the known record's identity. What moved is kept by kind and id, so that joining the
    wrong two can be undone; nobody sees a row through it that they didn't see before.
    """

    from_id = models.UUIDField()
    was_called = EncryptedTextField(max_length=200)
    moved = EncryptedJSONField(default=dict)  # {model label: [id]}
    off_team = EncryptedJSONField(default=list)  # [principal uid], who had only the nameless record
    gave_description = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view", "change")
        constraints = [
            models.CheckConstraint(
                name="joined_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            )
        ]

    class Privacy:
        as_compartment = frozenset(
            {"from_id", "was_called", "moved", "off_team", "gave_description", "by", "undone_by", "undone_at"}
        )
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"joined {self.pk}"
