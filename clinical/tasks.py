"""The clinical side's tasks, where Celery looks for them."""

from clinical.matching.tasks import match_waiting_clients

__all__ = ["match_waiting_clients"]
