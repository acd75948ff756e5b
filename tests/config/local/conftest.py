"""Supervisors whose signal handlers do not outlive the test."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.local.supervise import Supervisor

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@contextmanager
def supervising(state: Path) -> Iterator[Supervisor]:
    """A supervisor, stopped at the end, after which signals mean what they meant before."""
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    made = Supervisor(state)
    try:
        yield made
    finally:
        made.stop()
        for number, handler in handlers.items():
            signal.signal(number, handler)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with supervising(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def supervised() -> Callable[[Path], object]:
    """`supervising`, for fixtures that keep a supervisor longer than one test."""
    return supervising
