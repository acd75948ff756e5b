"""``manage.py renew_grants``: open and renew what the clock has changed, as the worker does by itself."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from consent.services.renewal import renew_all_grants, renew_due_grants


class Command(BaseCommand):
    """Run as the application; again changes nothing."""

    help = "Open and renew the grants that are due by now"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """All of them, or those that are due."""
        parser.add_argument("--all", action="store_true", help="every client, due or not")

    def handle(self, *args: Any, **options: Any) -> None:
        """Renew, and say for how many clients."""
        renewed = renew_all_grants() if options["all"] else self._due()
        self.stdout.write(f"clients whose grants were decided again: {renewed}")

    @staticmethod
    def _due() -> int:
        total = 0
        while found := renew_due_grants():
            total += found
        return total
