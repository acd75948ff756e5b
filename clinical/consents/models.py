"""The picture of a signed paper, and what was offered and not signed."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent.models import (
    Consent,
    EncryptedBinaryField,
    EncryptedJSONField,
    EncryptedTextField,
    Protected,
    ProtectedQuerySet,
)


class SignedPaper(Protected):
    """A photo of a form that was signed on paper, made again from its pixels; it lies in the form's compartment."""

    consent = models.ForeignKey(Consent, models.PROTECT, related_name="+")
    picture = EncryptedBinaryField()  # JPEG
    digest = EncryptedTextField(max_length=64)  # SHA-256 of the picture, hex
    width = models.PositiveSmallIntegerField()  # pixels
    height = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view")
        indexes = [models.Index(fields=["consent"], name="signed_paper_of_consent")]

    class Privacy:
        as_compartment = frozenset({"consent", "picture", "digest", "width", "height", "by"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"signed paper {self.pk}"


class UnsignedFormQuerySet(ProtectedQuerySet["UnsignedForm"]):
    """Unsigned forms by whether they are to be offered again."""

    def waiting(self) -> Self:
        """Those that the person couldn't decide on, and that nobody has come back to."""
        return self.filter(answer=UnsignedForm.Answer.LATER, settled_at__isnull=True)

    def offered_by(self, principal: Any) -> Self:
        """Those that ``principal`` offered."""
        return self.filter(by=principal)


class UnsignedForm(Protected):
    """A form that was offered and not signed: declined, put off, or not asked because it was not safe.

    Together with the signed ones it is the register of what was asked. A "no" counts as much as a
    "yes": nothing is lost by it, and nobody is asked the same again without knowing.
    """

    class Answer(models.TextChoices):
        """What became of it."""

        DECLINES = "declines", "Understands and declines"
        LATER = "later", "Cannot decide now"
        UNSAFE = "unsafe", "Not asked: unsafe"
        REFUSED = "refused", "The program did not agree"  # to a limit that the person asked for

    form = models.CharField(max_length=16)  # a code of `law/rules.md` section 3
    answer = models.CharField(max_length=10, choices=Answer.choices)
    language = models.CharField(max_length=16, default="en")
    offered = EncryptedJSONField(
        blank=True, default=dict
    )  # {"to", "what", "why", "until"}: as far as it came
    words = EncryptedTextField(max_length=500, blank=True)  # the person's own, if they gave any
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ask_again_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)  # it was asked again

    objects = UnsignedFormQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="unsigned_form_put_off_till_then",
                condition=Q(answer="later", ask_again_at__isnull=False)
                | (~Q(answer="later") & Q(ask_again_at__isnull=True)),
            )
        ]
        indexes = [
            models.Index(
                fields=["by", "ask_again_at"],
                condition=Q(answer="later", settled_at__isnull=True),
                name="unsigned_form_waiting",
            )
        ]

    class Privacy:
        as_compartment = frozenset(
            {"form", "answer", "language", "offered", "words", "by", "at", "ask_again_at", "settled_at"}
        )
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"unsigned form {self.pk}"
