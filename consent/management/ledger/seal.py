"""Seals the ledger, for as long as it is let: what was added becomes leaves of a signed tree.

The only process that needs the checkpoint key. Two of them do no harm: one waits.
"""

import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, connection

from consent.ledger.witness import CheckpointWitness, Refused
from consent.management.ledger import Writable
from consent.signing import BadKeyFile, Signer, opener, origin_of, public_keys

log = logging.getLogger("bulkhead.sealer")
PAUSE_AFTER_A_REFUSAL = 10.0  # seconds


def add_arguments(parser: ArgumentParser) -> None:
    """How often, or once."""
    parser.add_argument("--every", type=float, default=1.0, metavar="SECONDS")
    parser.add_argument("--once", action="store_true", help="seal what is there, and leave")


def run(options: Mapping[str, Any], out: Writable) -> int:
    """Seal until asked to stop; 1 when a single run was refused."""
    sealer = _sealer()
    stop = threading.Event()
    if options["once"]:
        return 0 if _sealed(sealer) else 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        stop.wait(options["every"] if _sealed(sealer) else PAUSE_AFTER_A_REFUSAL)
    return 0


def _sealer() -> Any:
    from consent.services.sealing import Sealer  # reads models, which load with the settings

    files, side = settings.LEDGER_FILES, settings.SIDE
    for name in ("checkpoint_key", "checkpoint_public", "witness"):
        if not files[name]:
            variable = "WITNESS_FILE" if name == "witness" else name.upper()
            raise ImproperlyConfigured(
                f"the environment variable {variable}_{side.upper()} is not set (docs/operations.md)"
            )
    try:
        signer = Signer.from_file(files["checkpoint_key"], origin_of(side))
        known = public_keys(files["checkpoint_public"])
    except BadKeyFile as error:
        raise ImproperlyConfigured(str(error)) from None
    if signer.public not in known:
        raise ImproperlyConfigured(
            "the checkpoint key is not among the public ones: nobody could check its notes"
        )
    return Sealer(signer, CheckpointWitness(files["witness"], opener(known, origin_of(side))))


def _sealed(sealer: Any) -> bool:
    """One go; ``False`` when the witness refused, or something of the tree is gone."""
    try:
        sealer.seal()
    except Refused as error:
        log.critical("LEDGER-WITNESS-REFUSED %s: %s", error.code, error)
        return False
    except LookupError as error:
        log.critical("LEDGER-TREE-BROKEN %s", error)
        return False
    except (DatabaseError, InterfaceError, OSError) as error:
        log.error("not sealed: %s", type(error).__name__)
        connection.close()
    return True
