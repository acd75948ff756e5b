"""Who uses a state folder: at most one command at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.local.console import GiveUp


@contextmanager
def claimed(state: Path) -> Iterator[None]:
    """Hold the state folder; a second command is told who has it.

    The system drops the lock with the process, so one that was killed blocks nobody.
    """
    with (state / "in-use").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise GiveUp(
                f"{state} is in use by process {holder}: stop that one (Ctrl-C), "
                "or give this one a folder of its own with STATE=…"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        for log in (state / "logs").glob("*.log"):  # the last run's, set aside
            log.replace(log.with_suffix(".log.1"))
        yield
