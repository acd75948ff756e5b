"""A community trauma event, what the program did about it, and opt-in slips."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from clinical.worktime.models import MINUTES
from consent.models import EncryptedJSONField, EncryptedTextField, Protected, ProtectedQuerySet

MOST_PEOPLE = 20_000


class CommunityEvent(Protected):
    """Something that hurt a neighborhood. Nobody who was hurt, was there or came is named in it.

    It lies in the duty team's compartment about nobody. Counts stand in its actions; who asked to be
    called stands on a slip of their own, and no slip says at which event it was filled in.
    """

    class Kind(models.TextChoices):
        """What happened."""

        SHOOTING = "shooting", "Shooting"
        HOMICIDE = "homicide", "Homicide"
        DEATH = "death", "Sudden death"
        OVERDOSES = "overdoses", "Several overdoses"
        FIRE = "fire", "Fire or explosion"
        CRASH = "crash", "Crash"
        ASSAULT = "assault", "Assault in public"
        DISASTER = "disaster", "Flood, storm, evacuation"
        HATE = "hate", "Attack out of hatred"
        OTHER = "other", "Something else"

    class Ended(models.TextChoices):
        """Why nothing more is planned."""

        DONE = "done", "The neighborhood has what it asked for"
        HANDED = "handed", "Others carry on"
        DECLINED = "declined", "The neighborhood did not want us"
        MISTAKE = "mistake", "Opened by mistake"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    happened_at = models.DateTimeField()
    zone = EncryptedTextField(max_length=40, blank=True)
    place = EncryptedTextField(max_length=200, blank=True)
    summary = EncryptedTextField(max_length=500, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=10, choices=Ended.choices, blank=True)

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view", "change")
        constraints = [
            models.CheckConstraint(
                name="communityevent_ended_for_a_reason",
                condition=Q(ended="", ended_at__isnull=True) | (~Q(ended="") & Q(ended_at__isnull=False)),
            )
        ]

    class Privacy:
        as_compartment = frozenset(
            {"kind", "happened_at", "zone", "place", "summary", "opened_by", "ended_at", "ended"}
        )
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"community event {self.pk}"


class Handout(models.TextChoices):
    """What is handed out at an event."""

    LEAFLET = "leaflet", "Leaflets on trauma and help"
    CARD = "card", "Cards with our number"
    SLIP = "slip", "Opt-in slips"
    COMPENSATION = "compensation", "Victims compensation forms"
    FOOD = "food", "Food or water"
    CHILDREN = "children", "Kits for children"


class EventAction(Protected):
    """One thing that was done about an event, counted: people, hand-outs, minutes.

    A debrief of our own staff is an action of its own kind: it counts the staff who were there and
    nobody else, and stands in no client's file.
    """

    class Kind(models.TextChoices):
        """What was done."""

        CANVASS = "canvass", "Went from door to door"
        VIGIL = "vigil", "Vigil or memorial"
        CIRCLE = "circle", "Support circle"
        SCHOOL = "school", "School or workplace visit"
        TABLE = "table", "Table with help and leaflets"
        FAMILY = "family", "Stood by the family, at their wish"
        DEBRIEF = "debrief", "Debrief of our staff"
        OTHER = "other", "Something else"

    event = models.ForeignKey(CommunityEvent, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    done_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(validators=MINUTES)
    staff = models.PositiveSmallIntegerField(default=1, validators=[MaxValueValidator(200)])
    people = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(MOST_PEOPLE)])
    handouts = EncryptedJSONField(default=dict, blank=True)  # {word of Handout: how many}
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view", "change")
        indexes = [models.Index(fields=["event"], name="eventaction_event")]
        constraints = [
            models.CheckConstraint(
                name="eventaction_debrief_counts_staff_alone", condition=~Q(kind="debrief") | Q(people=0)
            )
        ]

    class Privacy:
        as_compartment = frozenset(
            {"event", "kind", "done_at", "minutes", "staff", "people", "handouts", "by", "taken_back_at"}
        )
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"event action {self.pk}"


class SlipQuerySet(ProtectedQuerySet["Slip"]):
    """Slips by state."""

    def waiting(self) -> Self:
        """Those that nobody has taken up and nobody has taken back."""
        return self.filter(taken_up_at__isnull=True, ended_at__isnull=True)


class Slip(Protected):
    """Somebody asks to be called: their own yes, how they may be reached, and nothing about what happened.

    Kept only with the yes; about a person with an opaque id of their own, which becomes the client's
    when the slip is taken up. It names no event.
    """

    class Agreed(models.TextChoices):
        """How they said yes."""

        SIGNED = "signed", "Signed the slip"
        SPOKEN = "spoken", "Said yes to one of us"

    class Ended(models.TextChoices):
        """Why it is not taken up."""

        WITHDREW = "withdrew", "They changed their mind"
        NOT_FOUND = "not_found", "Could not be reached safely"
        DOUBLE = "double", "In care already"
        MISTAKE = "mistake", "Written by mistake"

    name = EncryptedTextField(max_length=150)
    reach = EncryptedTextField(max_length=200)
    ways = EncryptedJSONField(default=list)  # [word of safecontact.words.Way], at least one
    say_as = EncryptedTextField(max_length=100, blank=True)
    best_time = EncryptedTextField(max_length=100, blank=True)
    language = EncryptedTextField(max_length=60, blank=True)
    wishes = EncryptedTextField(max_length=300, blank=True)
    agreed = models.CharField(max_length=10, choices=Agreed.choices)
    agreed_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_up_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=10, choices=Ended.choices, blank=True)

    objects = SlipQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view", "change")
        constraints = [
            models.CheckConstraint(
                name="slip_taken_up_by_somebody",
                condition=Q(taken_up_at__isnull=True, taken_up_by__isnull=True)
                | Q(taken_up_at__isnull=False, taken_up_by__isnull=False),
            ),
            models.CheckConstraint(
                name="slip_ended_for_a_reason",
                condition=Q(ended="", ended_at__isnull=True) | (~Q(ended="") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="slip_agreed_first",
                condition=Q(taken_up_at__isnull=True) | Q(agreed_at__lte=F("taken_up_at")),
            ),
        ]

    class Privacy:
        as_compartment = frozenset(
            {
                "name", "reach", "ways", "say_as", "best_time", "language", "wishes", "agreed", "agreed_at", "by",
                "taken_up_by", "taken_up_at", "ended_at", "ended",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"slip {self.pk}"
