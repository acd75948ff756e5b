"""The police side's tasks, where Celery looks for them."""

from celery import shared_task
from django.utils import timezone

from policecore.services import send_call_counts


@shared_task(soft_time_limit=250, time_limit=290)
def send_counts() -> None:
    """Send the counts of calls that are due. Running twice sends nothing twice."""
    send_call_counts(timezone.now())
