"""What the matrix finds of plans, people and papers."""

from collections.abc import Callable
from typing import Any

from clinical.models import (
    Contact,
    Document,
    Goal,
    HandOver,
    Household,
    Need,
    Plan,
    Review,
    SafetyPlan,
    Step,
)
from consent.models import Compartment


def records(make: Callable[..., Any], compartment: Compartment, writer: Any) -> dict[str, Any]:
    """A plan with all that hangs on it, and the papers and people around a client: id by kind."""
    need = make(Need, compartment, writer, by=writer, area="food")
    plan = make(Plan, compartment, writer, by=writer)
    goal = make(Goal, compartment, writer, by=writer, plan=plan, need=need)
    step = make(Step, compartment, writer, by=writer, goal=goal, who="client")
    review = make(Review, compartment, writer, by=writer, plan=plan, goals=[], together="present")
    safety = make(SafetyPlan, compartment, writer, by=writer)
    household = make(Household, compartment, writer, by=writer, kind="family")
    contact = make(Contact, compartment, writer, by=writer, household=household, relation="friend")
    document = make(
        Document, compartment, writer, by=writer, kind="letter", media="application/pdf", content=b"%PDF-1.7",
        size=8,
    )  # fmt: skip
    make(HandOver, compartment, writer, by=writer, giver=writer, taker=writer, how="full", reason="fit")
    return {
        "need": need.pk, "plan": plan.pk, "goal": goal.pk, "step": step.pk, "review": review.pk,
        "safety_plan": safety.pk, "contact": contact.pk, "document": document.pk,
    }  # fmt: skip
