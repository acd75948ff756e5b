"""What changes things on the police side."""

from policecore.services.counting import send_call_counts
from policecore.services.crossing import NotPermitted, StaysWithThePolice
from policecore.services.handing import AlreadyHandedOver, hand_over, keep_with_the_police
from policecore.services.receiving import mark_received
from policecore.services.referring import make_referral
from policecore.services.units import set_up_units

__all__ = [
    "AlreadyHandedOver",
    "NotPermitted",
    "StaysWithThePolice",
    "hand_over",
    "keep_with_the_police",
    "make_referral",
    "mark_received",
    "send_call_counts",
    "set_up_units",
]
