"""Keeping a question and throwing it away."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from clinical.bench.models import BenchScenario
from consent.models import Principal
from consent.services import ledger


@transaction.atomic
def keep(*, name: str, note: str, question: Mapping[str, Any], by: Principal) -> BenchScenario:
    """Keep the question under a name."""
    made = BenchScenario.objects.create(name=name, note=note, question=dict(question), created_by=by)
    _note("kept", made)
    return made


@transaction.atomic
def throw_away(scenario: BenchScenario, *, by: Principal) -> None:
    """Delete it for good; the ledger keeps that, and by whom."""
    _note("deleted", scenario)
    scenario.delete()


def _note(what: str, scenario: BenchScenario) -> None:
    ledger.note_event(
        "write",
        reason=f"a scenario of the bench was {what}",
        resources={scenario._meta.label_lower: [str(scenario.pk)]},
        record_count=1,
    )
