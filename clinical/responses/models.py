"""Response models, and the hours and zones in which a program answers by one. Nothing here is about a client."""

from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from clinical.responses.words import CalledBy, Order, Police, Role
from clinical.units.models import Zone
from consent.models import Program

WEEKDAYS = [
    (1, "Mon"), (2, "Tue"), (3, "Wed"), (4, "Thu"), (5, "Fri"), (6, "Sat"), (7, "Sun"),
]  # fmt: skip


class ResponseModelQuerySet(models.QuerySet["ResponseModel"]):
    """Response models by day."""

    def in_use(self, on: date) -> "ResponseModelQuerySet":
        """Those not yet retired on ``on``."""
        return self.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=on))


class ResponseModel(models.Model):
    """One way to answer: who goes, whom the call comes from, and where the police are.

    A retired one stays, because encounters were answered by it and their figures must still be found.
    """

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300)
    police = ArrayField(models.CharField(max_length=10, choices=Police.choices), default=list)
    order = ArrayField(models.CharField(max_length=10, choices=Order.choices), default=list)
    roles = ArrayField(models.CharField(max_length=16, choices=Role.choices), default=list)
    called_by = ArrayField(models.CharField(max_length=16, choices=CalledBy.choices), default=list)
    crew = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many go; empty if it varies"
    )
    retired_on = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = ResponseModelQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name


class CoverageQuerySet(models.QuerySet["Coverage"]):
    """Coverage by program and instant."""

    def on(self, day: date) -> "CoverageQuerySet":
        """What was on offer on ``day``."""
        return self.filter(begins_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))

    def at(self, at: datetime) -> "CoverageQuerySet":
        """What was on offer at ``at``; hours that pass midnight belong to the day they begin on."""
        local = timezone.localtime(at)
        today, before, hour = local.isoweekday(), (local.isoweekday() - 2) % 7 + 1, local.time()
        same_day = Q(from_time__lt=F("until_time"), from_time__lte=hour, until_time__gt=hour)
        tonight = Q(from_time__gte=F("until_time"), from_time__lte=hour)
        last_night = Q(from_time__gte=F("until_time"), until_time__gt=hour)
        return self.on(local.date()).filter(
            (Q(weekdays__contains=[today]) & (same_day | tonight))
            | (Q(weekdays__contains=[before]) & last_night)
        )


class Coverage(models.Model):
    """A program answers by one model, in these zones, on these weekdays, between these hours of the city.

    A change ends the row and begins another, so that what was covered on any past day stays known.
    ``ends_on`` is the first day without it. Equal hours mean around the clock.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    model = models.ForeignKey(ResponseModel, models.PROTECT, related_name="+")
    zones = models.ManyToManyField(Zone, related_name="+")
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(7)])
    )
    from_time = models.TimeField()
    until_time = models.TimeField()
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = CoverageQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")
        ordering = ["program", "model", "-begins_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="coverage_begins_first",
                condition=Q(ends_on__isnull=True) | Q(begins_on__lte=F("ends_on")),
            ),
            models.CheckConstraint(name="coverage_has_weekdays", condition=~Q(weekdays=[])),
        ]

    def __str__(self) -> str:
        return f"coverage {self.pk}"

    def hours_a_week(self) -> float:
        """Hours covered in one week."""
        begin, end = (each.hour + each.minute / 60 for each in (self.from_time, self.until_time))
        return len(self.weekdays) * ((end - begin) % 24 or 24)

    def weekday_words(self) -> list[str]:
        """The weekdays' short names, Monday first."""
        return [name for number, name in WEEKDAYS if number in self.weekdays]


# slug -> what a response model is; the migration writes them, and a city changes the rows
RESPONSE_MODELS: dict[str, dict[str, Any]] = {
    "embedded": {
        "name": "Embedded", "description": "A clinician and an officer in one car, to the call together.",
        "police": [Police.PRESENT], "order": [Order.TOGETHER], "roles": [Role.CLINICIAN, Role.OFFICER],
        "called_by": [CalledBy.DISPATCH, CalledBy.POLICE], "crew": 2,
    },
    "sequential": {
        "name": "Sequential", "description": "Police first; the clinician once the scene is secure.",
        "police": [Police.PRESENT, Police.AVAILABLE], "order": [Order.SECURED], "roles": [Role.CLINICIAN],
        "called_by": [CalledBy.POLICE], "crew": None,
    },
    "hybrid": {
        "name": "Hybrid", "description": "Together or apart, as the call needs.",
        "police": [Police.PRESENT, Police.AVAILABLE], "order": [Order.TOGETHER, Order.SECURED, Order.FIRST],
        "roles": [Role.CLINICIAN, Role.OFFICER],
        "called_by": [CalledBy.DISPATCH, CalledBy.POLICE, CalledBy.FIRE, CalledBy.EMS], "crew": None,
    },
    "peer": {
        "name": "Peer", "description": "A peer goes, alone or with a clinician.",
        "police": [Police.AVAILABLE, Police.NONE], "order": [Order.FIRST, Order.AFTER],
        "roles": [Role.PEER, Role.CLINICIAN], "called_by": list(CalledBy), "crew": None,
    },
    "peer-medic": {
        "name": "Peer and medic", "description": "A peer and a medic go as a team.",
        "police": [Police.AVAILABLE, Police.NONE], "order": [Order.FIRST, Order.AFTER],
        "roles": [Role.PEER, Role.MEDIC],
        "called_by": [CalledBy.DISPATCH, CalledBy.EMS, CalledBy.FIRE, CalledBy.LIFELINE], "crew": 2,
    },
    "ride-along": {
        "name": "Ride-along", "description": "A clinician rides with patrol and joins what comes.",
        "police": [Police.PRESENT], "order": [Order.TOGETHER], "roles": [Role.CLINICIAN, Role.OFFICER],
        "called_by": [CalledBy.DISPATCH, CalledBy.POLICE, CalledBy.MET], "crew": 2,
    },
    "on-call": {
        "name": "On call", "description": "A clinician comes out when officers or medics ask.",
        "police": [Police.PRESENT, Police.AVAILABLE], "order": [Order.AFTER, Order.SECURED],
        "roles": [Role.CLINICIAN], "called_by": [CalledBy.POLICE, CalledBy.EMS, CalledBy.FIRE], "crew": 1,
    },
    "virtual": {
        "name": "Virtual", "description": "A clinician by video or phone, with whoever is on the scene.",
        "police": [Police.PRESENT, Police.AVAILABLE, Police.NONE], "order": [Order.REMOTE],
        "roles": [Role.CLINICIAN],
        "called_by": [CalledBy.DISPATCH, CalledBy.POLICE, CalledBy.EMS, CalledBy.FIRE], "crew": 1,
    },
    "crisis-team": {
        "name": "Crisis response team", "description": "A team of two, called in by police, fire or medics.",
        "police": [Police.PRESENT, Police.AVAILABLE], "order": [Order.AFTER, Order.SECURED],
        "roles": [Role.CLINICIAN, Role.PEER],
        "called_by": [CalledBy.POLICE, CalledBy.FIRE, CalledBy.EMS], "crew": 2,
    },
    "no-police": {
        "name": "No police", "description": "A team without police answers; police come only if it calls them.",
        "police": [Police.NONE], "order": [Order.FIRST, Order.AFTER],
        "roles": [Role.CLINICIAN, Role.PEER, Role.MEDIC],
        "called_by": [CalledBy.DISPATCH, CalledBy.LIFELINE, CalledBy.MOBILE_CRISIS, CalledBy.COMMUNITY],
        "crew": None,
    },
}  # fmt: skip
