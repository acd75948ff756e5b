"""Episodes of the city's clients: taken in, moved, written in, some closed. Nobody's story.

Who is in which stage follows from the seed. Rows are written by the worker who met the client first, as
one transaction each, with ids drawn like everything else: a second run finds them and writes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from clinical.clients.models import Client
from clinical.episodes.definitions import CLOSING, ELIGIBILITY, INTAKE, definition_of
from clinical.episodes.models import Demographics, Episode, EpisodeRecord, StageMove
from config.city.clients import PURPOSE, City
from config.city.plans import ClientPlan, new_id
from consent import access, services
from consent.models import Compartment, Principal

PROGRAMS = ("CO-RESPONSE", "PINS", "LEAD")
TAKEN_IN, CLOSED, ASKED = 0.7, 0.25, 0.5  # of the clients, of the episodes, of the clients
Answers = Mapping[str, Any]
# By program: what intake was told, and what was written afterwards, by kind of record.
INTAKES: Mapping[str, Sequence[Answers]] = {
    "CO-RESPONSE": (
        {"reason": "Two nights without sleep, spoke to nobody in sight.", "helps": "Tea, the window open."},
        {"reason": "Wished to be dead, said so to a neighbor.", "supports": "A sister, two streets away"},
    ),
    "PINS": (
        {
            "why": "Frequent 911, Falls",
            "own_view": "A rail on the stairs.",
            "bureau_liaison": ["fire", "ems"],
        },
        {"why": "Frequent 911", "own_view": "Somebody to talk to in the evening.", "home": "Side door"},
    ),
    "LEAD": (
        {"offense_class": "none", "reach": "The bus station, mornings"},
        {"offense_class": "misdemeanor", "handed_over": "yes", "urgent": "A bed tonight"},
    ),
}
RECORDS: Mapping[str, Sequence[tuple[str, Answers]]] = {
    "CO-RESPONSE": (
        ("follow_up", {"how": "phone", "doing": "Slept, ate, wants to go to the clinic.", "next": "Thursday"}),
        ("link", {"where": "Evening clinic", "went_along": "yes", "kept": "yes"}),
    ),
    "PINS": (
        ("visit", {"reached": "yes", "with": ["ems"], "seen": "Stairs without a rail.", "hazards": ["stairs", "falls"]}),
        ("plan_line", {"need": "falls", "what": "A rail on the stairs", "who": "Housing repair", "state": "open"}),
        ("review", {"when": "d30", "progress": "The rail is up.", "next": "The bathroom"}),
    ),
    "LEAD": (
        ("screening", {"needs_now": ["food", "papers"], "wants_in": "yes"}),
        ("full_intake", {"story": "Wants the papers back and the dog to stay.", "lives": "street"}),
        ("goal", {"words": "My own key.", "step": "The housing list, together", "state": "moving"}),
        ("harm_reduction", {"naloxone": 2, "fentanyl_strips": 10}),
    ),
}  # fmt: skip
ELIGIBLE: Mapping[str, Answers] = {
    "CO-RESPONSE": {"crisis": "yes", "wants_follow_up": "yes", "has_team": "no"},
    "PINS": {"often": "yes", "needs_met": "yes", "police_only": "no"},
    "LEAD": {"behavior": "yes", "wants": "yes", "excluded": "no", "adult": "yes"},
}
WORDS = {
    "race_ethnicity": (("Black", ["black"]), ("white, Irish", ["white"]), ("Puerto Rican", ["hispanic"]), ("", ["asian"])),
    "gender": (("a woman", ["woman"]), ("a man", ["man"]), ("neither", ["nonbinary"])),
    "language": (("English", ["en"]), ("español", ["es"])),
    "disability": (("my knees", ["walking"]), ("", ["none"])),
}  # fmt: skip


@dataclass(kw_only=True)
class _Rows:
    """What one worker writes."""

    episodes: list[Episode] = field(default_factory=list)
    moves: list[StageMove] = field(default_factory=list)
    records: list[EpisodeRecord] = field(default_factory=list)
    demographics: list[Demographics] = field(default_factory=list)


def open_episodes(clients: Iterable[ClientPlan], city: City, *, seed: int, at: datetime) -> None:
    """Take in most of the clients of these programs."""
    by_worker: dict[str, list[ClientPlan]] = defaultdict(list)
    for client in clients:
        if client.program in PROGRAMS:
            by_worker[client.workers[0]].append(client)
    for username, theirs in by_worker.items():
        with access.opened(city.principals[username], PURPOSE):
            _write(theirs, city, city.principals[username], seed=seed, at=at)


def _write(clients: Sequence[ClientPlan], city: City, worker: Principal, *, seed: int, at: datetime) -> None:
    found = Compartment.objects.filter(subject_id__in=[each.subject_id for each in clients])
    compartments = {(each.subject_id, each.scope_id): each for each in found.select_related("scope__program")}
    known = Client.objects.filter(pk__in=[each.id for each in clients])
    people = set(known.values_list("pk", flat=True))  # ids alone: a second run reads nobody
    rows = _Rows()
    for client in clients:
        rng, program = Random(f"{seed} episode {client.subject_id}"), city.programs[client.program]
        profile = services.profile(program)
        enrolment, note, identity = (
            compartments.get((client.subject_id, city.scope(client.program, segments).pk))
            for segments in (profile.enrolment, profile.note, profile.identity)
        )
        if enrolment is None or note is None or identity is None or client.id not in people:
            continue
        if rng.random() < TAKEN_IN:
            _episode(rows, client, rng, worker, {"enrolment": enrolment, "note": note}, at)
        if rng.random() < ASKED:
            rows.demographics.append(_demographics(rng, identity, worker, client.met_at))
    if Episode.objects.filter(pk__in=[each.pk for each in rows.episodes]).exists():
        return  # a run before this one did it
    Episode.objects.bulk_create(rows.episodes)
    StageMove.objects.bulk_create(rows.moves)
    EpisodeRecord.objects.bulk_create(rows.records)
    Demographics.objects.bulk_create(rows.demographics)


def _episode(
    rows: _Rows,
    client: ClientPlan,
    rng: Random,
    worker: Principal,
    into: Mapping[str, Compartment],
    at: datetime,
) -> None:
    """An episode that has come through some of its program's stages, one record a stage."""
    defined = definition_of(client.program)
    if defined is None:
        return
    opened_at = client.met_at
    written = list(RECORDS[client.program])
    steps = rng.randrange(len(defined.stages))
    times = [opened_at + (at - opened_at) * step / (steps + 2) for step in range(steps + 2)]
    is_over = rng.random() < CLOSED
    episode = Episode(
        id=new_id(rng), compartment=into["enrolment"], definition=defined.slug, version=defined.version,
        source=rng.choice(list(defined.sources)), stage=defined.stages[steps].id, stage_since=times[steps],
        opened_at=opened_at, opened_by=worker, created_at=opened_at,
        closed_at=times[-1] if is_over else None, closed_by=worker if is_over else None,
        closing_reason=rng.choice(list(defined.reasons)[:3]) if is_over else "",
    )  # fmt: skip
    rows.episodes.append(episode)
    ids = ["", *(each.id for each in defined.stages[: steps + 1])]
    ends = [StageMove.CLOSED] if is_over else []
    for before, to, when in zip(ids, [*ids[1:], *ends], times, strict=False):
        rows.moves.append(
            StageMove(
                id=new_id(rng), compartment=into["enrolment"], episode=episode, from_stage=before, to_stage=to,
                moved_at=when, by=worker, created_at=when,
            )
        )  # fmt: skip
    said: list[tuple[str, Answers, datetime]] = [
        (ELIGIBILITY, ELIGIBLE[client.program], opened_at),
        (INTAKE, rng.choice(INTAKES[client.program]), opened_at),
        *((kind, answers, when) for (kind, answers), when in zip(written, times[1:], strict=False)),
    ]
    if is_over:
        said.append((CLOSING, {"summary": "Went well enough; knows where we are."}, times[-1]))
    rows.records += [_record(rng, episode, worker, into["note"], *each) for each in said]


def _record(
    rng: Random,
    episode: Episode,
    worker: Principal,
    note: Compartment,
    kind: str,
    answers: Answers,
    when: datetime,
) -> EpisodeRecord:
    return EpisodeRecord(
        id=new_id(rng), compartment=note, episode=episode, kind=kind, version=episode.version, happened_at=when,
        author=worker, answers=dict(answers), created_at=when + timedelta(minutes=20),
    )  # fmt: skip


def _demographics(rng: Random, identity: Compartment, worker: Principal, asked_at: datetime) -> Demographics:
    def answer(name: str) -> dict[str, Any]:
        state = rng.choices(("said", "declined", ""), (70, 15, 15))[0]
        if state != "said":
            return {"state": state} if state else {}
        words, chosen = rng.choice(WORDS[name])
        return {"state": state, "words": words, "chosen": list(chosen)}

    return Demographics(
        id=new_id(rng), compartment=identity, asked_at=asked_at, asked_by=worker, created_at=asked_at,
        **{name: answer(name) for name in WORDS},
    )  # fmt: skip
