"""Writing the safety plan: each version replaces the one before, which stays."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from clinical.safety.models import PARTS, SafetyPlan
from clinical.writing import check_may, place_for
from consent.labels.kinds import Kind
from consent.models import Principal, Program

KINDS = (Kind.RISK,)  # `law/rules.md` section 2: a safety plan is RISK


@transaction.atomic
def write_safety_plan(
    *,
    subject_id: UUID,
    program: Program,
    by: Principal,
    parts: Mapping[str, str],
    copy: str,
    is_theirs: bool,
    at: datetime,
) -> SafetyPlan:
    """Keep a new version in the program's own segments and ``RISK``."""
    compartment = place_for(subject_id, program, by, KINDS)
    said = {name: parts[name] for name in PARTS if parts.get(name)}
    plan = SafetyPlan(compartment=compartment, by=by, parts=said, copy=copy, is_theirs=is_theirs)
    check_may(by, "add", plan)
    for earlier in SafetyPlan.objects.filter(compartment=compartment).current():
        check_may(by, "change", earlier)
        earlier.replaced_at = at
        earlier.save(update_fields=["replaced_at"])
    plan.save(force_insert=True)
    return plan
