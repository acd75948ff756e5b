"""Pairs of records that may be of one person, and what the matching desk says of each."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from consent.models import LegalUnit, Protected, ProtectedQuerySet


class PairQuerySet(ProtectedQuerySet["Pair"]):
    """Pairs by what was said of them."""

    def waiting(self) -> Self:
        """Those of which nobody has said anything."""
        return self.filter(answer=Pair.Answer.OPEN)

    def answered(self) -> Self:
        """Those of which somebody has."""
        return self.exclude(answer__in=(Pair.Answer.OPEN, Pair.Answer.FORGOTTEN))


class Pair(Protected):
    """Two clients' records that may be of one person (`IDMATCH`).

    It lies in the desk's compartment of the first record's program, and opens to whoever
    works the desk of the second one's program as well. The clients are named by id alone: the
    pair is no way to their records, which keep their own compartments whatever is said here.
    """

    class Answer(models.TextChoices):
        """What the desk says."""

        OPEN = "open", "Not looked at"
        SAME = "same", "Same person"
        DIFFERENT = "different", "Different people"
        CANT_TELL = "cant_tell", "Can't tell"
        FORGOTTEN = "forgotten", "One of them is erased"

    class Because(models.TextChoices):
        """Why the desk says so; a choice, because a text would hold names."""

        PAPERS = "papers", "Papers of both say so"
        ASKED = "asked", "The person was asked"
        STAFF = "staff", "Staff know the person"
        FACTS = "facts", "The facts here say so"
        TOO_LITTLE = "too_little", "Too little is known"

    class Alike(models.TextChoices):
        """What the two records have in common."""

        NAME = "name", "Same name"
        SOUND = "sound", "Name sounds alike"
        PART = "part", "Part of the name"
        BORN = "born", "Same birth date"
        PHONE = "phone", "Same phone"
        BY_HAND = "by_hand", "Put together by hand"

    first_id = models.UUIDField()
    second_id = models.UUIDField()
    unit = models.ForeignKey(LegalUnit, models.PROTECT, related_name="+")
    other_unit = models.ForeignKey(LegalUnit, models.PROTECT, related_name="+")
    other_scope_key = models.SmallIntegerField()
    alike = ArrayField(models.CharField(max_length=8, choices=Alike.choices), default=list)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.OPEN)
    because = models.CharField(max_length=10, choices=Because.choices, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = PairQuerySet.as_manager()
    is_counted = False  # a pair opens to who works both desks, its compartment to who works one

    class Meta:
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["first_id", "second_id", "compartment"], name="pair_once"),
            models.CheckConstraint(name="pair_of_two", condition=~Q(first_id=F("second_id"))),
            models.CheckConstraint(
                name="pair_answered_by_somebody",
                condition=Q(answer__in=("open", "forgotten"))
                | (
                    Q(answered_by__isnull=False, answered_at__isnull=False)
                    & Q(because__in=("papers", "asked", "staff", "facts", "too_little"))
                ),
            ),
        ]

    class Privacy:
        as_compartment = frozenset(
            {
                "first_id", "second_id", "unit", "other_unit", "other_scope_key", "alike", "answer", "because",
                "answered_by", "answered_at",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"pair {self.pk}"
