"""What beat wakes up each second, and each hour. No task has an argument: a queue is no place for facts about a person."""

from celery import shared_task

from referrals import exchange, services


@shared_task(soft_time_limit=50, time_limit=60)
def open_inbox() -> None:
    """Open the envelopes that are due on this side. Runs that overlap skip each other's rows."""
    services.open_inbox()


@shared_task(soft_time_limit=50, time_limit=60)
def tell_checkpoint() -> None:
    """Tell the other side of this hour's checkpoint of the ledger."""
    services.tell_checkpoint()


@shared_task(soft_time_limit=50, time_limit=60)
def copy_envelopes() -> None:
    """Carry what waits, both ways. Of runs that overlap, one does the round."""
    exchange.copy_once()
