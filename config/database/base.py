"""A PostgreSQL that is there and says nothing is one that is gone: a page must end all the same."""

from types import ModuleType
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from consent.patience import PatientConnection

LOOKING = 1.0  # seconds to find out whether a connection that was kept still answers
# What a page waits for: milliseconds of the server's, and seconds until it is taken for gone.
PAGES = {"options": "-c statement_timeout=3000 -c lock_timeout=2000", "patience": 3.5}


def _patient_psycopg() -> ModuleType:
    """psycopg as Django knows it, that connects patiently."""
    made = ModuleType("psycopg", psycopg.__doc__)
    vars(made).update(vars(psycopg))
    made.connect = PatientConnection.connect  # type: ignore[attr-defined]
    return made


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes ``patience`` among its options, in seconds."""

    Database = _patient_psycopg()

    def get_connection_params(self) -> dict[str, Any]:
        """Those of Django; how long to wait is not the server's business."""
        found = super().get_connection_params()
        self._patience = found.pop("patience", None)
        return found

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A new connection with this patience."""
        connection = super().get_new_connection(conn_params)
        connection.patience = self._patience
        return connection

    def is_usable(self) -> bool:
        """Does it still answer? Asked before a page begins, so that little of its time is spent on it."""
        if self.connection is None or self._patience is None:
            return super().is_usable()
        self.connection.patience = LOOKING
        try:
            return super().is_usable()
        finally:
            self.connection.patience = self._patience


def limit_to_pages() -> None:
    """This process serves pages: nothing that it asks may take longer than somebody waits."""
    from django.db import connections

    for settings in connections.settings.values():
        settings["OPTIONS"] |= PAGES
