"""``manage.py install_principal_key``: let the database check the principals that this side signs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    """Run as the owner (``BULKHEAD_AS=owner``); the key lands where no other role can read it."""

    help = "Put the principal-signing key into the database (as its owner)"

    def handle(self, *args: Any, **options: Any) -> None:
        """Insert or replace the key."""
        key = Path(settings.PRINCIPAL_KEY_FILE).read_bytes().strip()
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into sec.key (one, bytes) values (1, %s) "
                "on conflict (one) do update set bytes = excluded.bytes",
                [key],
            )
        self.stdout.write("principal key installed")
