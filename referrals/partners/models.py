"""Partners' machines and what they may hold; referrals to them and the releases that carry these."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from consent.models import (
    EncryptedJSONField,
    Organization,
    Principal,
    Program,
    Protected,
    ProtectedQuerySet,
)


class TaskStatus(models.TextChoices):
    """FHIR Task status, as far as a referral has use for it; each set by its own side."""

    REQUESTED = "requested", "Requested"
    RECEIVED = "received", "Received"
    ACCEPTED = "accepted", "Accepted"
    IN_PROGRESS = "in-progress", "In progress"
    COMPLETED = "completed", "Completed"
    REJECTED = "rejected", "Rejected"


class Outcome(models.TextChoices):
    """What a partner says at the end; ``closed`` is all that is kept of an answer without a legal basis."""

    CLOSED = "closed", "Closed"
    SERVED = "served", "Served"
    ENROLLED = "enrolled", "Enrolled in services"
    DECLINED = "declined", "Declined by the client"
    NO_CONTACT = "no contact", "Could not be reached"
    NOT_ELIGIBLE = "not eligible", "Not eligible"
    REFERRED_ON = "referred on", "Referred on"


class RejectReason(models.TextChoices):
    """Why a partner does not take a referral."""

    NO_CAPACITY = "no capacity", "No capacity"
    NOT_ELIGIBLE = "not eligible", "Not eligible"
    OUT_OF_AREA = "out of area", "Out of area"
    NO_CONTACT = "could not contact", "Could not contact"


class LegalBasis(models.TextChoices):
    """What lets the partner tell us: its own law, not ours."""

    CONSENT = "client consent", "The client consented to telling us"
    NOT_PART_2 = "not part 2", "The partner's records are not under 42 CFR Part 2"
    CONTENT_FREE = "content free", "The answer tells nothing about the client"


class PartnerKey(models.Model):
    """A public key with which a partner's machine proves who it is. Nobody shares a secret with us."""

    client_id = models.CharField(max_length=255)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    principal = models.ForeignKey(Principal, models.PROTECT, related_name="+")
    key_id = models.CharField(max_length=128, blank=True)
    algorithm = models.CharField(max_length=8)  # RS384 or ES384
    jwk = models.JSONField()  # public members only
    is_active = models.BooleanField(default=True)
    registered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["client_id", "key_id"], name="partner_key_once"),
            models.CheckConstraint(
                name="partner_key_is_asymmetric", condition=Q(algorithm__in=["RS384", "ES384"])
            ),
        ]

    def __str__(self) -> str:
        return f"partner key {self.pk}"


class AccessToken(models.Model):
    """Five minutes of a machine; only the hash of the token is kept."""

    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256, hex
    key = models.ForeignKey(PartnerKey, models.CASCADE, related_name="+")
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"access token {self.pk}"


class AssertionSeen(models.Model):
    """An assertion that was used, kept until it expires, so that it is used once."""

    client_id = models.CharField(max_length=255)
    assertion_id = models.CharField(max_length=255)  # jti
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["client_id", "assertion_id"], name="assertion_used_once")
        ]

    def __str__(self) -> str:
        return f"assertion {self.pk}"


class TokenRefusal(models.Model):
    """A token that was refused, by address, for as long as it counts against it."""

    source_address = models.GenericIPAddressField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["source_address", "at"], name="token_refusal_address")]

    def __str__(self) -> str:
        return f"token refusal {self.pk}"


class Release(Protected):
    """What one partner was told: frozen when it was decided, and decided again at each read.

    Its compartment has the partner as recipient. Content, notices and basis can't be
    changed afterwards; the database refuses it.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=24)
    segments = ArrayField(models.CharField(max_length=16))
    content = EncryptedJSONField(
        blank=True, default=dict
    )  # {segment: {field: value}}, from permitted segments only
    notices = models.JSONField(default=list)  # [{"code": obligation, "text": words of the law}]
    consent_scope = EncryptedJSONField(blank=True, default=list)  # what the consents cover (42 CFR 2.32(b))
    basis = models.JSONField(default=list)  # [{"rule": id, "cite": text}]
    obligations = models.JSONField(default=list)
    status = models.CharField(max_length=12, choices=TaskStatus.choices, default=TaskStatus.REQUESTED)
    changed_at = models.DateTimeField(default=timezone.now)
    first_read_at = models.DateTimeField(null=True)

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["changed_at", "id"], name="release_changed")]

    class Privacy:
        as_compartment = frozenset(
            {
                "organization", "program", "purpose", "segments", "content", "notices", "consent_scope",
                "basis", "obligations", "status", "changed_at", "first_read_at",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"release {self.pk}"


class PartnerReferral(Protected):
    """A referral as the care team sees it, in the client's own compartment.

    It has the same id as its `Release`, which lies in the partner's compartment.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=24)
    segments = ArrayField(models.CharField(max_length=16))
    segments_withheld = ArrayField(models.CharField(max_length=16), default=list)
    referred_by = models.ForeignKey(Principal, models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=TaskStatus.choices, default=TaskStatus.REQUESTED)
    status_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    reject_reason = models.CharField(max_length=20, choices=RejectReason.choices, blank=True)

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="referral_completed_with_an_outcome",
                condition=Q(status="completed", outcome__gt="") | (~Q(status="completed") & Q(outcome="")),
            ),
            models.CheckConstraint(
                name="referral_rejected_with_a_reason",
                condition=Q(status="rejected", reject_reason__gt="")
                | (~Q(status="rejected") & Q(reject_reason="")),
            ),
            models.CheckConstraint(
                name="referral_made_before_its_status", condition=Q(created_at__lte=F("status_at"))
            ),
        ]

    class Privacy:
        as_compartment = frozenset(
            {
                "organization", "program", "purpose", "segments", "segments_withheld", "referred_by",
                "status", "status_at", "outcome", "reject_reason",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"referral {self.pk}"


class PartnerAnswer(Protected):
    """One thing that a partner answered, in the client's own compartment. Rows are only added."""

    referral = models.ForeignKey(PartnerReferral, models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=TaskStatus.choices)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    reject_reason = models.CharField(max_length=20, choices=RejectReason.choices, blank=True)
    legal_basis = models.CharField(max_length=16, choices=LegalBasis.choices, blank=True)
    answered_by = models.ForeignKey(Principal, models.PROTECT, related_name="+")

    objects = ProtectedQuerySet.as_manager()

    class Privacy:
        as_compartment = frozenset(
            {"referral", "status", "outcome", "reject_reason", "legal_basis", "answered_by"}
        )
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"partner answer {self.pk}"
