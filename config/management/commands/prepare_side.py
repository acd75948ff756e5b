"""``manage.py prepare_side``: bring a side's database and static files to the state of this code."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Run as the owner (``BULKHEAD_AS=owner``). One process, because each start of Django takes seconds."""

    help = "Prepare the keys, migrate, install the principal-signing key, collect static files (as the owner)"

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the four in order, and say so: on a fresh machine the second takes a while."""
        call_command("prepare_keys", stdout=self.stdout)
        self.stdout.write("migrating the database")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("install_principal_key", stdout=self.stdout)
        self._collect_static_files()

    def _collect_static_files(self) -> None:
        """Collect them unless those that lie there came from the very same files."""
        root = Path(settings.STATIC_ROOT)
        stamp = root / "collected-from.txt"
        sources = _fingerprint_of_sources()
        if stamp.exists() and stamp.read_text() == sources:
            return
        self.stdout.write("collecting static files")
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(sources)


def _fingerprint_of_sources() -> str:
    lines = []
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path)).stat()
            lines.append(f"{path} {file.st_size} {file.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
