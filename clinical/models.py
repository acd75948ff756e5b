"""The app's models, each kept with its subject."""

from clinical.bench.models import BenchScenario
from clinical.clients.models import Client
from clinical.consents.models import SignedPaper, UnsignedForm
from clinical.encounters.models import Encounter, InvoluntaryExamination, Note
from clinical.episodes.models import Demographics, Episode, EpisodeRecord, StageMove
from clinical.instruments.models import Screening
from clinical.intake.models import Card
from clinical.matching.models import Pair
from clinical.responses.models import Coverage, ResponseModel
from clinical.search.models import SearchCount, SearchToken, Unmatched
from clinical.units.models import Shift, Team, Zone

__all__ = [
    "BenchScenario",
    "Card",
    "Client",
    "Coverage",
    "Demographics",
    "Encounter",
    "Episode",
    "EpisodeRecord",
    "InvoluntaryExamination",
    "Note",
    "Pair",
    "ResponseModel",
    "Screening",
    "SearchCount",
    "SearchToken",
    "Shift",
    "SignedPaper",
    "StageMove",
    "Team",
    "Unmatched",
    "UnsignedForm",
    "Zone",
]
