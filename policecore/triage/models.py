"""What was asked about a call and where it went, and what it turned out to be; rows are only added."""

from django.conf import settings
from django.db import models

from consent.models import EncryptedTextField, Protected, ProtectedQuerySet
from policecore.kinds import Kind
from policecore.triage.words import Answer, Route


def answer_field() -> models.CharField:
    """Yes, no, or not known."""
    return models.CharField(max_length=8, choices=Answer.choices)


class Triage(Protected):
    """The answers to the questions, the route they suggested, and the one that was taken.

    A later triage of the same call is another row; the newest counts. ``eligible`` says whether
    a team without police could have answered, by the rules of ``rules_version``: the denominator of the share
    that one did answer.
    """

    incident = models.ForeignKey("Incident", models.PROTECT, related_name="+")
    weapon = answer_field()
    threat = answer_field()
    self_harm = answer_field()
    medical = answer_field()
    commitment = answer_field()
    suggested = models.CharField(max_length=12, choices=Route.choices)
    route = models.CharField(max_length=12, choices=Route.choices)
    eligible = models.BooleanField()
    reason = EncryptedTextField(max_length=300, blank=True)
    rules_version = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view")
        indexes = [models.Index(fields=["incident", "-created_at"], name="triage_of_a_call")]

    class Privacy(Protected.Privacy):
        as_compartment = {
            "incident", "weapon", "threat", "self_harm", "medical", "commitment", "suggested", "route", "eligible",
            "reason", "rules_version", "by",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"triage {self.pk}"


class Reclassification(Protected):
    """Afterwards somebody says what the call was, so that a mental-health call behind another word is counted.

    What dispatch called it stays as it was; the newest row counts beside it.
    """

    incident = models.ForeignKey("Incident", models.PROTECT, related_name="+")
    kind_before = models.CharField(max_length=12, choices=Kind.choices)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = EncryptedTextField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view")
        indexes = [models.Index(fields=["incident", "-created_at"], name="reclassification_of_a_call")]

    class Privacy(Protected.Privacy):
        as_compartment = {"incident", "kind_before", "kind", "reason", "by"}

    def __str__(self) -> str:
        return f"reclassification {self.pk}"
