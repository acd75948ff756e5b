"""What becomes of programs: renamed, ended, split, merged, restarted. Nothing here is about a client."""

from django.db import models
from django.db.models import Q

from consent.models.organizations import Program


class ProgramChangeQuerySet(models.QuerySet["ProgramChange"]):
    """Changes by program."""

    def of(self, programs: object) -> "ProgramChangeQuerySet":
        """Those of ``programs``, the earliest first."""
        return self.filter(program__in=programs).order_by("on", "pk")


class ProgramChange(models.Model):
    """One change in a program's life, from a day on; only added, so that every past day can still be told.

    A Part 2 program that ends, or that another takes over, is discontinued in the sense of
    42 CFR 2.19: its records are sealed from that day, with the label of 2.19(b), but for
    clients who agreed in writing to their transfer. Only where counsel determined that the
    program that goes on is the same one (``is_same_program``) is there nothing to discontinue.
    """

    class Kind(models.TextChoices):
        """What happened."""

        RENAMED = "renamed", "Renamed"
        ENDED = "ended", "Ended"
        SPLIT = "split", "Split"
        MERGED = "merged", "Merged"
        RESTARTED = "restarted", "Restarted"

    CLOSING = (Kind.ENDED, Kind.SPLIT, Kind.MERGED)

    program = models.ForeignKey(Program, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = models.DateField()
    name_before = models.CharField(max_length=200, blank=True)
    name_after = models.CharField(max_length=200, blank=True)
    into = models.ManyToManyField(Program, related_name="+", blank=True)
    decided_by = models.CharField(max_length=200)
    reason = models.CharField(max_length=500, blank=True)
    is_same_program = models.BooleanField(default=False)
    # who answers for records that are sealed, under which law they are kept, and until when
    custodian = models.CharField(max_length=200, blank=True)
    kept_under = models.CharField(max_length=200, blank=True)
    kept_until = models.DateField(null=True, blank=True)

    objects = ProgramChangeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "on", "kind"], name="program_changes_once_a_day_that_way"
            ),
            models.CheckConstraint(
                name="program_renamed_from_one_name_to_another",
                condition=~Q(kind="renamed") | (~Q(name_before="") & ~Q(name_after="")),
            ),
            models.CheckConstraint(
                name="program_change_keeps_records_under_a_law_until_a_day",
                condition=Q(kept_under="", kept_until__isnull=True)
                | (~Q(kept_under="") & Q(kept_until__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"change {self.pk} of a program"

    @property
    def closes(self) -> bool:
        """Does the program take nobody new from that day?"""
        return self.kind in self.CLOSING
