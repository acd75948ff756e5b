"""One side per run: its settings, its database as the app role, and the oracle over everything.

``SIDE`` names the side (clinical unless said otherwise). The runner brings servers and
environment; a session started by hand gets its own.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SIDE = os.environ.setdefault("SIDE", "clinical")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"config.settings.{SIDE}")

from tests.servers import Servers  # noqa: E402

SERVERS = Servers(SIDE)

from django.conf import settings  # noqa: E402

from tests.oracle import sinks  # noqa: E402
from tests.oracle.canary import planted  # noqa: E402
from tests.oracle.responses import ResponseOracle, watch  # noqa: E402

TESTS = Path(__file__).parent
OF_ONE_SIDE = {"clinical": "clinical", "police": "policecore"}
# Without a side, a database or settings: once is enough.
RUN_ONCE = (TESTS / "consent" / "engine", TESTS / "consent" / "law", TESTS / "oracle" / "test_scan.py")

# Pages name their files as they lie in the source: nothing is collected for a test.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)

assert settings.SIDE == SIDE, f"SIDE is {SIDE}, the settings are those of {settings.SIDE}"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "side(name): collected in the runs of that side only")
    config.pluginmanager.register(CanaryOracle(), "canary-oracle")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Tests of the other side's app, and on the police side those that know no side."""
    elsewhere = [TESTS / app for side, app in OF_ONE_SIDE.items() if side != SIDE]
    if SIDE != "clinical":
        elsewhere += RUN_ONCE
    return True if any(collection_path.is_relative_to(each) for each in elsewhere) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    mark = [(item, item.get_closest_marker("side")) for item in items]
    elsewhere = [item for item, side in mark if side is not None and side.args[0] != SIDE]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item, side in mark if side is None or side.args[0] == SIDE]


class CanaryOracle:
    """Watches answers and sinks for the whole session, and fails it on a leak."""

    def __init__(self) -> None:
        self.answers = ResponseOracle()
        self.sinks = sinks.Sinks()
        self.leaks: list[tuple[str, Any]] = []
        self.release: list[Any] = []

    def pytest_sessionstart(self) -> None:
        self.release = [
            watch(self.answers),
            sinks.catch_logs(self.sinks),
            sinks.catch_mail(self.sinks),
        ]

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self) -> None:
        sinks.catch_caches(self.sinks)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        for release in self.release:
            release()
        if planted.by_token or planted.by_surname:
            self.sinks.state = Path(settings.STATE_DIR)
            self.sinks.brokers = (settings.CELERY_BROKER_URL,)
        self.leaks = self.sinks.leaks()
        if self.leaks:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        SERVERS.stop()

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        for name, canary in self.leaks:
            terminalreporter.write_line(f"LEAK: {name} holds {canary}", red=True)
        if self.answers.answers:
            terminalreporter.write_line(
                f"canary oracle: {self.answers.answers} answers looked into, "
                f"{self.answers.with_canaries} with canaries, all of them permitted unless a test failed; "
                f"sinks: {len(self.leaks)} leaks"
                + (f"; NOT read: {', '.join(self.sinks.not_read)}" if self.sinks.not_read else "")
            )


@pytest.fixture(scope="session")
def database(django_db_blocker: Any) -> Iterator[Any]:
    """The side's test database, of this process alone."""
    from django.test import TransactionTestCase

    from tests.databases import TestDatabase

    SERVERS.start()
    made = TestDatabase(SIDE, os.environ.get("PYTEST_XDIST_WORKER", "main"))
    with django_db_blocker.unblock():
        made.make()

    def copy_instead_of_flush(self: TransactionTestCase) -> None:
        made.copy()

    TransactionTestCase._fixture_teardown = copy_instead_of_flush  # type: ignore[attr-defined]
    yield made
    with django_db_blocker.unblock():
        made.drop()


@pytest.fixture(scope="session")
def django_db_setup(database: Any) -> None:
    """pytest-django's: tables exist, and the tests come as the app role."""
