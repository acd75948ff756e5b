"""A course of care in a program, its stages and records, and what a person says they are."""

from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from clinical.encounters.models import Encounter
from clinical.episodes.definitions import Definition, RecordKind, Stage, definition_named
from consent.models import EncryptedJSONField, EncryptedTextField, Protected, ProtectedQuerySet


class EpisodeQuerySet(ProtectedQuerySet["Episode"]):
    """Episodes by whether they are over, by program and by stage."""

    def still_open(self) -> Self:
        """Those not closed."""
        return self.filter(closed_at__isnull=True)

    def closed(self) -> Self:
        """Those that are over."""
        return self.filter(closed_at__isnull=False)

    def of_program(self, slug: str) -> Self:
        """Those of one program."""
        return self.filter(compartment__scope__program__slug=slug)

    def in_stage(self, stage: str) -> Self:
        """Those that stand there."""
        return self.filter(stage=stage)


class Episode(Protected):
    """One course of care in a program, from taking in to closing.

    It lies in the compartment of the program's enrollment, since it says that somebody is a
    client; what was asked and written lies in `EpisodeRecord`, with the program's notes. ``stage``,
    ``source`` and ``closing_reason`` are codes of the program's definition.
    """

    definition = models.CharField(max_length=24)
    version = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=24)
    card_id = models.UUIDField(null=True, blank=True)  # the referral that it began with
    stage = models.CharField(max_length=24)
    stage_since = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closing_reason = models.CharField(max_length=24, blank=True)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="episode_closed_for_a_reason",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, closing_reason="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closing_reason="")),
            ),
            models.CheckConstraint(
                name="episode_opens_first",
                condition=Q(closed_at__isnull=True) | Q(opened_at__lte=F("closed_at")),
            ),
            models.UniqueConstraint(
                fields=["compartment"], condition=Q(closed_at__isnull=True), name="episode_one_open"
            ),
        ]

    class Privacy:
        as_compartment = frozenset(
            {
                "definition", "version", "source", "card_id", "stage", "stage_since", "opened_at",
                "opened_by", "closed_at", "closed_by", "closing_reason",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"episode {self.pk}"

    @property
    def subject_id(self) -> UUID:
        """The client's opaque id."""
        return self.compartment.subject_id

    @property
    def defined(self) -> Definition:
        """What the program is."""
        return definition_named(self.definition)

    @property
    def stands(self) -> Stage:
        """Its stage."""
        return self.defined.stage(self.stage)

    @property
    def reason_in_words(self) -> str:
        """Why it was closed."""
        return self.defined.reasons.get(self.closing_reason, self.closing_reason)

    @property
    def source_in_words(self) -> str:
        """Where the person came from."""
        return self.defined.sources.get(self.source, self.source)


class StageMove(Protected):
    """A step from one stage to another; closing and reopening are steps too. Never changed."""

    CLOSED = "closed"

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="moves")
    from_stage = models.CharField(max_length=24, blank=True)
    to_stage = models.CharField(max_length=24)
    moved_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    why = EncryptedTextField(max_length=300, blank=True)

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view")

    class Privacy:
        as_compartment = frozenset({"episode", "from_stage", "to_stage", "moved_at", "by", "why"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"stage move {self.pk}"

    @property
    def in_words(self) -> str:
        """Where it led to."""
        if self.to_stage == self.CLOSED:
            return "Closed"
        return self.episode.defined.stage(self.to_stage).words


class RecordQuerySet(ProtectedQuerySet["EpisodeRecord"]):
    """Records by kind, and without those that a later one stands for."""

    def of_kind(self, *kinds: str) -> Self:
        """Those of these kinds."""
        return self.filter(kind__in=kinds)

    def standing(self) -> Self:
        """Those that no correction stands for."""
        return self.filter(corrected_at__isnull=True)


class EpisodeRecord(Protected):
    """What was asked, answered or done in an episode, in the words of the program's definition.

    ``answers`` holds a value for each question's id: a text, a code, a list of codes, a number, or
    a date or instant as ISO 8601 writes it. A record is never changed: a correction is a new one.
    """

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="records")
    kind = models.CharField(max_length=24)
    version = models.PositiveSmallIntegerField()
    happened_at = models.DateTimeField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answers = EncryptedJSONField(blank=True, default=dict)
    encounter = models.ForeignKey(Encounter, models.PROTECT, null=True, blank=True, related_name="+")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    corrected_at = models.DateTimeField(null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")

    class Privacy:
        as_compartment = frozenset(
            {
                "episode", "kind", "version", "happened_at", "author", "answers", "encounter", "corrects",
                "corrected_at",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"episode record {self.pk}"

    @property
    def defined(self) -> RecordKind | None:
        """What kind of record it is."""
        return self.episode.defined.record(self.kind)

    @property
    def kind_in_words(self) -> str:
        """What to call it; a kind that an older version of the file had is called by its id."""
        return self.defined.words if self.defined else self.kind.replace("_", " ")

    @property
    def in_words(self) -> list[tuple[str, str, bool]]:
        """Label and answer of each question that was answered, and whether it is prose."""
        questions = self.defined.questions if self.defined else ()
        return [
            (each.label, words, each.kind == "prose")
            for each in questions
            if (words := each.in_words(self.answers.get(each.id)))
        ]


class Demographics(Protected):
    """What a person says they are: their own words first, and categories where they chose some.

    Each answer is ``{"state": "said" | "declined", "chosen": [codes], "words": text}``; no answer
    means that nobody asked. Nothing is ever filled in by somebody's looks.

    Cites: OMB Statistical Policy Directive No. 15 as revised 2024 (89 FR 22182): one question on
    race and ethnicity, seven categories, as many as apply, and room for the person's own words.
    """

    race_ethnicity = EncryptedJSONField(blank=True, default=dict)
    gender = EncryptedJSONField(blank=True, default=dict)
    language = EncryptedJSONField(blank=True, default=dict)
    disability = EncryptedJSONField(blank=True, default=dict)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")
        constraints = [models.UniqueConstraint(fields=["compartment"], name="demographics_once")]

    class Privacy:
        as_compartment = frozenset(
            {"race_ethnicity", "gender", "language", "disability", "asked_at", "asked_by"}
        )
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"demographics {self.pk}"

    def answer(self, name: str) -> dict[str, Any]:
        """The answer to one of the questions; an empty one where nobody asked."""
        return getattr(self, name) or {}
