"""The life of a ledger: whatever order things happen in, the verifier says exactly what is true of it."""

import random
import uuid
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from consent import access
from consent.ledger.witness import CheckpointWitness
from consent.services.sealing import Sealer
from consent.signing import opener, origin_of
from consent.verifier.run import verify
from tests.ledger.conftest import append, insert, many, writer
from tests.ledger.tampering import CHECKPOINTS, LEDGER, TABLES, tampering

pytestmark = pytest.mark.django_db(transaction=True)


class Life(RuleBasedStateMachine):
    """Up to three writers, a sealer that may be started anew, a witness, and somebody with the owner's password."""

    def __init__(self, hands, means, signer, folder, database):
        super().__init__()
        self.hands, self.means, self.signer, self.folder, self.database = (
            hands,
            means,
            signer,
            folder,
            database,
        )
        self.writers, self.committed, self.sealed, self.next = [], 0, 0, 0
        self.is_changed = False

    @initialize()
    def begin(self):
        for table in TABLES:
            self.hands.sql.execute(f"delete from {table}")
        self.witness = CheckpointWitness(
            self.folder / f"{uuid.uuid4()}.jsonl",
            opener([self.signer.public], origin_of(settings.SIDE)),
        )
        self.sealer = Sealer(self.signer, self.witness)
        with self.witness.locked():
            pass  # the file is there from the first day

    @precondition(lambda self: not self.is_changed)
    @rule(count=st.integers(1, 90))
    def append(self, count):
        append(count, self.next)
        self.next += count
        self.committed += count

    @precondition(lambda self: len(self.writers) < 3 and not self.is_changed)
    @rule()
    def begin_to_write(self):
        held = writer(self.database)
        session = held.__enter__()
        insert(session, self.next)
        self.next += 1
        self.writers.append((held, session))

    @precondition(lambda self: self.writers and not self.is_changed)
    @rule(commits=st.booleans(), which=st.integers(0, 2))
    def finish_writing(self, commits, which):
        held, session = self.writers.pop(which % len(self.writers))
        session.commit() if commits else session.rollback()
        held.__exit__(None, None, None)
        self.committed += commits

    @precondition(lambda self: not self.is_changed)
    @rule()
    def seal(self):
        self.sealer.seal()
        self.sealed = self.committed

    @rule()
    def start_the_sealer_anew(self):
        self.sealer = Sealer(self.signer, self.witness)

    @precondition(lambda self: self.sealed and not self.is_changed and not self.writers)
    @rule(data=st.data())
    def tamper(self, data):
        self.hands.keep()
        numbers = [
            number
            for (number,) in self.hands.sql.execute(
                f"select number from {LEDGER} e where exists "
                f"(select 1 from {CHECKPOINTS} c where e.number <= c.high) order by number"
            )
        ]
        number = data.draw(st.sampled_from(numbers))
        deed = data.draw(st.sampled_from(["change", "delete", "forge", "add", "cut"]))
        if deed == "change":
            column, expression = data.draw(st.sampled_from(self.hands.mutations()))
            self.is_changed = self.hands.change(number, column, expression)
            return
        {
            "delete": self.hands.delete, "forge": self.hands.forge,
            "add": lambda number: self.hands.insert_copy(number, -number),
            "cut": lambda _number: self.hands.cut_tail(1),
        }[deed](number)  # fmt: skip
        self.is_changed = True

    @precondition(lambda self: self.is_changed)
    @rule()
    def put_everything_back(self):
        self.hands.undo()
        self.is_changed = False

    @invariant()
    def the_verdict_is_true(self):
        if not hasattr(self, "witness"):
            return
        verdict = verify(self.means(self.witness))
        codes = {each.code for each in verdict.findings}
        told = list(map(str, verdict.findings))
        assert verdict.verdict != "not run", verdict.why
        assert ("unsealed" in codes) == (self.committed > self.sealed) or self.is_changed, told
        assert bool(codes - {"unsealed"}) == self.is_changed, told

    def teardown(self):
        for held, session in self.writers:
            session.rollback()
            held.__exit__(None, None, None)


def test_the_verdict_is_true_whatever_happened_before(database, means, signer, tmp_path):
    with tampering(database) as hands:
        run_state_machine_as_test(
            lambda: Life(
                hands,
                lambda witness: replace(means, memory=None, witnesses=(witness.file.path,)),
                signer,
                tmp_path,
                database,
            ),
            settings=hypothesis_settings(
                max_examples=many(12, 500), stateful_step_count=many(14, 40), deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip


def test_ledgers_that_nobody_touched_raise_no_alarm(database, means, signer, tmp_path):
    dice = random.Random(7)
    with tampering(database) as hands:
        for number in range(many(6, 1_000)):
            for table in TABLES:
                hands.sql.execute(f"delete from {table}")
            path = tmp_path / f"{number}.jsonl"
            sealer = Sealer(
                signer, CheckpointWitness(path, opener([signer.public], origin_of(settings.SIDE)))
            )
            for _step in range(dice.randrange(1, 6)):
                with writer(database) as session:
                    for each in range(dice.randrange(3)):
                        insert(session, each)
                    append(dice.choice([1, 2, 3, 60, 255, 256, 257]), dice.randrange(10_000))
                    sealer.seal()
                    session.commit() if dice.random() < 0.5 else session.rollback()
            sealer.seal()
            verdict = verify(replace(means, memory=None, witnesses=(path,)))
            assert verdict.verdict == "intact", list(map(str, verdict.findings))


def test_no_entry_is_written_by_who_is_not_the_ledger(database):
    """The writers of these tests are held by the same door as the site's."""
    with (
        writer(database, who="system:grants") as session,
        pytest.raises(Exception, match="row-level security"),
    ):
        insert(session, 1)
    assert access.current_or_none() is None
    assert not connection.in_atomic_block
