"""The verifier as a process: exit codes, words, JSON, and what it keeps saying until it is no longer true."""

import json
import os
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from consent.verifier import __main__ as verifier
from consent.verifier.findings import Finding, Verdict
from tests.ledger.conftest import append
from tests.ledger.tampering import tampering

pytestmark = pytest.mark.django_db(transaction=True)
SIDE, UPPER = settings.SIDE, settings.SIDE.upper()
OF_THE_SITE = (
    "SECRET_KEY",
    "PRINCIPAL_KEY",
    "PSEUDONYM_KEY",
    "SEALING",
    "KEYS_URL",
    "WRAPPING",
    "BROKER",
    "OWNER",
    "DJANGO",
)


@pytest.fixture
def environment(means, signer, tmp_path):
    """What the verifier needs, and nothing of the site's."""
    (tmp_path / "public").write_text(f"{signer.public}\n")
    (tmp_path / "mine").write_text(b64encode(b"v" * 32).decode())
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", *OF_THE_SITE))
    }
    return kept | {
        f"DATABASE_URL_{UPPER}_VERIFIER": means.url,
        f"CHECKPOINT_PUBLIC_{UPPER}": str(tmp_path / "public"),
        f"WITNESS_FILE_{UPPER}": str(means.witnesses[0]),
        f"VERIFIER_KEY_{UPPER}": str(tmp_path / "mine"),
        f"VERIFIED_FILE_{UPPER}": str(tmp_path / "verified.jsonl"),
        f"VERDICT_FILE_{UPPER}": str(tmp_path / "verdict.json"),
    }


def run(environment, *more):
    command = [sys.executable, "-m", "consent.verifier", "--side", SIDE, *more]
    return subprocess.run(
        command,
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_process_tells_intact_changed_and_not_run_apart(environment, sealer, database, tmp_path):
    append(30)
    sealer.seal()

    intact = run(environment)
    with tampering(database) as hands:
        hands.change(7, "actor", "'nobody'")
    changed = run(environment, "--deep")
    as_json = run(environment, "--deep", "--json")
    elsewhere = run(environment | {f"DATABASE_URL_{UPPER}_VERIFIER": "postgres://nobody@127.0.0.1:1/x"})
    unset = run({name: value for name, value in environment.items() if not name.startswith("CHECKPOINT")})

    assert (intact.returncode, changed.returncode, elsewhere.returncode, unset.returncode) == (0, 1, 2, 2)
    assert "intact up to checkpoint 1, 30 entries" in intact.stdout
    assert "number 7, column actor, checkpoint 1" in changed.stdout
    assert json.loads(as_json.stdout)["findings"][0]["column"] == "actor"
    assert "NOT CHECKED" in elsewhere.stdout
    assert f"CHECKPOINT_PUBLIC_{UPPER}" in unset.stdout
    assert not any("Traceback" in each.stderr for each in (intact, changed, elsewhere, unset))


def test_a_check_of_what_was_compared_before_finds_a_change_by_the_rows_images(environment, sealer, database):
    append(30)
    sealer.seal()
    assert run(environment).returncode == 0

    with tampering(database) as hands:
        hands.change(7, "record_count", "{c} + 1")

    assert "number 7, column record_count" in run(environment).stdout  # a whole check
    assert run(environment, "--since-last").returncode == 0  # which is why there is a whole one each day


def test_a_verifiers_file_that_somebody_wrote_is_a_reason_for_an_alarm(environment, sealer, tmp_path):
    append(3)
    sealer.seal()
    run(environment)
    line = json.loads((tmp_path / "verified.jsonl").read_text())
    (tmp_path / "verified.jsonl").write_text(
        json.dumps(line | {"note": line["note"].replace("number 1", "number 9")}) + "\n"
    )

    assert run(environment, "--since-last").returncode == 2


def verdict(word="intact", *findings, **more):
    return Verdict(side=SIDE, verdict=word, findings=findings, **more)


def test_what_a_whole_check_found_stands_until_another_does_not(tmp_path):
    bad = Finding(code="changed", what="x", number=3)
    answers = {True: verdict("changed", bad), False: verdict()}
    said, asked = [], []

    def once(*, since_last):
        asked.append(since_last)
        return answers[not since_last]

    watch = verifier.Watch(once, str(tmp_path / "verdict.json"), said.append)
    assert watch.check().verdict == "changed"
    assert watch.check().findings == (bad,)
    assert json.loads((tmp_path / "verdict.json").read_text())["verdict"] == "changed"
    assert all("LEDGER-CHANGED" in line for line in said)

    answers[True] = verdict()
    watch._whole_tried -= timedelta(minutes=11)
    assert watch.check().verdict == "intact"
    assert asked == [False, True, False]


def test_everything_is_checked_at_the_start_and_once_a_day():
    asked = []
    watch = verifier.Watch(lambda *, since_last: asked.append(since_last) or verdict(), "", print)
    for _minute in range(3):
        watch.check()
    watch._whole_tried = datetime.now(UTC) - timedelta(hours=25)
    watch.check()

    assert asked == [False, True, True, False]


def test_a_check_that_could_not_be_made_is_told_each_time(tmp_path):
    said = []
    watch = verifier.Watch(
        lambda **_: replace(verdict("not run"), why="the database: OperationalError"),
        str(tmp_path / "v.json"),
        said.append,
    )
    watch.check()
    watch.check()

    assert len(said) == 2
    assert all("LEDGER-NOT-CHECKED" in line and "OperationalError" in line for line in said)
