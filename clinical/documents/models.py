"""A paper about a client, under the client's key."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent.models import (
    EncryptedBinaryField,
    EncryptedDateField,
    EncryptedTextField,
    Protected,
    ProtectedQuerySet,
)


class DocumentQuerySet(ProtectedQuerySet["Document"]):
    """Documents as a list shows them."""

    def without_content(self) -> "DocumentQuerySet":
        """Everything but the paper itself, which a list doesn't need."""
        return self.defer("content")


class Document(Protected):
    """A PDF or a picture, checked to be one. It is never changed; one kept by mistake is struck, and stays."""

    class Kind(models.TextChoices):
        """What kind of paper."""

        ID = "id", "ID, birth certificate, Social Security card"
        BENEFITS = "benefits", "Benefits or insurance"
        HOUSING = "housing", "Housing"
        COURT = "court", "Court or legal"
        MEDICAL = "medical", "Medical or treatment"
        LETTER = "letter", "Letter"
        SIGNED = "signed", "Signed form"
        PICTURE = "picture", "Picture"
        OTHER = "other", "Something else"

    class Media(models.TextChoices):
        """What the bytes are."""

        PDF = "application/pdf", "PDF"
        JPEG = "image/jpeg", "Picture"

    class Mistake(models.TextChoices):
        """Why it was struck."""

        PERSON = "person", "It is about somebody else"
        WRONG = "wrong", "It is the wrong paper"
        UNREADABLE = "unreadable", "It can't be read"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    title = EncryptedTextField(max_length=150)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    media = models.CharField(max_length=16, choices=Media.choices)
    content = EncryptedBinaryField()
    size = models.PositiveIntegerField()  # bytes
    remark = EncryptedTextField(max_length=500, blank=True)
    dated_on = EncryptedDateField(blank=True)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    struck_because = models.CharField(max_length=10, choices=Mistake.choices, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="document_struck_by_somebody",
                condition=Q(struck_at=None, struck_by=None, struck_because="")
                | Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_because=""),
            )
        ]

    class Privacy:
        as_compartment = frozenset(
            {
                "by", "title", "kind", "media", "content", "size", "remark", "dated_on", "struck_at",
                "struck_by", "struck_because",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"document {self.pk}"
