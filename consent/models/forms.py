"""What the client signed, or asked to be limited."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from consent.models.encrypted import EncryptedBinaryField, EncryptedJSONField, EncryptedTextField
from consent.models.organizations import Program
from consent.models.principals import Principal
from consent.models.protected import Protected, ProtectedQuerySet


class Consent(Protected):
    """A signed form of one of the legal kinds (`law/rules.md` section 3).

    Its elements are data, so that validity is computed at the instant of asking
    and never ticked. A row is only added; afterwards nothing but its revocation
    may be written (the database refuses the rest).
    """

    form = models.CharField(max_length=16)
    subject_id = models.UUIDField()
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    # [{"type": recipient type, "organization": uid or "", "unit": text}]
    recipients = EncryptedJSONField(blank=True, default=list)
    segments = ArrayField(models.CharField(max_length=16))
    purposes = ArrayField(models.CharField(max_length=24))
    elements = EncryptedJSONField(blank=True, default=dict)  # {element key: what stands on the form}
    combined_with = ArrayField(models.CharField(max_length=16), default=list)
    conditioned_on_services = models.BooleanField(default=False)
    signer = models.CharField(max_length=32, default="patient")
    signed_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    end_event = EncryptedTextField(max_length=200, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_how = models.CharField(max_length=16, blank=True)
    revoked_by = models.ForeignKey(Principal, models.PROTECT, null=True, blank=True, related_name="+")
    signature = EncryptedBinaryField(blank=True)  # PNG, as drawn
    signature_digest = EncryptedTextField(max_length=64, blank=True)  # SHA-256, hex
    witness = EncryptedTextField(max_length=200, blank=True)
    language = models.CharField(max_length=16, default="en")
    interpreter = EncryptedTextField(max_length=200, blank=True)
    explained_by = models.ForeignKey(Principal, models.PROTECT, null=True, related_name="+")
    capacity_note = EncryptedTextField(blank=True)
    channel = models.CharField(max_length=32, default="in person")
    # what was shown and read out, in the language that it was read in: {"title", "language", "parts", …}
    sheet = EncryptedJSONField(blank=True, default=dict)
    sheet_id = models.UUIDField(null=True, blank=True)  # forms that were signed on one sheet have the same
    paper_digest = EncryptedTextField(max_length=64, blank=True)  # SHA-256 of the signed paper's picture, hex

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consent_revoked_some_way",
                condition=Q(revoked_at__isnull=True, revoked_how="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_how="")),
            )
        ]
        indexes = [models.Index(fields=["subject_id"], name="consent_subject")]

    class Privacy:
        as_compartment = frozenset(
            {
                "form",
                "subject_id",
                "program",
                "recipients",
                "segments",
                "purposes",
                "elements",
                "combined_with",
                "conditioned_on_services",
                "signer",
                "signed_at",
                "ends_at",
                "end_event",
                "revoked_at",
                "revoked_how",
                "revoked_by",
                "signature",
                "signature_digest",
                "witness",
                "language",
                "interpreter",
                "explained_by",
                "capacity_note",
                "channel",
                "sheet",
                "sheet_id",
                "paper_digest",
            }
        )
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"consent {self.pk}"


class Restriction(Protected):
    """A limit that the client asked for and we agreed to (45 CFR 164.522(a); 42 CFR 2.26)."""

    subject_id = models.UUIDField()
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    segments = ArrayField(models.CharField(max_length=16))
    recipients = ArrayField(models.CharField(max_length=32), default=list)  # types; empty: everybody
    agreed_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(Principal, models.PROTECT, related_name="+")

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject_id"], name="restriction_subject")]

    class Privacy:
        as_compartment = frozenset(
            {"subject_id", "program", "segments", "recipients", "agreed_at", "ends_at", "agreed_by"}
        )
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"restriction {self.pk}"
