"""What belongs to a night on the road and is neither the encounter nor a note."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from clinical.encounters.models import Encounter
from consent.models import EncryptedJSONField, EncryptedTextField, Program, Protected, ProtectedQuerySet


class Form(models.TextChoices):
    """The forms of an encounter that can be typed into, sent, or kept by a phone."""

    ARRIVED = "arrived", "Arrived"
    SCENE = "scene", "Scene"
    INTRODUCTION = "introduction", "Introduction"
    NOTE = "note", "Note"
    LEAVE = "leave", "Leave"


class DraftQuerySet(ProtectedQuerySet["Draft"]):
    """Drafts by author and whether they are still to be finished."""

    def of(self, principal: Any) -> Self:
        """Those that ``principal`` is writing."""
        return self.filter(by=principal)

    def unfinished(self) -> Self:
        """Those neither sent nor thrown away."""
        return self.filter(ended_at__isnull=True)


class Draft(Protected):
    """What somebody has typed into a form of an encounter and not sent; its author goes on with it.

    One for each encounter, form and author, kept by itself while they type. When the form is sent or
    the draft thrown away it is emptied and ended.
    """

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    form = models.CharField(max_length=12, choices=Form.choices)
    said = EncryptedJSONField(default=dict, blank=True, null=True)
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["compartment", "encounter", "form", "by"],
                condition=Q(ended_at__isnull=True),
                name="draft_one_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["by", "-changed_at"], condition=Q(ended_at__isnull=True), name="draft_unfinished"
            )
        ]

    class Privacy:
        as_compartment = frozenset({"encounter", "by", "form", "said", "changed_at", "ended_at"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Parcel(Protected):
    """One form that was sent: whatever a phone sends twice, by the line and from its store, is done once.

    The number is the phone's or the page's own, and random; what the form said stands where it belongs.
    ``kept_at`` is the instant that the phone claims, where it kept the form because it had no signal.
    """

    number = models.UUIDField()
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    form = models.CharField(max_length=12, choices=Form.choices)
    kept_at = models.DateTimeField(null=True, blank=True)

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["compartment", "number"], name="parcel_once")]

    class Privacy:
        as_compartment = frozenset({"encounter", "by", "form", "kept_at"})
        says_nothing = Protected.Privacy.says_nothing | {"number"}

    def __str__(self) -> str:
        return f"parcel {self.pk}"


class WindowQuerySet(ProtectedQuerySet["Window"]):
    """Windows by owner and instant."""

    def owned_by(self, principal: Any) -> Self:
        """Those that ``principal`` is to see to."""
        return self.filter(owner=principal)

    def running(self) -> Self:
        """Those that nobody has ended."""
        return self.filter(ended_at__isnull=True)

    def due_by(self, at: datetime) -> Self:
        """Those that are due at ``at`` or were before."""
        return self.filter(due_at__lte=at)


class Window(Protected):
    """A named clock that an encounter started: by when somebody is to be asked or visited again."""

    class Rule(models.TextChoices):
        """Which clock."""

        ASK_AGAIN = "ask_again", "Ask again about roles and sharing"
        OVERDOSE_24 = "overdose_24", "First visit after an overdose, 24 hours"
        OVERDOSE_72 = "overdose_72", "Second try after an overdose, 72 hours"
        AFTER_ED = "after_ed", "Contact after the emergency department, 7 days"

    class Ending(models.TextChoices):
        """How it ended."""

        DONE = "done", "Done"
        REACHED_NOBODY = "nobody", "Tried, reached nobody"
        NOT_NEEDED = "not_needed", "No longer needed"

    rule = models.CharField(max_length=12, choices=Rule.choices)
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begins_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=12, choices=Ending.choices, blank=True)

    objects = WindowQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["compartment", "encounter", "rule"], name="window_once_each"),
            models.CheckConstraint(name="window_begins_first", condition=Q(begins_at__lt=F("due_at"))),
            models.CheckConstraint(
                name="window_ends_some_way",
                condition=Q(ended_at__isnull=True, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "due_at"], condition=Q(ended_at__isnull=True), name="window_running"
            )
        ]

    class Privacy:
        as_compartment = frozenset(
            {"rule", "encounter", "owner", "begins_at", "due_at", "ended_at", "ending"}
        )
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"window {self.pk}"


class BothPresent(Protected):
    """A hand-off with both present: the partner's person and ours, on one line or in one room, at that instant."""

    class How(models.TextChoices):
        """How they met."""

        LINE = "line", "On one phone line"
        ROOM = "room", "In the same place"
        VIDEO = "video", "On a video call"

    referral = models.ForeignKey("partners.PartnerReferral", models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    how = models.CharField(max_length=8, choices=How.choices)
    with_person = EncryptedTextField(max_length=120, blank=True, null=True)
    at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    class Privacy:
        as_compartment = frozenset({"referral", "by", "how", "with_person", "at", "struck_at"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"both present {self.pk}"


class Phone(models.Model):
    """A browser that can keep what is typed without a signal: whose it is, and whether it must forget.

    Its number is made by the phone and random. Nothing about a client stands here, and what the phone
    keeps is sealed to a key that only the site has.
    """

    id = models.UUIDField(primary_key=True)
    principal = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ordered_at = models.DateTimeField(null=True, blank=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    emptied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="phone_emptied_when_ordered",
                condition=Q(ordered_at__isnull=True, ordered_by__isnull=True, emptied_at__isnull=True)
                | Q(ordered_at__isnull=False, ordered_by__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["principal", "-seen_at"], name="phone_of_principal")]

    def __str__(self) -> str:
        return f"phone {self.pk}"


class LoneWorkerWatchQuerySet(models.QuerySet["LoneWorkerWatch"]):
    """Watches by who is watched and how it stands."""

    def of(self, principal: Any) -> Self:
        """Those over ``principal``."""
        return self.filter(worker=principal)

    def running(self) -> Self:
        """Those not ended."""
        return self.filter(ended_at__isnull=True)

    def on_screen(self) -> Self:
        """Running ones that their worker's own screen still shows."""
        return self.running().filter(signed_off_at__isnull=True)

    def alarming(self, at: datetime) -> Self:
        """Running ones that need somebody: a call for help, or a check-in that did not come."""
        return self.running().filter(Q(duress_at__isnull=False) | Q(due_at__lte=at))


class LoneWorkerWatch(models.Model):
    """Somebody is out alone and says every so many minutes that they are well.

    It is about the worker: the encounter's number is kept, which opens nothing by itself. A call for
    help stays until another person than the worker ends the watch; the worker's own sign-off only takes
    it off their screen, so that whoever looks over their shoulder sees a watch that is over.
    """

    DEFAULT_MINUTES = 30

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    encounter_id = models.UUIDField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=DEFAULT_MINUTES)
    begins_at = models.DateTimeField()
    checked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    duress_at = models.DateTimeField(null=True, blank=True)
    signed_off_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = LoneWorkerWatchQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["worker"], condition=Q(ended_at__isnull=True), name="watch_one_at_a_time"
            ),
            models.CheckConstraint(
                name="watch_of_some_minutes", condition=Q(minutes__gte=5, minutes__lte=240)
            ),
            models.CheckConstraint(name="watch_due_after_check", condition=Q(checked_at__lt=F("due_at"))),
            models.CheckConstraint(
                name="watch_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="watch_duress_ended_by_another",
                condition=Q(duress_at__isnull=True) | Q(ended_by__isnull=True) | ~Q(ended_by=F("worker")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["program", "due_at"], condition=Q(ended_at__isnull=True), name="watch_running"
            )
        ]

    def __str__(self) -> str:
        return f"watch {self.pk}"
