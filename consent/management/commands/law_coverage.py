"""``manage.py law_coverage``: which paragraph which rule holds, as a page. No database and no environment."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from consent.coverage.__main__ import main


class Command(BaseCommand):
    """Print the page, or write it."""

    help = "Prints the coverage of the law; with --write, writes docs/law-coverage.md."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to write."""
        parser.add_argument("--write", action="store_true", help="write docs/law-coverage.md")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Leave with the status that says whether the data has faults."""
        sys.exit(main(["--write"] if options["write"] else []))
