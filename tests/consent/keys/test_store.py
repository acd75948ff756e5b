"""The key store: who gets which key, what a wrong wrapping key does, and that destroyed is for good."""

import threading
import time
import uuid
from base64 import b64encode
from secrets import token_bytes
from typing import ClassVar

import psycopg
import pytest
from django.conf import settings

from consent.keys import database, rotation, store, wrapping
from consent.keys.errors import KeyDestroyed, KeysUnavailable

pytestmark = pytest.mark.usefixtures("keys")


@pytest.fixture
def subject():
    return uuid.uuid4()


@pytest.fixture
def new_file(tmp_path):
    """Another wrapping key's file."""

    def make(content=None):
        file = tmp_path / f"{uuid.uuid4()}.key"
        file.write_bytes(content if content is not None else b64encode(token_bytes(32)) + b"\n")
        return str(file)

    return make


def raw(query, *values):
    return database.ask(lambda keys: keys.execute(query, list(values)).fetchall())


def test_a_subject_has_one_key_and_another_subject_another(subject):
    key_id, key = store.key_of(subject)

    assert store.key_of(subject) == (key_id, key)
    assert len(key) == 32
    assert store.key_of(uuid.uuid4())[1] != key


def test_many_keys_are_one_question(subject, monkeypatch):
    made = dict(store.key_of(uuid.uuid4()) for _ in range(50))
    asked = []
    ask = database.ask
    monkeypatch.setattr(database, "ask", lambda work: asked.append(work) or ask(work))

    assert store.data_keys(made.keys()) == made
    assert len(asked) == 1


def test_the_keys_database_names_no_subject_and_holds_no_key(subject):
    _, key = store.key_of(subject)

    rows = "\n".join(map(str, raw("select * from data_key")))

    assert str(subject) not in rows
    assert subject.hex not in rows
    assert str(key) not in rows
    assert all(
        key not in bytes(wrapped)
        for (wrapped,) in raw("select wrapped from data_key where wrapped is not null")
    )


def test_those_who_make_a_key_at_once_get_the_same(subject):
    start, got = threading.Barrier(8), []

    def make():
        start.wait()
        got.append(store.key_of(subject))
        database.forget()

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == 8
    assert len(set(got)) == 1


def test_an_index_key_is_its_units_own():
    one, other = (f"unit-{uuid.uuid4()}" for _ in range(2))

    assert store.index_key(one) == store.index_key(one)
    assert store.index_key(one) != store.index_key(other)


def test_a_destroyed_key_is_gone_and_no_other_is_made(subject):
    other = uuid.uuid4()
    key_id, _ = store.key_of(subject)
    kept_id, kept = store.key_of(other)

    assert store.destroy(subject, basis="RETENTION") == 1

    assert store.data_keys([key_id, kept_id]) == {kept_id: kept}
    with pytest.raises(KeyDestroyed):
        store.key_of(subject)
    assert store.destroy(subject, basis="RETENTION") == 0


def test_a_subject_without_a_key_can_be_destroyed_too(subject):
    store.destroy(subject, basis="RETENTION")

    with pytest.raises(KeyDestroyed):
        store.key_of(subject)


@pytest.mark.parametrize(
    "statement",
    [
        "update data_key set wrapped = '\\x00', destroyed_at = null where id = %s",
        "delete from data_key where id = %s",
        "update data_key set subject = 'other' where id = %s",
    ],
)
def test_nobody_brings_a_destroyed_key_back(statement, subject, database):
    key_id, _ = store.key_of(subject)
    store.destroy(subject, basis="RETENTION")

    with pytest.raises(KeysUnavailable, match="InsufficientPrivilege"):
        raw(f"{statement} returning 1", key_id)
    owner = psycopg.connect(database.keys.owner_url, dbname=database.keys.name, autocommit=True)
    with owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute(statement, [key_id])


def test_the_audit_is_only_added_to(subject):
    store.destroy(subject, basis="RETENTION")

    ((basis, name),) = raw(
        "select basis, subject from audit where subject = %s", store.subject_pseudonym(subject)
    )
    assert basis == "RETENTION"
    assert name != str(subject)
    for statement in ("update audit set basis = ''", "delete from audit", "truncate audit"):
        with pytest.raises(KeysUnavailable, match="InsufficientPrivilege"):
            raw(statement)


def test_a_wrong_wrapping_key_stores_nothing(subject, settings, new_file):
    before = raw("select count(*) from data_key")
    known, _ = store.key_of(uuid.uuid4())
    settings.WRAPPING_KEY_FILES = [new_file()]

    for ask in (
        lambda: store.key_of(subject),
        lambda: store.data_keys([known]),
        lambda: store.index_key("never"),
    ):
        with pytest.raises(KeysUnavailable):
            ask()

    assert raw("select count(*) - 1 from data_key") == before
    assert raw("select 1 from index_key where unit = 'never'") == []


@pytest.mark.parametrize("content", [b"", b"not base64!", b64encode(token_bytes(16))])
def test_a_file_that_holds_no_key_opens_nothing(content, subject, settings, new_file):
    known, _ = store.key_of(subject)
    settings.WRAPPING_KEY_FILES = [new_file(content)]

    with pytest.raises(KeysUnavailable):
        store.data_keys([known])


def test_a_wrapped_key_moved_to_another_subject_does_not_open(subject, database):
    key_id, _ = store.key_of(subject)
    other_id, _ = store.key_of(uuid.uuid4())

    raw(
        "update data_key set wrapped = (select wrapped from data_key where id = %s) where id = %s returning 1",
        key_id,
        other_id,
    )

    with pytest.raises(KeysUnavailable):
        store.data_keys([other_id])


class Service:
    """A key management service as a city's own class would speak to one: it keeps the keys, this process a name."""

    held: ClassVar[dict[bytes, tuple[bytes, bytes]]] = {}
    asked: ClassVar[list[int]] = []
    id = "a-key-of-a-service"

    def wrap(self, key, bound_to):
        ticket = token_bytes(16)
        self.held[ticket] = (key, bound_to)
        return ticket

    def unwrap(self, wrapped):
        self.asked.append(len(wrapped))
        if any(ticket not in self.held or self.held[ticket][1] != bound for ticket, bound in wrapped):
            raise KeysUnavailable("the service refused")
        return [self.held[ticket][0] for ticket, _bound in wrapped]


def of_a_service():
    return [Service(), *wrapping.from_files()]


def test_a_citys_own_key_service_takes_over_and_is_asked_once_for_a_page(settings):
    made = dict(store.key_of(uuid.uuid4()) for _ in range(20))
    settings.KEY_WRAPPING = f"{__name__}.of_a_service"
    rotation.rotate()
    settings.WRAPPING_KEY_FILES = []
    Service.asked.clear()

    assert store.data_keys(made) == made
    assert Service.asked == [20]
    assert store.key_of(uuid.uuid4())
    Service.held.clear()
    with pytest.raises(KeysUnavailable):
        store.data_keys(made)


def test_an_unknown_key_is_not_taken_for_a_destroyed_one():
    with pytest.raises(KeysUnavailable):
        store.data_keys([uuid.uuid4()])


def test_rotation_wraps_every_key_anew_and_the_old_file_may_go(subject, settings, new_file, monkeypatch):
    monkeypatch.setattr(rotation, "PIECE", 3)
    old = settings.WRAPPING_KEY_FILES[0]
    made = dict(store.key_of(uuid.uuid4()) for _ in range(10))
    unit = store.index_key("rotated")
    new = new_file()
    settings.WRAPPING_KEY_FILES = [new, old]

    assert rotation.rotate() >= 11

    settings.WRAPPING_KEY_FILES = [new]
    assert store.data_keys(made) == made
    assert store.index_key("rotated") == unit
    assert store.key_of(subject)
    settings.WRAPPING_KEY_FILES = [old]
    with pytest.raises(KeysUnavailable):
        store.key_of(subject)


def test_a_rotation_killed_midway_loses_nothing_and_goes_on(subject, settings, new_file, monkeypatch):
    monkeypatch.setattr(rotation, "PIECE", 2)
    old, new = settings.WRAPPING_KEY_FILES[0], new_file()
    made = dict(store.key_of(uuid.uuid4()) for _ in range(9))
    settings.WRAPPING_KEY_FILES = [new, old]
    rewrap, pieces = rotation._rewrap_some, []

    def killed(keys, using):
        pieces.append(rewrap(keys, using))
        if len(pieces) == 2:
            raise KeyboardInterrupt
        return pieces[-1]

    monkeypatch.setattr(rotation, "_rewrap_some", killed)
    with pytest.raises(KeyboardInterrupt):
        rotation.rotate()
    monkeypatch.setattr(rotation, "_rewrap_some", rewrap)
    database.forget()

    assert store.data_keys(made) == made
    assert store.key_of(subject)  # work goes on meanwhile, under the new one
    rotation.rotate()

    settings.WRAPPING_KEY_FILES = [new]
    assert store.data_keys(made) == made
    assert rotation.rotate() == 0


def test_a_rotation_without_the_old_key_changes_nothing(subject, settings, new_file):
    old = settings.WRAPPING_KEY_FILES
    key_id, key = store.key_of(subject)
    settings.WRAPPING_KEY_FILES = [new_file()]

    with pytest.raises(KeysUnavailable):
        rotation.rotate()

    settings.WRAPPING_KEY_FILES = old
    assert store.data_keys([key_id]) == {key_id: key}


def test_a_keys_database_is_not_taken_over_by_another_wrapping_key(settings, new_file):
    assert not rotation.adopt_first()
    settings.WRAPPING_KEY_FILES = [new_file()]

    with pytest.raises(KeysUnavailable):
        rotation.adopt_first()


def test_a_renewed_key_still_opens_until_nothing_stands_under_it(subject):
    old_id, old = store.key_of(subject)

    new_id = store.renew(subject)

    assert store.key_of(subject)[0] == new_id
    assert store.data_keys([old_id]) == {old_id: old}
    assert store.keys_about(subject) == {old_id: "retired", new_id: "in use"}
    assert store.destroy_retired(subject, unused=[old_id, new_id], seconds=3600) == 0
    assert store.destroy_retired(subject, unused=[old_id, new_id], seconds=0) == 1
    assert store.keys_about(subject) == {old_id: "destroyed", new_id: "in use"}


def test_a_connection_that_died_is_replaced(subject):
    known = store.key_of(subject)
    with psycopg.connect(settings.KEYS_URL, autocommit=True) as another:
        another.execute("select pg_terminate_backend(%s)", [raw("select pg_backend_pid()")[0][0]])

    assert store.key_of(subject) == known


def test_a_keys_server_that_hangs_is_waited_for_once_and_not_for_long(subject, monkeypatch):
    monkeypatch.setattr(database, "PATIENCE", 0.3)
    database.forget()
    known = store.key_of(subject)
    began = time.monotonic()

    with pytest.raises(KeysUnavailable):
        raw("select pg_sleep(1.5)")

    assert time.monotonic() - began < 1
    assert store.key_of(subject) == known


def test_an_unreachable_keys_database_is_said_without_its_address(subject, settings):
    settings.KEYS_URL = "postgres://nobody:secret@127.0.0.1:1/nowhere"

    with pytest.raises(KeysUnavailable) as refused:
        store.key_of(subject)

    assert "secret" not in str(refused.value)
    assert "127.0.0.1" not in str(refused.value)


def test_the_sides_own_logins_open_no_keys_and_the_keys_login_no_record():
    side = settings.SIDE
    keys_url = settings.KEYS_URL
    own = settings.DATABASES["default"]
    with psycopg.connect(keys_url) as keys:
        assert keys.execute(
            "select rolsuper or rolcreatedb or rolcreaterole or rolbypassrls from pg_roles where rolname = current_user"
        ).fetchone() == (False,)
        assert (
            keys.execute(
                "select r.rolname from pg_roles r where pg_has_role(r.oid, current_user::regrole, 'member') "
                "and not r.rolsuper and r.rolname <> current_user"
            ).fetchall()
            == []
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            keys.execute("create table mine (id int)")
    elsewhere = keys_url.rpartition("/")[0] + "/" + own["NAME"]
    with pytest.raises(psycopg.OperationalError, match="CONNECT"):
        psycopg.connect(elsewhere)
    name = keys_url.rpartition("/")[2]
    with pytest.raises(psycopg.OperationalError, match="CONNECT"):
        psycopg.connect(
            host=own["HOST"], port=own["PORT"], user=f"{side}_app", password=own["PASSWORD"], dbname=name
        )
