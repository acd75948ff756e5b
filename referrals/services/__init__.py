"""What other apps may do with the post-box; the kinds that cross are named here too."""

from referrals.envelopes import (
    CallCounts,
    CheckpointTold,
    Envelope,
    IncidentHanded,
    Malformed,
    Received,
    ReferralMade,
)
from referrals.services.inbox import open_inbox, register, retry_envelope, set_envelope_aside
from referrals.services.outbox import send
from referrals.services.witnessing import checkpoint_told, tell_checkpoint

__all__ = [
    "CallCounts",
    "CheckpointTold",
    "Envelope",
    "IncidentHanded",
    "Malformed",
    "Received",
    "ReferralMade",
    "checkpoint_told",
    "open_inbox",
    "register",
    "retry_envelope",
    "send",
    "set_envelope_aside",
    "tell_checkpoint",
]
