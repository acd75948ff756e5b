"""``manage.py set_up_units --organization NAME``: the police side's units, zones and offices."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from consent.models import Organization
from policecore.services import set_up_units


class Command(BaseCommand):
    """Make seven zones and Downtown, the unit of each, the dispatch feed's unit, and what their offices open."""

    help = "Make the zones, their units and their offices. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--organization NAME [--signed-by NAME]``."""
        parser.add_argument("--organization", required=True, help="the police department's name")
        parser.add_argument(
            "--signed-by",
            default="",
            help="who determined that no health or victim law covers the department itself",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing."""
        department, _made = Organization.objects.get_or_create(
            name=options["organization"],
            defaults={"kind": Organization.Kind.POLICE, "is_criminal_justice_agency": True},
        )
        units = set_up_units(organization=department, signed_by=options["signed_by"])
        self.stdout.write(f"units: {', '.join(unit.slug for unit in units)}")
