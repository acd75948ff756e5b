"""Which records can be kept less closely than they are."""

from collections.abc import Mapping

from clinical.encounters.models import Note
from clinical.health.models import HealthFact
from clinical.lowering.models import Lowering
from consent import services

Lowerable = HealthFact | Note
MODELS: Mapping[str, type[HealthFact] | type[Note]] = {
    Lowering.Record.FACT: HealthFact,
    Lowering.Record.NOTE: Note,
}


def model_of(asked: Lowering) -> type[HealthFact] | type[Note]:
    """The model of the record that was asked about."""
    return MODELS[asked.record]


def name_of(row: Lowerable) -> str:
    """What sort of record it is, as `Lowering` names it."""
    return next(name for name, model in MODELS.items() if isinstance(row, model))


def takes_away_from(row: Lowerable) -> list[str]:
    """The segments that could be taken off: all but the program's own."""
    scope = row.compartment.scope
    return sorted(set(scope.segments) - set(services.profile(scope.program).note))
