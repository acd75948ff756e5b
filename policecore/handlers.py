"""What this side does with an envelope that arrives."""

from uuid import UUID

from policecore.services import mark_received
from referrals import services as post_box
from referrals.services import Received


def register() -> None:
    """Name the handler of each kind; called once when the site starts."""
    post_box.register(Received, received)


def received(value: Received, envelope_id: UUID) -> None:
    """The clinical side has it. That is all this side ever learns."""
    mark_received(value.referral_id)
