"""Decides every receipt of a period again, as of its time, and says which answer differs.

Leaves with 0 when all agree, with 1 when one doesn't, with 2 when the period can't be read.
"""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from consent.management.ledger import Writable

AGREES, DIFFERS, UNREADABLE = 0, 1, 2


def add_arguments(parser: ArgumentParser) -> None:
    """From when, until when, and whether a machine reads the answer."""
    parser.add_argument(
        "--since", required=True, metavar="WHEN", help="a day (its local midnight) or an instant"
    )
    parser.add_argument("--until", metavar="WHEN", help="not this instant any more; now if it isn't said")
    parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object a line")


def run(options: Mapping[str, Any], out: Writable) -> int:
    """Decide again; a line for each entry that differs, and one for all."""
    from consent.services.replay import replay  # reads models, which load with the settings

    try:
        since = _instant(options["since"])
        until = _instant(options["until"]) if options["until"] else timezone.now()
    except ValueError as error:
        out.write(f"no such day or instant: {error}\n")
        return UNREADABLE
    decided = differing = erased = 0
    try:
        for verdict in replay(since, until):
            if verdict.is_erased:
                erased += 1
                continue
            decided += 1
            if verdict.differences:
                differing += 1
                _tell(out, verdict, options["as_json"])
    except (DatabaseError, OSError) as error:
        out.write(f"the ledger can't be read: {type(error).__name__}\n")
        return UNREADABLE
    if options["as_json"]:
        told = {"decided": decided, "agree": decided - differing, "differ": differing, "erased": erased}
        out.write(json.dumps(told) + "\n")
    else:
        out.write(f"{decided} receipts decided again: {decided - differing} agree, {differing} differ\n")
        if erased:
            out.write(f"{erased} more rest on forms of clients whose keys were destroyed\n")
    return DIFFERS if differing else AGREES


def _tell(out: Writable, verdict: Any, as_json: bool) -> None:
    if as_json:
        told = {"entry": str(verdict.entry), "at": verdict.at.isoformat(), "differs": verdict.differences}
        out.write(json.dumps(told) + "\n")
        return
    out.write(f"{verdict.entry} of {verdict.at.isoformat()}: {'; '.join(verdict.differences)}\n")


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else timezone.make_aware(found)
