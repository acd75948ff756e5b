"""Somebody stops the cluster and changes bits in the ledger's file; page checksums are told to look away."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
import uuid
from base64 import b64encode
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg.types.json import Jsonb

from config.local import ports, roles
from config.local.postgres import Postgres
from consent.models import LedgerEntry
from consent.signing import Signer, origin_of
from consent.verifier.run import Means, verify
from tests.ledger.conftest import entry, many

SIDE, UPPER = settings.SIDE, settings.SIDE.upper()
ENTRIES, AT_ONCE = 120, 8
SEED = b"d" * 32
PASSWORDS = {f"{SIDE}_{kind}": uuid.uuid4().hex for kind in (*roles.LOGIN_ROLES, *roles.KEY_ROLES)}


class Cluster:
    """A small PostgreSQL of this test's own, with a sealed ledger in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        port = next(each for each in range(27_000, 28_000) if ports.is_free(each))
        self.postgres = Postgres(folder, port, durable=False, log=folder / "postgres.log")
        self.postgres.flags = self.postgres.flags | {"ignore_checksum_failure": "on", "fsync": "off"}
        self.postgres.prepare()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        service = self.postgres.service()
        with service.log.open("ab") as log:
            self.process = subprocess.Popen(
                service.command,
                env=dict(service.environment),
                cwd="/",
                stdout=log,
                stderr=log,
                **service.identity,
            )
        until = time.monotonic() + 60
        while not self.postgres.is_ready():
            assert time.monotonic() < until, "PostgreSQL does not start"
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(180)
            self.process = None

    def url(self, login: str) -> str:
        role = f"{SIDE}_{login}"
        return f"postgres://{role}:{PASSWORDS[role]}@127.0.0.1:{self.postgres.port}/disk"

    def build(self) -> None:
        with self.postgres.admin() as admin:
            roles.create_roles(admin, SIDE, PASSWORDS)
            roles.create_database(admin, SIDE, "disk")
        with psycopg.connect(self.url("owner"), autocommit=True) as owner:
            roles.grant_defaults(owner, SIDE)
        for name, text in (("key", b64encode(SEED).decode()), ("public", str(self.signer.public))):
            (self.folder / name).write_text(f"{text}\n")
        self.manage("migrate", "-v", "0", BULKHEAD_AS="owner")
        self.manage("install_principal_key", "-v", "0", BULKHEAD_AS="owner")
        self.fill()
        self.manage("ledger", "seal", "--once")

    @property
    def signer(self) -> Signer:
        return Signer(SEED, origin_of(SIDE))

    def means(self) -> Means:
        return Means(
            side=SIDE,
            url=self.url("verifier"),
            keys=(self.signer.public,),
            witnesses=(self.folder / "witness.jsonl",),
        )

    def manage(self, *arguments: str, **more: str) -> None:
        environment = dict(os.environ) | more | {
            "DJANGO_SETTINGS_MODULE": f"config.settings.{SIDE}",
            f"DATABASE_URL_{UPPER}": self.url("app"),
            f"DATABASE_URL_{UPPER}_OWNER": self.url("owner"),
            f"CHECKPOINT_KEY_{UPPER}": str(self.folder / "key"),
            f"CHECKPOINT_PUBLIC_{UPPER}": str(self.folder / "public"),
            f"WITNESS_FILE_{UPPER}": str(self.folder / "witness.jsonl"),
        }  # fmt: skip
        subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=settings.BASE_DIR, env=environment, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def fill(self) -> None:
        columns = LedgerEntry._meta.concrete_fields
        names = ", ".join(field.column for field in columns)
        with self.postgres.admin("disk") as admin:
            with admin.cursor().copy(f"copy consent_ledgerentry ({names}) from stdin") as copy:
                for number in range(ENTRIES):
                    row = entry(number)
                    values = [getattr(row, field.attname) for field in columns]
                    kinds = [field.get_internal_type() for field in columns]
                    copy.write_row(
                        [Jsonb(v) if k == "JSONField" else v for v, k in zip(values, kinds, strict=True)]
                    )
            self.ids = [
                each for (each,) in admin.execute("select id from consent_ledgerentry order by number")
            ]
            (path,) = admin.execute("select pg_relation_filepath('consent_ledgerentry')").fetchone()
        self.file = self.postgres.data / path

    def told(self) -> dict[uuid.UUID, str]:
        """Each row as PostgreSQL tells it to its superuser: a hash, for flipped bits may be no text."""
        with self.postgres.admin("disk") as admin:
            rows = admin.execute(
                "select entry.id, md5(entry::text) from public.consent_ledgerentry entry"
            ).fetchall()
        return {uuid.UUID(str(id_)): text for id_, text in rows}

    def flip(self, victims: list[uuid.UUID], dice: random.Random) -> None:
        """One bit in each of these rows' values; a row begins with its id."""
        data = bytearray(self.file.read_bytes())
        for victim in victims:
            at = data.index(victim.bytes) + dice.randrange(900)
            data[at] ^= 1 << dice.randrange(8)
        self.file.write_bytes(data)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    folder = tmp_path_factory.mktemp("disk")
    for each in (folder, folder.parent):
        each.chmod(0o711)
    made = Cluster(folder)
    try:
        made.start()
        made.build()
        yield made
    finally:
        made.stop()
        shutil.rmtree(made.postgres.home, ignore_errors=True)


def after(cluster, victims, dice):
    """What the verifier says once bits of these rows were flipped, and which rows PostgreSQL now tells otherwise.

    A bit may fall between two values, where it changes nothing that anybody reads. The file is put back.
    """
    before = cluster.told()
    cluster.stop()
    whole = cluster.file.read_bytes()
    cluster.flip(victims, dice)
    cluster.start()
    verdict = verify(cluster.means())
    told = cluster.told() if verdict.verdict != "not run" else {}
    cluster.stop()
    cluster.file.write_bytes(whole)
    cluster.start()
    return verdict, {id_ for id_, text in before.items() if told.get(id_) != text}


def test_a_bit_flipped_in_the_file_is_found_and_its_entry_named(cluster):
    dice, named = random.Random(5), 0
    assert verify(cluster.means()).verdict == "intact"
    for _again in range(many(3, 250)):
        victims = dice.sample(cluster.ids, AT_ONCE)
        verdict, otherwise = after(cluster, victims, dice)
        if verdict.verdict == "not run":  # PostgreSQL can't read on behind one of them: one at a time then
            for victim in victims:
                alone, otherwise = after(cluster, [victim], dice)
                assert alone.verdict in ("changed", "not run") or not otherwise
            continue
        numbers = {cluster.ids.index(each) + 1 for each in otherwise}
        found = {finding.number for finding in verdict.findings}
        assert numbers <= found, (numbers - found, list(map(str, verdict.findings)))
        assert (verdict.verdict == "changed") is bool(numbers)
        named += len(numbers)

    assert named
    assert verify(cluster.means()).verdict == "intact"
