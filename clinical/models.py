"""The app's models, each kept with its subject."""

from clinical.bench.models import BenchScenario
from clinical.clients.models import Client
from clinical.encounters.models import Encounter, Note
from clinical.intake.models import Card
from clinical.matching.models import Pair
from clinical.search.models import SearchCount, SearchToken, Unmatched
from clinical.units.models import Shift, Team, Zone

__all__ = [
    "BenchScenario",
    "Card",
    "Client",
    "Encounter",
    "Note",
    "Pair",
    "SearchCount",
    "SearchToken",
    "Shift",
    "Team",
    "Unmatched",
    "Zone",
]
