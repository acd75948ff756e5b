"""Emergency access: facts supplied fast about one client, by somebody who answers for them afterwards."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from consent.models.encrypted import EncryptedTextField
from consent.models.organizations import Program
from consent.models.principals import Principal
from consent.models.protected import Protected, ProtectedQuerySet


class EmergencyAccessQuerySet(ProtectedQuerySet["EmergencyAccess"]):
    """Emergency accesses by instant and by what still has to be said about them."""

    def running_at(self, at: datetime) -> Self:
        """Those that are open at ``at``; half-open, like every interval here."""
        return self.filter(started_at__lte=at, ends_at__gt=at, ended_at__isnull=True)

    def awaiting_review(self) -> Self:
        """Nobody has reviewed them yet, a follow-up is open, or the verdict is disputed."""
        is_open = Q(verdict=EmergencyAccess.Verdict.FOLLOW_UP) | Q(answered_at__isnull=False)
        return self.filter(Q(reviewed_at__isnull=True) | (is_open & Q(closed_at__isnull=True)))


class EmergencyAccess(Protected):
    """One principal, one client, at most an hour, and what they said that made it lawful.

    It is no basis: it holds the facts that the rules ask for (`law/rules.md`, ``eng.btg``),
    the four items of 42 CFR 2.51(c) (who was told and where they work, who told, when, the
    nature of the emergency), and the review. A row is only added; its end, its review, the
    answer to it and the closing are written once, later (the database refuses the rest).
    """

    class Nature(models.TextChoices):
        """What the emergency is; which facts each shows stands in `consent.services.emergency_use`."""

        OVERDOSE = "overdose", "Overdose or poisoning"
        NOT_RESPONDING = "unresponsive", "Not responding, or not breathing well"
        SELF_HARM = "self_harm", "Suicide attempt or serious self-harm"
        INJURY = "injury", "Serious injury"
        ILLNESS = "illness", "Sudden serious illness"
        CONFUSION = "confusion", "Acute confusion or psychosis, no bodily danger seen"

    class WithoutConsent(models.TextChoices):
        """Why there is no consent. A conscious refusal is none of the reasons that the law knows."""

        UNCONSCIOUS = "unconscious", "They are unconscious"
        NOT_ABLE = "not_able", "They can't understand or answer"
        OUT_OF_REACH = "out_of_reach", "They are not here and can't be reached"
        REFUSED = "refused", "I asked, and they said no"

    class Treats(models.TextChoices):
        """Who treats the person now."""

        SELF = "self", "I do, as a social worker or peer"
        MEDICAL = "medical", "I do, as a nurse, paramedic or physician"
        MEDICS = "medics", "Medics or an emergency department; I tell them"

    class Verdict(models.TextChoices):
        """What the review found."""

        APPROPRIATE = "appropriate", "Appropriate"
        NOT_APPROPRIATE = "not_appropriate", "Not appropriate"
        FOLLOW_UP = "follow_up", "Needs follow-up"

    class DueRule(models.TextChoices):
        """How ``due_at`` was worked out, kept with it."""

        NEXT_BUSINESS_DAY = "next-business-day-17:00@America/New_York", "5 p.m. of the next business day"

    subject_id = models.UUIDField()
    principal = models.ForeignKey(Principal, models.PROTECT, related_name="+")
    nature = models.CharField(max_length=16, choices=Nature.choices)
    without_consent = models.CharField(max_length=16, choices=WithoutConsent.choices)
    treats = models.CharField(max_length=8, choices=Treats.choices)
    needs_restricted = models.BooleanField(default=False)
    words = EncryptedTextField()
    told_name = EncryptedTextField(blank=True)
    told_facility = EncryptedTextField(blank=True)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Principal, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField()
    due_rule = models.CharField(
        max_length=40, choices=DueRule.choices, default=DueRule.NEXT_BUSINESS_DAY, editable=False
    )
    alarmed_at = models.DateTimeField(null=True, blank=True)
    reviewer = models.ForeignKey(Principal, models.PROTECT, null=True, blank=True, related_name="+")
    verdict = models.CharField(max_length=16, choices=Verdict.choices, blank=True)
    note = EncryptedTextField(blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    answer = EncryptedTextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Principal, models.PROTECT, null=True, blank=True, related_name="+")
    closing_verdict = models.CharField(max_length=16, choices=Verdict.choices, blank=True)
    closing_note = EncryptedTextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="emergency_lasts_an_hour",
                condition=Q(ends_at__gt=F("started_at"))
                & Q(ends_at__lte=F("started_at") + timedelta(minutes=60)),
            ),
            models.CheckConstraint(
                name="emergency_ends_once",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(
                    ended_by__isnull=False,
                    ended_at__isnull=False,
                    ended_at__gte=F("started_at"),
                    ended_at__lt=F("ends_at"),
                ),
            ),
            models.CheckConstraint(
                name="emergency_reviewed_by_another",
                condition=Q(reviewer__isnull=True, reviewed_at__isnull=True, verdict="")
                | (
                    Q(reviewer__isnull=False, reviewed_at__isnull=False, reviewed_at__gte=F("started_at"))
                    & ~Q(reviewer=F("principal"))
                    & ~Q(verdict="")
                ),
            ),
            models.CheckConstraint(
                name="emergency_answered_after_review",
                condition=Q(answered_at__isnull=True)
                | Q(reviewed_at__isnull=False, answered_at__gte=F("reviewed_at")),
            ),
            models.CheckConstraint(
                name="emergency_closed_by_another",
                condition=Q(closed_by__isnull=True, closed_at__isnull=True, closing_verdict="")
                | (
                    Q(closed_by__isnull=False, closed_at__isnull=False, reviewed_at__isnull=False)
                    & Q(closed_at__gte=F("reviewed_at"))
                    & Q(closing_verdict__in=("appropriate", "not_appropriate"))
                    & ~Q(closed_by=F("principal"))
                    & (Q(answered_at__isnull=True) | ~Q(closed_by=F("reviewer")))
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id", "ends_at"], name="emergency_subject"),
            models.Index(fields=["principal", "-started_at"], name="emergency_principal"),
            models.Index(
                fields=["due_at"], condition=Q(reviewed_at__isnull=True), name="emergency_awaits_review"
            ),
        ]

    class Privacy:
        as_compartment = frozenset(
            {
                "subject_id", "nature", "without_consent", "treats", "needs_restricted", "words", "told_name",
                "told_facility", "verdict", "note", "answer", "closing_verdict", "closing_note",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing | {
            "principal", "started_at", "ends_at", "ended_at", "ended_by", "due_at", "due_rule", "alarmed_at",
            "reviewer", "reviewed_at", "answered_at", "closed_by", "closed_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"emergency access {self.pk}"

    @property
    def closes_at(self) -> datetime:
        """The instant from which it opens nothing."""
        return self.ended_at or self.ends_at

    def is_running(self, at: datetime) -> bool:
        """Is it open at ``at``?"""
        return self.started_at <= at < self.closes_at

    @property
    def final_verdict(self) -> str:
        """The verdict that counts: the closing one once there is one."""
        return self.closing_verdict or self.verdict


class EmergencyAttempt(models.Model):
    """Somebody asked for emergency access: when, and whether anything opened; never for whom.

    What it cost is counted from here, a wrong guess like a right one. Rows are only added.
    """

    class Outcome(models.TextChoices):
        """What came of it. *Nothing* is one word for nobody there and for not permitted."""

        OPENED = "opened"
        RUNNING = "running"  # it was open already, and was not prolonged
        NOTHING = "nothing"
        STOPPED = "stopped"  # too many; nobody was looked for

    principal = models.ForeignKey(Principal, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    opened = models.PositiveSmallIntegerField(default=0)  # clients

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["principal", "-at"], name="emergency_attempts"),
            models.Index(fields=["-at"], name="emergency_attempts_newest"),
        ]

    def __str__(self) -> str:
        return f"emergency attempt {self.pk}"


class EmergencyAlarm(models.Model):
    """Something about emergency access that a privacy officer must have seen; it stays until they say so."""

    class Kind(models.TextChoices):
        """The code that stands in the log as well."""

        PERSON = "EMERGENCY-RATE-PERSON", "One person is over the budget"
        TEAM = "EMERGENCY-RATE-TEAM", "One program is over the budget"
        STOPPED = "EMERGENCY-STOPPED", "Too many attempts: stopped"
        OVERDUE = "EMERGENCY-REVIEW-OVERDUE", "A review is overdue"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32, choices=Kind.choices)
    principal = models.ForeignKey(Principal, models.PROTECT, null=True, blank=True, related_name="+")
    program = models.ForeignKey(Program, models.PROTECT, null=True, blank=True, related_name="+")
    emergency = models.ForeignKey(EmergencyAccess, models.PROTECT, null=True, blank=True, related_name="+")
    count = models.PositiveIntegerField(default=1)
    raised_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(Principal, models.PROTECT, null=True, blank=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="emergency_alarm_acknowledged_by_another",
                condition=Q(acknowledged_by__isnull=True, acknowledged_at__isnull=True)
                | (
                    Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False)
                    & (Q(principal__isnull=True) | ~Q(acknowledged_by=F("principal")))
                ),
            )
        ]
        indexes = [
            models.Index(
                fields=["-raised_at"], condition=Q(acknowledged_at__isnull=True), name="emergency_alarms_open"
            )
        ]

    def __str__(self) -> str:
        return f"emergency alarm {self.pk}"


class Holiday(models.Model):
    """A day on which the City's offices are closed: no business day."""

    on = models.DateField(primary_key=True)
    name = models.CharField(max_length=80)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.on}"

    @classmethod
    def between(cls, first: Any, last: Any) -> frozenset[Any]:
        """The holidays from ``first`` to ``last``, both included."""
        return frozenset(cls.objects.filter(on__gte=first, on__lte=last).values_list("on", flat=True))
