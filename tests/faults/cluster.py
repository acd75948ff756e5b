"""The demonstration's PostgreSQL in the hands of its superuser, who breaks things and counts."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from config.local.postgres import Postgres
from tests.stories.demonstration import Demonstration

LEDGER = "consent_ledgerentry"
INSERTERS = """
    select grantee::regrole::text from pg_class, aclexplode(relacl)
    where oid = %s::regclass and privilege_type = 'INSERT' and grantee <> relowner
"""


class Cluster:
    """The cluster behind a running demonstration."""

    def __init__(self, demonstration: Demonstration) -> None:
        self._demonstration = demonstration
        ports = json.loads((demonstration.state / "ports.json").read_text())
        log = demonstration.state / "logs" / "postgres.log"
        self._postgres = Postgres(demonstration.state, ports["postgres"], durable=True, log=log)

    def admin(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection of the superuser, past every policy."""
        return self._postgres.admin(database)

    @contextmanager
    def closed(self, side: str) -> Iterator[None]:
        """The side's database takes no connection, and those it had are gone."""
        with self.admin() as admin:
            try:
                _allow(admin, side, "false")
                admin.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [side]
                )
                yield
            finally:
                _allow(admin, side, "true")

    @contextmanager
    def ledger_locked(self, side: str) -> Iterator[None]:
        """Somebody holds the side's ledger in a transaction that doesn't end."""
        with self.admin(side) as holder, holder.transaction():
            holder.execute(sql.SQL("lock table {} in access exclusive mode").format(sql.Identifier(LEDGER)))
            yield

    @contextmanager
    def ledger_closed(self, side: str) -> Iterator[None]:
        """Nobody may add to the side's ledger."""
        with self.admin(side) as admin:
            roles = [role for (role,) in admin.execute(INSERTERS, [LEDGER])]
            assert roles, "somebody adds to the ledger"
            try:
                _change_insert(admin, "revoke insert on {} from {}", roles)
                yield
            finally:
                _change_insert(admin, "grant insert on {} to {}", roles)

    def ledger_slow(self, side: str) -> AbstractContextManager[None]:
        """Each insert into the side's ledger takes far longer than anybody waits."""
        return self._ledger_does(side, "perform pg_sleep(30)")

    def ledger_full(self, side: str) -> AbstractContextManager[None]:
        """The disk below the side's ledger is full, as PostgreSQL says it."""
        refusal = (
            "raise exception using errcode = 'disk_full', message = 'could not extend file: No space left'"
        )
        return self._ledger_does(side, refusal)

    @contextmanager
    def _ledger_does(self, side: str, statement: str) -> Iterator[None]:
        """A trigger of the superuser runs before each insert."""
        with self.admin(side) as admin:
            try:
                admin.execute(
                    "create function public.fault() returns trigger language plpgsql as "
                    f"$fault$ begin {statement}; return null; end $fault$"
                )
                admin.execute(
                    f"create trigger fault before insert on {LEDGER} for each statement execute function public.fault()"
                )
                yield
            finally:
                admin.execute("drop function public.fault() cascade")

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Every process of the cluster is stopped: what connects is let in by the kernel, and never answered."""
        postmaster = self._demonstration.processes()["postgres"]
        pids = [postmaster, *children_of(postmaster)]
        try:
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            yield
        finally:
            for pid in reversed(pids):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def ids(self, side: str, query: str) -> list[Any]:
        """The first column of what ``query`` finds in the side's database."""
        with self.admin(side) as admin:
            return [row[0] for row in admin.execute(query)]

    def referrals(self) -> list[Any]:
        """The ids of the officers' referrals on the police side."""
        return self.ids("police", "select id from policecore_officerreferral order by id")

    def cards(self) -> list[Any]:
        """The ids under which referrals arrived on the clinical side, one for each card."""
        return self.ids("clinical", "select origin_id from clinical_card where kind = 'referral'")

    def received(self) -> list[Any]:
        """The ids of the referrals that read *Received*."""
        return self.ids("police", "select id from policecore_officerreferral where word = 'received'")

    def encounters(self, card: Any) -> int:
        """How many encounters a card became."""
        return len(self.ids("clinical", f"select id from clinical_encounter where card_id = '{card}'"))


def _allow(admin: psycopg.Connection[Any], side: str, word: str) -> None:
    admin.execute(
        sql.SQL("alter database {} allow_connections " + word).format(sql.Identifier(side))  # type: ignore[arg-type]
    )


def _change_insert(admin: psycopg.Connection[Any], statement: str, roles: list[str]) -> None:
    for role in roles:
        admin.execute(sql.SQL(statement).format(sql.Identifier(LEDGER), sql.Identifier(role)))  # type: ignore[arg-type]


def children_of(pid: int) -> list[int]:
    """The processes that ``pid`` started and that still are."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
