"""The ledger as the verifier's role reads it: by full names, under fixed settings, in one snapshot.

Whoever can write the database can also put a view in a table's place, or settings on a role:
so the tables are looked up in the catalogue first, and every setting that has a say in what
a value looks like is set for the transaction.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from consent.ledger.image import BadRow, Form, Row, row_of, tuples
from consent.verifier.findings import CouldNotRun

Connection = psycopg.Connection[Any]
SCHEMA = "public"
LEDGER, CHECKPOINTS, TILES = "consent_ledgerentry", "consent_checkpoint", "consent_tile"
SETTINGS = {
    "search_path": "pg_catalog",
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "3",
    "client_encoding": "UTF8",
    "row_security": "on",
    "statement_timeout": "0",
    "lock_timeout": "5000",
}
RELATION = """
select c.oid, c.relkind::text, c.relhasrules, exists (select 1 from pg_catalog.pg_inherits i where c.oid in (i.inhparent, i.inhrelid))
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where n.nspname = %s and c.relname = %s
"""
COLUMNS = """
select attname::text, pg_catalog.format_type(atttypid, atttypmod), atttypid::bigint, attgenerated::text
  from pg_catalog.pg_attribute where attrelid = %s and attnum > 0 and not attisdropped
"""
SLACK = 1_000  # numbers that are nobody's between two runs, read over rather than asked around


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A row of the checkpoints' table."""

    number: int
    size: int
    high: int
    added: list[int]
    pending: list[int]
    frontier: bytes
    note: str


SEALED = sql.SQL("select number, size, high, added, pending, frontier, note from public.consent_checkpoint ")


def connect(url: str, *, snapshot: str = "") -> Connection:
    """A read-only transaction, on a snapshot of another one if that is named.

    Raises:
        CouldNotRun: the database doesn't answer, or refuses.
    """
    try:
        connection = psycopg.connect(url, connect_timeout=5, autocommit=False)
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        if snapshot:
            connection.execute(sql.SQL("set transaction snapshot {}").format(sql.Literal(snapshot)))
        for name, value in SETTINGS.items():
            connection.execute("select pg_catalog.set_config(%s, %s, true)", [name, value])
    except psycopg.Error as error:
        raise CouldNotRun(f"the database: {type(error).__name__}") from None
    return connection


def export_snapshot(connection: Connection) -> str:
    """What other connections call this one's snapshot, as long as it is open."""
    return str(_one(connection.execute("select pg_catalog.pg_export_snapshot()"))[0])


def check_tables(connection: Connection) -> tuple[Form, list[int]]:
    """The ledger's form and its columns' type ids, once the three tables are seen to be tables.

    Raises:
        CouldNotRun: one is missing, or is a view, or something stands before it or below it.
    """
    oid = 0
    for name in (CHECKPOINTS, TILES, LEDGER):
        row = connection.execute(RELATION, [SCHEMA, name]).fetchone()
        if row is None:
            raise CouldNotRun(f"there is no table {SCHEMA}.{name}")
        oid, kind, has_rules, inherits = row
        if kind != "r" or has_rules or inherits:
            raise CouldNotRun(f"{SCHEMA}.{name} is not a plain table: somebody put something in its place")
    columns = connection.execute(COLUMNS, [oid]).fetchall()
    if any(generated for *_rest, generated in columns):
        raise CouldNotRun(f"{SCHEMA}.{LEDGER} has columns that are made up as they are read")
    try:
        form = Form.of(
            ((name, kind) for name, kind, *_rest in columns), connection.info.server_version // 10_000
        )
    except BadRow as error:
        raise CouldNotRun(str(error)) from None
    types = {name: oid for name, _kind, oid, _generated in columns}
    return form, [types[name] for name in form.names]


def rows_of(connection: Connection, form: Form, runs: Iterable[tuple[int, int]]) -> Iterator[Row]:
    """The entries with the numbers of these runs that are there, and perhaps others between them; by number.

    Raises:
        CouldNotRun: PostgreSQL can't read them (a page that fails its checksum, say).
    """
    columns = sql.SQL(", ").join(sql.Identifier("e", name) for name in form.names)
    for low, high in _joined(runs):
        query = sql.SQL(
            "copy (select {} from public.consent_ledgerentry e where e.number >= {} and e.number < {} "
            "order by e.number) to stdout (format binary)"
        ).format(columns, sql.Literal(low), sql.Literal(high))
        with connection.cursor() as cursor, cursor.copy(query) as blocks:
            yield from map(row_of, tuples(blocks))


def checkpoints(connection: Connection, after: int, until: int) -> Iterator[Sealed]:
    """Those with greater numbers than ``after``, up to ``until``, in order."""
    with connection.cursor(name="checkpoints", binary=True) as cursor:
        cursor.itersize = 1_000
        cursor.execute(SEALED + sql.SQL("where number > %s and number <= %s order by number"), [after, until])
        for row in cursor:
            yield _sealed(row)


def checkpoint(connection: Connection, number: int) -> Sealed | None:
    """The one with this number."""
    row = connection.execute(SEALED + sql.SQL("where number = %s"), [number], binary=True).fetchone()
    return None if row is None else _sealed(row)


def newest(connection: Connection) -> Sealed | None:
    """The one with the greatest number."""
    row = connection.execute(SEALED + sql.SQL("order by number desc limit 1"), binary=True).fetchone()
    return None if row is None else _sealed(row)


def at_size(connection: Connection, size: int) -> int:
    """The number of the first checkpoint of at least this size."""
    query = "select number from public.consent_checkpoint where size >= %s order by size, number limit 1"
    row = connection.execute(query, [size]).fetchone()
    return int(row[0]) if row else 0


def tile(connection: Connection, index: int) -> bytes:
    """The leaf hashes of a full tile; empty when it is not there."""
    query = "select hashes from public.consent_tile where level = 0 and index = %s"
    row = connection.execute(query, [index], binary=True).fetchone()
    return b"" if row is None else bytes(row[0])


def _joined(runs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    begin = end = None
    for low, high in sorted(runs):
        if begin is None or end is None:
            begin, end = low, high
        elif low - end <= SLACK:
            end = max(end, high)
        else:
            yield begin, end
            begin, end = low, high
    if begin is not None and end is not None:
        yield begin, end


def _sealed(row: Sequence[Any]) -> Sealed:
    number, size, high, added, pending, frontier, note = row
    return Sealed(
        number=number,
        size=size,
        high=high,
        added=list(added),
        pending=list(pending),
        frontier=bytes(frontier),
        note=note,
    )


def _one(cursor: psycopg.Cursor[Any]) -> Any:
    row = cursor.fetchone()
    if row is None:
        raise CouldNotRun("the database gave no answer")
    return row
