"""Each side remembers the other's ledger, by a hash and a padded size an hour, and notices when it is taken back."""

import sys
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from consent import access
from consent.ledger.witness import SMALLEST_PAD, DigestWitness, digest_of
from consent.models import Checkpoint, WitnessedCheckpoint
from consent.services.sealing import standing
from consent.verifier import findings
from consent.verifier.findings import Finding, Verdict
from consent.verifier.run import verify
from referrals import services as post_box
from referrals.models import OutboxEnvelope
from referrals.services import CheckpointTold, witnessing
from tests.ledger.conftest import append
from tests.ledger.tampering import tampering

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = datetime(2026, 11, 25, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    kept = settings.LEDGER_FILES | {
        "witnessed": str(tmp_path / "told.jsonl"), "verdict": str(tmp_path / "verdict.json"),
    }  # fmt: skip
    monkeypatch.setattr(settings, "LEDGER_FILES", kept)
    return tmp_path


def sealed_before_the_hour(database, sealer, count=300, first=0):
    rows = append(count, first)
    sealer.seal()
    with database.login("owner") as owner:
        owner.execute("alter table consent_checkpoint no force row level security, disable trigger user")
        owner.execute("update consent_checkpoint set sealed_at = sealed_at - interval '1 hour'")
    return rows


def what_was_told(monkeypatch):
    told = []
    send = witnessing.send
    monkeypatch.setattr(witnessing, "send", lambda value, **more: (told.append(value), send(value, **more)))
    return told


def take(*values):
    for value in values:
        with access.opened("system:intake", "X-REFERRAL-IN"):
            post_box.checkpoint_told(value, uuid.uuid4())


def witnessed():
    with access.opened("system:witness", "X-TEST"):
        return list(WitnessedCheckpoint.objects.order_by("id"))


def test_a_hash_and_a_padded_size_cross_and_nothing_that_counts(database, sealer, monkeypatch):
    told = what_was_told(monkeypatch)
    sealed_before_the_hour(database, sealer)
    post_box.tell_checkpoint()
    post_box.tell_checkpoint()

    with access.opened("system:sealer", "X-TEST"):
        note = Checkpoint.objects.get().note
    assert told[0] == told[1]
    assert (told[0].digest, told[0].padded_size) == (digest_of(note), SMALLEST_PAD)
    assert (told[0].hour.minute, told[0].hour.second) == (0, 0)
    with access.opened("system:post", "X-TEST"):
        assert OutboxEnvelope.objects.filter(kind="CheckpointTold").count() == 2


def test_nothing_is_told_before_anything_was_sealed():
    assert post_box.tell_checkpoint() is False


def test_what_is_told_is_kept_in_table_and_file_once(files):
    value = CheckpointTold(hour=HOUR, digest="ab" * 32, padded_size=SMALLEST_PAD)
    take(value, value)

    assert [(each.digest, each.refused) for each in witnessed()] == [("ab" * 32, "")]
    assert len(list(DigestWitness(files / "told.jsonl").all())) == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"digest": "cd" * 32}, "conflict"),
        ({"hour": HOUR + timedelta(hours=1), "padded_size": SMALLEST_PAD}, "rollback"),
        ({"hour": HOUR - timedelta(hours=1)}, "rollback"),
    ],
)
def test_a_contradiction_is_refused_kept_and_told_to_the_log(changed, code, caplog, files):
    value = CheckpointTold(hour=HOUR, digest="ab" * 32, padded_size=2 * SMALLEST_PAD)
    take(value, replace(value, **changed))

    assert [each.refused for each in witnessed()] == ["", code]
    assert "LEDGER-WITNESS-CONFLICT" in caplog.text
    assert len(list(DigestWitness(files / "told.jsonl").all())) == 1


def test_a_database_restored_with_its_witness_is_found_by_the_other_side(
    database,
    sealer,
    signer,
    witness,
    means,
    monkeypatch,
    files,
):
    """Nothing on this side remembers: database, witness and the verifier's own file are all from the backup."""
    told = what_was_told(monkeypatch)
    sealed_before_the_hour(database, sealer)
    backup = witness.file.path.read_bytes()
    sealed_before_the_hour(database, sealer, 20, 300)
    post_box.tell_checkpoint()
    take(*told)
    remote = replace(means, memory=None, witnesses=(witness.file.path, files / "told.jsonl"))
    assert verify(remote).verdict == "intact", verify(remote).findings

    with tampering(database) as hands:
        hands.cut_tail(1)
    witness.file.path.write_bytes(backup)
    append(40, 1_000)
    type(sealer)(signer, witness).seal()

    assert (
        verify(replace(remote, witnesses=(witness.file.path,))).verdict == "intact"
    )  # alone it can't be seen
    assert {each.code for each in verify(remote).findings} == {"fork"}


def verdict(**more):
    return Verdict(side=settings.SIDE, **({"verdict": "intact", "size": 5, "checkpoint": 2} | more))


def written(files, **more):
    findings.write(verdict(**more), files / "verdict.json")
    return standing()


def test_the_last_verdict_stands_until_it_is_too_old(files, monkeypatch):
    # the tests before this one may have taken longer than a check may
    monkeypatch.setattr(sys.modules["consent.services.sealing.standing"], "_STARTED", time.monotonic())
    assert standing().word == "not checked yet"
    assert written(files).word == "intact"
    assert written(files, verdict="changed", findings=(Finding(code="changed", what="x"),)).is_alarm
    assert written(files, verdict="not run").is_alarm
    assert written(files, at=datetime.now(UTC) - timedelta(minutes=16)).word == "overdue"
    assert written(files, whole_at=datetime.now(UTC) - timedelta(hours=37)).word == "overdue"
    (files / "verdict.json").write_text("{}")
    assert standing().word == "not checked yet"


def test_a_check_that_never_reports_is_overdue_after_a_while(monkeypatch):
    monkeypatch.setattr(sys.modules["consent.services.sealing.standing"], "_STARTED", -10_000.0)

    assert standing().word == "overdue"


def test_health_says_that_something_is_wrong_and_not_what(files):
    written(files, verdict="changed", findings=(Finding(code="changed", what="x", entry="secret"),))

    answer = Client().get("/health/")

    assert (answer.status_code, answer.content) == (200, b"ok\nledger changed\n")
