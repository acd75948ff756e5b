"""A card of the desk, a visit of somebody known, and a visit of nobody named."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent.models import EncryptedJSONField, EncryptedTextField, Program, Protected, ProtectedQuerySet


class Service(models.TextChoices):
    """What somebody comes for, one tap each."""

    SHOWER = "shower", "Shower"
    MEAL = "meal", "Meal"
    MAIL = "mail", "Mail"
    LAUNDRY = "laundry", "Laundry"
    NALOXONE = "naloxone", "Naloxone"
    NURSE = "nurse", "Nurse"
    CLOTHES = "clothes", "Clothes, blanket"
    REST = "rest", "Rest, charge a phone"


class DeskCardQuerySet(ProtectedQuerySet["DeskCard"]):
    """Cards that are in use."""

    def in_use(self) -> Self:
        """Those not ended."""
        return self.filter(ended_at__isnull=True)


class DeskCard(Protected):
    """By what name the desk knows somebody, and the number on the card that they may carry.

    It lies in the duty team's compartment about the person: everybody at the desk sees the nickname
    and what was taken here, and nothing of a care team's own record. Nickname and number are found
    by tokens of the legal unit's blind index alone.
    """

    nickname = EncryptedTextField(max_length=60)
    nickname_token = models.BigIntegerField(null=True, editable=False)
    number_token = models.BigIntegerField(null=True, editable=False)
    last_seen_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DeskCardQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view", "change")
        indexes = [
            models.Index(fields=["scope_key", "nickname_token"], name="deskcard_nickname"),
            models.Index(fields=["scope_key", "number_token"], name="deskcard_number"),
        ]

    class Privacy:
        as_compartment = frozenset(
            {"nickname", "nickname_token", "number_token", "last_seen_at", "by", "ended_at"}
        )
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"desk card {self.pk}"


class ServiceDay(Protected):
    """What somebody took on one day, as the homeless information system wants it: built at night, once.

    Only for a program whose determination says that it records there and that its posted notice says so
    (69 FR 45888 § 4.1.3, 4.2.1); never for victim services (34 U.S.C. 12291(b)(2)).
    """

    day = EncryptedTextField(max_length=10)  # ISO 8601, by the city's clock
    services = EncryptedJSONField(default=dict)  # {word of Service: how often}
    built_at = models.DateTimeField()

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)

    class Privacy:
        as_compartment = frozenset({"day", "services", "built_at"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"service day {self.pk}"


class VisitQuerySet(ProtectedQuerySet["Visit"]):
    """Visits that count."""

    def standing(self) -> Self:
        """Those not taken back."""
        return self.filter(taken_back_at__isnull=True)


class Visit(Protected):
    """One thing that somebody known to the desk came for."""

    card = models.ForeignKey(DeskCard, models.PROTECT, related_name="+")
    service = models.CharField(max_length=10, choices=Service.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)
    service_day = models.ForeignKey(ServiceDay, models.PROTECT, null=True, blank=True, related_name="+")

    objects = VisitQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view", "change")
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(service_day__isnull=True, taken_back_at__isnull=True),
                name="visit_not_built",
            )
        ]

    class Privacy:
        as_compartment = frozenset({"card", "service", "by", "taken_back_at", "service_day"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"visit {self.pk}"


class AnonymousVisitQuerySet(models.QuerySet["AnonymousVisit"]):
    """Visits that count."""

    def standing(self) -> Self:
        """Those not taken back."""
        return self.filter(taken_back_at__isnull=True)


class AnonymousVisit(models.Model):
    """Somebody came for something and said no name, and none was written down: it is about nobody."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    service = models.CharField(max_length=10, choices=Service.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = AnonymousVisitQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["program", "-at"], name="anonymousvisit_desk")]

    def __str__(self) -> str:
        return f"anonymous visit {self.pk}"
