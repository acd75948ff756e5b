"""Who asks, what is asked for, what they signed, what was answered."""

from consent.models.checkpoints import Checkpoint, Tile, WitnessedCheckpoint
from consent.models.compartments import (
    Assignment,
    Compartment,
    Grant,
    NextChange,
    OfficeGrant,
    Scope,
)
from consent.models.counters import Counter
from consent.models.emergency import (
    EmergencyAccess,
    EmergencyAlarm,
    EmergencyAttempt,
    Holiday,
)
from consent.models.encrypted import (
    EncryptedBinaryField,
    EncryptedDateField,
    EncryptedJSONField,
    EncryptedTextField,
)
from consent.models.forms import Consent, Restriction
from consent.models.ledger import LedgerDay, LedgerEntry
from consent.models.life import LifeDates
from consent.models.lives import ProgramChange
from consent.models.organizations import (
    Agreement,
    Determination,
    LegalUnit,
    Organization,
    Program,
)
from consent.models.principals import Membership, Principal
from consent.models.protected import Protected, ProtectedQuerySet

__all__ = [
    "Agreement",
    "Assignment",
    "Checkpoint",
    "Compartment",
    "Consent",
    "Counter",
    "Determination",
    "EmergencyAccess",
    "EmergencyAlarm",
    "EmergencyAttempt",
    "EncryptedBinaryField",
    "EncryptedDateField",
    "EncryptedJSONField",
    "EncryptedTextField",
    "Grant",
    "Holiday",
    "LedgerDay",
    "LedgerEntry",
    "LegalUnit",
    "LifeDates",
    "Membership",
    "NextChange",
    "OfficeGrant",
    "Organization",
    "Principal",
    "Program",
    "ProgramChange",
    "Protected",
    "ProtectedQuerySet",
    "Restriction",
    "Scope",
    "Tile",
    "WitnessedCheckpoint",
]
