"""The night shift of the desk."""

from celery import shared_task
from django.utils import timezone

from clinical.dropin import services


@shared_task
def build_service_days() -> None:
    """Build the rows of the days that are over. No argument: a queue is no place for ids."""
    services.build_service_days(timezone.now())
