"""``manage.py open_inbox``: what the worker does each second, without a worker."""

from typing import Any

from django.core.management.base import BaseCommand

from referrals import services


class Command(BaseCommand):
    """Follow-ups go on when the queue and its workers are gone: run this from cron."""

    help = "Open the envelopes that are due on this side, once"

    def handle(self, *args: Any, **options: Any) -> None:
        """Open them and say how many."""
        self.stdout.write(f"opened {services.open_inbox()}")
