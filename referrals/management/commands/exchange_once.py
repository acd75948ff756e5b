"""``manage.py exchange_once``: one round of the exchange, without a worker."""

from typing import Any

from django.core.management.base import BaseCommand

from referrals import exchange


class Command(BaseCommand):
    """Runs under ``config.settings.exchange`` only, which can open both databases."""

    help = "Carry what waits in both outboxes to the other side, once"

    def handle(self, *args: Any, **options: Any) -> None:
        """Carry it and say how much."""
        for direction, count in exchange.copy_once().items():
            self.stdout.write(f"{direction}: {count}")
