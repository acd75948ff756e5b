"""``manage.py keys …``: rotate, renew, retire, destroy, destroy-again, check."""

import re
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from consent.keys import rotation
from consent.keys.errors import KeyDestroyed, KeysUnavailable
from consent.services import keys

BASIS = re.compile(r"[A-Z0-9][A-Z0-9.§-]{1,31}")


class Command(BaseCommand):
    """Run as the application (docs/operations.md, Keys)."""

    help = "Wrapping keys and clients' keys: rotate, renew, retire, destroy, check"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One action, most of them for one client by its opaque id."""
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("rotate", help="wrap every key with the new wrapping key")
        actions.add_parser("check", help="open every key, and count them")
        actions.add_parser("destroy-again", help="after an older copy of the keys was put back")
        for action, words in (
            ("renew", "give a client another key, and write everything about them once more under it"),
            ("retire", "destroy a client's keys that were renewed an hour ago or earlier"),
            ("destroy", "destroy a client's keys for good, and with them every copy of the record"),
        ):
            one = actions.add_parser(action, help=words)
            one.add_argument("subject", type=UUID, help="the client's opaque id")
            if action == "destroy":
                one.add_argument("--reason", required=True, help="the code of the legal ground: RETENTION-7Y")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say in numbers what was done."""
        try:
            getattr(self, f"_{options['action'].replace('-', '_')}")(options)
        except (keys.NobodyKnown, KeyDestroyed, KeysUnavailable) as error:
            raise CommandError(str(error)) from None

    def _rotate(self, options: dict[str, Any]) -> None:
        self.stdout.write(
            f"keys wrapped anew: {rotation.rotate()}; the old wrapping key is not needed any more"
        )

    def _check(self, options: dict[str, Any]) -> None:
        opened, found = rotation.check_all(), rotation.state()
        self.stdout.write(
            f"clients' keys in use {found['in use']}, retired {found['retired']}, destroyed {found['destroyed']}"
        )
        for name, is_current, is_retired, wrapped in found["wrappings"]:
            word = "current" if is_current else "retired" if is_retired else "being replaced"
            self.stdout.write(f"wrapping key {name}: {word}, wraps {wrapped}")
        self.stdout.write(f"every one of {opened} keys opens")
        if revived := len(keys.revived()):
            raise CommandError(
                f"{revived} destroyed records have keys again, from an older copy: run `keys destroy-again`"
            )

    def _destroy_again(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"records destroyed once more: {keys.destroy_again()}")

    def _renew(self, options: dict[str, Any]) -> None:
        written = keys.renew_key(options["subject"])
        self.stdout.write(f"rows written under the new key: {written}; in an hour run `keys retire`")

    def _retire(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"old keys destroyed: {keys.retire_keys(options['subject'])}")

    def _destroy(self, options: dict[str, Any]) -> None:
        if not BASIS.fullmatch(options["reason"]):
            raise CommandError("--reason is a code in capitals, such as RETENTION-7Y: no sentence, no name")
        gone = keys.destroy_record(options["subject"], basis=options["reason"])
        self.stdout.write(f"keys destroyed: {gone}; what was written under them can't be read any more")
