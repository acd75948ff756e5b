"""``manage.py seed_city``: fill this side with the synthetic city."""

from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.city import accounts, people
from config.city.calls import CALLS_IN_A_YEAR


class Command(BaseCommand):
    """Run as the application, once for each side; a second run says that it was done."""

    help = "Fill this side with the synthetic city: people, programs, clients or calls"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The size of the city, its seed, and a file of real calls instead of invented ones."""
        parser.add_argument("--side", choices=["clinical", "police"], help="checked against the settings")
        parser.add_argument("--clients", type=int, default=200, help="how many clients (default 200)")
        parser.add_argument(
            "--calls", type=int, default=CALLS_IN_A_YEAR, help=f"how many calls (default {CALLS_IN_A_YEAR})"
        )
        parser.add_argument("--seed", type=int, default=1, help="same seed, same city (default 1)")
        parser.add_argument("--cad", type=Path, metavar="FILE", help="real calls instead of invented ones")
        parser.add_argument("--layout", help="the layout of FILE, such as montgomery")
        parser.add_argument("--state", type=Path, help="folder for the accounts (default: STATE_DIR)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing, then write the accounts down."""
        if options["side"] not in (None, settings.SIDE):
            raise CommandError(f"these are the settings of the {settings.SIDE} side")
        if (options["cad"] is None) != (options["layout"] is None):
            raise CommandError("--cad and --layout belong together")
        state = options["state"] or Path(settings.STATE_DIR)
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        changed = self._fill(options)
        if not accounts.seed_file(state).exists():
            self._say("passwords of the demo accounts")
            accounts.write_seed_file(self._accounts(state), state)
        elif not changed:
            self._say("already seeded")

    def _fill(self, options: dict[str, Any]) -> bool:
        """Dispatch to this side's city; the other side's is never imported."""
        city = import_module(f"config.city.{settings.SIDE}")
        common = {"seed": options["seed"], "at": timezone.now(), "say": self._say}
        if settings.SIDE == "clinical":
            return bool(city.seed(clients=options["clients"], **common))
        file = options["cad"]
        changed = city.seed(how_many_calls=0 if file else options["calls"], **common)
        if file:
            city.take_file(file, options["layout"], say=self._say)
        return bool(changed or file)

    def _accounts(self, state: Path) -> dict[str, Any]:
        content = accounts.give_passwords(people.OF_SIDE[settings.SIDE])
        if settings.SIDE == "clinical":
            content["partner"] = import_module("config.city.partner").register(state)
        return content

    def _say(self, text: str) -> None:
        self.stdout.write(text)
