"""The PostgreSQL roles and databases of a side, and what each role may do before any migration.

A side ``s`` has six roles besides the superuser, whom no Django process knows:

* ``s_owner`` owns the database and runs migrations;
* ``s_app`` logs in for site and workers, owns nothing and sees nothing by itself;
* ``s_gather``, ``s_walk``, ``s_system`` cannot log in: a transaction of ``s_app`` puts one on,
  and only for these are there policies;
* ``s_exchange`` moves envelopes, ``s_verifier`` reads the ledger;
* ``s_keys`` uses the keys in a database of their own, which ``s_keys_owner`` owns. Neither can open
  the side's database, and no other role can open theirs or put one of them on.

Every statement may run again: a second start changes nothing. The tests build their
databases with the same functions.
"""

from collections.abc import Mapping

import psycopg
from psycopg import sql

PLAN_ROLES = ("gather", "walk", "system")
LOGIN_ROLES = ("owner", "app", "exchange", "verifier")
KEY_ROLES = ("keys_owner", "keys")
ATTRIBUTES = "NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT"
Connection = psycopg.Connection[tuple[object, ...]]


def close_the_house(admin: Connection) -> None:
    """Nobody but the superuser has business in the databases that every cluster has."""
    admin.execute("revoke all on database postgres, template1 from public")


def create_roles(
    admin: Connection, side: str, passwords: Mapping[str, str], *, owner_creates_databases: bool = False
) -> None:
    """The side's roles; ``passwords`` are by role name. Only test clusters let the owner create databases."""
    for kind in (*LOGIN_ROLES, *KEY_ROLES):
        creates = kind.endswith("owner") and owner_creates_databases
        _create_role(admin, f"{side}_{kind}", "LOGIN", creates=creates)
        admin.execute(
            sql.SQL("alter role {} password {}").format(
                sql.Identifier(f"{side}_{kind}"), sql.Literal(passwords[f"{side}_{kind}"])
            )
        )
    for kind in PLAN_ROLES:
        _create_role(admin, f"{side}_{kind}", "NOLOGIN", creates=False)
        # Not inherited, or the policies of all three would be added up (performance: trap 7).
        admin.execute(
            sql.SQL("grant {} to {}").format(sql.Identifier(f"{side}_{kind}"), sql.Identifier(f"{side}_app"))
        )


def create_database(admin: Connection, side: str, name: str) -> None:
    """The database ``name``, owned by the side's owner and open to the side's logins only."""
    if admin.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
        admin.execute(
            sql.SQL("create database {} owner {}").format(
                sql.Identifier(name), sql.Identifier(f"{side}_owner")
            )
        )
    close_database(admin, side, name)


def close_database(connection: Connection, side: str, name: str) -> None:
    """Let only the side's logins connect. A copy of a template needs this too: it starts open."""
    connection.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
    connection.execute(
        sql.SQL("grant connect on database {} to {}").format(
            sql.Identifier(name), _list(side, ("app", "exchange", "verifier"))
        )
    )


def create_keys_database(admin: Connection, side: str) -> None:
    """The side's keys database, which only the two roles of its own can open."""
    name = f"{side}_keys"
    if admin.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
        admin.execute(
            sql.SQL("create database {} owner {}").format(
                sql.Identifier(name), sql.Identifier(f"{side}_keys_owner")
            )
        )
    close_keys_database(admin, side, name)


def close_keys_database(connection: Connection, side: str, name: str) -> None:
    """Let only the login for keys connect, beside the owner."""
    connection.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
    connection.execute(
        sql.SQL("grant connect on database {} to {}").format(
            sql.Identifier(name), sql.Identifier(f"{side}_keys")
        )
    )


def grant_defaults(owner: Connection, side: str) -> None:
    """As the owner, inside the new database and before any migration: what new tables give to whom.

    The exchange and the verifier get no table by default; the migrations of
    ``referrals`` and ``consent`` name theirs.
    """
    sees_tables = _list(side, ("app", *PLAN_ROLES))
    for statement in (
        sql.SQL("revoke all on schema public from public"),
        sql.SQL("grant usage on schema public to {}").format(
            _list(side, ("app", *PLAN_ROLES, "exchange", "verifier"))
        ),
        sql.SQL(
            "alter default privileges in schema public grant select, insert, update, delete on tables to {}"
        ).format(sees_tables),
        sql.SQL("alter default privileges in schema public grant usage, select on sequences to {}").format(
            sees_tables
        ),
    ):
        owner.execute(statement)


def _create_role(admin: Connection, role: str, login: str, *, creates: bool) -> None:
    if admin.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone() is None:
        admin.execute(sql.SQL("create role {}").format(sql.Identifier(role)))
    attributes = f"{login} {ATTRIBUTES} {'CREATEDB' if creates else 'NOCREATEDB'}"
    admin.execute(sql.SQL("alter role {} {}").format(sql.Identifier(role), sql.SQL(attributes)))


def _list(side: str, kinds: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(f"{side}_{kind}") for kind in kinds)
