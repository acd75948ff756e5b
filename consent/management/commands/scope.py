"""``manage.py scope explain PRINCIPAL CLIENT``: why something is open to somebody, and why not."""

import json
import textwrap
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consent.services.explaining import NobodyThere, explain_scope, principal_named

WIDTH = 100


class Command(BaseCommand):
    """Run as the application, as ``system:grants``; it leaves an entry in the ledger and prints no name."""

    help = "Say why a client's compartments are open to somebody, and why not"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and about whom."""
        choices = parser.add_subparsers(dest="subcommand", required=True, metavar="SUBCOMMAND")
        explain = choices.add_parser("explain", help="why something is open, and why not")
        explain.add_argument("principal", help="username or uid")
        explain.add_argument("client", help="the client's opaque id")
        explain.add_argument("--json", action="store_true", dest="as_json", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Explain, for a person or a program."""
        try:
            told = explain_scope(principal_named(options["principal"]), options["client"])
        except NobodyThere as error:
            raise CommandError(str(error)) from None
        if options["as_json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for line in _lines(told):
            self.stdout.write(line)


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    yield f"principal {told['principal']}, client {told['client']}, {told['at']}"
    if not told["is_active"]:
        yield "  the account is locked: nothing is open"
    if told["paid_by_police"] is not False:
        paid = "the police or another criminal justice agency" if told["paid_by_police"] else "nobody known"
        yield f"  paid by {paid}: the law takes them for a recipient"
    yield from _rows(
        "offices", (f"{each['role']} in {each['program']}{_when(each)}" for each in told["offices"])
    )
    yield from _rows("assigned", (f"in {each['program']}{_when(each)}" for each in told["assignments"]))
    yield from _rows(
        "restricted",
        (
            f"{' '.join(each['segments'])} of {each['program']} toward {', '.join(each['recipients'])}{_when(each)}"
            for each in told["restrictions"]
        ),
    )
    yield from _rows("emergency", (_when(each).strip() for each in told["emergencies"]))
    for each in told["compartments"]:
        yield ""
        yield from _compartment(each)


def _compartment(told: Mapping[str, Any]) -> Iterator[str]:
    mark = "OPEN" if told["is_open"] else "closed"
    released = f", released to {told['released_to']}" if told["released_to"] else ""
    yield f"{mark:<7} {told['program']}: {' '.join(told['segments'])}{released}"
    for each in told["through"]:
        kind = f"the office of {each['role']}" if each["kind"] == "office" else "a grant"
        yield from _rows(
            "through", [f"{kind}, to {'read and write' if each['writes'] else 'read'}{_when(each)}"]
        )
        yield from _rows("for", [", ".join(each["purposes"])])
        yield from _rows("rests on", (_basis(line) for line in each["basis"]))
    for each in told.get("missing", ()):
        more = f": {', '.join(each['purposes'])}" if "purposes" in each else ""
        yield from _rows("missing", [each["what"] + more])
        yield from _rows("barred by", each.get("barred_by", ()))
        yield from _rows("stays", (f"{name}: {why}" for name, why in each.get("reasons", {}).items()))
        yield from _rows("would do", (_change(change) for change in each.get("would_change_it", ())))
        yield from _rows(
            "void",
            (f"form {form['consent']}: {', '.join(form['lacks'])}" for form in each.get("void_forms", ())),
        )


def _when(told: Mapping[str, Any]) -> str:
    return f", from {told['from']} until {told['until'] or 'further notice'}"


def _basis(line: Mapping[str, str]) -> str:
    return f"form {line['consent']}" if "consent" in line else f"{line['rule']}  {line['cite']}"


def _change(told: Mapping[str, Any]) -> str:
    parts = []
    for addition in told["add"]:
        kind, key = next((kind, addition[kind]) for kind in addition if kind != "value")
        parts.append(
            f"{kind.replace('_', ' ')} {key}" + (f" = {addition['value']}" if "value" in addition else "")
        )
    return f"{told['segment']}: {' and '.join(parts)}"


def _rows(name: str, values: Any) -> Iterator[str]:
    for number, value in enumerate(values):
        head = f"  {name:<11}" if number == 0 else " " * 13
        yield from textwrap.wrap(
            str(value), WIDTH, initial_indent=head, subsequent_indent=" " * 15, break_on_hyphens=False
        )
