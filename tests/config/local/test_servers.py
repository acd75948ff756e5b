"""The servers with real roles in them: who may log in where, and what a killed server still knows."""

import os
import signal
import time
from dataclasses import replace

import psycopg
import pytest
import redis

from config.local import valkey
from config.local.environment import OTHER, database_url, keys_url
from config.local.installation import Installation, installation_of, prepare_folder
from config.local.keys import BROKERS, KEY_LOGINS, LOGINS, SIDES
from config.local.roles import PLAN_ROLES
from config.local.servers import start_servers

pytestmark = pytest.mark.side("clinical")


@pytest.fixture(scope="module")
def running(tmp_path_factory, supervised):
    state = tmp_path_factory.mktemp("state")
    prepare_folder(state)
    with supervised(state) as supervisor:
        installation = installation_of(state, {})
        start_servers(supervisor, installation, for_tests=False)
        yield installation, supervisor


def connect(url: str, database: str | None = None) -> psycopg.Connection:
    return psycopg.connect(
        url if database is None else f"{url.rpartition('/')[0]}/{database}", autocommit=True
    )


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("login", LOGINS)
def test_a_login_opens_its_own_sides_database_only(side, login, running):
    url = database_url(running[0], side, login)

    with connect(url) as connection:
        assert connection.execute("select current_user").fetchone() == (f"{side}_{login}",)
    for elsewhere in (OTHER[side], "postgres", "template1", f"{side}_keys", f"{OTHER[side]}_keys"):
        with pytest.raises(psycopg.OperationalError, match="CONNECT"):
            connect(url, elsewhere)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("login", KEY_LOGINS)
def test_a_login_for_keys_opens_its_own_sides_keys_only(side, login, running):
    url = keys_url(running[0], side, login)

    with connect(url) as connection:
        assert connection.execute("select current_user").fetchone() == (f"{side}_{login}",)
        assert (
            connection.execute(
                "select r.rolname from pg_roles r where r.rolname <> current_user and not r.rolsuper "
                "and (pg_has_role(r.oid, current_user::regrole, 'set') or pg_has_role(current_user, r.oid, 'set')) "
                "and r.rolname !~ '^pg_'"
            ).fetchall()
            == []
        )
    for elsewhere in (side, OTHER[side], f"{OTHER[side]}_keys", "postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="CONNECT"):
            connect(url, elsewhere)


@pytest.mark.parametrize("side", SIDES)
def test_a_wrong_password_opens_nothing(side, running):
    right = database_url(running[0], side, "app")
    wrong = right.replace(
        running[0].keys.passwords[f"{side}_app"], running[0].keys.passwords[f"{OTHER[side]}_app"]
    )

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(wrong)


@pytest.mark.parametrize("side", SIDES)
def test_the_application_puts_on_each_plan_role_and_inherits_none(side, running):
    with connect(database_url(running[0], side, "app")) as connection:
        for kind in PLAN_ROLES:
            role = f"{side}_{kind}"
            assert connection.execute(
                "select pg_has_role(%s, 'set'), pg_has_role(%s, 'usage')", [role, role]
            ).fetchone() == (True, False)


@pytest.mark.parametrize("side", SIDES)
def test_no_role_of_a_side_is_above_the_policies(side, running):
    with connect(database_url(running[0], side, "app")) as connection:
        mighty = connection.execute(
            "select rolname from pg_roles where rolname ~ '^(clinical|police)_' "
            "and (rolsuper or rolbypassrls or rolcreaterole or rolreplication or rolinherit)"
        ).fetchall()

    assert mighty == []


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("login", ["app", "exchange", "verifier"])
def test_only_the_owner_makes_tables(side, login, running):
    with (
        connect(database_url(running[0], side, login)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("create table mine (id int)")


def test_neither_exchange_nor_verifier_gets_a_new_table_by_default(running):
    with connect(database_url(running[0], "clinical", "owner")) as owner:
        owner.execute("create table plain (id int)")
        rights = owner.execute(
            "select grantee, count(*) from information_schema.table_privileges "
            "where table_name = 'plain' and grantee <> 'clinical_owner' group by grantee order by 1"
        ).fetchall()
        owner.execute("drop table plain")

    assert rights == [(f"clinical_{kind}", 4) for kind in ("app", "gather", "system", "walk")]


def test_no_value_of_a_row_reaches_the_servers_log(running):
    installation, _ = running
    with connect(database_url(installation, "clinical", "owner")) as owner:
        owner.execute("create table unique_names (name text unique)")
        owner.execute("insert into unique_names values ('Varga')")
        with pytest.raises(psycopg.errors.UniqueViolation) as refused:
            owner.execute("insert into unique_names values ('Varga')")
        owner.execute("drop table unique_names")

    assert "Varga" in str(refused.value.diag.message_detail)  # the client is told, the log is not
    log = installation.log("postgres").read_text()
    assert "duplicate key value" in log
    assert "Varga" not in log


def test_a_killed_postgres_comes_back_with_its_rows(running):
    installation, supervisor = running
    url = database_url(installation, "police", "owner")
    with connect(url) as owner:
        owner.execute("create table kept (id int)")
        owner.execute("insert into kept select generate_series(1, 1000)")

    os.kill(supervisor._running["postgres"].process.pid, signal.SIGKILL)

    assert eventually(supervisor, lambda: counted(url)) == 1000


@pytest.mark.parametrize("queue", BROKERS)
def test_a_queue_keeps_its_tasks_and_asks_for_its_own_password(queue, running):
    installation, supervisor = running
    with valkey.client(installation, queue) as connection:
        connection.lpush("tasks", "one")
        time.sleep(1.1)  # it writes down once a second

    os.kill(supervisor._running[f"valkey_{queue}"].process.pid, signal.SIGKILL)

    assert eventually(supervisor, lambda: waiting(installation, queue)) == 1
    other = next(name for name in BROKERS if name != queue)
    passwords = installation.keys.passwords | {
        f"broker_{queue}": installation.keys.passwords[f"broker_{other}"]
    }
    stranger = replace(installation, keys=replace(installation.keys, passwords=passwords))
    with pytest.raises(redis.AuthenticationError):
        waiting(stranger, queue)


def eventually(supervisor, ask):
    """What ``ask`` answers once the server is back."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        supervisor.tend()
        try:
            return ask()
        except (psycopg.OperationalError, redis.RedisError):
            time.sleep(0.1)
    raise AssertionError("it did not come back")


def counted(url: str) -> int:
    with connect(url) as connection:
        row = connection.execute("select count(*) from kept").fetchone()
    assert row is not None
    return int(row[0])


def waiting(installation: Installation, queue: str) -> int:
    with valkey.client(installation, queue) as connection:
        return int(connection.llen("tasks"))
