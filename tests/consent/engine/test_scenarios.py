"""Scenario files and ``manage.py decide``: what is read, what is refused, what is printed."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from consent import answers, law, scenarios
from consent.engine.decide import decide
from consent.engine.forms import LOCAL_TIME
from tests.shared_data import REPOSITORY

WORKED = REPOSITORY / "tests" / "scenarios" / "worked.yaml"
HEAD = "version: 1\nscenarios:\n"
ONE = """- id: S-1
  program: PINS
  actor_role: pins_social_worker
  recipient_type: treating_provider_ce
  purpose: TREAT
  segments: [MED]
  facts: {recipient_treats_subject: true}
  date: 2026-04-02
"""
BOOK = scenarios.read(WORKED)


def book(tmp_path: Path, text: str) -> scenarios.Book:
    path = tmp_path / "asked.yaml"
    path.write_text(text, encoding="utf-8")
    return scenarios.read(path)


def one(tmp_path: Path, old: str = "", new: str = "") -> scenarios.Scenario:
    return book(tmp_path, HEAD + (ONE.replace(old, new) if old else ONE)).scenarios[0]


@pytest.mark.parametrize("scenario", BOOK.scenarios, ids=lambda each: each.id)
def test_a_worked_scenario_is_decided_as_expected(scenario):
    assert answers.differences(scenario, decide(scenario.asked, law.packs())) == []


def test_every_row_of_the_specification_is_there_or_said_to_be_tested_elsewhere():
    rows = {"".join(filter(str.isdigit, each.id.split("-")[0])) for each in BOOK.scenarios}

    assert {str(n) for n in range(1, 89)} - rows == {"84", "87"}
    assert "39a" in {each.id for each in BOOK.scenarios}


# --- reading ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: a file of scenarios is a mapping"),
        ("- 1\n", "line 1: a file of scenarios is a mapping"),
        ("version: 2\nscenarios: []\n", "line 1: `version` must be 1"),
        ("scenarios: []\n", "`version` must be 1"),
        ("version: 1\nscenarios: {}\n", "line 2: `scenarios` must be a list"),
        ("version: 1\nscenarios: [1]\n", "scenario 1 is no mapping"),
        ("version: 1\nscenarios:\n- {a: [}\n", "line 3"),
        ("version: 1\nversion: 1\nscenarios: []\n", "the key `version` stands twice"),
        (HEAD + ONE + ONE, "the id `S-1` stands twice"),
        (HEAD + ONE.replace("- id: S-1\n ", "-"), "line 3: a scenario needs an `id`"),
        (HEAD + ONE.replace("facts:", "fcts:"), "line 9: no such key: `fcts`; is `facts` meant?"),
        (HEAD + ONE.replace("[MED]", "MED"), "line 8: `segments` must be a list"),
        (HEAD + ONE.replace("{recipient_treats_subject: true}", "[a]"), "line 9: `facts` must be a mapping"),
        (HEAD + ONE + "  consents: [1]\n", "consent 0 is no mapping"),
        ("version: 1\nscenarios: []\ndefaults: {programs: {POST: 1}}\n", "`POST` must be a mapping"),
        ("version: 1\nscenarios: [*nobody]\n", "line 2"),
        ("!!python/object/apply:os.system [echo]\n", "line 1"),
        ("[" * 5000, ""),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_names_the_place(tmp_path, text, said):
    with pytest.raises(scenarios.Malformed) as error:
        book(tmp_path, text)

    assert said in str(error.value)
    assert "asked.yaml" in str(error.value)


def test_a_file_that_is_not_there_or_no_text_is_malformed(tmp_path):
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")

    for name in ("nothing", "bytes", "."):
        with pytest.raises(scenarios.Malformed):
            scenarios.read(tmp_path / name)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pins_social_worker", "wizard"), ("treating_provider_ce", "neighbour"), ("TREAT", "GOSSIP"), ("[MED]", "[AURA]"),
        ("[MED]", "[]"), ("PINS", "ATLANTIS"), ("2026-04-02", "2026-02-29"), ("2026-04-02", "soon"), ("  date: 2026-04-02\n", ""),
        ("recipient_treats_subject: true", "said_please: true"), ("recipient_treats_subject: true", "recipient_treats_subject: 1"),
        ("{recipient_treats_subject: true}", "{minor_age: old}"), ("{recipient_treats_subject: true}", "{elements: [shoe_size]}"),
        ("{recipient_treats_subject: true}", "{elements: name}"), ("{recipient_treats_subject: true}", "{care_kind: dental}"),
        ("  date", "  process: a_stern_letter\n  date"), ("  date", "  config: {p2_status: perhaps}\n  date"),
        ("  date", "  config: {hmis_cho: perhaps}\n  date"), ("  date", "  config: {weather: fine}\n  date"),
        ("  date", "  consents: [{form: NAPKIN, signed: 2026-03-01}]\n  date"),
        ("  date", "  consents: [{form: P2-SPEC, signed: yesterday}]\n  date"),
        ("  date", "  consents: [{form: P2-SPEC}]\n  date"),
        ("  date", "  consents: [{form: P2-SPEC, signed: 2026-03-01, expires: 2026-02-30}]\n  date"),
        ("  date", "  consents: [{form: P2-SPEC, signed: 2026-03-01, revoked_on: once}]\n  date"),
        ("  date", "  consents: [{form: P2-SPEC, signed: 2026-03-01, revoked_on: 2026-03-02, revoked_how: smoke}]\n  date"),
        ("  date", "  consents: [{form: P2-SPEC, signed: 2026-03-01, elements_missing: [p.shoe]}]\n  date"),
        ("  date", "  consents: [{form: P2-SPEC, signed: 2026-03-01, conditioned_on_services: maybe}]\n  date"),
        ("  date", "  consents: [{form: P2-SPEC, signed: 2026-03-01, combined_with: [NAPKIN]}]\n  date"),
    ],
)  # fmt: skip
def test_what_no_list_holds_is_decided_and_refused(tmp_path, old, new):
    decision = decide(one(tmp_path, old, new).asked, law.packs())

    assert decision.outcome == "deny"
    assert decision.reasons == ("eng.failclosed",)
    assert decision.failure


def test_what_the_engine_makes_nothing_of_is_passed_over_aloud(tmp_path):
    read = book(tmp_path, HEAD + ONE + "  weather: fine\n  note: nothing\n")

    assert read.remarks == ("line 11: the key `weather` says nothing to the engine and was passed over",)


@pytest.mark.parametrize(
    ("date", "instant"),
    [
        ("2026-04-02", datetime(2026, 4, 2, 12, tzinfo=LOCAL_TIME)),
        ("2028-02-29", datetime(2028, 2, 29, 12, tzinfo=LOCAL_TIME)),
        ("2026-04-02 09:30", datetime(2026, 4, 2, 9, 30, tzinfo=LOCAL_TIME)),
        ("2026-04-02T13:30:00Z", datetime(2026, 4, 2, 9, 30, tzinfo=LOCAL_TIME)),
        ("2026-04-02T09:30:00-04:00", datetime(2026, 4, 2, 9, 30, tzinfo=LOCAL_TIME)),
    ],
)
def test_a_date_is_noon_and_an_instant_without_a_zone_is_local(tmp_path, date, instant):
    assert one(tmp_path, "2026-04-02", date).asked.at == instant


@pytest.mark.parametrize(
    ("day", "outcome"), [("2026-03-30 23:59:59", "permit"), ("2026-03-31 00:00", "deny")]
)
def test_a_form_holds_to_the_midnight_before_its_last_date(tmp_path, day, outcome):
    form = "consents: [{form: HIPAA-AUTH, signed: 2026-03-01, expires: 2026-03-31, recipients: [employer], segments: [MED], purposes: [TREAT]}]"
    text = HEAD + ONE.replace("treating_provider_ce", "employer").replace("2026-04-02", day) + f"  {form}\n"

    assert decide(book(tmp_path, text).scenarios[0].asked, law.packs()).outcome == outcome


def test_a_bare_no_is_the_word_and_the_files_determinations_come_before_the_shipped(tmp_path):
    text = (
        "version: 1\ndefaults: {programs: {PINS: {p2_status: none, mhpa_facility: no, vs_regime: none}}}\nscenarios:\n"
        + ONE
    )
    source = book(tmp_path, text).scenarios[0].asked.source

    assert (source.p2_status, source.mhpa_facility, source.hipaa_legal) == ("none", "no", "undetermined")
    assert one(tmp_path).asked.source.p2_status == "lawful_holder"
    assert (
        one(tmp_path, "  date", "  config: {p2_status: program}\n  date").asked.source.p2_status == "program"
    )


def test_the_hash_is_of_the_question_alone(tmp_path):
    first = answers.request_hash(one(tmp_path).written)
    renamed = answers.request_hash(one(tmp_path, "S-1", "S-2").written)
    expecting = answers.request_hash(one(tmp_path, "  date", "  expect: deny\n  date").written)
    other = answers.request_hash(one(tmp_path, "MED", "MH").written)

    assert first == renamed == expecting != other
    assert first == "sha256:" + __import__("hashlib").sha256(
        json.dumps({
            "program": "PINS", "actor_role": "pins_social_worker", "recipient_type": "treating_provider_ce", "purpose": "TREAT",
            "segments": ["MED"], "facts": {"recipient_treats_subject": True}, "date": "2026-04-02",
        }, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()  # fmt: skip


# --- the command --------------------------------------------------------------------------------------


def run(*arguments: str) -> subprocess.CompletedProcess:
    """The command as anybody runs it: with no environment to speak of."""
    return subprocess.run(
        [sys.executable, "manage.py", "decide", *arguments], cwd=REPOSITORY, capture_output=True, text=True,
        env={"PATH": os.environ["PATH"]}, check=False,
    )  # fmt: skip


def test_the_worked_file_is_all_as_expected_and_prints_the_same_bytes_twice():
    first, second = run(str(WORKED), "--check"), run(str(WORKED), "--check")

    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == second.stdout
    assert [json.loads(line)["id"] for line in first.stdout.splitlines()] == [
        each.id for each in BOOK.scenarios
    ]


def test_an_answer_has_the_keys_of_the_contract():
    answer = json.loads(run(str(WORKED), "--only", "47").stdout)

    assert (
        list(answer)
        == (
            "id outcome permitted redacted elements basis bars_standing obligations consents_used consents_void expires_at route "
            "explanation_internal explanation_outward would_change_it law_as_of ruleset_version request_hash"
        ).split()
    )
    assert answer["consents_void"] == [{"consent": 0, "defects": ["p.cestmt"]}]
    assert answer["redacted"] == [{"segment": "SUDP2", "reason": "p2.consent.defect.2.31c", "regime": "P2"}]
    assert answer["law_as_of"] == "2026-11-22"


def test_the_exit_status_tells_how_it_went(tmp_path):
    path = tmp_path / "asked.yaml"
    path.write_text(HEAD + ONE + "  expect: deny\n")
    broken = tmp_path / "broken.yaml"
    broken.write_text("version: 1\nscenarios: 5\n")

    differing, plain = run(str(path), "--check"), run(str(path))

    assert (differing.returncode, plain.returncode) == (1, 0)
    assert "S-1: outcome: expected deny, got permit" in differing.stderr
    assert json.loads(differing.stdout)["outcome"] == "permit"
    unreadable = run(str(broken))
    assert unreadable.returncode == 2
    assert "line 2: `scenarios` must be a list" in unreadable.stderr
    assert run(str(path), "--only", "S-9").returncode == 2
    assert run(str(path), "--packs", "us-atlantis").returncode == 2


def test_a_table_says_what_goes_what_stays_and_what_would_do():
    table = run(str(WORKED), "--only", "3", "--format", "table", "--check").stdout

    for part in ("REDACT  3  as expected", "goes      RISK", "stays     SUDP2:", "rests on  hipaa.512j.threat  45 CFR 164.512(j)(1)(i)",
                 "must ", "until     2026-04-08 12:00 EDT", "would do  SUDP2: form P2-SPEC", "1 decided: 0 permit, 1 redact, 0 deny; all as expected"):  # fmt: skip
        assert part in table


def test_without_the_states_pack_the_states_bars_are_gone():
    with_state, without = (
        json.loads(run(str(WORKED), "--only", "81", *packs).stdout)
        for packs in ((), ("--packs", "us-federal"))
    )

    assert with_state["bars_standing"] == ["pa.hiv.7607"]
    assert without["bars_standing"] == []
