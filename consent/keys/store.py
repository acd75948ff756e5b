"""Making, finding, wrapping anew and destroying keys.

A subject has one data key in use; one that was renewed stays until nothing stands under
it any more. The keys database knows subjects by a pseudonym of its own.
"""

import hashlib
import hmac
import os
import uuid
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from consent.keys import database, wrapping
from consent.keys.database import Connection
from consent.keys.errors import KeyDestroyed, KeysUnavailable, Tampered
from consent.keys.wrapping import KEY_BYTES, Wrapping

__all__ = [
    "KeyDestroyed", "KeysUnavailable", "Tampered", "data_keys", "destroy", "destroy_retired", "index_key",
    "key_of", "keys_about", "renew", "subject_pseudonym",
]  # fmt: skip


def subject_pseudonym(subject_id: UUID) -> str:
    """What the keys database calls a subject: another name than the ledger's, and neither is the id."""
    try:
        key = Path(settings.PSEUDONYM_KEY_FILE).read_bytes().strip()
    except OSError:
        raise KeysUnavailable("the pseudonym key can't be read") from None
    return hmac.new(key, b"keys\0" + subject_id.bytes, hashlib.sha256).hexdigest()


def data_keys(ids: Collection[UUID]) -> dict[UUID, bytes]:
    """The data keys with these ids, 32 bytes each, in one query; those that were destroyed are left out.

    Raises:
        KeysUnavailable: one of them is unknown here, or none can be had now.
    """
    wanted = set(ids)
    rows = database.ask(
        lambda keys: keys.execute(
            "select id, subject, wrapped, wrapping_id from data_key where id = any(%s)", [list(wanted)]
        ).fetchall()
    )
    if len(rows) != len(wanted):
        raise KeysUnavailable("a key is not in this keys database")
    living = [row for row in rows if row[2] is not None]
    opened = _unwrapped((row[3], bytes(row[2]), _bound(row[0], row[1])) for row in living)
    return {row[0]: key for row, key in zip(living, opened, strict=True)}


def key_of(subject_id: UUID) -> tuple[UUID, bytes]:
    """The key in use for a subject, and its id; made when there is none, and committed at once.

    Raises:
        KeyDestroyed: the subject's key was destroyed, and no other is made.
        KeysUnavailable: it can't be had, or the wrapping key is not this database's.
    """
    subject = subject_pseudonym(subject_id)
    row = database.ask(lambda keys: _in_use(keys, subject)) or _make(subject)
    key_id, wrapped, wrapping_id = row
    if wrapped is None:
        raise KeyDestroyed("this subject's key was destroyed")
    return key_id, _unwrapped([(wrapping_id, bytes(wrapped), _bound(key_id, subject))])[0]


def index_key(unit_slug: str) -> bytes:
    """The key of a legal unit's blind indexes, 32 bytes; made when there is none."""
    find = "select wrapped, wrapping_id from index_key where unit = %s"
    row = database.ask(lambda keys: keys.execute(find, [unit_slug]).fetchone())
    if row is None:
        using = _current_wrapping()
        wrapped = using.wrap(os.urandom(KEY_BYTES), _bound_index(unit_slug))
        database.ask(
            lambda keys: keys.execute(
                "insert into index_key (unit, wrapped, wrapping_id) select %s, %s, id from wrapping_key "
                "where id = %s and retired_at is null for share on conflict do nothing",
                [unit_slug, wrapped, using.id],
            )
        )
        row = database.ask(lambda keys: keys.execute(find, [unit_slug]).fetchone())
    if row is None:
        raise KeysUnavailable("an index key was not kept")
    return _unwrapped([(row[1], bytes(row[0]), _bound_index(unit_slug))])[0]


def destroy(subject_id: UUID, *, basis: str) -> int:
    """Destroy every key of a subject, and let none be made again; how many went. A second time does no harm.

    Args:
        basis: The code of the legal ground, for the audit.
    """
    subject = subject_pseudonym(subject_id)

    def work(keys: Connection) -> int:
        with keys.transaction():
            # A key that is being made meanwhile meets this row, or is destroyed by the next statement.
            keys.execute(
                "insert into data_key (id, subject, wrapped, wrapping_id, destroyed_at) "
                "select %s, %s, null, id, now() from wrapping_key where is_current on conflict do nothing",
                [uuid.uuid4(), subject],
            )
            gone = keys.execute(
                "update data_key set wrapped = null, destroyed_at = now() "
                "where subject = %s and destroyed_at is null",
                [subject],
            ).rowcount
            keys.execute(
                "insert into audit (action, subject, basis, keys) values ('destroy', %s, %s, %s)",
                [subject, basis, gone],
            )
        return gone

    return database.ask(work)


def renew(subject_id: UUID) -> UUID:
    """Give a subject another key; the one so far is retired, and still opens what stands under it.

    Raises:
        KeyDestroyed: there is none to renew, for good.
    """
    subject, key_id = subject_pseudonym(subject_id), uuid.uuid4()
    using = _current_wrapping()
    wrapped = using.wrap(os.urandom(KEY_BYTES), _bound(key_id, subject))

    def work(keys: Connection) -> bool:
        with keys.transaction():
            found = keys.execute(
                "select id, wrapped is null from data_key where subject = %s and retired_at is null for update",
                [subject],
            ).fetchone()
            if found is not None and found[1]:
                return False
            keys.execute(
                "update data_key set retired_at = now() where subject = %s and retired_at is null", [subject]
            )
            keys.execute(
                "insert into data_key (id, subject, wrapped, wrapping_id) values (%s, %s, %s, %s)",
                [key_id, subject, wrapped, using.id],
            )
            keys.execute("insert into audit (action, subject, keys) values ('renew', %s, 1)", [subject])
        return True

    if not database.ask(work):
        raise KeyDestroyed("this subject's key was destroyed")
    return key_id


def keys_about(subject_id: UUID) -> dict[UUID, str]:
    """The subject's keys by id: ``in use``, ``retired`` or ``destroyed``."""
    rows = database.ask(
        lambda keys: keys.execute(
            "select id, case when destroyed_at is not null then 'destroyed' "
            "when retired_at is not null then 'retired' else 'in use' end from data_key where subject = %s",
            [subject_pseudonym(subject_id)],
        ).fetchall()
    )
    return {row[0]: str(row[1]) for row in rows}


def destroy_retired(subject_id: UUID, *, unused: Collection[UUID], seconds: int) -> int:
    """Destroy those of a subject's retired keys that are in ``unused`` and were retired ``seconds`` ago or more."""
    subject = subject_pseudonym(subject_id)

    def work(keys: Connection) -> int:
        with keys.transaction():
            gone = keys.execute(
                "update data_key set wrapped = null, destroyed_at = now() where subject = %s and id = any(%s) "
                "and destroyed_at is null and retired_at <= now() - make_interval(secs => %s)",
                [subject, list(unused), seconds],
            ).rowcount
            if gone:
                keys.execute(
                    "insert into audit (action, subject, keys) values ('retire', %s, %s)", [subject, gone]
                )
        return gone

    return database.ask(work)


def _in_use(keys: Connection, subject: str) -> Any:
    return keys.execute(
        "select id, wrapped, wrapping_id from data_key where subject = %s and retired_at is null", [subject]
    ).fetchone()


def _make(subject: str) -> Any:
    """Another key for a subject that has none; of two who make one at once, both get the first."""
    using, key_id = _current_wrapping(), uuid.uuid4()
    wrapped = using.wrap(os.urandom(KEY_BYTES), _bound(key_id, subject))

    def work(keys: Connection) -> Any:
        with keys.transaction():
            # Not under a wrapping key that another process has just replaced.
            keys.execute(
                "insert into data_key (id, subject, wrapped, wrapping_id) "
                "select %s, %s, %s, id from wrapping_key where id = %s and retired_at is null for share "
                "on conflict do nothing",
                [key_id, subject, wrapped, using.id],
            )
        return _in_use(keys, subject)

    row = database.ask(work)
    if row is None:
        raise KeysUnavailable("a data key was not kept")
    return row


def _current_wrapping() -> Wrapping:
    """The wrapping that the keys database says is current, if this process has it.

    So a process with a wrong key stores nothing that nobody could open later.
    """
    row = database.ask(lambda keys: keys.execute("select id from wrapping_key where is_current").fetchone())
    found = wrapping.usable().get(row[0]) if row else None
    if found is None:
        raise KeysUnavailable("the wrapping key of this keys database is not here")
    return found


def _unwrapped(wrapped: Iterable[tuple[str, bytes, bytes]]) -> list[bytes]:
    """The keys of ``(wrapping id, wrapped, bound to)``, in order, each wrapping asked once."""
    rows, here = list(wrapped), wrapping.usable()
    found: dict[int, bytes] = {}
    for wrapping_id in {row[0] for row in rows}:
        if wrapping_id not in here:
            raise KeysUnavailable("a key's wrapping key is not here")
        places = [place for place, row in enumerate(rows) if row[0] == wrapping_id]
        opened = here[wrapping_id].unwrap([(rows[place][1], rows[place][2]) for place in places])
        found |= dict(zip(places, opened, strict=True))
    return [found[place] for place in range(len(rows))]


def _bound(key_id: UUID, subject: str) -> bytes:
    return b"data key\0" + settings.SIDE.encode() + b"\0" + key_id.bytes + subject.encode()


def _bound_index(unit: str) -> bytes:
    return b"index key\0" + settings.SIDE.encode() + b"\0" + unit.encode()
