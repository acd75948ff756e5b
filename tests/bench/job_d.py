"""Bulkhead in job D of the benchmark: appending to the ledger while the real sealer runs, and verifying it.

Nothing here is a copy: the tables, indexes, policies and roles are those that the migrations make, in a
database of their own beside the job's; the writers log in as a role that puts on the product's and signs itself
as ``system:ledger``; the sealer is ``manage.py ledger seal``, the verifier ``consent.verifier``. What the site
computes before it inserts, the canonical bytes and their hash, stands in the statement.
"""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from config.local import roles
from config.local.installation import ROOT
from consent.ledger.entry import canonical_bytes, leaf_hash
from consent.ledger.note import COSIGNATURE
from consent.signing import Signer, origin_of
from consent.verifier.memory import VerifierMemory
from consent.verifier.run import Means, verify

WRITER, SIDE = "bulkhead_d_writer", "clinical"
PASSWORDS = {f"{SIDE}_{kind}": uuid.uuid4().hex for kind in (*roles.LOGIN_ROLES, *roles.KEY_ROLES)}
VARIABLES = "\\set c random(1,100000)\n\\set p random(1,2000)\n\\set r random(1,1000000)\n"
NIL = str(uuid.UUID(int=0))
# A page that was read, as the site notes it.
READ = {
    "at": datetime(2026, 11, 25, 4, 30, tzinfo=UTC), "request_id": NIL, "side": SIDE, "actor": NIL,
    "role": "social worker", "organization": NIL, "on_behalf_of": "", "authentication": "mfa",
    "session": "0" * 64, "source_address": "192.0.2.7", "destination": "client",
    "client_application": "browser", "action": "read", "outcome": "served", "purpose": "TREAT",
    "subject": "0" * 32, "recipient": "", "resources": {"clinical.note": [NIL, NIL, NIL]},
    "field_groups": ["clinical.note"], "segments": ["MH", "SUDP2"], "segments_withheld": [], "basis": [],
    "bars": [], "obligations": [], "consents": [], "policy_version": "", "law_as_of": "", "question": {},
    "request_hash": "", "purposes": [], "ground": "", "is_disclosure": False, "is_accountable": False,
    "record_count": 3, "alike": 1, "bytes_out": 18_204, "duration_us": 21_377, "reason": "",
}  # fmt: skip
BY_WRITER = {"id": "gen_random_uuid()", "at": "clock_timestamp()", "request_id": "gen_random_uuid()"}


class ProductD:
    """The contestant."""

    name = "Bulkhead: ledger entry in full, sealed and signed every second"
    database = "bulkhead_d"

    def __init__(self) -> None:
        self._dsn = dict(part.split("=", 1) for part in os.environ["BENCH_DSN"].split())
        self._folder = Path(tempfile.mkdtemp(prefix="bulkhead-d-"))
        self._sealer: subprocess.Popen[bytes] | None = None
        self.script = ""

    def setup(self, _execute: Any) -> None:
        """The product's database, and its statement for the job's writers."""
        self.prepare()
        self.script = VARIABLES + self._insert()
        self._bring_writers_here()

    def prepare(self) -> None:
        """The product's database, migrated as its owner, and a role for the writers."""
        self._environment = self._environment_of()
        with self._admin(self._dsn["dbname"]) as admin:
            admin.execute(f"drop database if exists {self.database} with (force)")
            roles.create_roles(admin, SIDE, PASSWORDS)
            roles.create_database(admin, SIDE, self.database)
            self._make_writer(admin)
        with psycopg.connect(self._url(f"{SIDE}_owner"), autocommit=True) as owner:
            roles.grant_defaults(owner, SIDE)
        as_owner = self._environment | {
            "BULKHEAD_AS": "owner",
            "DATABASE_URL_CLINICAL_OWNER": self._url(f"{SIDE}_owner"),
        }
        for command in (["migrate", "-v", "0"], ["install_principal_key", "-v", "0"]):
            self._manage(command, as_owner)
        self._verifier_url = self._url(f"{SIDE}_verifier")

    def start(self) -> None:
        """Start the sealer; and sign the writers' principal anew."""
        self._began = self._sealed()
        with self._admin(self.database) as admin:
            self._sign(admin)
        self._sealer = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "ledger", "seal"], env=self._environment, cwd=ROOT
        )
        with self._admin(self.database) as admin:  # what it takes to start is no part of a round
            admin.execute(re.sub(r":[a-z]\b(?=::int)", "1", self._insert()))
        self._wait_until_sealed(30)
        self._began = self._sealed()

    def stop(self) -> dict[str, Any]:
        """Wait until the last entry is sealed; how many were, and how late the latest of them."""
        with self._admin(self.database) as admin:
            entries = self._wait_until_sealed(60)
            late = self._lateness(admin)
        if self._sealer is not None:
            self._sealer.terminate()
            self._sealer.wait()
        return {
            "sealed": self._sealed() - self._began, "of": entries - self._began, "checkpoints": len(late),
            "latest sealed after s": round(max(late, default=0), 2),
        }  # fmt: skip

    def verify(self, connection: Any) -> int:
        """Verify everything as the verifier's role; the number of entries."""
        verdict = verify(self.means())
        if verdict.verdict != "intact":
            raise RuntimeError(f"{verdict.verdict}: {verdict.why or verdict.findings[:3]}")
        return verdict.checked

    def seal_once(self) -> None:
        """Everything that is there, by a sealer of its own."""
        self._manage(["ledger", "seal", "--once"], self._environment)

    def memory(self) -> VerifierMemory:
        """A file for the verifier to remember in."""
        signer = Signer(os.urandom(32), f"{origin_of(SIDE)}/verifier", COSIGNATURE)
        return VerifierMemory(self._folder / "verified.jsonl", signer)

    def admin(self) -> Any:
        """The superuser in this contestant's database."""
        return self._admin(self.database)

    def means(self) -> Means:
        """What the verifier is given."""
        return Means(
            side=SIDE,
            url=self._verifier_url,
            keys=(self._signer.public,),
            witnesses=(self._folder / "witness.jsonl",),
        )

    def _wait_until_sealed(self, seconds: float) -> int:
        until = time.monotonic() + seconds
        with self._admin(self.database) as admin:
            (entries,) = admin.execute("select count(*) from consent_ledgerentry").fetchone()
        while self._sealed() < entries:
            if time.monotonic() > until:
                raise RuntimeError("the sealer does not seal")
            time.sleep(0.02)
        return int(entries)

    def _lateness(self, admin: Any) -> list[float]:
        """For each checkpoint of the round, in seconds: from its first entry's insertion to its signature."""
        rows = admin.execute(
            "select c.added[1], c.note from consent_checkpoint c where c.size > %s and c.added <> '{}'",
            [self._began],
        ).fetchall()
        late = []
        for first, note in rows:
            (at,) = admin.execute("select at from consent_ledgerentry where number = %s", [first]).fetchone()
            signed = note.split("\nat ", 1)[1].split("\n", 1)[0]
            late.append((datetime.fromisoformat(signed) - at).total_seconds())
        return late

    def _sealed(self) -> int:
        with self._admin(self.database) as admin:
            row = admin.execute("select coalesce(max(size), 0) from consent_checkpoint").fetchone()
            return int(row[0]) if row else 0

    def _insert(self) -> str:
        """One entry, as one statement: what differs from entry to entry comes from pgbench."""
        with self._admin(self.database) as admin:
            names = [
                str(name)
                for (name,) in admin.execute(
                    "select attname from pg_attribute where attrelid = 'consent_ledgerentry'::regclass "
                    "and attnum > 0 and not attisdropped and attidentity = ''"
                )
            ]
            canonical = canonical_bytes({"id": NIL} | READ).decode()
            empty = dict.fromkeys(("basis", "obligations"), "'[]'::jsonb")
            said = {name: self._literal(admin, value) for name, value in READ.items()} | empty | BY_WRITER | {
                "actor": "md5(:p::int::text)", "subject": "md5(:c::int::text)", "record_count": ":r::int",
                "canonical": f"'{_hex(canonical)}'::bytea || int4send(:r::int)",
                "leaf_hash": f"'{_hex(leaf_hash(canonical.encode()))}'::bytea",
                "resources": f"convert_from('{_hex(json.dumps(READ['resources']))}'::bytea, 'UTF8')::jsonb",
            }  # fmt: skip
        return f"insert into consent_ledgerentry ({', '.join(names)}) values ({', '.join(said[name] for name in names)});"

    @staticmethod
    def _literal(admin: Any, value: Any) -> str:
        is_json = isinstance(value, dict)
        text = sql.Literal(json.dumps(value) if is_json else value).as_string(admin)
        return "'{}'" if value == [] and not is_json else text

    def _bring_writers_here(self) -> None:
        """The job's pgbench writes into one database; with this contestant's script it goes to this one."""
        job: Any = sys.modules["__main__"]
        run, others = job.pgbench, job.DSN
        mine = others.replace(f"dbname={self._dsn['dbname']}", f"dbname={self.database}")
        mine = mine.replace(f"user={self._dsn['user']}", f"user={WRITER}")

        def pgbench(script: str, *more: Any) -> Any:
            job.DSN = mine if script == self.script else others
            try:
                return run(script, *more)
            finally:
                job.DSN = others

        job.pgbench = pgbench

    def _make_writer(self, admin: Any) -> None:
        """A login that is the product's ``system:ledger`` from its first statement on."""
        with suppress(psycopg.errors.DuplicateObject):
            admin.execute(f"create role {WRITER} login noinherit")
        password = os.environ["PGPASSWORD"]
        admin.execute(
            sql.SQL("alter role {} password {}").format(sql.Identifier(WRITER), sql.Literal(password))
        )
        admin.execute(f"grant {SIDE}_system to {WRITER}")
        admin.execute(f"grant connect on database {self.database} to {WRITER}")
        admin.execute(f"alter role {WRITER} set role = '{SIDE}_system'")

    def _sign(self, admin: Any) -> None:
        key = Path(self._environment["PRINCIPAL_KEY_CLINICAL"]).read_bytes().strip()
        text = f"s:system:ledger|X-BENCH|{int(time.time()) + 600}"
        token = f"{text}|{sha256(key + sha256(key + text.encode()).digest()).hexdigest()}"
        admin.execute(
            sql.SQL("alter role {} set app.token = {}").format(sql.Identifier(WRITER), sql.Literal(token))
        )

    def _environment_of(self) -> dict[str, str]:
        seed = os.urandom(32)
        self._signer = Signer(seed, origin_of(SIDE))
        key, public = self._folder / "checkpoint.key", self._folder / "checkpoint.public"
        key.write_text(base64.b64encode(seed).decode())
        public.write_text(f"{self._signer.public}\n")
        return dict(os.environ) | {
            "DJANGO_SETTINGS_MODULE": f"config.settings.{SIDE}",
            "DATABASE_URL_CLINICAL": self._url(f"{SIDE}_app"),
            "CHECKPOINT_KEY_CLINICAL": str(key),
            "CHECKPOINT_PUBLIC_CLINICAL": str(public),
            "WITNESS_FILE_CLINICAL": str(self._folder / "witness.jsonl"),
        }

    def _manage(self, arguments: list[str], environment: dict[str, str]) -> None:
        subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments], env=environment, cwd=ROOT, check=True
        )

    def _url(self, role: str) -> str:
        return f"postgres://{role}:{PASSWORDS[role]}@{self._dsn['host']}:{self._dsn['port']}/{self.database}"

    def _admin(self, database: str) -> Any:
        return psycopg.connect(os.environ["BENCH_DSN"], dbname=database, autocommit=True)


class UnsealedD(ProductD):
    """The same entries into the same tables, and no sealer: what sealing costs is the difference."""

    name = "Bulkhead: the same entry, not sealed (lower bound of the row above)"
    database = "bulkhead_d_unsealed"

    def start(self) -> None:
        """Sign the writers' principal."""
        with self._admin(self.database) as admin:
            self._sign(admin)

    def stop(self) -> dict[str, Any]:
        """There is nothing to wait for."""
        return {}


def _hex(value: bytes | str) -> str:
    """For a script of pgbench, which takes a word behind a colon for a variable, also within quotes."""
    raw = value.encode() if isinstance(value, str) else value
    return f"\\x{raw.hex()}"
