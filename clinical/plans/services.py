"""Changing needs, plans, goals and steps, and keeping reviews; each checks that its writer may."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from clinical.instruments.definitions import instrument
from clinical.instruments.models import Screening
from clinical.plans.models import Area, Goal, Need, Plan, Review, Step
from clinical.writing import check_may, place_for
from consent.access import NothingToTell
from consent.models import Compartment, Principal, Program

OF_PLAN = ("hopes", "strengths", "helps", "barriers", "agreed", "review_every")
URGENT, HELP = "3", "2"  # answers of the needs list
ENDED_BY_REVIEW = {
    Review.Progress.REACHED: Goal.State.REACHED,
    Review.Progress.DROPPED: Goal.State.DROPPED,
}


class RunsAlready(ValueError):
    """There is a plan in this program; it is reviewed or ended, not made twice."""


# --- needs -----------------------------------------------------------------------------------------


@transaction.atomic
def add_need(
    *, subject_id: UUID, program: Program, by: Principal, area: str, urgency: str, words: str = ""
) -> Need:
    """Write down that somebody needs help with something."""
    return _add(Need, place_for(subject_id, program, by), by=by, area=area, urgency=urgency, words=words)


def areas_found(screening: Screening) -> dict[str, str]:
    """The areas in which a run of the needs list found that help is needed, with how urgent it is."""
    known = instrument(screening.instrument)
    if known is None or not known.opens_needs or screening.struck_at is not None:
        return {}
    urgency = {URGENT: Need.Urgency.URGENT, HELP: Need.Urgency.HELP}
    return {
        area: urgency[answer].value
        for area, answer in screening.answers.items()
        if answer in urgency and area in Area.values
    }


@transaction.atomic
def add_needs_found(*, screening: Screening, by: Principal, areas: Iterable[str]) -> list[Need]:
    """Make needs of these areas that the screening found; one that is open already stays the only one."""
    check_may(by, "change", screening)
    compartment = screening.compartment
    program, subject_id = compartment.scope.program, compartment.subject_id
    found = areas_found(screening)
    if not found:
        return []
    there = {need.area for need in Need.objects.about(subject_id).still_open()}
    place = place_for(subject_id, program, by)
    return [
        _add(Need, place, by=by, area=area, urgency=found[area], screening=screening)
        for area in areas
        if area in found and area not in there
    ]


@transaction.atomic
def change_need(*, need: Need, by: Principal, urgency: str, words: str) -> None:
    """Keep how pressing it is now, and how they put it."""
    _change(need, by, urgency=urgency, words=words)


@transaction.atomic
def end_need(*, need: Need, by: Principal, ending: str, at: datetime) -> None:
    """Say how it ended; without an ending it is open again."""
    _change(need, by, ended_at=at if ending else None, ending=ending)


# --- the plan --------------------------------------------------------------------------------------


@transaction.atomic
def begin_plan(*, subject_id: UUID, program: Program, by: Principal, on: date, **said: Any) -> Plan:
    """Begin the service plan of a program.

    Raises:
        RunsAlready: there is one.
    """
    compartment = place_for(subject_id, program, by)
    if Plan.objects.filter(compartment=compartment).running().exists():
        raise RunsAlready(f"a plan runs in `{program.slug}`")
    said["next_review_on"] = on + timedelta(days=int(said["review_every"]))
    return _add(Plan, compartment, by=by, **said)


@transaction.atomic
def change_plan(*, plan: Plan, by: Principal, **said: Any) -> None:
    """Keep what the plan says now; what it said at each review stays with the review."""
    _change(plan, by, **{name: said[name] for name in OF_PLAN if name in said})


@transaction.atomic
def end_plan(*, plan: Plan, by: Principal, ending: str, at: datetime) -> None:
    """End it; its goals stay as they are."""
    _change(plan, by, ended_at=at, ending=ending)


@transaction.atomic
def add_goal(*, plan: Plan, by: Principal, words: str, need: Need | None = None) -> Goal:
    """Add what the person wants to reach."""
    if plan.ended_at is not None:
        raise NothingToTell(f"plan `{plan.pk}` has ended")
    if need is not None and need.compartment.subject_id != plan.compartment.subject_id:
        raise NothingToTell(f"need `{need.pk}` is not about the same client")
    return _add(Goal, plan.compartment, by=by, plan=plan, words=words, need=need)


@transaction.atomic
def change_goal(*, goal: Goal, by: Principal, words: str, state: str, at: datetime) -> None:
    """Keep how they put it now, and where it stands."""
    more = {"state": state, "state_at": at} if state != goal.state else {}
    _change(goal, by, words=words, **more)


@transaction.atomic
def add_step(*, goal: Goal, by: Principal, words: str, who: str, due_on: date | None) -> Step:
    """Add who does what toward the goal, by when."""
    return _add(Step, goal.compartment, by=by, goal=goal, words=words, who=who, due_on=due_on)


@transaction.atomic
def mark_step(*, step: Step, by: Principal, mark: str, at: datetime) -> None:
    """``done``, ``dropped``, or ``open`` again."""
    done = mark == "done"
    _change(
        step, by, done_at=at if done else None, done_by=by if done else None, is_dropped=mark == "dropped"
    )


# --- reviews ---------------------------------------------------------------------------------------


@transaction.atomic
def review_plan(
    *,
    plan: Plan,
    goals: Sequence[Goal],
    by: Principal,
    at: datetime,
    progress: Mapping[UUID, str],
    next_review_on: date,
    **said: Any,
) -> Review:
    """Keep a review with the goals as they were, and when the plan is looked at next.

    A goal that was reached or dropped is so from now on.
    """
    if plan.ended_at is not None:
        raise NothingToTell(f"plan `{plan.pk}` has ended")
    kept = [
        {"id": str(each.pk), "words": each.words, "state": each.state, "progress": progress.get(each.pk, "")}
        for each in goals
    ]
    review = _add(
        Review, plan.compartment, by=by, plan=plan, goals=kept, next_review_on=next_review_on, **said
    )
    for each in goals:
        state = ENDED_BY_REVIEW.get(progress.get(each.pk, ""))  # type: ignore[call-overload]
        if state and state != each.state:
            _change(each, by, state=state, state_at=at)
    _change(plan, by, next_review_on=next_review_on)
    return review


# --- both ------------------------------------------------------------------------------------------


def _add(model: Any, compartment: Compartment, *, by: Principal, **values: Any) -> Any:
    row = model(compartment=compartment, by=by, **values)
    check_may(by, "add", row)
    row.save(force_insert=True)
    return row


def _change(row: Any, by: Principal, **values: Any) -> None:
    check_may(by, "change", row)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
