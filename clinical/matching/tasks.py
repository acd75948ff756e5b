"""The clock of the matching desk."""

from celery import shared_task

from clinical.matching import services


@shared_task
def match_waiting_clients() -> None:
    """Compare the clients that wait with the rest of their legal units. No argument: a queue is no place for ids."""
    services.match_waiting()
