"""``manage.py end_office USERNAME ROLE PROGRAM``: somebody leaves, or goes to another program."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consent import access, services
from consent.models import Membership

PURPOSES = {"clinical": "HOPERAT", "police": "X-REFERRAL-IN"}


class Command(BaseCommand):
    """Run as the application. What the office had opened closes with it."""

    help = "End an office now: its holder keeps nothing that it had opened"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, what and where."""
        parser.add_argument("username")
        parser.add_argument("role", help="such as: social worker")
        parser.add_argument(
            "program", help="its short name, such as CO-RESPONSE; on the police side the unit's"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """End it, whether it was held once or by several rows that overlap."""
        held = Membership.objects.held_at(timezone.now()).filter(
            principal__username=options["username"],
            role__name=options["role"],
            program__slug=options["program"],
        )
        with access.opened("system:grants", PURPOSES[settings.SIDE]):
            ended = [services.end_office(membership=each) for each in held]
        if not ended:
            raise CommandError("no such office is held now: check the username, the role and the program")
        self.stdout.write("the office has ended, and what it had opened is closed")
