"""One contact with a client, and what was written about it."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from clinical.responses import words
from clinical.responses.models import ResponseModel
from clinical.units.models import Shift
from consent.models import (
    EncryptedDateField,
    EncryptedJSONField,
    EncryptedTextField,
    Protected,
    ProtectedQuerySet,
)


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

    Police = words.Police

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

        AGREES = "agrees", "Understood and agrees"
        DECLINES = "declines", "Understood and declines"
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
        MOBILE_CRISIS = "mobile", "Handed to county mobile crisis"
        LIFELINE = "988", "Connected to the 988 Lifeline"
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

    # how the response went
    response_model = models.ForeignKey(ResponseModel, models.PROTECT, null=True, blank=True, related_name="+")
    shift = models.ForeignKey(Shift, models.PROTECT, null=True, blank=True, related_name="+")
    called_by = models.CharField(max_length=16, choices=words.CalledBy.choices, blank=True)
    arrival_order = models.CharField(max_length=10, choices=words.Order.choices, blank=True)
    units_before = ArrayField(
        models.CharField(max_length=16, choices=words.Unit.choices), default=list, blank=True
    )
    units_before_count = models.PositiveSmallIntegerField(null=True, blank=True)
    responders = ArrayField(  # who went for us, or stood with us
        models.CharField(max_length=16, choices=words.Role.choices), default=list, blank=True
    )
    spoke_first = models.CharField(max_length=16, choices=words.Role.choices, blank=True)
    led = models.CharField(max_length=16, choices=[*words.Role.choices, words.TOGETHER], blank=True)
    officer_stepped_back = models.BooleanField(null=True, blank=True)  # during the assessment
    reporter_warning_given = models.BooleanField(null=True, blank=True)  # that we must report abuse
    disagreed = models.BooleanField(null=True, blank=True)  # clinician and officer
    decided_by = models.CharField(
        max_length=16, choices=[*words.Role.choices, words.TOGETHER, words.SUPERVISOR], blank=True
    )
    backup_called_by = models.CharField(
        max_length=16, choices=[words.NOBODY, *words.Role.choices], blank=True
    )
    officer_released_at = models.DateTimeField(null=True, blank=True)
    # what it cost and what was given
    force = models.CharField(max_length=10, choices=words.Force.choices, blank=True)
    force_by = models.CharField(max_length=16, choices=words.Role.choices, blank=True)
    injury = models.CharField(max_length=10, choices=words.Injury.choices, blank=True)
    responder_injury = models.CharField(max_length=10, choices=words.Treated.choices, blank=True)
    responders_injured = ArrayField(
        models.CharField(max_length=16, choices=words.Role.choices), default=list, blank=True
    )
    supplies = EncryptedJSONField(blank=True, default=dict)  # {word of Supply: how many}; naloxone tells

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
            models.CheckConstraint(
                name="encounter_decided_where_they_disagreed",
                condition=Q(decided_by="") | Q(disagreed=True),
            ),
            models.CheckConstraint(
                name="encounter_force_by_somebody_if_any",
                condition=Q(force_by="") | ~Q(force__in=["", "none"]),
            ),
            models.CheckConstraint(
                name="encounter_hurt_if_somebody_was",
                condition=Q(responders_injured=[]) | ~Q(responder_injury__in=["", "none"]),
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
                "response_model", "shift", "called_by", "arrival_order", "units_before", "units_before_count",
                "responders", "spoke_first", "led", "officer_stepped_back", "reporter_warning_given",
                "disagreed", "decided_by", "backup_called_by", "officer_released_at", "force", "force_by",
                "injury", "responder_injury", "responders_injured", "supplies",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"encounter {self.pk}"

    @property
    def supplies_given(self) -> dict[str, int]:
        """How many of each, by the word of `words.Supply`, in the order of the list."""
        counted = self.supplies
        return {word: counted[word] for word in words.Supply.values if isinstance(counted.get(word), int)}

    @property
    def on_scene_minutes(self) -> int | None:
        """Minutes from arrival to leaving; ``None`` while one of the two is missing."""
        return _minutes(self.arrived_at, self.left_at)

    @property
    def officer_minutes_released(self) -> int | None:
        """Minutes of the contact that needed no officer any more; ``None`` if none was released."""
        return _minutes(self.officer_released_at, self.left_at)


def _minutes(begin: datetime | None, end: datetime | None) -> int | None:
    """Whole minutes between two instants, never fewer than none."""
    if begin is None or end is None:
        return None
    return max(0, int((end - begin).total_seconds() // 60))


class InvoluntaryExamination(Protected):
    """What came of a 302, as the clinical side learns it; the police's own data on it are never read.

    One for an encounter. The encounter ends the same night, the outcome comes days later, so it is a
    row of its own that stays open after the encounter is closed.

    Cites: 50 P.S. 7302 (examination within two hours, up to 120 hours), 7303.
    """

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="examinations")
    petitioned_by = models.CharField(max_length=10, choices=words.Petitioner.choices)
    facility = EncryptedTextField(max_length=200, blank=True)
    outcome = models.CharField(max_length=10, choices=words.ExaminationOutcome.choices, blank=True)
    outcome_on = EncryptedDateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(fields=["compartment", "encounter"], name="examination_once_an_encounter")
        ]

    class Privacy:
        as_compartment = frozenset(
            {"encounter", "petitioned_by", "facility", "outcome", "outcome_on", "by", "changed_at"}
        )
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"involuntary examination {self.pk}"


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
