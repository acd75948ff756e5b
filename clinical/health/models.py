"""One coded thing known of a client."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent.models import EncryptedJSONField, EncryptedTextField, Protected, ProtectedQuerySet


class HealthFactQuerySet(ProtectedQuerySet["HealthFact"]):
    """Facts that count."""

    def standing(self) -> "HealthFactQuerySet":
        """Those that nobody struck."""
        return self.filter(struck_at__isnull=True)

    def of_kinds(self, *whats: str) -> "HealthFactQuerySet":
        """Conditions, medicines, and so on."""
        return self.filter(what__in=whats)


class HealthFact(Protected):
    """A condition, medicine, result, procedure or allergy, as a worker wrote it or a file brought it.

    Its compartment is its label: the program's segments, those that its codes bring, those that its author
    chose (`consent.services.label`); ``because`` keeps which brought which. It is never changed but for its
    end; one that is wrong is struck, and stays.
    """

    class What(models.TextChoices):
        """What sort of thing it is."""

        CONDITION = "condition", "Condition"
        MEDICINE = "medicine", "Medicine"
        ALLERGY = "allergy", "Allergy"
        RESULT = "result", "Result"
        PROCEDURE = "procedure", "Procedure"

    class System(models.TextChoices):
        """Where its code comes from."""

        ICD10CM = "icd10cm", "ICD-10-CM"
        ICD9CM = "icd9cm", "ICD-9-CM"
        SNOMED = "snomed", "SNOMED CT"
        RXNORM = "rxnorm", "RxNorm"
        LOINC = "loinc", "LOINC"
        OTHER = "other", "Another system"
        NONE = "none", "In words"

    class Status(models.TextChoices):
        """Whether it goes on."""

        CURRENT = "current", "Current"
        ENDED = "ended", "No longer"
        DONE = "done", "Done"

    class Source(models.TextChoices):
        """How it came here."""

        ENTERED = "entered", "Entered by hand"
        IMPORTED = "imported", "Imported from a file"

    class Mistake(models.TextChoices):
        """Why it was struck."""

        PERSON = "person", "It is about somebody else"
        WRONG = "wrong", "It is wrong"
        TWICE = "twice", "It was kept twice"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=What.choices)
    system = models.CharField(max_length=8, choices=System.choices)
    code = EncryptedTextField(max_length=40, blank=True)
    words = EncryptedTextField(max_length=400)
    detail = EncryptedTextField(max_length=1000, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.CURRENT)
    since = EncryptedTextField(
        max_length=32, blank=True
    )  # ISO 8601, as exact as it is known: 2019, 2019-05, …
    until = EncryptedTextField(max_length=32, blank=True)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.ENTERED)
    because = EncryptedJSONField(default=dict, blank=True)  # segment -> "program", "code", "author", "sender"
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    struck_because = models.CharField(max_length=8, choices=Mistake.choices, blank=True)

    objects = HealthFactQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="health_fact_struck_by_somebody",
                condition=Q(struck_at=None, struck_by=None, struck_because="")
                | Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_because=""),
            ),
        ]

    class Privacy:
        as_compartment = frozenset(
            {
                "by", "what", "system", "code", "words", "detail", "status", "since", "until", "source", "because",
                "struck_at", "struck_by", "struck_because",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"health fact {self.pk}"
