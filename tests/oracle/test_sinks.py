"""Each sink is read, and a value planted in it is found."""

import gzip
import io
import logging
import time
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.utils import timezone

from consent.models import Organization
from tests.oracle import sinks
from tests.oracle.canary import Place, Registry, World
from tests.oracle.responses import Leak
from tests.oracle.writes import Writes

REGISTRY = Registry()
PLACE = Place(segment="SUDP2", record="note-1", field="body")
TOKEN = World("sinks", registry=REGISTRY).token(PLACE)


@pytest.fixture
def forget(request):
    """The session's own watch sees what is planted here too; it is no leak of the product."""

    def forget():
        watching = request.config.pluginmanager.get_plugin("canary-oracle").sinks
        for pieces in watching.caught.values():
            pieces[:] = [piece for piece in pieces if TOKEN.encode() not in piece]

    return forget


def places(found):
    return {(name, canary.place) for name, canary in found}


def test_a_value_in_a_log_is_found_and_one_that_a_formatter_left_out_is_none(forget):
    caught = sinks.Sinks()
    release = sinks.catch_logs(caught)
    handler = logging.StreamHandler(io.StringIO())
    record = logging.LogRecord("bulkhead", logging.INFO, __file__, 1, "saw %s", (TOKEN,), None)

    try:
        handler.setFormatter(logging.Formatter("%(levelname)s"))
        handler.emit(record)
        silent = caught.leaks(REGISTRY)
        handler.setFormatter(logging.Formatter("%(message)s"))
        handler.emit(record)
    finally:
        release()

    forget()
    assert silent == []
    assert places(caught.leaks(REGISTRY)) == {("logs", PLACE.key)}


def test_a_value_in_an_email_is_found_under_its_coding(forget):
    caught = sinks.Sinks()
    release = sinks.catch_mail(caught)
    message = EmailMessage("News", f"A naïve note: {TOKEN}", "a@example.org", ["b@example.org"])

    try:
        EmailBackend().send_messages([message])
    finally:
        release()

    forget()
    assert places(caught.leaks(REGISTRY)) == {("mail", PLACE.key)}


def test_a_value_in_a_cache_is_found(settings):
    from django.core.cache import caches

    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "x"}
    }
    caught = sinks.Sinks()
    caches["default"].set("key", {"note": TOKEN})

    sinks.catch_caches(caught)
    caches["default"].clear()

    assert places(caught.leaks(REGISTRY)) == {("cache", PLACE.key)}


def test_a_value_in_a_file_or_its_name_is_found_but_the_databases_own_files_are_its_place(tmp_path):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "site.log.gz").write_bytes(gzip.compress(TOKEN.encode()))
    (tmp_path / f"{TOKEN}.txt").touch()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "16384").write_text(TOKEN)

    found = sinks.Sinks(state=tmp_path, began=0).leaks(REGISTRY)

    assert {name for name, _ in found} == {"logs/site.log.gz", f"{TOKEN}.txt"}


def test_a_value_in_a_queue_is_found(database):
    import redis

    key = f"test-{uuid.uuid4()}"
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as connection:
        connection.lpush(key, f'{{"body": "{TOKEN}"}}')
        try:
            found = sinks.Sinks(brokers=(settings.CELERY_BROKER_URL,)).leaks(REGISTRY)
        finally:
            connection.delete(key)
            write_the_queues_file_anew(connection)

    assert {canary.place for _, canary in found} == {PLACE.key}


def write_the_queues_file_anew(connection):
    """What was deleted still stands in the append-only file, where the end of the session would find it."""
    connection.bgrewriteaof()
    for _ in range(100):
        state = connection.info("persistence")
        if not state["aof_rewrite_in_progress"] and not state["aof_rewrite_scheduled"]:
            return
        time.sleep(0.05)
    raise TimeoutError("the queue did not write its file anew")


def test_a_queue_that_cannot_be_read_is_named():
    unread = sinks.Sinks(brokers=("redis://127.0.0.1:1/0",))

    assert unread.leaks(REGISTRY) == []
    assert unread.not_read == ["queue at port 1 (ConnectionError)"]


@pytest.mark.django_db
def test_a_value_on_its_way_into_an_unguarded_table_is_found():
    canary = World("sinks").token(PLACE)  # in the session's own registry: the connection watches with it

    with pytest.raises(Leak, match="consent_organization"), transaction.atomic():
        Organization.objects.create(name=canary, kind="city")
    with pytest.raises(Leak, match="django_session"), transaction.atomic():
        Session.objects.create(session_key="k", session_data=canary, expire_date=timezone.now())


def test_a_guarded_table_holds_its_codes_and_no_text_in_clear():
    insert = 'INSERT INTO "consent_consent" VALUES (%s)'

    Writes({"consent_consent"}, REGISTRY, in_clear={PLACE.field}).look_into(insert, [TOKEN])
    with pytest.raises(Leak, match="in clear"):
        Writes({"consent_consent"}, REGISTRY).look_into(insert, [TOKEN])
    with pytest.raises(Leak, match="in clear"):
        Writes({"consent_consent"}, REGISTRY).look_into(insert, [TOKEN.encode()])


@pytest.mark.django_db(transaction=True)
def test_the_servers_log_tells_that_a_statement_failed_and_no_value_of_it():
    name = "An organization whose name must not be logged"
    log = Path(settings.STATE_DIR, "logs", "postgres.log")
    before = log.stat().st_size
    Organization.objects.create(name=name, kind="city")

    with pytest.raises(IntegrityError):
        Organization.objects.create(name=name, kind="city")

    with log.open("rb") as file:
        file.seek(before)
        told = file.read().decode()
    assert "duplicate key" in told  # the log is the one that is written to
    assert name not in told
    assert "Key (" not in told
