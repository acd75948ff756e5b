"""What each side tells the other of its ledger, and what it makes of what it is told."""

import logging
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from consent.ledger.files import BadFile
from consent.ledger.witness import DigestWitness, Refused, Told, digest_of, padded
from consent.models import Checkpoint, WitnessedCheckpoint
from consent.services.ledger import note_event

log = logging.getLogger("bulkhead.witness")


def to_tell() -> Told | None:
    """This hour's word: the last checkpoint from before it began, whenever in the hour one asks."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    last = Checkpoint.objects.filter(sealed_at__lt=hour).order_by("-number").first()
    if last is None:
        return None
    return Told(hour=hour, digest=digest_of(last.note), padded_size=padded(last.size))


def take(*, hour: datetime, digest: str, padded_size: int, envelope_id: UUID) -> None:
    """Keep it in the file first and then in the table, both of which are only added to.

    A contradiction is kept in the table as refused, told to whoever reads the log, and
    shown until somebody has looked into it; the envelope counts as opened.

    Raises:
        OSError: the file can't be written; the envelope is tried again.
    """
    told = Told(hour=hour, digest=digest, padded_size=padded_size)
    refused = ""
    try:
        if not DigestWitness(settings.LEDGER_FILES["witnessed"]).add(told) and _is_known(told):
            return
    except (Refused, BadFile) as error:
        refused = error.code if isinstance(error, Refused) else "file"
        log.critical("LEDGER-WITNESS-CONFLICT %s: %s", settings.OTHER_SIDE, refused)
        note_event("receive", outcome="failed", reason=f"checkpoint refused: {refused}")
    WitnessedCheckpoint.objects.create(
        hour=hour, digest=digest, padded_size=padded_size, refused=refused, envelope_id=envelope_id
    )


def _is_known(told: Told) -> bool:
    return WitnessedCheckpoint.objects.filter(hour=told.hour, digest=told.digest, refused="").exists()
