"""Safety plans, each of which replaces the one before."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent.models import EncryptedJSONField, Protected, ProtectedQuerySet

# What a safety plan says, in the order in which it is used (the steps of a crisis, from inside to outside).
PARTS = {
    "signs": ("Warning signs", "Thoughts, feelings, situations that say: it begins"),
    "alone": ("What I can do by myself", "Things that take my mind off it, without anybody"),
    "places": ("People and places that take my mind off it", "Where I can go, whom I can be with"),
    "people": ("People I can ask for help", "Names and numbers"),
    "professionals": ("Professionals and services", "Names, numbers, the nearest emergency room"),
    "means": ("Making it safe around me", "Who keeps away what could hurt me"),
    "reasons": ("What is worth living for", "The most important things to me"),
    "on_scene": ("What helps when somebody comes", "How to approach me, what to leave alone"),
}


class SafetyPlanQuerySet(ProtectedQuerySet["SafetyPlan"]):
    """Safety plans by whether they count."""

    def current(self) -> Self:
        """Those that nothing has replaced."""
        return self.filter(replaced_at__isnull=True)


class SafetyPlan(Protected):
    """One version of the safety plan in one program; ``parts`` holds a text for each name of `PARTS`."""

    class Copy(models.TextChoices):
        """How the person has it."""

        PAPER = "paper", "On paper"
        PHONE = "phone", "A photo on their phone"
        DECLINED = "declined", "They don't want a copy"
        UNSAFE = "unsafe", "A copy would not be safe"
        NONE = "none", "Not given yet"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    parts = EncryptedJSONField(default=dict)
    copy = models.CharField(max_length=10, choices=Copy.choices, default=Copy.NONE)
    is_theirs = models.BooleanField(default=False)  # made together, in their words
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects = SafetyPlanQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["compartment"], condition=Q(replaced_at__isnull=True), name="safety_plan_once"
            )
        ]

    class Privacy:
        as_compartment = frozenset({"by", "parts", "copy", "is_theirs", "replaced_at"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"safety plan {self.pk}"
