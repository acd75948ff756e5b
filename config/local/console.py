"""What the commands of this package say, and how they give up."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class GiveUp(Exception):
    """The command cannot go on; its text tells a person why and what to do."""


def say(text: str = "") -> None:
    """Print at once, so that a log file shows the same progress as a terminal.

    A reader who has gone (``make demo | head``) must not keep anything from being stopped.
    """
    with suppress(BrokenPipeError):
        sys.stdout.write(f"{text}\n")  # in one piece: both sides' threads print
        sys.stdout.flush()


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Say ``what`` is under way, and afterwards how long it took."""
    began = time.monotonic()
    say(f"{what} …")
    yield
    say(f"{what}: {time.monotonic() - began:.1f} s")


def tail(log: Path, lines: int = 25) -> str:
    """The last lines of a log, for the sentence that says what went wrong."""
    try:
        text = log.read_text(errors="replace")
    except OSError:
        return "(no log)"
    return "\n".join(text.splitlines()[-lines:])


def fail(error: GiveUp) -> int:
    """Print why, and return the exit code."""
    print(f"\n{error}", file=sys.stderr, flush=True)
    return 1
