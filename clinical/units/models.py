"""Zones, teams and shifts: nothing here is about a client."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consent.models import Program


class Zone(models.Model):
    """A part of the city, as the calls name it."""

    slug = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        default_permissions = ()
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """Who goes out together in a program, and the zones they cover."""

    name = models.CharField(max_length=80)
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    zones = models.ManyToManyField(Zone, related_name="+", blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["program", "name"], name="team_once_in_program")]

    def __str__(self) -> str:
        return self.name


class ShiftQuerySet(models.QuerySet["Shift"]):
    """Shifts by worker and instant."""

    def of_worker(self, principal: object, at: object) -> "ShiftQuerySet":
        """The shift that ``principal`` is on at ``at``."""
        return self.filter(principal=principal, begins_at__lte=at, ends_at__gt=at)


class Shift(models.Model):
    """One worker's hours in a team, with the officer who rides along and the vehicle."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    principal = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    partner = models.CharField(max_length=80, blank=True)
    vehicle = models.CharField(max_length=40, blank=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = ShiftQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="shift_begins_first", condition=Q(begins_at__lt=F("ends_at")))
        ]
        indexes = [models.Index(fields=["principal", "begins_at"], name="shift_principal")]

    def __str__(self) -> str:
        return f"shift {self.pk}"
