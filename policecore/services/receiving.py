"""*Received*: the one word that comes back, for referrals and handed calls alike."""

from uuid import UUID

from policecore.models import Incident, OfficerReferral, Word


def mark_received(matter_id: UUID) -> None:
    """What was sent under ``matter_id`` has arrived; a second time changes nothing.

    An id that nobody here knows is no error: nothing is told by refusing it.
    """
    OfficerReferral.objects.filter(pk=matter_id).update(word=Word.RECEIVED)
    handed = Incident.objects.filter(pk=matter_id, handed_over_at__isnull=False)
    handed.update(handover_word=Word.RECEIVED)
