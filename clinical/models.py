"""The app's models, each kept with its subject."""

from clinical.bench.models import BenchScenario
from clinical.clients.models import Client
from clinical.encounters.models import Encounter, Note
from clinical.intake.models import Card
from clinical.units.models import Shift, Team, Zone

__all__ = ["BenchScenario", "Card", "Client", "Encounter", "Note", "Shift", "Team", "Zone"]
