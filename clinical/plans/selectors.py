"""Reading needs, plans, goals and reviews for somebody."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from clinical.plans.models import Goal, Need, Plan, Review, Step
from consent.access import NothingToTell
from consent.models import Principal, Protected

SCOPED = "compartment__scope__program__unit"
MOST = 100  # needs, or goals, on one page
SHOWN_ENDED = 20
Row = TypeVar("Row", bound=Protected)


@dataclass(kw_only=True)
class PlanInSight:
    """A plan with its goals, each goal's steps, and the newest reviews."""

    plan: Plan
    goals: list[Goal] = field(default_factory=list)
    steps: dict[UUID, list[Step]] = field(default_factory=dict)
    reviews: list[Review] = field(default_factory=list)

    @property
    def with_steps(self) -> list[tuple[Goal, list[Step]]]:
        """Each goal with its steps, those that are worked on first."""
        ordered = sorted(self.goals, key=lambda goal: list(Goal.State.values).index(goal.state))
        return [(goal, self.steps.get(goal.pk, [])) for goal in ordered]


def one(rows: QuerySet[Row], asker: Principal, row_id: UUID) -> Row:
    """The row, if ``asker`` may see it; otherwise `NothingToTell`."""
    found = rows.filter(pk=row_id).select_related(SCOPED).first()
    if found is None:
        raise NothingToTell(f"`{row_id}` is not there for `{asker.uid}`")
    return found


def needs_about(subject_id: UUID) -> QuerySet[Need]:
    """A client's needs that the asker may see."""
    return Need.objects.about(subject_id).select_related("compartment__scope__program", "by")


def needs_by_state(subject_id: UUID) -> tuple[list[Need], list[Need]]:
    """Those that are open, the most pressing first, and those that ended last."""
    pressing = list(Need.Urgency.values)
    still = needs_about(subject_id).still_open().newest_first()[:MOST]
    ended = needs_about(subject_id).filter(ended_at__isnull=False).order_by("-ended_at", "-id")[:SHOWN_ENDED]
    return sorted(still, key=lambda need: pressing.index(need.urgency)), list(ended)


def plans_about(subject_id: UUID) -> QuerySet[Plan]:
    """A client's plans that the asker may see."""
    return Plan.objects.about(subject_id).select_related("compartment__scope__program", "by")


def plans_in_sight(subject_id: UUID) -> list[PlanInSight]:
    """The plans that run, with everything that stands in them: a fixed number of questions to the database."""
    found = {each.pk: PlanInSight(plan=each) for each in plans_about(subject_id).running().newest_first()}
    if not found:
        return []
    goals = Goal.objects.about(subject_id).filter(plan__in=list(found)).order_by("created_at", "id")[:MOST]
    by_goal: dict[UUID, list[Step]] = defaultdict(list)
    for goal in goals:
        found[goal.plan_id].goals.append(goal)
    steps = Step.objects.about(subject_id).filter(goal__in=[goal.pk for goal in goals])
    for step in steps.select_related("done_by").order_by("created_at", "id"):
        by_goal[step.goal_id].append(step)
    for each in found.values():
        each.steps = {goal.pk: by_goal[goal.pk] for goal in each.goals}
    for review in (
        Review.objects.about(subject_id).filter(plan__in=list(found)).select_related("by").newest_first()
    ):
        found[review.plan_id].reviews.append(review)
    return list(found.values())


def ended_plans(subject_id: UUID) -> list[Plan]:
    """Those that ended last."""
    rows = plans_about(subject_id).filter(ended_at__isnull=False)
    return list(rows.order_by("-ended_at", "-id")[:SHOWN_ENDED])


def reviews_about(subject_id: UUID) -> QuerySet[Review]:
    """A client's reviews that the asker may see."""
    return Review.objects.about(subject_id).select_related("compartment__scope__program", "by")


def goals_of(plan: Plan) -> list[Goal]:
    """The plan's goals that are worked on or paused, the oldest first."""
    worked_on = (Goal.State.OPEN, Goal.State.PAUSED)
    rows = Goal.objects.filter(plan=plan, state__in=worked_on).select_related("compartment__scope")
    return list(rows.order_by("created_at", "id"))


def steps_due(asker: Principal, by: date, *, most: int = MOST) -> list[Step]:
    """Steps that the asker may see and that are due by that day, the earliest first: for work lists."""
    rows = Step.objects.still_open().filter(due_on__lte=by).exclude(goal__state=Goal.State.DROPPED)
    return list(rows.select_related("goal", SCOPED).order_by("due_on", "id")[:most])


def reviews_due(asker: Principal, by: date, *, most: int = MOST) -> list[Plan]:
    """Plans that the asker may see and that are to be reviewed by that day, the earliest first."""
    rows = Plan.objects.running().filter(next_review_on__lte=by).select_related(SCOPED)
    return list(rows.order_by("next_review_on", "id")[:most])


def panel_of(subject_id: UUID) -> dict[str, Any] | None:
    """What the first page shows: the most pressing needs, the goals that are worked on, when the plan is due."""
    still = list(needs_about(subject_id).still_open().newest_first()[:MOST])
    plans = list(plans_about(subject_id).running().newest_first())
    if not still and not plans:
        return None
    goals = Goal.objects.about(subject_id).filter(plan__in=[each.pk for each in plans], state=Goal.State.OPEN)
    pressing = list(Need.Urgency.values)
    return {
        "needs": sorted(still, key=lambda need: pressing.index(need.urgency))[:6],
        "plans": plans,
        "goals": list(goals.order_by("created_at", "id")[:5]) if plans else [],
        "more_needs": max(0, len(still) - 6),
    }
