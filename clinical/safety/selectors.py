"""Reading safety plans for somebody."""

from uuid import UUID

from django.db.models import QuerySet

from clinical.safety.models import PARTS, SafetyPlan
from consent.access import NothingToTell
from consent.models import Principal, Program

SCOPED = "compartment__scope__program__unit"


def safety_plans_about(subject_id: UUID) -> QuerySet[SafetyPlan]:
    """A client's safety plans that the asker may see, every version."""
    return SafetyPlan.objects.about(subject_id).select_related("compartment__scope__program", "by")


def current_about(subject_id: UUID) -> list[SafetyPlan]:
    """Those that count now: one for each program that has one, the newest first."""
    return list(safety_plans_about(subject_id).current().newest_first())


def current_in(subject_id: UUID, program: Program) -> SafetyPlan | None:
    """The program's own."""
    rows = safety_plans_about(subject_id).current()
    return rows.filter(compartment__scope__program=program).newest_first().first()


def safety_plan_seen_by(asker: Principal, plan_id: UUID) -> SafetyPlan:
    """The version, if ``asker`` may see it; otherwise `NothingToTell`."""
    found = SafetyPlan.objects.filter(pk=plan_id).select_related(SCOPED, "by").first()
    if found is None:
        raise NothingToTell(f"safety plan `{plan_id}` is not there for `{asker.uid}`")
    return found


def parts_of(plan: SafetyPlan) -> list[tuple[str, str]]:
    """Heading and text of each part that says something, in the order in which it is used."""
    return [(words, plan.parts[name]) for name, (words, _hint) in PARTS.items() if plan.parts.get(name)]
