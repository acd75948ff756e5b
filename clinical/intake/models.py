"""What arrived, before anybody has met the person."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent.models import EncryptedJSONField, EncryptedTextField, Protected, ProtectedQuerySet


class CardQuerySet(ProtectedQuerySet["Card"]):
    """Cards by state."""

    def waiting(self) -> Self:
        """Those that nobody has opened an encounter from."""
        return self.filter(taken_at__isnull=True)


class Card(Protected):
    """A referral or a 911 call handed over, as it came.

    About somebody not yet known: each card has a new opaque id for its person,
    which becomes the client's when the encounter is opened for a new person.
    """

    class Kind(models.TextChoices):
        """Where it came from."""

        REFERRAL = "referral", "Officer's referral"
        INCIDENT = "incident", "911 call"
        MEDIC = "medic", "Medic's referral"
        LIFELINE = "988", "988 Lifeline"
        MOBILE_CRISIS = "mobile", "County mobile crisis"

    class Agreed(models.TextChoices):
        """Did the person agree to be contacted?"""

        YES = "yes", "Agreed to be contacted"
        NO = "no", "Did not agree to be contacted"
        NOT_ASKED = "not_asked", "Not asked"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    # the sender's own id of it: a second delivery is nothing new
    origin_id = models.UUIDField(unique=True)
    call_type = EncryptedTextField(max_length=200, blank=True)
    location = EncryptedTextField(max_length=300, blank=True)
    zone = EncryptedTextField(max_length=40, blank=True)
    occurred_at = models.DateTimeField(null=True, blank=True)
    reasons = EncryptedJSONField(blank=True, default=list)  # [text]
    person = EncryptedTextField(max_length=300, blank=True)
    contact = EncryptedTextField(max_length=300, blank=True)
    agreed = models.CharField(max_length=10, choices=Agreed.choices, default=Agreed.NOT_ASKED)
    safety_note = EncryptedTextField(max_length=1000, blank=True)
    description = EncryptedTextField(blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)

    objects = CardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="card_taken_by_somebody",
                condition=Q(taken_at__isnull=True, taken_by__isnull=True)
                | Q(taken_at__isnull=False, taken_by__isnull=False),
            )
        ]

    class Privacy:
        as_compartment = frozenset(
            {
                "kind", "origin_id", "call_type", "location", "zone", "occurred_at", "reasons", "person",
                "contact", "agreed", "safety_note", "description", "taken_by", "taken_at",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"card {self.pk}"


class CallCount(Protected):
    """Calls before and after a referral, as the police side counted them: for every referral, taken up or not.

    A number of calls is no person's fault and no measure of one: places with many calls have
    fewer afterwards whatever is done (regression to the mean), which the pages say beside it.
    """

    card = models.ForeignKey(Card, models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()  # the length of each span
    is_over = models.BooleanField(default=False)  # was the span after counted too?
    counts = EncryptedJSONField(
        blank=True, default=dict
    )  # {"before": number or null, "after": number or null}
    counted_at = models.DateTimeField()

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["compartment", "card", "days", "is_over"], name="call_count_once")
        ]

    class Privacy:
        as_compartment = frozenset({"card", "days", "is_over", "counts", "counted_at"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"call count {self.pk}"
