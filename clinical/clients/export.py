"""The client list as a file: what the screen shows, row by row, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable

from clinical.clients.models import Client

COLUMNS = ("Name", "Born", "Program", "Known since")
# What a spreadsheet takes for a formula, the wide forms of the same signs too.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(clients: Iterable[Client]) -> bytes:
    """A line for each client, UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for client in clients:
        born = client.born_on.isoformat() if client.born_on else ""
        program, since = client.compartment.scope.program.name, client.created_at.date().isoformat()
        writer.writerow([inert(cell) for cell in (client.called, born, program, since)])
    return text.getvalue().encode("utf-8-sig")


def inert(cell: str) -> str:
    """The text, never a formula: an apostrophe before what would be one, behind spaces as well."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(FORMULAS) else cell
