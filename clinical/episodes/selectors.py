"""Reading episodes and what was recorded in them, for somebody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from clinical.clients.models import Client
from clinical.episodes.definitions import Stage, definition_of
from clinical.episodes.models import (
    Demographics,
    Episode,
    EpisodeQuerySet,
    EpisodeRecord,
    RecordQuerySet,
    StageMove,
)
from clinical.roles import CARE_TEAM
from consent.access import NothingToTell
from consent.models import Membership, Principal, Program
from consent.paging import Asked, Page, page_of
from consent.services import lives

SHOWN = 50  # episodes on a page
RECORDS = 40  # records on an episode's page
SCOPED = "compartment__scope__program__unit"


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which episodes: of a program, in a stage, open or closed."""

    program: str = ""
    stage: str = ""
    closed: bool = False


def episode_seen_by(asker: Principal, episode_id: UUID) -> Episode:
    """The episode, if ``asker`` may see it; otherwise `NothingToTell`."""
    found = Episode.objects.filter(pk=episode_id).select_related(SCOPED, "opened_by", "closed_by").first()
    if found is None:
        raise NothingToTell(f"episode `{episode_id}` is not there for `{asker.uid}`")
    return found


def record_seen_by(asker: Principal, record_id: UUID) -> EpisodeRecord:
    """The record, if ``asker`` may see it and its episode; otherwise `NothingToTell`."""
    found = (
        EpisodeRecord.objects.filter(pk=record_id)
        .select_related("compartment__scope", "author", f"episode__{SCOPED}")
        .first()
    )
    if found is None:
        raise NothingToTell(f"record `{record_id}` is not there for `{asker.uid}`")
    return found


def episodes_of(asker: Principal, wanted: Filter, asked: Asked | None = None) -> Page:
    """The episodes that ``asker`` may see, newest first, a page at a time."""
    rows: EpisodeQuerySet = Episode.objects.select_related(SCOPED)
    rows = rows.closed() if wanted.closed else rows.still_open()
    if wanted.program:
        rows = rows.of_program(wanted.program)
    if wanted.stage:
        rows = rows.in_stage(wanted.stage)
    return page_of(rows, asked or Asked(size=SHOWN))


def episodes_about(subject_id: UUID) -> EpisodeQuerySet:
    """A client's episodes that the asker may see: for pages about one client, which page them."""
    return Episode.objects.about(subject_id).select_related(SCOPED, "opened_by")


def records_about(subject_id: UUID) -> RecordQuerySet:
    """A client's records that stand and the asker may see, of all programs: for the timeline."""
    rows = EpisodeRecord.objects.about(subject_id).standing()
    return rows.select_related("compartment__scope__program", "author", "episode")


def records_of(episode: Episode, asked: Asked | None = None) -> Page:
    """The episode's records that stand and the asker may see, newest first, a page at a time."""
    rows = EpisodeRecord.objects.filter(episode=episode).standing()
    page = page_of(rows.select_related("compartment__scope", "author"), asked or Asked(size=RECORDS))
    for row in page.rows:
        row.episode = episode
    return page


def kinds_recorded(episode: Episode) -> set[str]:
    """Which kinds of record there are that the asker may see."""
    rows = EpisodeRecord.objects.filter(episode=episode).standing().newest_first()
    return {row.kind for row in rows}


def moves_of(episode: Episode) -> list[StageMove]:
    """The steps of the episode, newest first."""
    rows = list(StageMove.objects.filter(episode=episode).select_related("by").newest_first())
    for row in rows:
        row.episode = episode
    return rows


def next_stages(episode: Episode, moves: Iterable[StageMove]) -> list[Stage]:
    """Where it can go from here: what follows, and the stages it has come through."""
    defined = episode.defined
    been = [each.from_stage for each in moves] + [each.to_stage for each in moves]
    wanted = [*episode.stands.next, *(id for id in been if id and id != StageMove.CLOSED)]
    seen = dict.fromkeys(id for id in wanted if id != episode.stage)
    return [stage for id in seen if (stage := defined.stage(id)) in defined.stages]


def due_at(episode: Episode) -> datetime | None:
    """Until when the episode should have left its stage; ``None`` where it may stay."""
    hours = None if episode.closed_at else episode.stands.due_hours
    return None if hours is None else episode.stage_since + timedelta(hours=hours)


def programs_to_open(asker: Principal, client: Client, at: datetime) -> list[Program]:
    """The defined programs of the client's legal unit that take somebody new, in which ``asker`` is on the care side."""
    held = Membership.objects.held_by(asker, at).filter(role__name__in=CARE_TEAM)
    rows = Program.objects.filter(pk__in=held.values("program"), unit=client.unit_id)
    defined = [program for program in rows.select_related("unit") if definition_of(program.known_as)]
    return lives.running(defined, timezone.localdate(at))


def demographics_of(client: Client) -> Demographics | None:
    """What the person says they are, if anybody asked."""
    rows = Demographics.objects.filter(compartment=client.compartment_id)
    return rows.select_related("compartment__scope", "asked_by").first()
