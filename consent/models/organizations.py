"""Organizations, their programs, and what counsel determined about them."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Organization(models.Model):
    """A body that employs principals or receives releases: the City, a clinic, a police bureau."""

    class Kind(models.TextChoices):
        """What the law calls a recipient of that kind (`law/rules.md` section 4.3)."""

        CITY = "city", "City office"
        TREATING_PROVIDER = "treating_provider_ce", "Treating provider, covered entity"
        TREATING_PROVIDER_NOT_COVERED = "treating_provider_nonce", "Treating provider, not a covered entity"
        PART2_PROGRAM = "part2_program_other", "Another Part 2 program"
        SOCIAL_SERVICE = "social_service_org", "Social service organization"
        HOUSING = "landlord_housing", "Housing provider"
        VICTIM_SERVICES = "victim_service_provider", "Victim service provider"
        EMS = "ems_medical_personnel", "Emergency medical service"
        POLICE = "law_enforcement", "Law enforcement agency"
        PROSECUTOR = "prosecutor", "Prosecutor"

    class CrisisService(models.TextChoices):
        """Who answers a crisis beside 911: a source of contacts, and where one can be handed to."""

        LIFELINE = "988", "988 Lifeline"
        MOBILE_CRISIS = "mobile_crisis", "County mobile crisis"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40, choices=Kind.choices)
    is_criminal_justice_agency = models.BooleanField(default=False)
    crisis_service = models.CharField(max_length=16, choices=CrisisService.choices, blank=True)

    def __str__(self) -> str:
        return self.name


class LegalUnit(models.Model):
    """A set of programs under one determination; a client has one record in each unit.

    Cites: 42 CFR 2.11 "program"; 45 CFR 164.105(a).
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Program(models.Model):
    """A service with a mission and staff; on the police side, a unit."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    unit = models.ForeignKey(LegalUnit, models.PROTECT, related_name="programs")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="programs")
    begins_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    # the program whose profile and rules also hold for this one, which was split from it or made of it
    kept_like = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug

    @property
    def known_as(self) -> str:
        """The short name by which profiles, roles and rules know it."""
        return self.kept_like or self.slug


class DeterminationQuerySet(models.QuerySet["Determination"]):
    """Determinations by program and instant."""

    def in_force(self, program: Program, at: datetime) -> "DeterminationQuerySet":
        """Those about ``program`` that hold at ``at``, the newest first."""
        return (
            self.filter(programs=program, begins_at__lte=at)
            .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
            .order_by("-begins_at", "-pk")
        )


UNDETERMINED: dict[str, Any] = {
    "p2_status": "undetermined",
    "hipaa_legal": "undetermined",
    "mhpa_facility": "undetermined",
    "vs_regime": "undetermined",
    "hmis_cho": True,
    "in_privacy_notice": False,
}


class Determination(models.Model):
    """What counsel signed about a set of programs, from a date to a date.

    A program without one is `UNDETERMINED` in every respect: it bears the burdens
    of the stricter status and has none of its privileges (`cfg.twosided`).
    """

    class Part2(models.TextChoices):
        """42 CFR 2.11."""

        PROGRAM = "program"
        LAWFUL_HOLDER = "lawful_holder"
        NONE = "none"
        UNDETERMINED = "undetermined"

    class Hipaa(models.TextChoices):
        """45 CFR 160.103, 164.105(a)."""

        COVERED = "covered_component"
        BUSINESS_ASSOCIATE = "business_associate"
        NOT_COVERED = "not_covered"
        UNDETERMINED = "undetermined"

    class Facility(models.TextChoices):
        """50 P.S. 7103."""

        YES = "yes"
        NO = "no"
        UNDETERMINED = "undetermined"

    class Victims(models.TextChoices):
        """34 U.S.C. 12291(b)(2); 28 CFR 94.115; 45 CFR 1370.4."""

        VAWA = "vawa"
        VOCA = "voca"
        FVPSA = "fvpsa"
        NONE = "none"
        UNDETERMINED = "undetermined"

    programs = models.ManyToManyField(Program, related_name="determinations")
    p2_status = models.CharField(max_length=20, choices=Part2.choices, default=Part2.UNDETERMINED)
    hipaa_legal = models.CharField(max_length=20, choices=Hipaa.choices, default=Hipaa.UNDETERMINED)
    mhpa_facility = models.CharField(max_length=20, choices=Facility.choices, default=Facility.UNDETERMINED)
    vs_regime = models.CharField(max_length=20, choices=Victims.choices, default=Victims.UNDETERMINED)
    hmis_cho = models.BooleanField(default=False)
    in_privacy_notice = models.BooleanField(
        default=False, help_text="The HMIS privacy notice lists the program's uses"
    )
    signed_by = models.CharField(max_length=200)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = DeterminationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="determination_begins_first",
                condition=Q(ends_at__isnull=True) | Q(begins_at__lt=F("ends_at")),
            )
        ]

    def __str__(self) -> str:
        return f"determination {self.pk}"

    @classmethod
    def of(cls, program: Program, at: datetime) -> dict[str, Any]:
        """The statuses that hold for ``program`` at ``at``, and ``until``: when the next one begins or this one ends."""
        return cls.among(cls.objects.filter(programs=program), at)

    @classmethod
    def among(cls, rows: Iterable["Determination"], at: datetime) -> dict[str, Any]:
        """The same, of the determinations about one program."""
        rows = list(rows)
        begun = [
            each for each in rows if each.begins_at <= at and (each.ends_at is None or at < each.ends_at)
        ]
        found = max(begun, key=lambda each: (each.begins_at, each.pk), default=None)
        ends = [each.begins_at for each in rows if each.begins_at > at]
        if found is not None and found.ends_at is not None:
            ends.append(found.ends_at)
        statuses = {key: getattr(found, key) for key in UNDETERMINED} if found else dict(UNDETERMINED)
        return statuses | {"until": min(ends, default=None)}


class Agreement(models.Model):
    """A written agreement between two organizations: who may tell whom, from when to when."""

    class Kind(models.TextChoices):
        """42 CFR 2.11 (QSOA); 45 CFR 164.504(e) (BAA)."""

        MOU = "MOU", "Memorandum of understanding"
        QSOA = "QSOA", "Qualified service organization agreement"
        BAA = "BAA", "Business associate agreement"

    class Direction(models.TextChoices):
        """Which way it lets things go."""

        A_TO_B = "a_to_b", "From the first party to the second"
        B_TO_A = "b_to_a", "From the second party to the first"
        BOTH = "both", "Both ways"

    kind = models.CharField(max_length=4, choices=Kind.choices)
    party_a = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    party_b = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    direction = models.CharField(max_length=6, choices=Direction.choices, default=Direction.A_TO_B)
    services = models.TextField(blank=True)
    begins_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="agreement_begins_first",
                condition=Q(ends_at__isnull=True) | Q(begins_at__lt=F("ends_at")),
            ),
            models.CheckConstraint(name="agreement_two_parties", condition=~Q(party_a=F("party_b"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def lets_go(self, ours: int, theirs: int) -> bool:
        """Does it let things go from the organization ``ours`` to ``theirs`` (ids)?"""
        if (self.party_a_id, self.party_b_id) == (ours, theirs):
            return self.direction in (self.Direction.A_TO_B, self.Direction.BOTH)
        if (self.party_a_id, self.party_b_id) == (theirs, ours):
            return self.direction in (self.Direction.B_TO_A, self.Direction.BOTH)
        return False
