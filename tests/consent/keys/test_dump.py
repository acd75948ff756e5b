"""A dump is stolen, or the disk: of what is under keys nothing can be read in either database of a side."""

import os
import re
import subprocess
import uuid
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from config.local.postgres import SUPERUSER, Postgres
from consent import access
from consent.keys import store
from consent.keys.ring import KeyRing
from consent.models.encrypted import encrypted_fields
from tests import factories
from tests.consent.keys.everything import make_everything, models_under_keys
from tests.oracle.canary import Place, planted
from tests.oracle.scan import scan
from tests.oracle.writes import Writes

HEX = re.compile(rb"\\+x((?:[0-9a-f]{2})+)")


@pytest.fixture(scope="module")
def cluster():
    """The tests' own server, as whoever steals its disk or has its superuser sees it."""
    state, port = Path(settings.STATE_DIR), int(settings.DATABASES["default"]["PORT"])
    return Postgres(state, port, durable=False, log=state / "logs" / "postgres.log")


def dumped(cluster, name):
    """What ``pg_dump`` writes about a database."""
    done = subprocess.run(
        [
            str(cluster.binaries / "pg_dump"), "--host=127.0.0.1", f"--port={cluster.port}",
            f"--username={SUPERUSER}", "--format=plain", name,
        ],
        env=os.environ | {"PGPASSWORD": cluster.password_file.read_text().strip()},
        capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout


def canaries_in(dump):
    """The canaries in a plain dump: in its text, and in the bytes that it writes in hexadecimal."""
    pieces = [bytes.fromhex(match[1].decode()) for match in HEX.finditer(dump)]
    return scan(HEX.sub(b"", dump)) | scan(b"\n".join(pieces))


def on_the_disk(cluster, name):
    """``(what, bytes)``: the files of a database's tables, and those that may hold a copy of a row."""
    with cluster.admin(name) as admin:
        for (relation,) in admin.execute(
            "select oid::regclass::text from pg_class where relkind in ('r', 'm') "
            "and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
        ).fetchall():
            admin.execute(f"analyze {relation}")  # into the statistics too
        admin.execute("checkpoint")
        (oid,) = admin.execute("select oid from pg_database where datname = current_database()").fetchone()
        ours = {
            Path(str(path)).name
            for (path,) in admin.execute(
                "select pg_relation_filepath(oid) from pg_class where relkind in ('r', 'i', 't', 'm') and oid >= 16384"
            ).fetchall()
        }
    for path in sorted((cluster.data / "base" / str(oid)).iterdir()):
        yield ("table" if path.name.split(".")[0] in ours else "catalogue"), path.read_bytes()


def log_since(cluster, begin):
    """The server's write-ahead log from a position on: of what came before other tests answer."""
    with cluster.admin() as admin:
        file, offset, end, end_offset, bytes_a_file = admin.execute(
            "select a.file_name, a.file_offset, b.file_name, b.file_offset, pg_size_bytes(current_setting('wal_segment_size')) "
            "from pg_walfile_name_offset(%s) a, pg_walfile_name_offset(pg_current_wal_lsn()) b",
            [begin],
        ).fetchone()
    files = sorted(path for path in (cluster.data / "pg_wal").glob("0*") if file <= path.name <= end)
    log = b"".join(path.read_bytes() for path in files)
    return log[offset : len(log) - bytes_a_file + end_offset]


def canaries_on(cluster, name):
    """What is found there; the server's own files are text or they are not, so their codings are not undone."""
    return {
        canary
        for what, content in on_the_disk(cluster, name)
        for canary in (scan(content) if what == "table" else planted.find(content.decode("latin-1").lower()))
    }


@pytest.fixture
def before(cluster, database):
    """Where the server's log stood before Sam's rows."""
    with cluster.admin() as admin:
        return admin.execute("select pg_current_wal_lsn()").fetchone()[0]


@pytest.fixture
def sam(before, transactional_db):
    """Everything about Sam, committed."""
    cast = factories.make_cast()
    return make_everything(cast)


def test_every_field_under_keys_was_filled(sam):
    assert set(sam) == set(models_under_keys())
    for model, row in sam.items():
        empty = [f.name for f in encrypted_fields(model) if f.is_nothing(getattr(row, f.attname))]
        assert not empty, model


def ours_of(sam):
    """The canaries of these rows: other tests' are none of this dump's business."""
    wanted = {row.compartment_id for row in sam.values()}
    known = {*planted.by_token.values()}
    for several in (planted.by_surname, planted.by_date, planted.by_line):
        known |= {canary for canaries in several.values() for canary in canaries}
    found = {each for each in known if each.compartment in wanted and each.record.endswith("-under-keys")}
    assert len({each.record for each in found}) == len(sam)
    return found


def test_a_dump_holds_nothing_of_what_is_under_keys_in_clear(before, sam, database, cluster):
    ours, name = ours_of(sam), database.name
    connections["default"].close()
    clear = factories.world.token(Place(segment="X", record="planted in clear", field="text"))
    (bait,) = planted.find(clear.lower())
    with cluster.admin(name) as admin:
        admin.execute("create table planted (text text, bytes bytea)")
        for text, content in ((clear, ""), ("", clear.encode())):  # as text, and as bytes
            admin.execute("truncate planted")
            admin.execute("insert into planted values (%s, %s)", [text, content])
            assert bait in canaries_in(dumped(cluster, name))

    dump, keys = dumped(cluster, name), dumped(cluster, database.keys.name)
    found = canaries_in(dump) | canaries_on(cluster, name)
    log = log_since(cluster, before)

    assert b"COPY public.consent_consent" in dump
    assert b"COPY public.data_key" in keys
    assert bait in found
    assert not found & ours
    assert clear.encode() in log
    assert not planted.find(log.decode("latin-1").lower()) & ours
    assert not (canaries_in(keys) | canaries_on(cluster, database.keys.name)) & ours


def test_a_dump_of_the_keys_names_nobody(sam, database, cluster):
    sam_id = next(iter(sam.values())).compartment.subject_id
    key_id, key = store.key_of(sam_id)

    dump = dumped(cluster, database.keys.name)

    assert str(key_id).encode() in dump
    for secret in (str(sam_id).encode(), sam_id.hex.encode(), key.hex().encode(), key):
        assert secret not in dump
    assert not any(key in bytes.fromhex(match[1].decode()) for match in HEX.finditer(dump))


def test_the_data_and_the_keys_are_two_dumps(database, cluster):
    data, keys = dumped(cluster, database.name), dumped(cluster, database.keys.name)

    assert b"data_key" not in data
    assert b"consent_" not in keys
    assert settings.KEYS_URL.rpartition("/")[2] == database.keys.name
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(settings.KEYS_URL.rpartition("/")[0] + "/" + database.name)


def test_what_is_read_back_is_what_was_written(sam):
    lind = next(iter(sam.values())).compartment
    with access.opened("system:keys", "HOPERAT"):
        for model, row in sam.items():
            read = model.objects.get(pk=row.pk)
            for field in encrypted_fields(model):
                assert getattr(read, field.attname) == getattr(row, field.attname), (lind, field)


def test_a_field_that_forgot_to_encrypt_is_found(transactional_db, before, database, cluster, monkeypatch):
    class Open:
        """A cipher that leaves everything as it is."""

        def encrypt(self, nonce, content, place):
            return content

    monkeypatch.setattr(Writes, "look_into", lambda *_args: None)  # which would refuse it on its way
    monkeypatch.setattr(KeyRing, "sealing", lambda ring, subject_id: (uuid.uuid4(), Open()))
    ours = ours_of(make_everything(factories.make_cast()))
    connections["default"].close()

    assert len({each.record for each in canaries_in(dumped(cluster, database.name)) & ours}) == len(
        models_under_keys()
    )
    assert len({each.record for each in canaries_on(cluster, database.name) & ours}) == len(
        models_under_keys()
    )
