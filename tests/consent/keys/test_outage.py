"""Without keys: a 503 without content on protected pages, nothing overwritten, and it resumes by itself."""

from base64 import b64encode
from pathlib import Path
from secrets import token_bytes

import pytest
from django.db import connection

from consent import access
from consent.keys import database as keys_database
from consent.keys.errors import KeysUnavailable, Tampered
from consent.models import Consent
from tests import factories
from tests.consent.test_one_request import client_of
from tests.oracle import urls

pytestmark = [pytest.mark.urls("tests.oracle.urls")]


@pytest.fixture
def cast(transactional_db):
    urls.REMEMBERED[:] = []
    return factories.make_cast()


@pytest.fixture
def form(cast):
    return factories.make_consent(cast.compartment, by=cast.lind)


def database_down(settings, tmp_path):
    settings.KEYS_URL = "postgres://nobody:secret@127.0.0.1:1/nowhere"


def file_gone(settings, tmp_path):
    settings.WRAPPING_KEY_FILES = [str(tmp_path / "gone.key")]


def wrong_file(settings, tmp_path):
    file = tmp_path / "wrong.key"
    file.write_bytes(b64encode(token_bytes(32)))
    settings.WRAPPING_KEY_FILES = [str(file)]


def another_databases_keys(settings, tmp_path):
    """The right server, the right password, and a database without these keys."""
    settings.KEYS_URL = settings.KEYS_URL.rpartition("/")[0] + f"/{settings.SIDE}_keys"


def no_keys_url(settings, tmp_path):
    settings.KEYS_URL = "postgres:///?host=/nowhere"


OUTAGES = [database_down, file_gone, wrong_file, another_databases_keys, no_keys_url]


def stored(form):
    with access.opened("system:keys", "HOPERAT"), connection.cursor() as cursor:
        cursor.execute("select md5(c::text) from consent_consent c")
        return cursor.fetchall()


@pytest.mark.parametrize("outage", OUTAGES, ids=lambda outage: outage.__name__)
def test_protected_pages_wait_and_others_work(outage, cast, form, settings, tmp_path):
    before, right = stored(form), (settings.KEYS_URL, settings.WRAPPING_KEY_FILES)
    lind = client_of(cast.lind)
    assert form.capacity_note in lind.get("/honest/").content.decode()
    outage(settings, tmp_path)

    answer = lind.get("/honest/")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert form.capacity_note.encode() not in answer.content
    assert b"envelope" not in answer.content.lower()
    assert lind.get("/from_memory/").status_code == 200
    with pytest.raises(KeysUnavailable):
        factories.make_consent(cast.compartment, by=cast.lind)
    with pytest.raises(KeysUnavailable), access.opened(cast.lind, "TREAT"):
        Consent.objects.get(pk=form.pk)
    assert stored(form) == before

    settings.KEYS_URL, settings.WRAPPING_KEY_FILES = right
    assert form.capacity_note in lind.get("/honest/").content.decode()


def test_the_key_file_is_asked_for_anew_each_time(cast, form, settings):
    file = Path(settings.WRAPPING_KEY_FILES[0])
    aside = file.with_suffix(".aside")
    lind = client_of(cast.lind)
    file.rename(aside)
    try:
        assert lind.get("/honest/").status_code == 503
    finally:
        aside.rename(file)
    assert lind.get("/honest/").status_code == 200


def test_a_keys_server_that_dropped_its_sessions_is_asked_again(cast, form, database):
    lind = client_of(cast.lind)
    assert lind.get("/honest/").status_code == 200
    keys_database._kept.connection.close()

    assert lind.get("/honest/").status_code == 200


def test_a_ciphertext_that_was_changed_stops_the_page_and_raises_an_alarm(cast, form, caplog):
    with access.opened("system:keys", "HOPERAT"), connection.cursor() as cursor:
        cursor.execute(
            "update consent_consent set capacity_note = set_byte(capacity_note, 40, (get_byte(capacity_note, 40) + 1) %% 256)"
            " where id = %s",
            [form.pk],
        )

    answer = client_of(cast.lind).get("/honest/")

    assert answer.status_code == 503
    (alarm,) = [record.getMessage() for record in caplog.records if "ALARM" in record.getMessage()]
    assert alarm == f"ALARM: consent.consent.capacity_note of row {form.pk} does not open with its key"
    with pytest.raises(Tampered), access.opened(cast.lind, "TREAT"):
        list(Consent.objects.all())
