"""What somebody answered to an instrument, or why it was not run."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from clinical.encounters.models import Encounter
from consent.models import EncryptedJSONField, EncryptedTextField, Protected, ProtectedQuerySet


class ScreeningQuerySet(ProtectedQuerySet["Screening"]):
    """Screenings that count."""

    def standing(self) -> "ScreeningQuerySet":
        """Those that nobody took back."""
        return self.filter(struck_at__isnull=True)


class Screening(Protected):
    """One run of an instrument with a client. It is never changed; one made by mistake is struck, and stays.

    ``outcome`` keeps what the answers meant at the time, because an instrument's words change
    with its version: ``{"words", "say", "actions", "score", "most", "alerts", "next", "provisional"}``.
    """

    class Level(models.TextChoices):
        """What the answers mean, comparable between instruments; none where nothing can be said."""

        NONE = "none", "Nothing found"
        LOW = "low", "Low"
        MODERATE = "moderate", "Moderate"
        HIGH = "high", "High"

    class Skipped(models.TextChoices):
        """Why it was not run, or not to its end."""

        UNSAFE = "unsafe", "Not safe now"
        DECLINED = "declined", "The person declined"
        UNABLE = "unable", "The person can't take part now"
        LANGUAGE = "language", "No common language, no interpreter"
        RECENT = "recent", "Done by somebody else today"
        INTERRUPTED = "interrupted", "Interrupted"

    class Language(models.TextChoices):
        """The language in which it was asked."""

        ENGLISH = "en", "English"
        SPANISH = "es", "Español"

    class Mistake(models.TextChoices):
        """Why it was struck."""

        PERSON = "person", "It is about somebody else"
        ANSWER = "answer", "An answer is wrong; it was done again"
        TWICE = "twice", "It was kept twice"

    encounter = models.ForeignKey(Encounter, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)
    answers = EncryptedJSONField(default=dict, blank=True)
    outcome = EncryptedJSONField(default=dict, blank=True)
    remark = EncryptedTextField(blank=True)
    level = models.CharField(max_length=10, choices=Level.choices, blank=True)
    skipped = models.CharField(max_length=12, choices=Skipped.choices, blank=True)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    struck_because = models.CharField(max_length=8, choices=Mistake.choices, blank=True)

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="screening_struck_by_somebody",
                condition=Q(struck_at=None, struck_by=None, struck_because="")
                | Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_because=""),
            ),
        ]

    class Privacy:
        as_compartment = frozenset(
            {
                "encounter", "by", "instrument", "version", "language", "answers", "outcome", "remark", "level",
                "skipped", "struck_at", "struck_by", "struck_because",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"screening {self.pk}"
