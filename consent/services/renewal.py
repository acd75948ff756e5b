"""The sweep: what the clock alone changes. What ends, ends by itself; this opens and renews."""

import logging
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow

from consent import access
from consent.models import Compartment, NextChange
from consent.services.grants import recompute_grants
from consent.services.locks import try_lock_client
from consent.services.offices import renew_offices

log = logging.getLogger("bulkhead.grants")
PURPOSES = {"clinical": "HOPERAT", "police": "X-REFERRAL-IN"}
MOST_CLIENTS = 500  # in one run; the next one is seconds away


def renew_due_grants(*, most: int = MOST_CLIENTS) -> int:
    """Recompute the clients for whom something is due by now, each in a transaction of its own.

    Runs that overlap skip each other's clients, and one that somebody else is changing
    waits for the next run. One that can't be recomputed keeps nobody else waiting.
    Again is the same.

    Returns:
        How many clients were recomputed.
    """
    with access.opened("system:grants", PURPOSES[settings.SIDE]):
        renew_offices()
    renewed, left_out = 0, set[UUID]()
    while renewed < most:
        subject_id = None
        try:
            with access.opened("system:grants", PURPOSES[settings.SIDE]):
                subject_id = _claim(left_out)
                if subject_id is None:
                    break
                if not try_lock_client(subject_id):
                    left_out.add(subject_id)
                    continue
                recompute_grants(subject_id)
            renewed += 1
        except Exception as error:
            if subject_id is None:
                raise
            log.error("grants not renewed: %s", type(error).__name__)
            left_out.add(subject_id)
    return renewed


def renew_all_grants() -> int:
    """Recompute every client there is, each in a transaction of its own; how many there were."""
    purpose = PURPOSES[settings.SIDE]
    with access.opened("system:grants", purpose):
        subjects = sorted(set(Compartment.objects.values_list("subject_id", flat=True)))
    for subject_id in subjects:
        with access.opened("system:grants", purpose):
            recompute_grants(subject_id)
    return len(subjects)


def _claim(left_out: set[UUID]) -> UUID | None:
    """The client that is due longest, kept from other sweeps."""
    due = NextChange.objects.filter(at__lte=TransactionNow()).exclude(pk__in=left_out)
    row = due.select_for_update(skip_locked=True).order_by("at", "pk").first()
    return None if row is None else row.subject_id
