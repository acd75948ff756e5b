"""A ledger with entries in it, its key and its witness."""

import os
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection

from consent import access
from consent.ledger.entry import canonical_bytes, leaf_hash
from consent.ledger.note import COSIGNATURE
from consent.ledger.witness import CheckpointWitness
from consent.models import LedgerEntry
from consent.services.sealing import Sealer
from consent.signing import Signer, opener, origin_of
from consent.verifier.memory import VerifierMemory
from consent.verifier.run import Means

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def many(few: int, in_full: int) -> int:
    """How often a thing is tried: in full with ``BULKHEAD_DEEP=1``."""
    return in_full if os.environ.get("BULKHEAD_DEEP") == "1" else few


def entry(number: int) -> LedgerEntry:
    """One of many, each a little different from the others."""
    made = LedgerEntry(
        at=NOON + timedelta(seconds=number, microseconds=number * 7 % 1_000_000),
        request_id=uuid.uuid4(),
        side=settings.SIDE,
        actor=str(uuid.uuid5(uuid.NAMESPACE_OID, str(number % 7))),
        role="social worker",
        source_address=f"192.0.2.{number % 250}",
        destination="clinical:client",
        action="read",
        outcome="served",
        purpose="TREAT",
        subject=f"{number % 11:032x}",
        resources={"clinical.note": [str(number), "ü\u2028\\"], "consent.compartment": []},
        segments=["MH", "SUDP2"][: number % 3],
        basis=[{"rule": "hipaa.treatment", "cite": "45 CFR § 164.506(c)"}],
        record_count=number,
        duration_us=number * 31,
    )
    made.canonical = canonical_bytes(made.content())
    made.leaf_hash = leaf_hash(made.canonical)
    return made


def append(count: int, first: int = 0) -> list[LedgerEntry]:
    """So many entries, as the site adds them: committed when the transaction is."""
    rows = [entry(number) for number in range(first, first + count)]
    with access.opened("system:ledger", "X-TEST"):
        LedgerEntry.objects.bulk_create(rows)
    return rows


@contextmanager
def writer(database, who="system:ledger"):
    """The site's own login, putting on the role that adds entries."""
    with database.login("app") as session:
        session.autocommit = False
        session.execute("select set_config('app.token', %s, false)", [access.signed(f"s:{who}", "X-TEST")])
        session.execute(f"set role {settings.DATABASE_ROLES['system']}")
        yield session


def insert(session, number):
    """An entry of a transaction that goes on."""
    made = entry(number)
    names = [field.column for field in LedgerEntry._meta.concrete_fields]
    values = [
        field.get_db_prep_save(getattr(made, field.attname), connection)
        for field in LedgerEntry._meta.concrete_fields
    ]
    marks = ", ".join(["%s"] * len(names))
    session.execute(f"insert into {LedgerEntry._meta.db_table} ({', '.join(names)}) values ({marks})", values)
    return made


@pytest.fixture
def signer():
    return Signer(b"k" * 32, origin_of(settings.SIDE))


@pytest.fixture
def witness(tmp_path, signer):
    return CheckpointWitness(tmp_path / "witness.jsonl", opener([signer.public], origin_of(settings.SIDE)))


@pytest.fixture
def sealer(signer, witness):
    return Sealer(signer, witness)


@pytest.fixture
def means(database, signer, witness, tmp_path):
    """What the verifier is given, on the test's database."""
    url = os.environ[f"DATABASE_URL_{settings.SIDE.upper()}_VERIFIER"].rpartition("/")[0]
    mine = Signer(b"v" * 32, f"{origin_of(settings.SIDE)}/verifier", COSIGNATURE)
    return Means(
        side=settings.SIDE, url=f"{url}/{database.name}", keys=(signer.public,), witnesses=(witness.file.path,),
        memory=VerifierMemory(tmp_path / "verified.jsonl", mine),
    )  # fmt: skip
