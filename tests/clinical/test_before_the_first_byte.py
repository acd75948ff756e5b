"""Before the first byte of an answer is written, its entries are committed: another session sees them."""

import io
from wsgiref.handlers import SimpleHandler

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.urls import reverse

from consent import access
from tests.clinical.stage import make_incident, open_card

pytestmark = pytest.mark.django_db(transaction=True)


class Socket(SimpleHandler):
    """A server's end of a connection, that looks before it writes."""

    def __init__(self, environ, look):
        super().__init__(io.BytesIO(), io.BytesIO(), io.StringIO(), environ)
        self.look, self.seen = look, []

    def _write(self, data):
        self.seen.append(self.look())
        return super()._write(data)


@pytest.fixture
def requested(night, database):
    """A page through a socket: what the ledger's verifier saw of it before each write, and the bytes."""

    def ask(path):
        browser = night.browser(night.lind)
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
        environ = browser._base_environ(PATH_INFO=path, HTTP_COOKIE=cookie)
        with database.login("verifier") as verifier:

            def entries():
                query = "select count(*) from consent_ledgerentry where destination <> ''"
                return verifier.execute(query).fetchone()[0]

            before = entries()
            socket = Socket(environ, entries)
            socket.run(WSGIHandler())
        return [seen - before for seen in socket.seen], socket.stdout.getvalue()

    return ask


@pytest.mark.parametrize("page", ["clients", "client", "encounter"])
def test_what_is_read_is_committed_before_anything_is_written(night, requested, page):
    opened = [open_card(night, make_incident()) for _ in range(3)]
    (encounter_id, subject_id), number = opened[0], {"clients": 3}.get(page, 1)
    args = {"clients": (), "client": (subject_id,), "encounter": (encounter_id,)}[page]

    seen, written = requested(reverse(f"clinical:{page}", args=args))

    assert b" 200 " in written.split(b"\r\n", 1)[0]
    assert len(seen) > 1
    assert set(seen) == {number}


def test_a_refusal_is_committed_before_it_is_written(night, requested):
    seen, written = requested("/clients/0f4c2d4e-6a55-4c41-9b0e-2f3c1f0d8a11/")

    assert b" 404 " in written.split(b"\r\n", 1)[0]
    assert set(seen) == {1}


def test_each_transaction_waits_until_its_commit_is_on_the_disk(night):
    """Whatever somebody set for the role, the database or the session."""
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = off")
    said = []
    for who in (night.lind, "system:grants"):
        with access.opened(who, "TREAT"), connection.cursor() as cursor:
            cursor.execute("show synchronous_commit")
            said.append(cursor.fetchone()[0])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("show synchronous_commit")
        outside = cursor.fetchone()[0]
    connection.close()

    assert said == ["on", "on"]
    assert outside == "off", "the setting ends with the transaction"
