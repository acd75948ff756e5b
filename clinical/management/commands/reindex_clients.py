"""``manage.py reindex_clients [--unit SLUG]``: make the blind index anew, after its key was changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinical.search import services
from consent.models import LegalUnit


class Command(BaseCommand):
    """Run as the application. Stopped, it goes on where it was; a client under the key in use is left alone."""

    help = "Index every client that is not in its legal unit's blind index under the key in use"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which legal unit; all by default."""
        parser.add_argument("--unit", metavar="SLUG", help="one legal unit, such as care; default all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Unit by unit."""
        units = LegalUnit.objects.order_by("slug")
        if options["unit"]:
            units = units.filter(slug=options["unit"])
        if not units:
            raise CommandError("no such legal unit")
        for unit in units:
            written, seen = services.index_again(unit)
            self.stdout.write(f"{unit.slug}: {written} of {seen} clients indexed")
