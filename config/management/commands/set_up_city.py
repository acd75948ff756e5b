"""``manage.py set_up_city FILE.toml``: this side's organizations, programs, people and offices."""

from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config.founding.changes import Changes
from config.founding.people import give_first_passwords
from config.founding.reading import Refused, read
from consent import access, services
from consent.services import ledger


class _OnlyChecked(Exception):
    """Everything went well, and nothing of it stays."""


class Command(BaseCommand):
    """Run as the application. The whole file or nothing; running it again changes nothing."""

    help = "Write this side's city from a TOML file (docs/operations.md, docs/city.example.toml)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and what else to do with it."""
        parser.add_argument("file", type=Path, metavar="FILE.toml")
        parser.add_argument(
            "--check", action="store_true", help="do everything, say what changed, keep nothing"
        )
        parser.add_argument(
            "--passwords",
            action="store_true",
            help="give accounts without a password a first one, and print it",
        )
        parser.add_argument(
            "--decide-again",
            action="store_true",
            help="make the grants of every client of these programs anew",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, compare, write, and say in numbers what was done."""
        founding = import_module(f"config.founding.{settings.SIDE}")  # the other side's is never imported
        changes, passwords = Changes(), {}
        try:
            said = read(founding.KIND, _text(options["file"]))
            with access.opened("system:grants", founding.PURPOSE):
                at = services.lock_shared_facts()
                if problems := founding.problems(said):
                    raise Refused(problems)
                affected = founding.found(said, changes, at=at)
                programs = founding.programs_of(said) if options["decide_again"] else affected
                clients = sum(services.recompute_program(each) for each in programs)
                if options["passwords"]:
                    passwords = give_first_passwords(said.accounts)
                if changes.ids:
                    ledger.note_event("set up", resources=dict(changes.ids))
                if options["check"]:
                    raise _OnlyChecked
        except _OnlyChecked:
            passwords = {}
        except Refused as error:
            raise CommandError("nothing was changed:\n" + "\n".join(error.problems)) from None
        except DatabaseError as error:  # its text may quote a row
            raise CommandError(
                f"nothing was changed: the database refused ({type(error).__name__})"
            ) from None
        self._say(changes, clients, passwords, only_checked=options["check"])

    def _say(self, changes: Changes, clients: int, passwords: dict[str, str], *, only_checked: bool) -> None:
        for line in changes.lines:
            self.stdout.write(line)
        if clients:
            self.stdout.write(f"clients whose grants were decided again: {clients}")
        if passwords:
            self.stdout.write("first passwords, shown this once:")
        for username, password in passwords.items():
            self.stdout.write(f"  {username}  {password}")
        if only_checked:
            self.stdout.write("only checked: nothing was kept")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise Refused([f"the file can't be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise Refused(["the file is not UTF-8"]) from None
