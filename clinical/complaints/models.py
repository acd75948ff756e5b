"""A complaint, who answers for it, and by when."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consent.models import EncryptedDateField, EncryptedTextField, Protected, ProtectedQuerySet


class ComplaintQuerySet(ProtectedQuerySet["Complaint"]):
    """Complaints by state and owner."""

    def unanswered(self) -> Self:
        """Those that nobody has answered."""
        return self.filter(answered_at__isnull=True)

    def owned_by(self, principal: Any) -> Self:
        """Those that ``principal`` answers for."""
        return self.filter(owner=principal)


class Complaint(Protected):
    """What somebody says was done to them, and what came of it.

    It lies in the record of the person it is about (`Profile.complaint`) and opens to whoever
    took it down, whoever answers for it, and the offices of the program: not to the care team
    as such, and never to the one whose conduct it is about. Covered entities document every
    complaint and its disposition (45 CFR 164.530(d)); the days are the City's own policy.
    """

    class About(models.TextChoices):
        """What it is about."""

        CARE = "care", "Care: how they were treated or not helped"
        COERCION = "coercion", "Coercion: they were made to, or threatened"
        FORCE = "force", "Force was used"
        DIGNITY = "dignity", "Words, or different treatment because of who they are"
        PRIVACY = "privacy", "Something private was told"
        OTHER = "other", "Something else"

    class MadeBy(models.TextChoices):
        """Who says so."""

        PERSON = "person", "The person themselves"
        FAMILY = "family", "Family or a friend"
        COLLEAGUE = "colleague", "Somebody who works with them"
        OTHER = "other", "Somebody else"

    class How(models.TextChoices):
        """How it came."""

        FACE = "face", "Face to face"
        PHONE = "phone", "By phone"
        LETTER = "letter", "Letter or form"
        MESSAGE = "message", "Message"

    class Destination(models.TextChoices):
        """Where else the person wants it to go; a choice of theirs that changes nothing here."""

        NOWHERE = "nowhere", "Only to us"
        BOARD = "board", "To the civilian review board, which looks into police conduct"
        RIGHTS = "rights", "To the federal Office for Civil Rights (privacy)"
        LICENSING = "licensing", "To the State's licensing board"

    class Outcome(models.TextChoices):
        """What was found."""

        UPHELD = "upheld", "It is as they said"
        PARTLY = "partly", "Part of it is as they said"
        NOT_UPHELD = "not_upheld", "We found otherwise"
        WITHDRAWN = "withdrawn", "They took it back"

    about = models.CharField(max_length=10, choices=About.choices)
    said = EncryptedTextField()
    wished = EncryptedTextField(blank=True)
    happened_on = EncryptedDateField(blank=True)
    made_by = models.CharField(max_length=10, choices=MadeBy.choices)
    how = models.CharField(max_length=10, choices=How.choices)
    answer_to = EncryptedTextField(max_length=300, blank=True)
    destination = models.CharField(max_length=10, choices=Destination.choices, default=Destination.NOWHERE)
    about_staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    acknowledge_by = models.DateTimeField()
    answer_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    answer = EncryptedTextField(blank=True)

    objects = ComplaintQuerySet.as_manager()
    is_counted = False  # it opens to fewer than its compartment does

    class Meta:
        default_permissions = ("add", "view", "change")
        constraints = [
            models.CheckConstraint(
                name="complaint_answered_some_way",
                condition=Q(answered_at__isnull=True, outcome="")
                | (Q(answered_at__isnull=False, acknowledged_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="complaint_answered_by_somebody_else",
                condition=Q(about_staff__isnull=True) | Q(owner__isnull=True) | ~Q(owner=F("about_staff")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "answer_by"], condition=Q(answered_at__isnull=True), name="complaint_open"
            )
        ]

    class Privacy:
        as_compartment = frozenset(
            {
                "about", "said", "wished", "happened_on", "made_by", "how", "answer_to", "destination", "about_staff",
                "taken_by", "owner", "acknowledge_by", "answer_by", "acknowledged_at", "answered_at", "outcome", "answer",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"complaint {self.pk}"

    def due_at(self) -> datetime | None:
        """When something is to be done next: to acknowledge it, then to answer; ``None`` when both are."""
        if self.answered_at is not None:
            return None
        return self.answer_by if self.acknowledged_at is not None else self.acknowledge_by
