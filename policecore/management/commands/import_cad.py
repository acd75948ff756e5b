"""``manage.py import_cad FILE --layout montgomery``: a city's 911 calls, in its own columns."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from policecore.cad import layout as layouts
from policecore.cad import services
from policecore.models import QuarantinedRow


class Command(BaseCommand):
    """Read a file of calls into incidents of their zones' units."""

    help = "Import a file of 911 calls (.csv or .csv.gz). Importing it again adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``FILE --layout NAME [--shift-to-now]``."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--layout",
            required=True,
            help=f"{', '.join(layouts.names())}; docs/layouts.md tells how to add one",
        )
        parser.add_argument(
            "--shift-to-now",
            action="store_true",
            help="move all calls in time so that the file's last one is now",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, then say what became of every row."""
        path: Path = options["file"]
        try:
            layout = layouts.load(options["layout"])
        except layouts.BadLayout as error:
            raise CommandError(str(error)) from error
        if not path.is_file():
            raise CommandError(f"{path.name}: there is no such file")
        size = path.stat().st_size
        with tqdm(total=size, unit="B", unit_scale=True, desc=path.name) as bar:
            try:
                totals = services.import_file(
                    path,
                    layout,
                    shift_to_now=options["shift_to_now"],
                    progress=lambda position: bar.update(position - bar.n),
                )
                bar.update(size - bar.n)
            except services.BrokenFile as error:
                raise CommandError(f"{path.name}: {error}. Nothing of it was imported.") from error
            except services.NotReady as error:
                raise CommandError(f"{error}. Nothing was imported.") from error
        self._tell(path, layout, totals)

    def _tell(self, path: Path, layout: layouts.Layout, totals: services.Totals) -> None:
        say = self.stdout.write
        say(f"{path.name}: {layout.title}")
        for words, number in (
            ("read", totals.read),
            ("new", totals.new),
            ("already known", totals.known),
            ("quarantined", totals.quarantined),
        ):
            say(f"  {words:<14}{number:>10,}")
        for reason, number in sorted(totals.reasons.items()):
            say(f"    {number:,} × {reason}: {QuarantinedRow.Reason(reason).label}")
        if totals.shifted_by and totals.new:
            say(f"  Moved in time by {totals.shifted_by}: these calls did not happen when they say.")
        if totals.read != totals.new + totals.known + totals.quarantined:
            raise CommandError("the totals do not add up: rows were lost; please report this")
