"""The locks under which grants are made, always taken in one order: shared facts first, then clients.

Most changes are about one client: the standing facts are shared, the client is locked. What
reaches several clients (an office, a determination, an agreement, an account) takes the facts
for itself, because a client that somebody adds meanwhile would be missed.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

_FACTS = "hashtextextended('bulkhead: facts that several clients share', 0)"
_CLIENT = "hashtextextended(%s, 0)"


def lock_client(subject_id: UUID) -> datetime:
    """Wait for whoever else is changing this client's facts; held until the transaction ends.

    Returns:
        The database's clock once the lock is held: nothing that was changed before lies after it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"select pg_advisory_xact_lock_shared({_FACTS}), pg_advisory_xact_lock({_CLIENT}), clock_timestamp()",
            [str(subject_id)],
        )
        return cursor.fetchone()[2]


def try_lock_client(subject_id: UUID) -> bool:
    """The same without waiting: is it locked for us?"""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select pg_try_advisory_xact_lock_shared({_FACTS}) and pg_try_advisory_xact_lock({_CLIENT})",
            [str(subject_id)],
        )
        return bool(cursor.fetchone()[0])


def lock_shared_facts() -> datetime:
    """Wait until nobody makes grants, and let nobody until the transaction ends.

    Returns:
        The database's clock once the lock is held.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"select pg_advisory_xact_lock({_FACTS}), clock_timestamp()")
        return cursor.fetchone()[1]


def lock_clients(subject_ids: Iterable[UUID]) -> list[UUID]:
    """Lock several, in the order in which everybody does; that order."""
    ordered = sorted(set(subject_ids))
    for subject_id in ordered:
        lock_client(subject_id)
    return ordered
