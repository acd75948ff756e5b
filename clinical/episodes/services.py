"""An episode begins, moves from stage to stage, is written in, and ends."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clinical.clients.models import Client
from clinical.encounters.models import Encounter
from clinical.episodes.definitions import CLOSING, ELIGIBILITY, INTAKE, RecordKind, definition_of
from clinical.episodes.models import Demographics, Episode, EpisodeRecord, StageMove
from clinical.episodes.selectors import kinds_recorded
from clinical.writing import check_may
from consent import services
from consent.access import NothingToTell
from consent.models import Compartment, Principal, Program
from consent.services import lives
from consent.services.grants import lock_client

WHY_ANYWAY = "why_anyway"  # stands among the answers about eligibility


class AlreadyOpen(Exception):
    """The client has an open episode in the program: ``episode``."""

    def __init__(self, episode: Episode) -> None:
        super().__init__(f"episode `{episode.pk}` is open")
        self.episode = episode


class Missing(Exception):
    """A stage can't begin before these kinds of record are there."""

    def __init__(self, kinds: list[RecordKind]) -> None:
        super().__init__(", ".join(kind.id for kind in kinds))
        self.kinds = kinds


class NotOpen(Exception):
    """The episode is closed, or is open already."""


@transaction.atomic
def open_episode(
    *, client: Client, program: Program, by: Principal, at: datetime, source: str,
    answers: Mapping[str, Mapping[str, Any]], card_id: UUID | None = None,
) -> Episode:  # fmt: skip
    """Take a client in: ``by`` is on the care team, and the program's first stage begins.

    Args:
        answers: By kind of record, ``eligibility`` and ``intake``; a kind without answers is left out.

    Raises:
        AlreadyOpen: there is one already.
        NothingToTell: the program is of another legal unit, has ended, or nobody said what it is.
    """
    check_may(by, "change", client)
    defined = definition_of(program.known_as)
    closed = not lives.is_running(program, timezone.localdate(at))
    if program.unit_id != client.unit_id or defined is None or closed:
        raise NothingToTell(f"`{program.slug}` takes nobody in here")
    subject_id = client.subject_id
    lock_client(subject_id)  # the second of two taps waits for the first, and finds its episode
    profile = services.profile(program)
    compartment = services.open_compartment(subject_id, program, profile.enrolment)
    services.assign(subject_id=subject_id, program=program, principal=by, by=by)
    standing = Episode.objects.filter(compartment=compartment).still_open().first()
    if standing is not None:
        raise AlreadyOpen(standing)
    if card_id is None:
        card_id = _card_of_an_encounter(compartment)
    stage = defined.first_stage.id
    episode = Episode(
        compartment=compartment, definition=defined.slug, version=defined.version, source=source, card_id=card_id,
        stage=stage, stage_since=at, opened_at=at, opened_by=by,
    )  # fmt: skip
    episode.save(force_insert=True)
    _note_move(episode, "", stage, by, at)
    for kind in (ELIGIBILITY, INTAKE):
        if answers.get(kind):
            write_record(episode=episode, kind=kind, by=by, happened_at=at, answers=answers[kind])
    return episode


@transaction.atomic
def move(*, episode: Episode, to: str, by: Principal, at: datetime, why: str = "") -> None:
    """Move to another stage; to the one that it stands in is nothing.

    Raises:
        Missing: the stage needs records that are not there.
        NotOpen: it is closed.
    """
    _lock(episode, by)
    if episode.closed_at is not None:
        raise NotOpen(f"episode `{episode.pk}` is closed")
    if episode.stage == to:
        return
    there = kinds_recorded(episode)
    wanted = [kind for id in episode.defined.stage(to).needs if (kind := episode.defined.record(id))]
    if missing := [kind for kind in wanted if kind.id not in there]:
        raise Missing(missing)
    before, episode.stage, episode.stage_since = episode.stage, to, at
    episode.save(update_fields=["stage", "stage_since"])
    _note_move(episode, before, to, by, at, why)


@transaction.atomic
def close(*, episode: Episode, reason: str, by: Principal, at: datetime, answers: Mapping[str, Any]) -> None:
    """End the episode for a reason of its program; the closing questions are a record.

    Raises:
        NotOpen: it is closed already.
    """
    _lock(episode, by)
    if episode.closed_at is not None:
        raise NotOpen(f"episode `{episode.pk}` is closed")
    if answers:
        write_record(episode=episode, kind=CLOSING, by=by, happened_at=at, answers=answers)
    episode.closed_at, episode.closed_by, episode.closing_reason = max(at, episode.opened_at), by, reason
    episode.save(update_fields=["closed_at", "closed_by", "closing_reason"])
    _note_move(episode, episode.stage, StageMove.CLOSED, by, at)


@transaction.atomic
def reopen(*, episode: Episode, by: Principal, at: datetime, why: str) -> None:
    """Take the closing back: the episode goes on in the stage in which it was.

    Raises:
        AlreadyOpen: meanwhile another one was opened.
        NotOpen: it is not closed.
    """
    _lock(episode, by)
    if episode.closed_at is None:
        raise NotOpen(f"episode `{episode.pk}` is open")
    other = Episode.objects.filter(compartment=episode.compartment_id).still_open().first()
    if other is not None:
        raise AlreadyOpen(other)
    episode.closed_at, episode.closed_by, episode.closing_reason, episode.stage_since = None, None, "", at
    episode.save(update_fields=["closed_at", "closed_by", "closing_reason", "stage_since"])
    _note_move(episode, StageMove.CLOSED, episode.stage, by, at, why)


@transaction.atomic
def write_record(
    *, episode: Episode, kind: str, by: Principal, happened_at: datetime, answers: Mapping[str, Any],
    encounter: Encounter | None = None, corrects: EpisodeRecord | None = None,
) -> EpisodeRecord:  # fmt: skip
    """Write a record of the program's kind; it falls into the kind's compartment, never below the program's own.

    Args:
        corrects: The earlier record that this one stands for from now on.

    Raises:
        NothingToTell: the program has no such kind, or the record was corrected by somebody else.
    """
    check_may(by, "change", episode)
    if episode.defined.record(kind) is None:
        raise NothingToTell("no such kind of record")
    if corrects is not None:
        check_may(by, "change", corrects)
        rows = EpisodeRecord.objects.filter(pk=corrects.pk, episode=episode, kind=kind).standing()
        if not rows.update(
            corrected_at=happened_at if happened_at > corrects.created_at else corrects.created_at
        ):
            raise NothingToTell(f"record `{corrects.pk}` does not stand any more")
    record = EpisodeRecord(
        compartment=_compartment_for(episode, kind), episode=episode, kind=kind, version=episode.defined.version,
        happened_at=happened_at, author=by, answers=dict(answers), encounter=encounter, corrects=corrects,
    )  # fmt: skip
    record.save(force_insert=True)
    return record


@transaction.atomic
def keep_demographics(
    *, client: Client, by: Principal, at: datetime, answers: Mapping[str, Mapping[str, Any]]
) -> Demographics:
    """Keep what the person says they are; a later answer replaces an earlier one."""
    check_may(by, "change", client)
    lock_client(client.subject_id)
    found = (
        Demographics.objects.filter(compartment=client.compartment_id).select_related("compartment").first()
    )
    if found is None:
        found = Demographics(compartment=client.compartment, asked_at=at, asked_by=by, **answers)
        found.save(force_insert=True)
        return found
    for name, answer in answers.items():
        setattr(found, name, dict(answer))
    found.asked_at, found.asked_by = at, by
    found.save(update_fields=[*answers, "asked_at", "asked_by"])
    return found


def _card_of_an_encounter(enrolment: Compartment) -> UUID | None:
    """The referral or call from which the client was last met in the program, if there was one."""
    rows = Encounter.objects.about(enrolment.subject_id).filter(
        compartment__scope__program=enrolment.scope.program_id, card_id__isnull=False
    )
    newest = rows.newest_first().first()
    return newest.card_id if newest else None


def _compartment_for(episode: Episode, kind: str) -> Compartment:
    """Where a record goes: the program's own segments and the kind's."""
    defined = episode.defined.record(kind)
    program = episode.compartment.scope.program
    own, more = services.profile(program).note, defined.segments if defined else ()
    compartment = services.open_compartment(episode.subject_id, program, {*own, *more})
    services.recompute_grants(
        episode.subject_id
    )  # the compartment may be new, and its writer needs the grant
    return compartment


def _lock(episode: Episode, by: Principal) -> None:
    """Wait for whoever else moves it, and look again."""
    check_may(by, "change", episode)
    lock_client(episode.subject_id)
    episode.refresh_from_db(fields=["stage", "stage_since", "closed_at", "closed_by", "closing_reason"])


def _note_move(
    episode: Episode, before: str, to: str, by: Principal, at: datetime, why: str = ""
) -> StageMove:
    step = StageMove(
        compartment=episode.compartment, episode=episode, from_stage=before, to_stage=to, moved_at=at, by=by, why=why
    )  # fmt: skip
    step.save(force_insert=True)
    return step
