"""``manage.py decide``: scenarios from a file, decided by the engine. No database and no environment."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from consent import answers, law
from consent.engine.decide import decide
from consent.scenarios import Book, Malformed, Scenario, read

AS_EXPECTED, DIFFERS, UNREADABLE = 0, 1, 2


class Command(BaseCommand):
    """Decide the scenarios of a file, one JSON object a line."""

    help = "Decides the scenarios of a YAML file: one JSON object a line, or a table for people."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, the form of the answers, and whether to compare them with what is expected."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=("jsonl", "table"), default="jsonl", dest="shape")
        parser.add_argument("--check", action="store_true", help="exit with 1 if an answer isn't as expected")
        parser.add_argument("--only", nargs="+", default=[], metavar="ID", help="decide these alone")
        parser.add_argument("--packs", default=None, help="names of law packs, with commas between them")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Decide, print, and leave with the status that says how it went."""
        try:
            book = read(options["file"])
            packs = law.packs(_names_of_packs(book, options["packs"]))
            chosen = _chosen(book, options["only"])
        except (Malformed, KeyError) as error:
            sys.stderr.write(
                f"{error.args[0] if isinstance(error, Malformed) else f'no such pack: {error}'}\n"
            )
            sys.exit(UNREADABLE)
        for remark in book.remarks:
            sys.stderr.write(f"{remark}\n")
        differing, outcomes = 0, []
        for scenario in chosen:
            decision = decide(scenario.asked, packs)
            unexpected = answers.differences(scenario, decision) if options["check"] else None
            differing += bool(unexpected)
            outcomes.append(str(decision.outcome))
            if options["shape"] == "table":
                self.stdout.write(answers.as_table(scenario, decision, unexpected))
            else:
                self.stdout.write(json.dumps(answers.as_json(scenario, decision), ensure_ascii=False))
                for line in unexpected or ():
                    sys.stderr.write(f"{scenario.id}: {line}\n")
        if options["shape"] == "table":
            self.stdout.write(answers.summary(outcomes, differing if options["check"] else None))
        sys.exit(DIFFERS if differing else AS_EXPECTED)


def _names_of_packs(book: Book, said: str | None) -> tuple[str, ...]:
    if said is not None:
        return tuple(name.strip() for name in said.split(",") if name.strip())
    return book.packs or law.DEFAULT


def _chosen(book: Book, only: list[str]) -> tuple[Scenario, ...]:
    wanted = {name for each in only for name in each.split(",") if name}
    unknown = sorted(wanted - {scenario.id for scenario in book.scenarios})
    if unknown:
        raise Malformed(f"no such scenario: {', '.join(unknown)}")
    return tuple(each for each in book.scenarios if not wanted or each.id in wanted)
