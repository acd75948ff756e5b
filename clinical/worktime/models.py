"""Time that was worked without a client there: for nobody in particular, or for somebody who wasn't there."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from clinical.units.models import Zone
from consent.models import EncryptedTextField, Program, Protected, ProtectedQuerySet

MOST_MINUTES = 16 * 60  # a double shift
MINUTES = (MinValueValidator(1), MaxValueValidator(MOST_MINUTES))


class ActivityQuerySet(models.QuerySet["Activity"]):
    """Activities by whose they are."""

    def standing(self) -> Self:
        """Those not taken back."""
        return self.filter(taken_back_at__isnull=True)


class Activity(models.Model):
    """Some minutes of a worker's day. About no client, and so without a text: a text would name one."""

    class Kind(models.TextChoices):
        """What was done."""

        ROUND = "round", "Outreach round, nobody met"
        TRAVEL = "travel", "Travel"
        PAPERS = "papers", "Records and papers"
        MEETING = "meeting", "Meeting with partners"
        TEAM = "team", "Team meeting or supervision"
        TRAINING = "training", "Training"
        COURT = "court", "Court or agency, for nobody in particular"
        SUPPLIES = "supplies", "Van and supplies"
        COMMUNITY = "community", "Community event or talk"
        DESK = "desk", "Desk duty"
        OTHER = "other", "Something else"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = models.DateField()
    minutes = models.PositiveSmallIntegerField(validators=MINUTES)
    zone = models.ForeignKey(Zone, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["by", "-on"], name="activity_worker"),
            models.Index(fields=["program", "on"], name="activity_program"),
        ]
        constraints = [
            models.CheckConstraint(
                name="activity_takes_time", condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES)
            )
        ]

    def __str__(self) -> str:
        return f"activity {self.pk}"


class Collateral(Protected):
    """Something done for a client who wasn't there: a call to a clinic, a search that found nobody.

    It lies in the client's compartment and is no encounter, so no figure about contacts or outcomes sees it.
    """

    class Kind(models.TextChoices):
        """With whom, or what."""

        FAMILY = "family", "Family or friend"
        CLINIC = "clinic", "Clinic or hospital"
        AGENCY = "agency", "Agency or benefits office"
        LANDLORD = "landlord", "Landlord or housing"
        COURT = "court", "Court or lawyer"
        SCHOOL = "school", "School or employer"
        SEARCH = "search", "Looked for them, not found"
        PAPERS = "papers", "Forms and papers"
        OTHER = "other", "Something else"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    done_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(validators=MINUTES)
    note = EncryptedTextField(max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view", "change")

    class Privacy:
        as_compartment = frozenset({"kind", "done_at", "minutes", "note", "by", "taken_back_at"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"collateral {self.pk}"
