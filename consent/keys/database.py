"""The connection to the keys database: not one of Django's, so that no model and no migration goes there.

Each statement commits by itself, whatever becomes of the transaction about the data: a
data key that was made for rows that were rolled back is a key that opens nothing.
"""

import os
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from django.conf import settings

from consent.keys.errors import KeysUnavailable
from consent.patience import PatientConnection

Connection = psycopg.Connection[Any]
T = TypeVar("T")
# A page waits for keys no longer than for the ledger.
LIMITS = "-c statement_timeout=2000 -c lock_timeout=1500 -c idle_in_transaction_session_timeout=30000"
CONNECT_SECONDS = 2
PATIENCE = 2.2  # seconds until a server that doesn't even end a statement is taken for gone

_kept = threading.local()


def ask(work: Callable[[Connection], T]) -> T:
    """What ``work`` does with this thread's connection.

    A connection that died since its last use is replaced once, so ``work`` must be able
    to run again: one statement, or a transaction of its own.

    Raises:
        KeysUnavailable: the database doesn't answer, or refuses.
    """
    reused = _living()
    try:
        if reused is not None:
            began = time.monotonic()
            try:
                return work(reused)
            except psycopg.OperationalError:
                # one that answers nothing has been waited for once
                if not reused.closed or time.monotonic() - began >= PATIENCE:
                    raise
                forget()
        return work(_connect())
    except psycopg.Error as error:
        # the type only: an error's text may quote a row
        raise KeysUnavailable(f"the keys database: {type(error).__name__}") from None


def forget() -> None:
    """Close this thread's connection; the next question opens another."""
    connection = getattr(_kept, "connection", None)
    _kept.connection = None
    if connection is not None and _kept.process == os.getpid():
        connection.close()


def _living() -> Connection | None:
    connection: Connection | None = getattr(_kept, "connection", None)
    is_ours = connection is not None and _kept.process == os.getpid() and _kept.url == settings.KEYS_URL
    if connection is not None and (not is_ours or connection.closed):
        forget()
        return None
    return connection


def _connect() -> Connection:
    made = PatientConnection.connect(
        settings.KEYS_URL, autocommit=True, connect_timeout=CONNECT_SECONDS, options=LIMITS
    )
    made.patience = PATIENCE
    _kept.connection, _kept.process, _kept.url = made, os.getpid(), settings.KEYS_URL
    return made
