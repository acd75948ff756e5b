"""That somebody asked to keep a record less closely, and what a supervisor decided."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from consent.models import EncryptedTextField, Protected, ProtectedQuerySet


class LoweringQuerySet(ProtectedQuerySet["Lowering"]):
    """Requests by whether they wait."""

    def waiting(self) -> "LoweringQuerySet":
        """Those that nobody has decided."""
        return self.filter(answer=Lowering.Answer.WAITS)


class Lowering(Protected):
    """One request to take segments off a record's label, in the compartment that the record had then.

    Two people, always (DOWNGRDLABEL, HUAPRV: `law/rules.md` section 2): who asks never decides. It stays where
    it was written, because its reason speaks of what was taken off.
    """

    class Record(models.TextChoices):
        """What sort of record."""

        FACT = "healthfact", "Health fact"
        NOTE = "note", "Note"

    class Answer(models.TextChoices):
        """What became of it."""

        WAITS = "waits", "Waits for a supervisor"
        LOWERED = "lowered", "Lowered"
        REFUSED = "refused", "Left as it is"
        TAKEN_BACK = "taken back", "Taken back"

    record = models.CharField(max_length=10, choices=Record.choices)
    record_id = models.UUIDField()
    takes_away = ArrayField(models.CharField(max_length=16))
    reason = EncryptedTextField(max_length=1000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITS)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    remark = EncryptedTextField(max_length=1000, blank=True)

    objects = LoweringQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["compartment", "record_id"], condition=Q(answer="waits"), name="lowering_waits_once"
            ),
            models.CheckConstraint(name="lowering_takes_something_away", condition=Q(takes_away__len__gt=0)),
            models.CheckConstraint(
                name="lowering_decided_by_another",
                condition=Q(answer="waits", answered_by=None, answered_at=None)
                | Q(answer="taken back", answered_at__isnull=False)
                | Q(answer__in=["lowered", "refused"], answered_by__isnull=False, answered_at__isnull=False)
                & ~Q(answered_by=F("asked_by")),
            ),
        ]

    class Privacy:
        as_compartment = frozenset(
            {
                "record", "record_id", "takes_away", "reason", "asked_by", "answer", "answered_by", "answered_at",
                "remark",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"lowering {self.pk}"
