"""A database that says nothing is given up in time, and the next page has a connection that works."""

import threading
import time

import pytest
from django.db import OperationalError, connections
from django.db.utils import ConnectionHandler

from config.database.base import PAGES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def impatient():
    """A connection as a page has it, but that it takes less to be impatient."""
    settings = {
        "default": connections.settings["default"] | {"CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": None}
    }
    settings["default"]["OPTIONS"] = settings["default"]["OPTIONS"] | PAGES | {"patience": 0.4}
    made = ConnectionHandler(settings)["default"]
    yield made
    made.close()


def ask(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


def test_a_silent_server_is_given_up_and_the_next_statement_has_a_new_connection(impatient):
    first = ask(impatient, "select pg_backend_pid()")
    began = time.monotonic()
    with pytest.raises(OperationalError):
        ask(impatient, "select pg_sleep(2)")
    given_up_after = time.monotonic() - began
    impatient.close_if_unusable_or_obsolete()

    assert 0.3 < given_up_after < 1.5
    assert ask(impatient, "select pg_backend_pid()") != first


def test_the_server_ends_what_takes_longer_than_a_page_may(impatient):
    assert ask(impatient, "show statement_timeout") == ("3s",)
    assert ask(impatient, "show lock_timeout") == ("2s",)


def test_whoever_is_not_a_page_waits(settings):
    said = []

    def wait():
        said.append(ask(connections["default"], "select pg_sleep(0.6), 'there'")[1])
        connections["default"].close()

    thread = threading.Thread(target=wait)
    thread.start()
    thread.join()

    assert said == ["there"]
