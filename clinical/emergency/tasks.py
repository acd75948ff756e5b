"""What beat wakes up: a row says when, the task has no argument."""

from celery import shared_task
from django.utils import timezone

from consent import access
from consent.services.emergency import alarm_overdue_reviews


@shared_task(soft_time_limit=50, time_limit=60)
def alarm_overdue_emergency_reviews() -> None:
    """Raise an alarm for each review that is overdue, once."""
    with access.opened("system:emergency", "HCOMPL"):
        alarm_overdue_reviews(timezone.now())
