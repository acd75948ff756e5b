"""One contact with a client, and what was written about it."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from consent.models import EncryptedTextField, Protected, ProtectedQuerySet


class EncounterQuerySet(ProtectedQuerySet["Encounter"]):
    """Encounters by who opened them and whether they are over."""

    def opened_by(self, principal: Any) -> Self:
        """Those that ``principal`` opened."""
        return self.filter(by=principal)

    def still_open(self) -> Self:
        """Those not yet left."""
        return self.filter(left_at__isnull=True)


class Encounter(Protected):
    """One contact: where, who was there, what was said about roles, how it ended.

    Filled from the card it was opened from; nothing of it goes back to the police
    side. Whether police were present, near or away is kept apart from who else
    was, because the published figures of different models can't be compared otherwise.
    """

    class Place(models.TextChoices):
        """What kind of place."""

        HOME = "home", "Home"
        STREET = "street", "Street or outdoors"
        PUBLIC = "public", "Shop, station or other public place"
        SHELTER = "shelter", "Shelter or drop-in"
        HOSPITAL = "hospital", "Hospital or clinic"
        CUSTODY = "custody", "Police station or jail"
        PHONE = "phone", "By phone"
        OTHER = "other", "Somewhere else"

    class Police(models.TextChoices):
        """Where the police were."""

        PRESENT = "present", "Police present"
        AVAILABLE = "available", "Police near, not in the room"
        NONE = "none", "No police"

    class Present(models.TextChoices):
        """Who else was there."""

        EMS = "ems", "Medics"
        FIRE = "fire", "Fire"
        PEER = "peer", "Peer"
        FAMILY = "family", "Family or friend"
        INTERPRETER = "interpreter", "Interpreter"
        OTHERS = "others", "Others"

    class Answer(models.TextChoices):
        """What the person answered to the spoken introduction of roles."""

        AGREES = "agrees", "Understands and agrees"
        DECLINES = "declines", "Understands and declines"
        CANNOT = "cannot", "Cannot decide now"
        UNSAFE = "unsafe", "Not asked: unsafe"

    class Disposition(models.TextChoices):
        """How it ended."""

        STAYED = "stayed", "Stayed home"
        FAMILY = "family", "With family or friends"
        CRISIS = "crisis", "Crisis center"
        ED = "ed", "Emergency department by ambulance"
        VOLUNTARY = "voluntary", "Hospital, by choice"
        COMMITMENT = "commitment", "Involuntary examination (302)"
        ARREST = "arrest", "Arrest by an officer"
        LEFT = "left", "Left"
        PROGRAM = "program", "Stayed with the program"

    card_id = models.UUIDField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)
    call_type = EncryptedTextField(max_length=200, blank=True)
    location = EncryptedTextField(max_length=300, blank=True)
    zone = EncryptedTextField(max_length=40, blank=True)
    place = models.CharField(max_length=10, choices=Place.choices, blank=True)
    present = ArrayField(models.CharField(max_length=12, choices=Present.choices), default=list, blank=True)
    police = models.CharField(max_length=10, choices=Police.choices, blank=True)
    introduced_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    disposition = models.CharField(max_length=12, choices=Disposition.choices, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = EncounterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="encounter_answer_has_its_time",
                condition=Q(answer="", introduced_at__isnull=True)
                | (~Q(answer="") & Q(introduced_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="encounter_left_some_way",
                condition=Q(left_at__isnull=True) | ~Q(disposition=""),
            ),
            models.CheckConstraint(
                name="encounter_opens_first",
                condition=Q(left_at__isnull=True) | Q(opened_at__lte=F("left_at")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["by", "-opened_at"], condition=Q(left_at__isnull=True), name="encounter_open"
            )
        ]

    class Privacy:
        as_compartment = frozenset(
            {
                "card_id", "by", "opened_at", "arrived_at", "call_type", "location", "zone", "place",
                "present", "police", "introduced_at", "answer", "disposition", "left_at",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"encounter {self.pk}"


class Note(Protected):
    """What a worker wrote. It is never changed; a second note corrects the first."""

    encounter = models.ForeignKey(Encounter, models.PROTECT, null=True, blank=True, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    body = EncryptedTextField()

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view")

    class Privacy:
        as_compartment = frozenset({"encounter", "author", "body"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"note {self.pk}"
