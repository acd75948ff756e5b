"""Referring to a partner, and what the partner does with it."""

from referrals.partners.obligations import CannotFulfil
from referrals.partners.services.answers import Conflict, accept, complete, reject, start
from referrals.partners.services.releases import ReferralRefused, read, refer

__all__ = [
    "CannotFulfil",
    "Conflict",
    "ReferralRefused",
    "accept",
    "complete",
    "read",
    "refer",
    "reject",
    "start",
]
