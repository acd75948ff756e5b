"""How a client went from one worker to another."""

from django.conf import settings
from django.db import models

from consent.models import EncryptedTextField, Protected, ProtectedQuerySet


class HandOver(Protected):
    """A hand-over in one program, as the supervisor chose it: the whole record, or a summary in place of the notes."""

    class How(models.TextChoices):
        """What the new worker gets to see."""

        FULL = "full", "The whole record"
        SUMMARY = "summary", "A summary; earlier notes stay closed"

    class Reason(models.TextChoices):
        """Why."""

        LEAVES = "leaves", "The worker leaves or is away"
        CASELOAD = "caseload", "Caseload"
        ASKED = "asked", "The client asked for somebody else"
        FIT = "fit", "Language, skill or zone"
        CONFLICT = "conflict", "The worker knows the client privately"
        SAFETY = "safety", "Safety"

    giver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    how = models.CharField(max_length=8, choices=How.choices)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    summary = EncryptedTextField(blank=True)

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view")

    class Privacy:
        as_compartment = frozenset({"giver", "taker", "by", "how", "reason", "summary"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"hand-over {self.pk}"
