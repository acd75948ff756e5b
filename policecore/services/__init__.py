"""What changes things on the police side."""

from policecore.services.crossing import NotPermitted
from policecore.services.handing import AlreadyHandedOver, hand_over
from policecore.services.receiving import mark_received
from policecore.services.referring import make_referral
from policecore.services.units import set_up_units

__all__ = [
    "AlreadyHandedOver",
    "NotPermitted",
    "hand_over",
    "make_referral",
    "mark_received",
    "set_up_units",
]
