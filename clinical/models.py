"""The app's models, each kept with its subject."""

from clinical.bench.models import BenchScenario
from clinical.clients.models import Client
from clinical.consents.models import SignedPaper, UnsignedForm
from clinical.encounters.models import Encounter, InvoluntaryExamination, Note
from clinical.episodes.models import Demographics, Episode, EpisodeRecord, StageMove
from clinical.field.models import BothPresent, Draft, LoneWorkerWatch, Parcel, Phone, Window
from clinical.instruments.models import Screening
from clinical.intake.models import Card
from clinical.matching.models import Pair
from clinical.responses.models import Coverage, ResponseModel
from clinical.search.models import SearchCount, SearchToken, Unmatched
from clinical.units.models import Shift, Team, Zone

__all__ = [
    "BenchScenario",
    "BothPresent",
    "Card",
    "Client",
    "Coverage",
    "Demographics",
    "Draft",
    "Encounter",
    "Episode",
    "EpisodeRecord",
    "InvoluntaryExamination",
    "LoneWorkerWatch",
    "Note",
    "Pair",
    "Parcel",
    "Phone",
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
    "Window",
    "Zone",
]
