"""``manage.py ledger SUBCOMMAND``: what is asked of the whole ledger, each in a module of its own."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from consent.management.ledger import subcommands


class Command(BaseCommand):
    """Hands on to the subcommand, and leaves with the status that it gives back."""

    help = "Asks something of the whole ledger"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Each subcommand declares its own."""
        choices = parser.add_subparsers(dest="subcommand", required=True, metavar="SUBCOMMAND")
        for name, module in subcommands().items():
            told = (module.__doc__ or "").strip()
            chosen = choices.add_parser(name, help=told.split("\n", 1)[0], description=told)
            chosen.set_defaults(run=module.run)
            module.add_arguments(chosen)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the one that was chosen."""
        sys.exit(options["run"](options, self.stdout))
