"""Each side is a witness of the other's ledger: it is told a hash and a padded size once an hour."""

from uuid import UUID

from consent import access
from consent.services import sealing
from referrals.envelopes import CHECKPOINTS, CheckpointTold
from referrals.services.outbox import send

WITNESS, PURPOSE = "system:witness", "X-WITNESSING"


def tell_checkpoint() -> bool:
    """Tell the other side of this hour's checkpoint; ``False`` while nothing was sealed before the hour.

    Told twice within an hour, it is the same word: the checkpoint is the last before the hour began.
    """
    with access.opened(WITNESS, PURPOSE):
        told = sealing.to_tell()
        if told is None:
            return False
        value = CheckpointTold(hour=told.hour, digest=told.digest, padded_size=told.padded_size)
        send(value, subject_id=CHECKPOINTS)
    return True


def checkpoint_told(value: CheckpointTold, envelope_id: UUID) -> None:
    """Keep what the other side told; what contradicts what it told before raises an alarm, and is kept as well."""
    sealing.take(hour=value.hour, digest=value.digest, padded_size=value.padded_size, envelope_id=envelope_id)
