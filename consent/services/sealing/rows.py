"""What the sealer asks PostgreSQL itself: entries by their numbers, as tuples; the snapshot; the leader's lock."""

from collections.abc import Iterator, Sequence

import psycopg
from django.db import connection
from psycopg import sql

from consent.ledger import numbers
from consent.ledger.image import Form, Row, leaf_of, row_of, tuples
from consent.models import LedgerEntry

TABLE = LedgerEntry._meta.db_table
COLUMNS = """
select attname, format_type(atttypid, atttypmod) from pg_attribute
 where attrelid = %s::regclass and attnum > 0 and not attisdropped
"""


def got_the_lead() -> bool:
    """May this transaction seal, or is another sealer at it?"""
    with _cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended('ledger sealer', 3))")
        return bool(_one(cursor)[0])


def snapshot() -> tuple[int, int]:
    """``(oldest transaction still running, first not yet begun)``."""
    with _cursor() as cursor:
        cursor.execute(
            "select pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint "
            "from pg_current_snapshot() s"
        )
        oldest, next_ = _one(cursor)
        return int(oldest), int(next_)


def form() -> Form:
    """The ledger's columns as they are now."""
    with _cursor() as cursor:
        cursor.execute(COLUMNS, [TABLE])
        columns = cursor.fetchall()
        return Form.of(
            ((str(name), str(kind)) for name, kind in columns), _connection().info.server_version // 10_000
        )


def rows_after(number: int, most: int, shape: Form) -> list[Row]:
    """Up to ``most`` entries with greater numbers, in the order of their numbers."""
    where = sql.SQL("e.number > {} order by e.number limit {}").format(sql.Literal(number), sql.Literal(most))
    return list(_copied(where, shape))


def rows_of(pairs: Sequence[int], shape: Form) -> list[Row]:
    """Those of the entries with these numbers that are there, in the order of their numbers."""
    found: list[Row] = []
    for low, high in numbers.runs(pairs):
        where = sql.SQL("e.number >= {} and e.number < {} order by e.number")
        found += _copied(where.format(sql.Literal(low), sql.Literal(high)), shape)
    return found


def leaves_of(wanted: Sequence[int]) -> dict[int, bytes]:
    """The leaf hashes of the entries with these numbers, made anew from their canonical bytes."""
    with _cursor() as cursor:
        cursor.execute(
            f"select number, canonical from {TABLE} where number = any(%s)", [list(wanted)], binary=True
        )
        return {int(number): leaf_of(bytes(canonical)) for number, canonical in cursor.fetchall()}


def number_of(entry_id: object) -> int | None:
    """The number of an entry."""
    with _cursor() as cursor:
        cursor.execute(f"select number from {TABLE} where id = %s", [entry_id])
        row = cursor.fetchone()
        return None if row is None else int(row[0])


def _copied(where: sql.Composed, shape: Form) -> Iterator[Row]:
    columns = sql.SQL(", ").join(sql.Identifier("e", name) for name in shape.names)
    query = sql.SQL("copy (select {} from {} e where {}) to stdout (format binary)").format(
        columns, sql.Identifier(TABLE), where
    )
    with _cursor() as cursor, cursor.copy(query) as blocks:
        yield from map(row_of, tuples(blocks))


def _connection() -> psycopg.Connection[tuple[object, ...]]:
    connection.ensure_connection()
    return connection.connection  # type: ignore[no-any-return]


def _cursor() -> psycopg.Cursor[tuple[object, ...]]:
    return psycopg.Cursor(_connection())


def _one(cursor: psycopg.Cursor[tuple[object, ...]]) -> tuple[int, ...]:
    row = cursor.fetchone()
    assert row is not None
    return row  # type: ignore[return-value]
