"""What beat wakes up. No task has an argument: a queue is no place for facts about a person."""

from celery import shared_task
from django.utils import timezone

from consent.services.ledger_days import count_finished_days
from consent.services.renewal import renew_due_grants


@shared_task(soft_time_limit=50, time_limit=60)
def renew_grants() -> None:
    """Open and renew what is due by now. Runs that overlap skip each other's clients."""
    renew_due_grants()


@shared_task(soft_time_limit=250, time_limit=290)
def count_ledger_days() -> None:
    """Count what went out on each day that is over. A run with nothing to count asks once and is done."""
    count_finished_days(timezone.now())
