"""``make mutants``: faults put into the engine and the law on purpose, and does a test notice?

``MODULES="consent.engine.forms consent.law.part2"`` names some; ``MODULES=again`` tries only the faults that
survived the last time. One process, and politely: it takes an hour or more.
"""

import os
import subprocess
import sys

from config.local import environment
from config.local.installation import ROOT, state_folder

NICE = 19


def main() -> int:
    """Run ``tests.mutants`` in the state folder; its exit code."""
    state = state_folder() / "mutants"
    command = [sys.executable, "-m", "tests.mutants", str(state), *os.environ.get("MODULES", "").split()]
    shared = {name: os.environ[name] for name in ("BULKHEAD_SHARED",) if name in os.environ}
    done = subprocess.run(
        command, cwd=ROOT, env=environment.of_the_machine() | shared, check=False,
        preexec_fn=lambda: os.nice(NICE) and None,
    )  # fmt: skip
    return done.returncode
