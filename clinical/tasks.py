"""The clinical side's tasks, where Celery looks for them."""

from clinical.dropin.tasks import build_service_days
from clinical.emergency.tasks import alarm_overdue_emergency_reviews
from clinical.matching.tasks import match_waiting_clients

__all__ = ["alarm_overdue_emergency_reviews", "build_service_days", "match_waiting_clients"]
