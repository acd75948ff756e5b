"""``manage.py prepare_keys``: the tables of this side's keys database, as its owner."""

import os
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consent.keys import rotation, schema
from consent.keys.errors import KeysUnavailable


class Command(BaseCommand):
    """Reads ``KEYS_URL_OWNER``. A second run changes nothing."""

    help = "Make the tables of the keys database, and write down which wrapping key it belongs to"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Tables and rights as the owner, then the wrapping key as the login that sites use."""
        url = os.environ.get("KEYS_URL_OWNER", "")
        if not url:
            raise CommandError("the environment variable KEYS_URL_OWNER is not set (docs/operations.md)")
        login = str(psycopg.conninfo.conninfo_to_dict(settings.KEYS_URL)["user"])
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=3) as owner:
                schema.install(owner, login)
            is_new = rotation.adopt_first()
        except psycopg.Error as error:
            raise CommandError(f"the keys database refused ({type(error).__name__})") from None
        except KeysUnavailable as error:
            raise CommandError(str(error)) from None
        self.stdout.write("keys database prepared" if is_new else "keys database is as it was")
