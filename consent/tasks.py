"""What beat wakes up. No task has an argument: a queue is no place for facts about a person."""

from celery import shared_task

from consent.services.renewal import renew_due_grants


@shared_task(soft_time_limit=50, time_limit=60)
def renew_grants() -> None:
    """Open and renew what is due by now. Runs that overlap skip each other's clients."""
    renew_due_grants()
