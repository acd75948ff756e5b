"""Needs, the service plan with its goals and steps, and the reviews of it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from clinical.instruments.models import Screening
from consent.models import (
    EncryptedDateField,
    EncryptedJSONField,
    EncryptedTextField,
    Protected,
    ProtectedQuerySet,
)


class Area(models.TextChoices):
    """The areas of daily life, by the names of the needs list's questions."""

    HOUSING = "housing", "A safe place to live"
    FOOD = "food", "Food and water"
    SAFETY = "safety", "Safety from others"
    HEALTH = "health", "Physical health"
    MEDICATION = "medication", "Medicines"
    MIND = "mind", "Mood and state of mind"
    SUBSTANCES = "substances", "Alcohol and drugs"
    HYGIENE = "hygiene", "Washing and clothes"
    SLEEP = "sleep", "Sleep and rest"
    HOME = "home", "Keeping up the home"
    MONEY = "money", "Money and bills"
    BENEFITS = "benefits", "Benefits and insurance"
    DOCUMENTS = "documents", "ID and papers"
    WORK = "work", "Work"
    LEARNING = "learning", "School and training"
    LEGAL = "legal", "Legal matters"
    TRANSPORT = "transport", "Getting around"
    FAMILY = "family", "Family and children"
    PEOPLE = "people", "Friends and support"
    TIME = "time", "Things that matter to them"
    OTHER = "other", "Something else"


class NeedQuerySet(ProtectedQuerySet["Need"]):
    """Needs by whether they are met."""

    def still_open(self) -> Self:
        """Those that nobody has closed."""
        return self.filter(ended_at__isnull=True)


class Need(Protected):
    """Something in an area of life that somebody wants help with, or urgently needs."""

    class Urgency(models.TextChoices):
        """How pressing it is."""

        URGENT = "urgent", "Urgent"
        HELP = "help", "Needs help"
        LATER = "later", "Later"

    class Ending(models.TextChoices):
        """How it ended."""

        MET = "met", "Met"
        PARTLY = "partly", "Partly met"
        UNAVAILABLE = "unavailable", "Nothing available"
        DROPPED = "dropped", "They no longer want help with it"
        MISTAKE = "mistake", "Written down by mistake"

    area = models.CharField(max_length=12, choices=Area.choices)
    urgency = models.CharField(max_length=8, choices=Urgency.choices, default=Urgency.HELP)
    words = EncryptedTextField(max_length=500, blank=True)
    screening = models.ForeignKey(Screening, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=12, choices=Ending.choices, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="need_ended_some_way",
                condition=Q(ended_at=None, ending="") | Q(ended_at__isnull=False) & ~Q(ending=""),
            )
        ]

    class Privacy:
        as_compartment = frozenset({"area", "urgency", "words", "screening", "by", "ended_at", "ending"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"need {self.pk}"


class PlanQuerySet(ProtectedQuerySet["Plan"]):
    """Plans by whether they run."""

    def running(self) -> Self:
        """Those that have not ended."""
        return self.filter(ended_at__isnull=True)


class Plan(Protected):
    """The service plan in one program: what the person hopes for, what is strong, what helps, what stands in the way."""

    class Agreed(models.TextChoices):
        """What the person said to it."""

        YES = "yes", "Made together and agreed"
        PARTLY = "partly", "Agreed in part"
        NO = "no", "Not agreed"
        NOT_ASKED = "not_asked", "Not asked yet"

    class Every(models.IntegerChoices):
        """How often it is looked at again, in days."""

        MONTH = 30, "30 days"
        TWO_MONTHS = 60, "60 days"
        QUARTER = 90, "90 days"

    class Ending(models.TextChoices):
        """How it ended."""

        REACHED = "reached", "Goals reached"
        MOVED = "moved", "Went to another program or provider"
        DECLINED = "declined", "They no longer want it"
        LOST = "lost", "Lost contact"
        DIED = "died", "Died"
        REPLACED = "replaced", "Replaced by a new plan"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    hopes = EncryptedTextField()
    strengths = EncryptedTextField(blank=True)
    helps = EncryptedTextField(blank=True)
    barriers = EncryptedTextField(blank=True)
    agreed = models.CharField(max_length=10, choices=Agreed.choices, default=Agreed.NOT_ASKED)
    review_every = models.PositiveSmallIntegerField(choices=Every.choices, default=Every.QUARTER)
    next_review_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["compartment"], condition=Q(ended_at__isnull=True), name="plan_runs_once"
            ),
            models.CheckConstraint(
                name="plan_ended_some_way",
                condition=Q(ended_at=None, ending="") | Q(ended_at__isnull=False) & ~Q(ending=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_review_on"], condition=Q(ended_at__isnull=True), name="plan_review_due"
            )
        ]

    class Privacy:
        as_compartment = frozenset(
            {
                "by", "hopes", "strengths", "helps", "barriers", "agreed", "review_every", "next_review_on",
                "ended_at", "ending",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"plan {self.pk}"


class Goal(Protected):
    """What the person wants to reach, in their own words."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", "Working on it"
        PAUSED = "paused", "Paused"
        REACHED = "reached", "Reached"
        DROPPED = "dropped", "Dropped"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="goals")
    need = models.ForeignKey(Need, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    words = EncryptedTextField(max_length=500)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    state_at = models.DateTimeField(null=True, blank=True)

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")

    class Privacy:
        as_compartment = frozenset({"plan", "need", "by", "words", "state", "state_at"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"goal {self.pk}"


class StepQuerySet(ProtectedQuerySet["Step"]):
    """Steps by whether something is left to do."""

    def still_open(self) -> Self:
        """Those neither done nor dropped."""
        return self.filter(done_at__isnull=True, is_dropped=False)


class Step(Protected):
    """One thing that somebody does toward a goal, by a day."""

    class Who(models.TextChoices):
        """Who does it."""

        CLIENT = "client", "They do it themselves"
        WORKER = "worker", "We do it"
        TOGETHER = "together", "Together"
        OTHERS = "others", "A partner or somebody close"

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="steps")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    words = EncryptedTextField(max_length=300)
    who = models.CharField(max_length=8, choices=Who.choices)
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_dropped = models.BooleanField(default=False)

    objects = StepQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="step_done_by_somebody",
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
            )
        ]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(done_at__isnull=True, is_dropped=False), name="step_due"
            )
        ]

    class Privacy:
        as_compartment = frozenset(
            {"goal", "by", "words", "who", "due_on", "done_at", "done_by", "is_dropped"}
        )
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"step {self.pk}"


class Review(Protected):
    """A look at the plan: how it goes, what changes, when it is looked at next. It is never changed.

    ``goals`` keeps what the plan was at that moment: ``[{"id", "words", "state", "progress"}]``.
    """

    class With(models.TextChoices):
        """How the person took part."""

        PRESENT = "present", "Together"
        PHONE = "phone", "By phone"
        APART = "apart", "Without them, and told afterwards"
        ABSENT = "absent", "Without them"

    class Progress(models.TextChoices):
        """How a goal goes."""

        BETTER = "better", "Going well"
        SAME = "same", "No change"
        WORSE = "worse", "Harder than before"
        REACHED = "reached", "Reached"
        DROPPED = "dropped", "Dropped"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="reviews")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    words = EncryptedTextField()
    changes = EncryptedTextField(blank=True)
    goals = EncryptedJSONField(default=list, blank=True)
    together = models.CharField(max_length=8, choices=With.choices)
    next_review_on = EncryptedDateField()

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view")

    class Privacy:
        as_compartment = frozenset({"plan", "by", "words", "changes", "goals", "together", "next_review_on"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"review {self.pk}"
