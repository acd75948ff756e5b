"""One check of a ledger, from the first connection to the verdict."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import psycopg

from consent.ledger.image import Form
from consent.ledger.note import COSIGNATURE, Checkpoint, PublicKey
from consent.signing import BadKeyFile, Signer, opener, origin_of, public_keys
from consent.verifier import database, extras, witnesses
from consent.verifier.check import NOTHING, Run
from consent.verifier.database import Connection, Sealed
from consent.verifier.findings import CHANGED, INTACT, NOT_RUN, CouldNotRun, Finding, Verdict
from consent.verifier.memory import Remembered, VerifierMemory

ALONE = 30_000  # entries that one process checks by itself
MOST_PROCESSES = 8


@dataclass(frozen=True, kw_only=True)
class Means:
    """What the verifier is given: no application's credential among it."""

    side: str
    url: str  # the verifier's role
    keys: tuple[PublicKey, ...]
    witnesses: tuple[Path, ...] = ()
    memory: VerifierMemory | None = None

    @classmethod
    def from_environment(
        cls, side: str, environment: Mapping[str, str], more_witnesses: tuple[str, ...] = ()
    ) -> "Means":
        """Out of the variables that ``docs/operations.md`` lists.

        Raises:
            CouldNotRun: one is missing, or a key file is none.
        """
        upper = side.upper()

        def needed(name: str) -> str:
            if not environment.get(name):
                raise CouldNotRun(f"the environment variable {name} is not set (docs/operations.md)")
            return environment[name]

        own = environment.get(f"WITNESS_FILE_{upper}", "")
        try:
            keys = tuple(public_keys(needed(f"CHECKPOINT_PUBLIC_{upper}")))
            memory = None
            if environment.get(f"VERIFIED_FILE_{upper}"):
                signer = Signer.from_file(
                    needed(f"VERIFIER_KEY_{upper}"), f"{origin_of(side)}/verifier", COSIGNATURE
                )
                memory = VerifierMemory(environment[f"VERIFIED_FILE_{upper}"], signer)
        except BadKeyFile as error:
            raise CouldNotRun(str(error)) from None
        files = dict.fromkeys(Path(name) for name in (own, *more_witnesses) if name)
        return cls(
            side=side,
            url=needed(f"DATABASE_URL_{upper}_VERIFIER"),
            keys=keys,
            witnesses=tuple(files),
            memory=memory,
        )

    def open_note(self, note: str) -> Checkpoint:
        """A checkpoint of this ledger; `BadNote` when it is not signed for it."""
        return opener(list(self.keys), origin_of(self.side))(note)


def verify(means: Means, *, since_last: bool = False, deep: bool = False) -> Verdict:
    """Check the ledger: everything, or what was added since the last check that found it intact.

    Args:
        deep: Compare every column of every entry again, also where what was signed of the rows says
            that they are those that were compared before.
    """
    began = time.monotonic()
    try:
        verdict = _verify(means, since_last=since_last, deep=deep)
    except CouldNotRun as error:
        verdict = Verdict(side=means.side, verdict=NOT_RUN, why=str(error))
    except (psycopg.Error, OSError) as error:
        verdict = Verdict(side=means.side, verdict=NOT_RUN, why=f"{type(error).__name__} while reading")
    return replace(verdict, seconds=time.monotonic() - began)


def _verify(means: Means, *, since_last: bool, deep: bool) -> Verdict:
    remembered = means.memory.last() if means.memory else Remembered()
    after = remembered.number if since_last else 0
    seen = [
        witnesses.Memory(path, after, remembered.read.get(path.name, 0) if after else 0)
        for path in means.witnesses
    ]
    with database.connect(means.url) as connection:
        form, oids = database.check_tables(connection)
        last = database.newest(connection) or NOTHING
        findings = list(_remembered_is_there(connection, remembered))
        if findings:
            after = 0
        first = (database.checkpoint(connection, after) if after else None) or NOTHING
        task = _Task(means=means, form=form, oids=oids, compared=0 if deep or findings else remembered.number)
        checked, found = _check_runs(connection, task, first, last)
        findings += found
        findings += extras.unsealed(connection, last)
        look = any(each.code in ("missing", "checkpoint") for each in findings)
        findings += extras.added(connection, first, last, look=look)
        for memory in seen:
            findings += witnesses.compare(connection, memory, means.open_note)
    whole = first.number == 0
    whole_at = datetime.now(UTC) if whole and not findings else remembered.whole_at
    if means.memory and not findings and last.number:
        read = [(memory.path.name, memory.end) for memory in seen if not memory.is_digests]
        means.memory.keep(last.note, whole_at, read)
    return Verdict(
        side=means.side, verdict=CHANGED if findings else INTACT, findings=tuple(findings), size=last.size,
        checkpoint=last.number, checked=checked, whole=whole, whole_at=whole_at,
    )  # fmt: skip


def _remembered_is_there(connection: Connection, remembered: Remembered) -> Iterator[Finding]:
    """Is what was intact last time still what the database says?"""
    if not remembered.number:
        return
    kept = database.checkpoint(connection, remembered.number)
    if kept is None:
        what = "was found intact before, and the ledger ends before it"
        yield Finding(code="tail", what=what, checkpoint=remembered.number)
    elif witnesses.text_of(kept.note) != witnesses.text_of(remembered.note):
        yield Finding(code="fork", what="is another one than was found intact before", checkpoint=kept.number)


@dataclass(frozen=True, kw_only=True)
class _Task:
    """What each of the processes needs to check its part."""

    means: Means
    form: Form
    oids: list[int]
    compared: int
    snapshot: str = ""

    def on(self, connection: Connection, after: int, until: int) -> tuple[int, list[Finding]]:
        run = Run(connection, self.form, self.oids, self.means.open_note, self.compared)
        run.check(after, until)
        return run.checked, run.findings


def _alone(task: _Task, after: int, until: int) -> tuple[int, list[Finding]]:
    """One process's part, on a connection of its own and the snapshot of the first."""
    with database.connect(task.means.url, snapshot=task.snapshot) as connection:
        return task.on(connection, after, until)


def _check_runs(
    connection: Connection, task: _Task, first: Sealed, last: Sealed
) -> tuple[int, list[Finding]]:
    processes = min(os.cpu_count() or 1, MOST_PROCESSES, 1 + (last.size - first.size) // ALONE)
    if last.number == first.number:
        return 0, []
    if processes < 2:
        return task.on(connection, first.number, last.number)
    bounds = [first.number]
    for part in range(1, processes):
        bounds.append(database.at_size(connection, first.size + (last.size - first.size) * part // processes))
    bounds = sorted({*bounds, last.number})
    shared = replace(
        task, means=replace(task.means, memory=None), snapshot=database.export_snapshot(connection)
    )
    with _pool(len(bounds) - 1) as submit:
        parts = [submit(_alone, shared, low, high) for low, high in pairwise(bounds)]
        results = [part() for part in parts]
    return sum(checked for checked, _found in results), [
        each for _checked, found in results for each in found
    ]


@contextmanager
def _pool(processes: int) -> Iterator[Callable[..., Callable[[], tuple[int, list[Finding]]]]]:
    """Fresh processes: none that shares a connection with this one."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield lambda *work: pool.submit(*work).result
