"""Test databases: migrated once as the owner, copied for each run, used as the app role.

Tests therefore run under the grants, policies and revocations of the real thing. A test
that really commits gets a fresh copy afterwards instead of a flush, for which the app role
has, rightly, no right.
"""

import hashlib
import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from config.local import roles
from consent.keys import database as keys_database
from consent.keys import rotation, schema
from tests.oracle import peephole
from tests.shared_data import REPOSITORY

WHAT_A_SCHEMA_DEPENDS_ON = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "consent/rls.py",
    "consent/counting.py",
    "consent/policies.py",
    "consent/roles.py",
    "config/local/roles.py",
    "consent/keys/columns.py",
    "consent/keys/schema.py",
    "config/settings/*.py",
    "requirements.txt",
    "tests/databases.py",
    "tests/oracle/peephole.py",
)


def schema_key() -> str:
    """Changes whenever a migration, a policy, a setting or a package does."""
    digest = hashlib.sha256(Path(settings.PRINCIPAL_KEY_FILE).read_bytes())
    for pattern in WHAT_A_SCHEMA_DEPENDS_ON:
        for path in sorted(REPOSITORY.glob(pattern)):
            if ".venv" not in path.parts:
                digest.update(str(path.relative_to(REPOSITORY)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


class TestDatabase:
    """The database of this process's tests."""

    __test__ = False  # not a test class

    def __init__(self, side: str, worker: str) -> None:
        self.side = side
        self.owner_url = os.environ[f"DATABASE_URL_{side.upper()}_OWNER"]
        self.name = f"test_{side}_{os.getpid()}_{worker}"
        self.template = f"tpl_{side}_{schema_key()}"
        self.keys = TestKeys(side, worker)

    def make(self) -> None:
        """Build the template if migrations changed, and copy it; beside it the keys, for the whole session."""
        self.keys.make()
        with self._owner() as owner:
            self._drop_leftovers(owner)
            owner.execute("select pg_advisory_lock(hashtext(%s))", [f"tpl_{self.side}"])
            if not self._exists(owner, self.template):
                self._build_template(owner)
            owner.execute("select pg_advisory_unlock(hashtext(%s))", [f"tpl_{self.side}"])
        self.copy()

    def copy(self) -> None:
        """A fresh copy of the template under the same name."""
        connections["default"].close()
        with self._owner() as owner:
            self._wait_until_left(owner)
            owner.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(self.name))
            )
            owner.execute(
                sql.SQL("create database {} template {} strategy file_copy").format(
                    sql.Identifier(self.name), sql.Identifier(self.template)
                )
            )
            roles.close_database(owner, self.side, self.name)
        connections.settings["default"]["NAME"] = self.name
        connections["default"].settings_dict["NAME"] = self.name

    def drop(self) -> None:
        self.keys.drop()
        connections["default"].close()
        with self._owner() as owner:
            self._wait_until_left(owner)
            owner.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(self.name))
            )

    def _wait_until_left(self, owner: psycopg.Connection[tuple[object, ...]]) -> None:
        """A closed connection's process lives on for a moment, and the owner can't end another role's."""
        until = time.monotonic() + 5
        while time.monotonic() < until:
            inside = owner.execute(
                "select 1 from pg_stat_activity where datname = %s and usename is distinct from current_user",
                [self.name],
            )
            if inside.fetchone() is None:
                return
            time.sleep(0.01)

    @contextmanager
    def login(self, login: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        """A connection of its own to the test database: ``owner``, ``app``, ``exchange``, ``verifier``."""
        suffix = "" if login == "app" else f"_{login.upper()}"
        url = os.environ[f"DATABASE_URL_{self.side.upper()}{suffix}"]
        with psycopg.connect(url, dbname=self.name, autocommit=True, connect_timeout=3) as connection:
            yield connection

    def _owner(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.owner_url, autocommit=True, connect_timeout=3)

    @staticmethod
    def _exists(owner: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
        return owner.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is not None

    def _drop_leftovers(self, owner: psycopg.Connection[tuple[object, ...]]) -> None:
        """Databases of sessions that were killed: their process is gone."""
        rows = owner.execute("select datname from pg_database where datname like %s", [f"test_{self.side}_%"])
        for (name,) in rows.fetchall():
            pid = str(name).split("_")[2]
            if not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
                owner.execute(
                    sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(str(name)))
                )

    def _build_template(self, owner: psycopg.Connection[tuple[object, ...]]) -> None:
        draft = f"{self.template}_new"
        old = owner.execute("select datname from pg_database where datname like %s", [f"tpl_{self.side}_%"])
        for (name,) in [*old.fetchall(), (draft,)]:
            owner.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(str(name)))
            )
        owner.execute(sql.SQL("create database {}").format(sql.Identifier(draft)))
        roles.close_database(owner, self.side, draft)
        url = psycopg.conninfo.conninfo_to_dict(self.owner_url)
        with psycopg.connect(self.owner_url, dbname=draft, autocommit=True) as inside:
            roles.grant_defaults(inside, self.side)
        with self._as_owner(draft, str(url["user"]), str(url["password"])):
            call_command("migrate", verbosity=0, interactive=False)
            call_command("install_principal_key", verbosity=0, stdout=io.StringIO())
        with psycopg.connect(self.owner_url, dbname=draft, autocommit=True) as inside:
            peephole.cut(inside, self.side)
        owner.execute(
            sql.SQL("alter database {} rename to {}").format(
                sql.Identifier(draft), sql.Identifier(self.template)
            )
        )

    @staticmethod
    @contextmanager
    def _as_owner(database: str, user: str, password: str) -> Iterator[None]:
        connection = connections["default"]
        before = {key: connection.settings_dict[key] for key in ("NAME", "USER", "PASSWORD")}
        connection.close()
        connection.settings_dict.update(NAME=database, USER=user, PASSWORD=password)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.update(before)


class TestKeys:
    """The keys database of this process's tests: keys outlive a test, as they outlive any roll-back."""

    __test__ = False

    def __init__(self, side: str, worker: str) -> None:
        self.side = side
        self.owner_url = os.environ["KEYS_URL_OWNER"]
        self.name = f"keys_{side}_{os.getpid()}_{worker}"

    def make(self) -> None:
        with psycopg.connect(self.owner_url, autocommit=True, connect_timeout=3) as owner:
            for (name,) in owner.execute(
                "select datname from pg_database where datname like %s", [f"keys_{self.side}_%"]
            ).fetchall():
                if not Path(f"/proc/{str(name).split('_')[2]}").exists() and Path("/proc/self").exists():
                    self._drop(owner, str(name))
            self._drop(owner, self.name)
            owner.execute(sql.SQL("create database {} strategy file_copy").format(sql.Identifier(self.name)))
            roles.close_keys_database(owner, self.side, self.name)
        with psycopg.connect(self.owner_url, dbname=self.name, autocommit=True) as inside:
            schema.install(inside, f"{self.side}_keys")
        settings.KEYS_URL = f"{settings.KEYS_URL.rpartition('/')[0]}/{self.name}"
        rotation.adopt_first()

    def make_again(self) -> None:
        """An empty one under the same name, after a test that changed more than keys of its own."""
        self.drop()
        self.make()

    def drop(self) -> None:
        keys_database.forget()
        with psycopg.connect(self.owner_url, autocommit=True, connect_timeout=3) as owner:
            self._drop(owner, self.name)

    @staticmethod
    def _drop(owner: psycopg.Connection[tuple[object, ...]], name: str) -> None:
        """Wait for sessions that are closing; those of other threads are the login's own to end."""
        until = time.monotonic() + 5
        query = "select 1 from pg_stat_activity where datname = %s and usename is distinct from current_user"
        while owner.execute(query, [name]).fetchone() is not None and time.monotonic() < until:
            time.sleep(0.01)
        owner.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
