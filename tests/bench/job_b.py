"""Bulkhead in job B of the benchmark: the first page of fifty and the number of what somebody may see.

The product's own migrations make a database of its own beside the job's data: its roles, tables,
policies, indexes, triggers. The job's records become notes, each client and segment a
compartment, and what the job's two principals may see a grant for each compartment, as the grants'
service would write them; beside them lie as many grants of others as there are records, every
seventh of these, and of the two, not valid now. A page is what a list of the site does: one
transaction, the signed principal, the choice of the plan, the page by it, the number from the
counters. The statements are the product's (a test compares them with what Django sends), not
prepared, as Django doesn't prepare them.

What the job's clock calls now is when the grants were made: the database's own clock goes on.
"""

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from cb.core import DSN, connect
from cb.world import NOW
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

ROOT = Path(__file__).resolve().parent.parent.parent
SIDE, PURPOSE, ROWS = "clinical", "TREAT", 50
NOTE = "clinical_note"
PAGE = (
    'SELECT "clinical_note"."id", "clinical_note"."compartment_id", "clinical_note"."scope_key", '
    '"clinical_note"."created_at", "clinical_note"."encounter_id", "clinical_note"."author_id", '
    '"clinical_note"."body" FROM "clinical_note"{where} '
    'ORDER BY "clinical_note"."created_at" DESC, "clinical_note"."id" DESC LIMIT 50'
)
SINCE = ' WHERE "clinical_note"."created_at" > %s'
NUMBER = (
    'SELECT SUM("consent_counter"."records") AS "rows" FROM "consent_counter" '
    'WHERE "consent_counter"."kind" = %s'
)
# Segments 0 to 4 of the job are the scopes 1 to 5; a compartment's id tells client and segment.
COMPARTMENT = "client * 5 + segment + 1"
AS_UUID = "('00000000-0000-4000-8000-' || lpad(to_hex({}), 12, '0'))::uuid"
GOOD, ENDED = ("'-infinity'", "'9999-12-31'"), ("'2020-01-01'", "'2021-01-01'")


class ProductB:
    """The contestant."""

    name = "Bulkhead: row-level security, signed principal, two plans, counters"

    def setup(self, world: Any, schema: str) -> None:
        """Migrate, fill, and connect as the site does."""
        picked = list(sys.modules["__main__"].PICK)  # the job's two principals
        server, name = conninfo_to_dict(DSN), f"bulkhead_{schema}"
        superuser = {**server, "dbname": name}
        passwords = self._database(name)
        self._migrate(server, name, passwords)
        with connect(schema) as source, psycopg.connect(**superuser, autocommit=True) as target:
            fill(source, target, picked)
            self.rows = target.execute("select count(*) from consent_grant").fetchone()[0]
        settings.PRINCIPAL_KEY_FILE = os.environ["PRINCIPAL_KEY_CLINICAL"]
        settings.DATABASE_ROLES = {role: f"{SIDE}_{role}" for role in ("gather", "walk", "system")}
        from consent import (  # the product's own: how a principal is signed, how a plan is chosen
            access,
            plans,
        )

        self.access, self.plans = access, plans
        app = {**server, "dbname": name, "user": f"{SIDE}_app", "password": passwords[f"{SIDE}_app"]}
        self.site = psycopg.connect(
            **app, autocommit=True, cursor_factory=psycopg.ClientCursor, prepare_threshold=None
        )

    def page(self, p: int) -> tuple[list[int], int]:
        """What a request for the list does, from BEGIN to COMMIT."""
        with self.site.transaction():
            run = self.site.execute
            signed = self.access.signed(f"p:{p + 1}", PURPOSE)
            become = "select set_config('app.token', %s, true), set_config('role', %s, true)"
            run(become, (signed, f"{SIDE}_gather"))
            number, dense, edge = run(self.plans.IN_SIGHT, self._question()).fetchone()
            if number is None:  # many, and not yet counted out
                number = run(NUMBER, (NOTE,)).fetchone()[0]
            rows = self._rows(dense, edge)
        return [row[0].int & 0xFFFF_FFFF_FFFF for row in rows], int(number or 0)

    def _question(self) -> dict[str, Any]:
        return {
            "kind": NOTE, "since": "infinity", "newer": False, "least": self.plans.LEAST,
            "per_root": self.plans.PER_ROOT, "reach": self.plans.REACH,
        }  # fmt: skip

    def _rows(self, dense: bool, edge: Any) -> list[tuple[Any, ...]]:
        """By the plan that was chosen; a walk that found too few is gathered (`consent.paging`)."""
        put_on, run = "select set_config('role', %s, true)", self.site.execute
        if dense:
            run(put_on, (f"{SIDE}_walk",))
            if edge is None:
                return run(PAGE.format(where="")).fetchall()
            rows = run(PAGE.format(where=SINCE), (edge,)).fetchall()
            if len(rows) == ROWS:
                return rows
            run(put_on, (f"{SIDE}_gather",))
        return run(PAGE.format(where="")).fetchall()

    def _database(self, name: str) -> dict[str, str]:
        """The side's roles, and an empty database of their owner's; the passwords by role."""
        from config.local import roles

        kinds = (*roles.LOGIN_ROLES, *roles.KEY_ROLES)
        passwords = {f"{SIDE}_{kind}": secrets.token_hex(16) for kind in kinds}
        with psycopg.connect(DSN, autocommit=True) as admin:
            admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
            roles.create_roles(admin, SIDE, passwords)
            roles.create_database(admin, SIDE, name)
        return passwords

    def _migrate(self, server: dict[str, Any], name: str, passwords: dict[str, str]) -> None:
        """The product's migrations, as its owner, in a process with the product's own settings."""
        from config.local import roles

        owner = {**server, "dbname": name, "user": f"{SIDE}_owner", "password": passwords[f"{SIDE}_owner"]}
        with psycopg.connect(**owner, autocommit=True) as connection:
            roles.grant_defaults(connection, SIDE)
        url = "postgres://{user}:{password}@{host}:{port}/{dbname}".format(**owner)
        environment = dict(os.environ) | {
            "DJANGO_SETTINGS_MODULE": f"config.settings.{SIDE}",
            "BULKHEAD_AS": "owner",
            "DATABASE_URL_CLINICAL_OWNER": url,
        }
        for command in (["migrate", "--verbosity", "0", "--no-input"], ["install_principal_key"]):
            subprocess.run(
                [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True,
                stdout=subprocess.DEVNULL,
            )  # fmt: skip


def fill(source: Any, target: Any, picked: list[int]) -> None:
    """The job's world in the product's tables, by the superuser, and counted as a migration counts."""
    from consent import counting

    target.execute(
        "set session_replication_role = replica"
    )  # nothing is checked twice that the job made whole
    pour(source, target, "consent_legalunit (id, slug, name)", "select 1, 'job', 'job'")
    pour(
        source, target, "consent_organization (id, uid, name, kind, is_criminal_justice_agency)",
        "select 1, gen_random_uuid(), 'job', 'city', false",
    )  # fmt: skip
    pour(
        source, target, "consent_program (id, uid, slug, name, unit_id, organization_id)",
        "select 1, gen_random_uuid(), 'JOB', 'job', 1, 1",
    )  # fmt: skip
    pour(
        source, target, "consent_scope (id, program_id, segments)",
        "select s + 1, 1, array['S' || s] from generate_series(0, 4) s",
    )  # fmt: skip
    fill_principals(source, target)
    pour(
        source, target, "consent_compartment (id, subject_id, scope_id, recipient_id)",
        f"select {COMPARTMENT}, {AS_UUID.format('client + 1')}, segment + 1, null::bigint "
        "from (select c.id client, s segment from client c, generate_series(0, 4) s) x",
    )  # fmt: skip
    body = "convert_to(repeat('x', 180), 'UTF8')" if is_bytes(target, NOTE, "body") else "repeat('x', 180)"
    pour(
        source, target, f"{NOTE} (id, compartment_id, scope_key, created_at, encounter_id, author_id, body)",
        f"select {AS_UUID.format('id')}, {COMPARTMENT}, segment + 1, to_timestamp(created), null::uuid, 1, {body} "
        "from record",
    )  # fmt: skip
    fill_grants(source, target, picked)
    target.execute("set session_replication_role = origin")
    for statement in counting.recount(NOTE):
        target.execute(statement)
    target.execute(
        f"insert into sec.mark select '{NOTE}', date_trunc('minute', created_at) from {NOTE} where random() < 0.001"
    )
    target.execute("vacuum analyze")


def fill_principals(source: Any, target: Any) -> None:
    """The job's, each with what else an account of the product has."""
    columns = target.execute(
        "select column_name, data_type from information_schema.columns "
        "where table_name = 'consent_principal' and is_nullable = 'NO' and table_schema = 'public'"
    ).fetchall()
    of_type = {
        "boolean": "false", "uuid": "gen_random_uuid()", "timestamp with time zone": "now()",
        "character varying": "''", "integer": "0", "smallint": "0", "bigint": "0",
    }  # fmt: skip
    named = {
        "id": "id + 1",
        "username": "'p' || id",
        "is_active": "active",
        "kind": "'person'",
        "employer_id": "1",
    }
    values = {name: of_type.get(kind, "''") for name, kind in columns} | named
    pour(
        source, target, f"consent_principal ({', '.join(values)})",
        f"select {', '.join(values.values())} from principal",
    )  # fmt: skip


def fill_grants(source: Any, target: Any, picked: list[int]) -> None:
    """What the two may see, by the job's own words for it; and others' grants, as many as records."""
    (permission,) = target.execute("select min(id) from auth_permission").fetchone()
    of_all = "consent_grant (content_object_id, user_id, permission_id, purposes, basis, writes, valid_from, valid_until)"
    rest = f"{permission}, '{{TREAT,COC}}'::varchar[], '[]'::jsonb, true"
    for p in picked:
        seen = sys.modules["__main__"].SCOPE % {"p": p, "t": NOW}
        pour(
            source, target, of_all,
            f"{seen}, open as (select {COMPARTMENT} c from (select v.client, s segment from vis v, "
            "generate_series(0, 4) s where v.m >> s & 1 = 1) x), "
            f"ended as (select {COMPARTMENT} c from (select c.id client, s segment from client c, "
            "generate_series(0, 4) s) x where hashint4(client * 5 + segment) % 7 = 0) "
            f"select c, {p + 1}, {rest}, {', '.join(GOOD)} from open "
            f"union all (select c, {p + 1}, {rest}, {', '.join(ENDED)} from ended where c not in (select c from open) "
            "limit (select count(*) / 7 from open))",
        )  # fmt: skip
    (clients, records) = source.execute(
        "select (select count(*) from client), (select count(*) from record)"
    ).fetchone()
    others = f"array(select id + 1 from principal where id <> all(array{picked}))"
    pour(
        source, target, of_all,
        f"select c, u, {rest}, case when n % 7 = 0 then {ENDED[0]} else {GOOD[0]} end, case when n % 7 = 0 then {ENDED[1]} else {GOOD[1]} end "
        f"from (select distinct on (c, u) c, u, n from (select 1 + floor(random() * {clients * 5})::bigint c, "
        "(others.ids)[1 + floor(random() * array_length(others.ids, 1))::int] u, n "
        f"from generate_series(1, {records}) n, (select {others} ids) others) x) y",
    )  # fmt: skip


def is_bytes(target: Any, table: str, column: str) -> bool:
    """Is the column kept under its client's key, as bytes?"""
    (kind,) = target.execute(
        "select data_type from information_schema.columns where table_name = %s and column_name = %s",
        [table, column],
    ).fetchone()
    return bool(kind == "bytea")


def pour(source: Any, target: Any, into: str, select: str) -> None:
    """The rows of a query on the job's data, into one of the product's tables."""
    with (
        source.cursor().copy(f"copy ({select}) to stdout") as out,
        target.cursor().copy(f"copy {into} from stdin") as to,
    ):
        for part in out:
            to.write(part)
