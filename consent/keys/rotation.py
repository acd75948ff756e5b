"""Changing the wrapping key: every key is wrapped anew, in pieces, and a run that was killed is gone on with."""

from typing import Any

from consent.keys import database, wrapping
from consent.keys.database import Connection
from consent.keys.errors import KeysUnavailable
from consent.keys.store import _bound, _bound_index, _unwrapped
from consent.keys.wrapping import Wrapping

PIECE = 500  # keys in one transaction


def adopt_first() -> bool:
    """Write down which wrapping key this keys database belongs to; ``False`` when it knows one already.

    Raises:
        KeysUnavailable: it belongs to another than this process has.
    """
    here = wrapping.usable()
    first = next(iter(here))

    def work(keys: Connection) -> str:
        with keys.transaction():
            added = keys.execute(
                "insert into wrapping_key (id, is_current) select %s, true "
                "where not exists (select from wrapping_key) on conflict do nothing",
                [first],
            ).rowcount
            if added:
                keys.execute("insert into audit (action, wrapping_id) values ('prepare', %s)", [first])
                return ""
            return str(_one(keys, "select id from wrapping_key where is_current"))

    current = database.ask(work)
    if current and current not in here:
        raise KeysUnavailable("this keys database belongs to another wrapping key")
    return not current


def rotate() -> int:
    """Wrap every key with the first of the wrappings that this process has; how many were wrapped anew.

    The one so far must be there too. From the first statement on new keys are made with the new
    one; afterwards the old one is retired, and its file may go.

    Raises:
        KeysUnavailable: a wrapping key is missing; nothing was lost, run it again.
    """
    using = next(iter(wrapping.usable().values()))
    database.ask(lambda keys: _begin(keys, using))
    changed = 0
    while piece := database.ask(lambda keys: _rewrap_some(keys, using)):
        changed += piece
    database.ask(lambda keys: _finish(keys, using, changed))
    return changed


def state() -> dict[str, Any]:
    """How many keys there are of each kind, and under which wrappings, for ``manage.py keys check``."""

    def work(keys: Connection) -> dict[str, Any]:
        living, retired, destroyed = keys.execute(
            "select count(*) filter (where destroyed_at is null and retired_at is null), "
            "count(*) filter (where destroyed_at is null and retired_at is not null), "
            "count(*) filter (where destroyed_at is not null) from data_key"
        ).fetchone() or (0, 0, 0)
        wrapped = keys.execute(
            "select w.id, w.is_current, w.retired_at is not null, "
            "(select count(*) from data_key d where d.wrapping_id = w.id and d.wrapped is not null) + "
            "(select count(*) from index_key i where i.wrapping_id = w.id) from wrapping_key w order by w.made_at"
        ).fetchall()
        return {"in use": living, "retired": retired, "destroyed": destroyed, "wrappings": wrapped}

    return database.ask(work)


def check_all() -> int:
    """Unwrap every key that there is; how many.

    Raises:
        KeysUnavailable: one does not open.
    """
    rows = database.ask(
        lambda keys: keys.execute(
            "select wrapping_id, wrapped, id, subject from data_key where wrapped is not null"
        ).fetchall()
    )
    units = database.ask(
        lambda keys: keys.execute("select wrapping_id, wrapped, unit from index_key").fetchall()
    )
    pairs = [(row[0], bytes(row[1]), _bound(row[2], row[3])) for row in rows]
    pairs += [(row[0], bytes(row[1]), _bound_index(row[2])) for row in units]
    return len(_unwrapped(pairs)) if pairs else 0


def _begin(keys: Connection, using: Wrapping) -> None:
    with keys.transaction():
        keys.execute("select pg_advisory_xact_lock(hashtext('rotate'))")
        if _one(keys, "select is_current from wrapping_key where id = %s", using.id):
            return
        if _one(keys, "select retired_at is not null from wrapping_key where id = %s", using.id):
            raise KeysUnavailable("the first wrapping key was retired earlier; make another")
        keys.execute("update wrapping_key set is_current = false where is_current")
        keys.execute(
            "insert into wrapping_key (id, is_current) values (%s, true) "
            "on conflict (id) do update set is_current = true",
            [using.id],
        )
        keys.execute("insert into audit (action, wrapping_id) values ('rotate', %s)", [using.id])


def _rewrap_some(keys: Connection, using: Wrapping) -> int:
    with keys.transaction():
        rows = keys.execute(
            "select wrapping_id, wrapped, id, subject from data_key "
            "where wrapping_id <> %s and wrapped is not null limit %s for update",
            [using.id, PIECE],
        ).fetchall()
        bound = [_bound(row[2], row[3]) for row in rows]
        opened = _unwrapped((row[0], bytes(row[1]), each) for row, each in zip(rows, bound, strict=True))
        with keys.cursor() as cursor:
            cursor.executemany(
                "update data_key set wrapped = %s, wrapping_id = %s where id = %s",
                [
                    (using.wrap(key, each), using.id, row[2])
                    for key, each, row in zip(opened, bound, rows, strict=True)
                ],
            )
        return len(rows) + _rewrap_index_keys(keys, using)


def _rewrap_index_keys(keys: Connection, using: Wrapping) -> int:
    rows = keys.execute(
        "select wrapping_id, wrapped, unit from index_key where wrapping_id <> %s for update", [using.id]
    ).fetchall()
    opened = _unwrapped((row[0], bytes(row[1]), _bound_index(row[2])) for row in rows)
    for key, row in zip(opened, rows, strict=True):
        keys.execute(
            "update index_key set wrapped = %s, wrapping_id = %s where unit = %s",
            [using.wrap(key, _bound_index(row[2])), using.id, row[2]],
        )
    return len(rows)


def _finish(keys: Connection, using: Wrapping, changed: int) -> None:
    """Retire the old wrappings, unless a key was made under one of them meanwhile."""
    with keys.transaction():
        # Whoever is making a key holds a share of the row; only the next statement sees that key.
        keys.execute("select id from wrapping_key for update")
        keys.execute(
            "update wrapping_key w set retired_at = now() where not is_current and retired_at is null "
            "and not exists (select from data_key where wrapping_id = w.id and wrapped is not null) "
            "and not exists (select from index_key where wrapping_id = w.id)"
        )
        if _one(keys, "select exists (select from wrapping_key where not is_current and retired_at is null)"):
            raise KeysUnavailable("keys were made meanwhile under the old wrapping key: rotate once more")
        if changed:
            keys.execute(
                "insert into audit (action, wrapping_id, keys) values ('rotated', %s, %s)",
                [using.id, changed],
            )


def _one(keys: Connection, query: str, *values: Any) -> Any:
    row = keys.execute(query, list(values)).fetchone()
    return row[0] if row else None
