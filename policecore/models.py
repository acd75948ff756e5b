"""What the police side keeps: where and who, calls for service, and officers' referrals.

There is no field for a record check, an investigation, a charge or a disposition: what
has no field can't cross (18 Pa.C.S. 9106; 28 CFR 20.33).
"""

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from consent.models import EncryptedJSONField, EncryptedTextField, Program, Protected, ProtectedQuerySet
from policecore.kinds import Kind
from policecore.triage.models import Reclassification, Triage
from policecore.triage.words import Route

__all__ = [
    "CALL_SEGMENTS",
    "REFERRAL_SEGMENTS",
    "Agreed",
    "Incident",
    "IncidentQuerySet",
    "Kind",
    "OfficerReferral",
    "QuarantinedRow",
    "Reclassification",
    "Shift",
    "ShiftQuerySet",
    "Team",
    "Triage",
    "Word",
    "Zone",
    "calls_of",
]  # fmt: skip

CALL_SEGMENTS = ("CAD",)
REFERRAL_SEGMENTS = ("REFIN",)


class Zone(models.Model):
    """A part of the city; the unit that serves it keeps its calls."""

    slug = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=60)
    unit = models.ForeignKey(Program, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """Officers who ride together."""

    name = models.CharField(max_length=60)
    unit = models.ForeignKey(Program, models.PROTECT, related_name="+")
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="+")
    vehicle = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="team_name_in_its_unit")]

    def __str__(self) -> str:
        return self.name


class ShiftQuerySet(models.QuerySet["Shift"]):
    """Shifts by instant."""

    def on_at(self, at: datetime) -> Self:
        """Those that have begun at ``at`` and not ended."""
        return self.filter(begins_at__lte=at, ends_at__gt=at)


class Shift(models.Model):
    """One officer's turn with a team."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = ShiftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="shift_begins_first", condition=Q(begins_at__lt=F("ends_at"))),
            models.UniqueConstraint(fields=["officer", "begins_at"], name="shift_once"),
        ]
        indexes = [models.Index(fields=["officer", "begins_at"], name="shift_officer")]

    def __str__(self) -> str:
        return f"shift {self.pk}"


class Word(models.TextChoices):
    """What a sender reads about what was sent. There is no third word, whatever becomes of it."""

    SENT = "sent", "Sent"
    RECEIVED = "received", "Received"


class PoliceOnly(models.TextChoices):
    """Why a call stays with the police: nothing of it crosses, not even as one of a number."""

    CIT = "cit", "Crisis intervention case, with the police alone"
    FEDERAL = "federal", "Federal case"
    INVESTIGATION = "investigation", "Investigation"


class IncidentQuerySet(ProtectedQuerySet["Incident"]):
    """Calls for service, for whoever may see them."""

    def newest_first(self) -> Self:
        """By the time of the call, not of its import."""
        return self.order_by("-occurred_at", "-id")

    def before(self, row: "Incident") -> Self:
        """Those that come after ``row`` in the list, which are older."""
        return self.filter(Q(occurred_at__lt=row.occurred_at) | Q(occurred_at=row.occurred_at, id__lt=row.pk))


class Incident(Protected):
    """One call for service, kept by the unit of its zone.

    ``external_id`` is the dispatch system's own, unique within a layout; the opaque
    ``id`` is the one that crosses.
    """

    external_id = models.CharField(max_length=64)
    layout = models.CharField(max_length=40)
    call_type = models.CharField(max_length=120)
    call_group = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.OTHER)
    priority = models.CharField(max_length=20, blank=True)
    occurred_at = models.DateTimeField()
    location = EncryptedTextField(max_length=300, blank=True)
    position = EncryptedJSONField(blank=True, default=None)  # [latitude, longitude], degrees
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="+")
    description = EncryptedTextField(blank=True)
    # its place's token in the index of places (`policecore.places`); nothing without a place
    place_token = models.BigIntegerField(null=True, blank=True)
    police_only = models.CharField(max_length=13, choices=PoliceOnly.choices, blank=True)
    handed_over_at = models.DateTimeField(null=True)
    handover_word = models.CharField(max_length=8, choices=Word.choices, blank=True)
    # of the newest triage and the newest reclassification, which lists and counts filter by
    route = models.CharField(max_length=12, choices=Route.choices, blank=True)
    eligible = models.BooleanField(null=True)
    reclassified_as = models.CharField(max_length=12, choices=Kind.choices, blank=True)

    objects = IncidentQuerySet.as_manager()
    listed_by = "occurred_at"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["layout", "external_id"], name="incident_once"),
            models.CheckConstraint(
                name="incident_handed_over_has_a_word",
                condition=Q(handed_over_at__isnull=True, handover_word="")
                | Q(handed_over_at__isnull=False, handover_word__in=Word.values),
            ),
        ]
        indexes = [
            models.Index(
                F("occurred_at").desc(), F("id").desc(), name="incident_newest", include=["scope_key"]
            ),
            models.Index(fields=["place_token", "occurred_at"], name="incident_place"),
        ]

    class Privacy(Protected.Privacy):
        as_compartment = {
            "call_type", "call_group", "kind", "priority", "occurred_at", "location",
            "position", "zone", "description", "handed_over_at", "handover_word", "place_token",
            "police_only", "route", "eligible", "reclassified_as",
        }  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing | {"layout", "external_id"}  # a number, or a hash

    def __str__(self) -> str:
        return f"incident {self.pk}"


class QuarantinedRow(Protected):
    """A row of a file that could not be read as a call, as it stood there; it may hold an address.

    The same row is kept once, however often its file is imported.
    """

    class Reason(models.TextChoices):
        """What was odd, in words for whoever mends the file or the layout."""

        COLUMNS = "columns", "More or fewer columns than the header has"
        QUOTING = "quoting", "A quotation mark opens and does not close"
        ENCODING = "encoding", "Bytes that are not text in the layout's encoding"
        ID_MISSING = "id-missing", "No incident number"
        TYPE_MISSING = "type-missing", "No call type"
        TIME_MISSING = "time-missing", "No time"
        TIME_UNREADABLE = "time-unreadable", "A time that is not written as the layout says"
        TIME_IMPOSSIBLE = "time-impossible", "A time that the clock never showed, or far off"
        PLACE_UNREADABLE = "place-unreadable", "A latitude or longitude that is not a number"
        PLACE_OUTSIDE = "place-outside", "A place outside the layout's area"
        NO_ZONE = "no-zone", "Neither a known district nor a place to find the zone by"
        TOO_LONG = "too-long", "A value longer than any of its kind"

    layout = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    line_number = models.PositiveIntegerField()
    reason = models.CharField(max_length=20, choices=Reason.choices)
    column = models.CharField(max_length=60, blank=True)
    raw = EncryptedTextField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["layout", "digest"], name="quarantined_row_once")]

    class Privacy(Protected.Privacy):
        as_compartment = {"raw"}
        says_nothing = Protected.Privacy.says_nothing | {
            "layout", "file_name", "line_number", "reason", "column", "digest",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"quarantined row {self.pk}"


class Agreed(models.TextChoices):
    """Did the person agree to be contacted? Not asked is not a no."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_ASKED = "not asked", "Not asked"


class OfficerReferral(Protected):
    """What an officer saw and passed on, in a compartment of its own, opened to who made it.

    The officer's unit reads it through its supervisor. ``incident_id`` is no foreign
    key: the call and the referral open to different people.
    """

    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    incident_id = models.UUIDField(null=True)
    person_as_known = EncryptedTextField(max_length=120, blank=True)
    contact = EncryptedTextField(max_length=120, blank=True)
    reasons = EncryptedJSONField()  # [text], one at least: an empty list would be NULL
    suggested_program = models.CharField(max_length=40, blank=True)
    agreed = models.CharField(max_length=9, choices=Agreed.choices, default=Agreed.NOT_ASKED)
    safety_note = EncryptedTextField(max_length=500, blank=True)
    seen_at = models.DateTimeField(default=timezone.now)
    location = EncryptedTextField(max_length=300, blank=True)
    zone = EncryptedTextField(max_length=60, blank=True)
    call_type = EncryptedTextField(max_length=120, blank=True)
    words_confirmed = models.BooleanField(default=False)
    word = models.CharField(max_length=8, choices=Word.choices, default=Word.SENT)
    place_token = models.BigIntegerField(null=True, blank=True)
    # for which spans of days the calls were counted and sent; 0 stands for the days before alone
    counted_for = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    counts_due_at = models.DateTimeField(null=True, blank=True, default=timezone.now)  # the next span's end

    class Meta:
        indexes = [
            models.Index(
                fields=["counts_due_at"],
                condition=Q(counts_due_at__isnull=False),
                name="referral_counts_due",
            )
        ]

    class Privacy(Protected.Privacy):
        as_compartment = {
            "made_by", "incident_id", "person_as_known", "contact", "reasons", "suggested_program", "agreed",
            "safety_note", "seen_at", "location", "zone", "call_type", "words_confirmed", "word", "place_token",
            "counted_for", "counts_due_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"referral {self.pk}"

    @staticmethod
    def id_for(officer: Any, form_id: uuid.UUID) -> uuid.UUID:
        """The id of what ``officer`` sends with the form ``form_id``.

        Two taps on *Send* are one referral, and nobody can meet another's id by
        choosing a form id.
        """
        return uuid.uuid5(officer.uid, str(form_id))


def calls_of(unit: Program) -> dict[str, Any]:
    """The arguments of the compartment that holds the calls of ``unit``."""
    return {"subject_id": unit.uid, "program": unit, "segments": CALL_SEGMENTS}
