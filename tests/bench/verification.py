"""What checking a whole ledger costs, against SHA-256 over the same canonical bytes held in memory.

``python -m tests.bench.verification [ENTRIES]`` with the environment of the benchmark's jobs. Everything is the
product's: rows as the site writes them, the real sealer, the verifier with as many processes as the machine has cores.
"""

import hashlib
import json
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from psycopg.types.json import Jsonb

from consent.ledger.entry import canonical_bytes, leaf_hash
from consent.verifier.run import verify
from tests.bench.job_d import READ, ProductD

JSON = ("resources", "basis", "obligations", "question")
TREE = ("canonical", "leaf_hash")


class VerifiedD(ProductD):
    """A database of its own for this."""

    name = "Bulkhead: verification"
    database = "bulkhead_d_verified"


def main() -> None:
    """Fill, seal, verify three ways, print a table and write ``d_verify.json`` beside the other results."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    product = VerifiedD()
    product.prepare()
    canonical = fill(product, entries)
    sealing = took(product.seal_once)
    means = replace(product.means(), memory=product.memory())
    # fmt: off
    ways: dict[str, Callable[[], Any]] = {
        "raw SHA-256 over the canonical bytes in memory, one process": lambda: [hashlib.sha256(each).digest() for each in canonical],
        "first check: every column compared": lambda: checked(means, entries, deep=True),
        "daily check: every row read and hashed, tree and witness compared": lambda: checked(means, entries),
        "since the last check, nothing new": lambda: checked(means, 0, since_last=True),
    }
    # fmt: on
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(int(os.environ.get("ROUNDS", "3"))):
        for name, way in ways.items():
            seconds[name].append(took(way))
    told = {name: sorted(each)[len(each) // 2] for name, each in seconds.items()}
    raw = next(iter(told.values()))
    size = sum(map(len, canonical)) / entries
    print(
        f"\n{entries:,} entries of {size:.0f} canonical bytes; sealed in {sealing:.1f} s; {os.cpu_count()} cores\n"
    )
    print("| verifier | s | s per million | x raw | spread |\n|---|---|---|---|---|")
    for name, each in told.items():
        spread = f"{min(seconds[name]):.2f}-{max(seconds[name]):.2f}"
        print(f"| {name} | {each:.2f} | {each * 1e6 / entries:.2f} | {each / raw:.1f} | {spread} |")
    results = Path(os.environ.get("BENCH_RESULTS", "."))
    (results / "d_verify_product.json").write_text(
        json.dumps({"entries": entries, "sealing": sealing, "verify": seconds})
    )


def took(work: Callable[[], Any]) -> float:
    """Seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def checked(means: Any, entries: int, **how: bool) -> None:
    """One check, which must find everything intact."""
    verdict = verify(means, **how)
    if (verdict.verdict, verdict.checked) != ("intact", entries):
        raise RuntimeError(f"{verdict.verdict} {verdict.why} {verdict.checked} {verdict.findings[:3]}")


def fill(product: ProductD, entries: int) -> list[bytes]:
    """So many entries by COPY, as the superuser; their canonical bytes."""
    kept: list[bytes] = []
    names = ["id", *READ, *TREE]
    with product.admin() as admin, admin.cursor() as cursor:
        cursor.execute("set jit to off")
        with cursor.copy(f"copy consent_ledgerentry ({', '.join(names)}) from stdin") as copy:
            for row in rows(entries):
                kept.append(row["canonical"])
                copy.write_row([Jsonb(row[name]) if name in JSON else row[name] for name in names])
        cursor.execute("vacuum analyze consent_ledgerentry")
    return kept


def rows(entries: int) -> Iterator[dict[str, Any]]:
    """Pages that were read, each by somebody else."""
    for number in range(entries):
        row = {"id": uuid.UUID(int=number + 1)} | READ
        row |= {
            "at": READ["at"] + timedelta(milliseconds=37 * number),
            "request_id": uuid.UUID(int=2**64 + number),
            "actor": str(uuid.UUID(int=number % 2_000)),
            "subject": f"{number % 100_000:032x}",
            "record_count": number,
        }
        canonical = canonical_bytes(row)
        yield row | {"canonical": canonical, "leaf_hash": leaf_hash(canonical)}


if __name__ == "__main__":
    main()
