"""The clinical side's tasks, where Celery looks for them."""

from clinical.emergency.tasks import alarm_overdue_emergency_reviews
from clinical.matching.tasks import match_waiting_clients

__all__ = ["alarm_overdue_emergency_reviews", "match_waiting_clients"]
