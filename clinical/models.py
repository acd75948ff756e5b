"""The app's models, each kept with its subject."""

from clinical.bench.models import BenchScenario
from clinical.clients.models import Client
from clinical.complaints.models import Complaint
from clinical.consents.models import SignedPaper, UnsignedForm
from clinical.contacts.models import Contact, Household
from clinical.documents.models import Document
from clinical.dropin.models import AnonymousVisit, DeskCard, ServiceDay, Visit
from clinical.encounters.models import Encounter, InvoluntaryExamination, Note
from clinical.episodes.models import Demographics, Episode, EpisodeRecord, StageMove
from clinical.field.models import BothPresent, Draft, LoneWorkerWatch, Parcel, Phone, Window
from clinical.groups.models import GroupMember, GroupSession
from clinical.handover.models import HandOver
from clinical.health.models import HealthFact
from clinical.instruments.models import Screening
from clinical.intake.models import CallCount, Card
from clinical.lowering.models import Lowering
from clinical.matching.models import Pair
from clinical.merging.models import Joined
from clinical.plans.models import Goal, Need, Plan, Review, Step
from clinical.responses.models import Coverage, ResponseModel
from clinical.safecontact.models import SafeContact
from clinical.safety.models import SafetyPlan
from clinical.search.models import SearchCount, SearchToken, Unmatched
from clinical.trauma.models import CommunityEvent, EventAction, Slip
from clinical.units.models import Shift, Team, Zone
from clinical.worktime.models import Activity, Collateral

__all__ = [
    "Activity",
    "AnonymousVisit",
    "BenchScenario",
    "BothPresent",
    "CallCount",
    "Card",
    "Client",
    "Collateral",
    "CommunityEvent",
    "Complaint",
    "Contact",
    "Coverage",
    "Demographics",
    "DeskCard",
    "Document",
    "Draft",
    "Encounter",
    "Episode",
    "EpisodeRecord",
    "EventAction",
    "Goal",
    "GroupMember",
    "GroupSession",
    "HandOver",
    "HealthFact",
    "Household",
    "InvoluntaryExamination",
    "Joined",
    "LoneWorkerWatch",
    "Lowering",
    "Need",
    "Note",
    "Pair",
    "Parcel",
    "Phone",
    "Plan",
    "ResponseModel",
    "Review",
    "SafeContact",
    "SafetyPlan",
    "Screening",
    "SearchCount",
    "SearchToken",
    "ServiceDay",
    "Shift",
    "SignedPaper",
    "Slip",
    "StageMove",
    "Step",
    "Team",
    "Unmatched",
    "UnsignedForm",
    "Visit",
    "Window",
    "Zone",
]
