"""Every committed entry gets into the tree, once, and under a signed checkpoint that a witness has taken."""

import base64
import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import time_machine
from django.conf import settings

from consent import access
from consent.ledger import numbers
from consent.ledger.entry import leaf_hash
from consent.ledger.tree import Frontier, root_of_inclusion
from consent.ledger.witness import Refused
from consent.models import Checkpoint, LedgerEntry, Tile
from consent.services.sealing import Sealer, proof_of
from consent.services.sealing import sealer as sealing
from consent.services.sealing.pending import Pending
from tests.ledger.conftest import append, insert, writer

pytestmark = pytest.mark.django_db(transaction=True)


def checkpoints():
    with access.opened("system:sealer", "X-TEST"):
        return list(Checkpoint.objects.order_by("number"))


def root_of(rows):
    frontier = Frontier()
    frontier.extend([leaf_hash(row.canonical) for row in rows])
    return frontier.root()


def test_what_was_added_is_sealed_signed_and_witnessed(sealer, witness):
    rows = append(300)

    assert sealer.seal() == 300

    (checkpoint,) = checkpoints()
    seen = witness.last()
    assert (checkpoint.size, seen.size, seen.root) == (300, 300, root_of(rows))
    assert seen.note == checkpoint.note


def test_a_tree_that_grew_in_steps_is_the_tree_of_all_entries(sealer, witness, signer):
    rows = []
    for step in (1, 2, 255, 300, 0, 700):
        rows += append(step, len(rows))
        sealer.seal()
    rows += append(40, len(rows))
    Sealer(signer, witness).seal()  # one that knows nothing reads where the tree stands

    assert witness.last().root == root_of(rows)
    assert [each.size for each in checkpoints()] == [1, 3, 258, 558, 1258, 1298]
    with access.opened("system:sealer", "X-TEST"):
        assert Tile.objects.count() == 5


def test_a_backlog_is_sealed_in_pieces_of_bounded_size(sealer, witness, monkeypatch):
    monkeypatch.setattr(sealing, "MOST_ROWS", 100)
    rows = append(250)

    assert sealer.seal() == 250
    assert [each.size for each in checkpoints()] == [100, 200, 250]
    assert witness.last().root == root_of(rows)


def test_two_sealers_at_once_seal_each_entry_once(sealer, witness, signer):
    other = Sealer(signer, witness)
    rows = []
    for number, each in enumerate([sealer, other, other, sealer, sealer, other]):
        rows += append(90, 90 * number)
        each.seal()

    assert [each.size for each in checkpoints()] == [90, 180, 270, 360, 450, 540]
    assert witness.last().root == root_of(rows)


def test_while_one_sealer_leads_another_does_nothing(sealer, database):
    append(5)
    with writer(database) as leader:
        leader.execute("select pg_advisory_xact_lock(hashtextextended('ledger sealer', 3))")
        assert sealer.seal() == 0
        leader.rollback()

    assert sealer.seal() == 5


def test_a_long_transaction_elsewhere_does_not_hold_the_sealing_back(sealer, witness, database):
    with writer(database) as busy:
        busy.execute("select pg_current_xact_id()")
        rows = append(50)
        assert sealer.seal() == 50
        assert witness.last().root == root_of(rows)
        busy.rollback()


def test_a_late_committer_goes_into_the_next_checkpoint(sealer, database):
    with writer(database) as late:
        first = insert(late, 1_000)
        rows = append(10)
        assert sealer.seal() == 10
        assert checkpoints()[-1].pending == [1, 2]
        rows += append(10, 10)
        assert sealer.seal() == 10
        late.commit()

    assert sealer.seal() == 1
    (*_before, last) = checkpoints()
    assert (last.added, last.pending, last.high) == ([1, 2], [], 21)
    assert root_of([*rows, first]) == Frontier.from_bytes(last.size, bytes(last.frontier)).root()


def test_a_late_committer_is_found_by_a_sealer_that_was_started_since(sealer, signer, witness, database):
    with writer(database) as late:
        insert(late, 1_000)
        append(10)
        sealer.seal()
        late.commit()

    assert Sealer(signer, witness).seal() == 1


def test_a_number_that_was_rolled_back_is_given_up_after_a_while_and_not_before():
    pending = Pending([4, 7], next_transaction=100)
    pending.settle([5, 6], oldest_running=99, next_transaction=120)
    assert pending.pairs() == [4, 5, 6, 7]
    for gap in pending._gaps:
        gap.since -= 120

    pending.settle([], oldest_running=100, next_transaction=130)
    assert pending.pairs() == [4, 5, 6, 7]  # its transaction may have begun since
    pending.settle([], oldest_running=129, next_transaction=140)
    assert pending.pairs() == [4, 5, 6, 7]
    pending.settle([], oldest_running=130, next_transaction=150)
    assert pending.pairs() == []


def test_a_clock_that_was_set_back_changes_nothing_about_the_order(sealer, witness):
    rows = append(5)
    sealer.seal()
    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=5), tick=True):
        rows += append(5, 5)
        assert sealer.seal() == 5

    assert witness.last().root == root_of(rows)
    assert [each.number for each in checkpoints()] == [1, 2]


def test_a_quiet_ledger_gets_a_checkpoint_now_and_then(sealer, witness, database):
    append(3)
    sealer.seal()
    sealer.seal()
    assert len(checkpoints()) == 1

    with database.login("owner") as owner:
        owner.execute("alter table consent_checkpoint no force row level security, disable trigger user")
        owner.execute("update consent_checkpoint set sealed_at = sealed_at - interval '11 minutes'")
    sealer.seal()

    first, second = checkpoints()
    assert (second.size, list(second.added)) == (3, [])
    assert witness.last().note == second.note != first.note


def test_no_role_changes_a_checkpoint_and_no_other_task_adds_one(sealer, database):
    append(3)
    sealer.seal()
    with writer(database) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("update consent_checkpoint set size = 4")
    with database.login("owner") as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute("truncate consent_checkpoint")
    with writer(database) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(
            "insert into consent_checkpoint (number, size, high, added, pending, frontier, note) "
            "values (9, 9, 9, '{}', '{}', '', '')"
        )


def test_what_dies_between_database_and_witness_is_made_good(sealer, witness, signer, monkeypatch):
    rows = append(5)
    monkeypatch.setattr(Sealer, "_held_witness", lambda _self: nullcontext())
    sealer.seal()
    rows += append(5, 5)
    sealer.seal()
    monkeypatch.undo()
    assert witness.last().size == 0

    rows += append(300, 10)
    Sealer(signer, witness).seal()

    assert [seen.size for seen in witness.all()] == [5, 10, 310]
    assert witness.last().root == root_of(rows)


def test_a_witness_that_cannot_be_reached_delays_nothing_and_is_told_later(sealer, witness, caplog):
    folder = witness.file.path.parent / "gone"
    witness.file.path = folder / "file"
    folder.write_text("no folder")
    append(5)
    assert sealer.seal() == 5
    assert "LEDGER-WITNESS-UNREACHABLE" in caplog.text

    folder.unlink()
    append(5, 5)
    assert sealer.seal() == 5
    assert [seen.size for seen in witness.all()] == [5, 10]


def test_a_database_that_was_restored_is_not_sealed_on(sealer, witness, signer, database):
    append(5)
    sealer.seal()
    append(5, 5)
    sealer.seal()
    with database.login("owner") as owner:
        for table in ("consent_checkpoint", LedgerEntry._meta.db_table):
            owner.execute(f"alter table {table} no force row level security, disable trigger user")
        owner.execute("delete from consent_checkpoint where number = 2")
    append(20, 10)

    with pytest.raises(Refused) as refused:
        Sealer(signer, witness).seal()
    assert refused.value.code == "rollback"
    assert len(checkpoints()) == 1


def test_an_entry_is_proved_to_be_in_the_tree(sealer, witness):
    rows = []
    for step in (3, 270, 520):
        rows += append(step, len(rows))
        sealer.seal()
    unsealed = append(1, len(rows))[0]

    with access.opened("system:sealer", "X-TEST"):
        for position in (0, 2, 3, 100, 255, 256, 272, 273, 511, 512, 700, 792):
            row = rows[position]
            proof = proof_of(row)
            assert proof.position == position
            root = root_of_inclusion(position, proof.size, leaf_hash(row.canonical), proof.hashes)
            assert root == root_of(rows[: proof.size])
        assert proof_of(unsealed) is None


COMMAND = [sys.executable, "manage.py", "ledger", "seal", "--every", "0.05"]


def sealing_process(database, tmp_path, signer):
    """The real process, on the test's database."""
    key, public = tmp_path / "checkpoint.key", tmp_path / "checkpoint.pub"
    key.write_text(base64.b64encode(b"k" * 32).decode())
    public.write_text(f"{signer.public}\n")
    upper = settings.SIDE.upper()
    url = os.environ[f"DATABASE_URL_{upper}"].rpartition("/")[0]
    environment = dict(os.environ) | {
        f"DATABASE_URL_{upper}": f"{url}/{database.name}",
        f"CHECKPOINT_KEY_{upper}": str(key),
        f"CHECKPOINT_PUBLIC_{upper}": str(public),
        f"WITNESS_FILE_{upper}": str(tmp_path / "witness.jsonl"),
        "DJANGO_SETTINGS_MODULE": f"config.settings.{settings.SIDE}",
    }
    return subprocess.Popen(COMMAND, env=environment, cwd=settings.BASE_DIR)


def test_a_sealer_killed_in_the_middle_leaves_no_half_checkpoint(database, tmp_path, signer, witness):
    rows = []
    for _life in range(3):
        process = sealing_process(database, tmp_path, signer)
        try:
            until = time.monotonic() + 60
            while witness.last().size <= len(rows) - 1 or not witness.last().size:
                rows += append(40, len(rows))
                assert time.monotonic() < until, "the sealer does not seal"
                time.sleep(0.03)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
    Sealer(signer, witness).seal()

    assert witness.last().size == len(rows)
    assert sum(numbers.count(each.added) for each in checkpoints()) == len(rows)
    assert [each.number for each in checkpoints()] == list(range(1, len(checkpoints()) + 1))
