"""A group's meeting, and each member's part in it, which lies with the member."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models

from clinical.encounters.models import Encounter
from clinical.worktime.models import MINUTES
from consent.models import EncryptedTextField, Protected, ProtectedQuerySet

MOST_GUESTS = 500


class GroupSession(Protected):
    """One meeting of a group: what, when, where. It names nobody and holds no count of members.

    It lies in the duty team's compartment about nobody. Who was there is told by the members' own rows,
    each to whom that member's record opens: two leaders of one group may see different circles.
    """

    class Kind(models.TextChoices):
        """What sort of meeting."""

        PEER = "peer", "Peer support"
        SKILLS = "skills", "Skills or education"
        GRIEF = "grief", "Grief and trauma support"
        FAMILY = "family", "Family group"
        MEAL = "meal", "Shared meal"
        OTHER = "other", "Another group"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = EncryptedTextField(max_length=100)
    place = EncryptedTextField(max_length=200, blank=True)
    begins_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(validators=MINUTES)
    # who took part without a record, counted and not named
    guests = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(MOST_GUESTS)])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view", "change")

    class Privacy:
        as_compartment = frozenset({"kind", "name", "place", "begins_at", "minutes", "guests", "by"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"group session {self.pk}"


class GroupMember(Protected):
    """That somebody took part, in their own compartment, with an encounter of their own for what is written."""

    session = models.ForeignKey(GroupSession, models.PROTECT, related_name="+")
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view", "change")
        indexes = [models.Index(fields=["session"], name="groupmember_session")]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "compartment"],
                condition=models.Q(taken_back_at__isnull=True),
                name="groupmember_once",
            )
        ]

    class Privacy:
        as_compartment = frozenset({"session", "encounter", "by", "taken_back_at"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"group member {self.pk}"
