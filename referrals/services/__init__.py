"""What other apps may do with the post-box; the kinds that cross are named here too."""

from referrals.envelopes import Envelope, IncidentHanded, Malformed, Received, ReferralMade
from referrals.services.inbox import open_inbox, register, retry_envelope, set_envelope_aside
from referrals.services.outbox import send

__all__ = [
    "Envelope",
    "IncidentHanded",
    "Malformed",
    "Received",
    "ReferralMade",
    "open_inbox",
    "register",
    "retry_envelope",
    "send",
    "set_envelope_aside",
]
