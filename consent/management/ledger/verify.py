"""Checks the ledger against its checkpoints and their witnesses, as the verifier's role.

Exit code 0: intact. 1: something was changed. 2: the check could not be made. Needs no
database of Django's: `python -m consent.verifier` is the same without Django.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from typing import Any

from consent.management.ledger import Writable
from consent.verifier import __main__ as verifier


def add_arguments(parser: ArgumentParser) -> None:
    """Those of the verifier."""
    verifier.arguments(parser)


def run(options: Mapping[str, Any], out: Writable) -> int:
    """Check, and say what was found."""
    return verifier.run(Namespace(**options), lambda line: out.write(f"{line}\n"))
