"""The app's models, each kept with its subject."""

from clinical.clients.models import Client
from clinical.encounters.models import Encounter, Note
from clinical.intake.models import Card
from clinical.units.models import Shift, Team, Zone

__all__ = ["Card", "Client", "Encounter", "Note", "Shift", "Team", "Zone"]
