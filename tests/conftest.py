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

import django  # noqa: E402
from django.conf import settings  # noqa: E402

django.setup()  # before the conftest of a folder that was named on the command line imports a model

from tests.oracle.plugin import CanaryOracle  # noqa: E402
from tests.oracle.writes import Writes  # noqa: E402

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


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """After the oracle has read the sinks."""
    SERVERS.stop()


def watch_writes(connection: Any, **_: Any) -> None:
    """Each connection of each thread refuses canaries in tables that nothing guards."""
    from django.apps import apps

    from tests.architecture.models import CLEAR, protected_models

    if any(isinstance(wrapper, Writes) for wrapper in connection.execute_wrappers):
        return
    guarded = {model._meta.db_table for model in protected_models(apps.get_models())}
    in_clear = {field for fields in CLEAR.values() for field in fields}
    connection.execute_wrappers.append(Writes(guarded, in_clear=in_clear))


@pytest.fixture(scope="session")
def database(django_db_blocker: Any) -> Iterator[Any]:
    """The side's test database, of this process alone."""
    from django.db.backends.signals import connection_created
    from django.test import TransactionTestCase

    from tests.databases import TestDatabase

    SERVERS.start()
    made = TestDatabase(SIDE, os.environ.get("PYTEST_XDIST_WORKER", "main"))
    with django_db_blocker.unblock():
        made.make()

    def copy_instead_of_flush(self: TransactionTestCase) -> None:
        made.copy()

    TransactionTestCase._fixture_teardown = copy_instead_of_flush  # type: ignore[attr-defined]
    connection_created.connect(watch_writes, dispatch_uid="canary-oracle")
    yield made
    with django_db_blocker.unblock():
        made.drop()


@pytest.fixture(scope="session")
def django_db_setup(database: Any) -> None:
    """pytest-django's: tables exist, and the tests come as the app role."""
