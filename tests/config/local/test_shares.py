"""What the test command says about its parts: also about those that there are no tests of."""

import sys
from types import SimpleNamespace

import pytest

from config.local import environment, lanes
from config.local import test as runner
from config.local.installation import ROOT

IDLE = SimpleNamespace(check=lambda: None, tend=lambda: None)

pytestmark = pytest.mark.side("clinical")


@pytest.fixture
def said(monkeypatch):
    lines = []
    for module in (runner, lanes):
        monkeypatch.setattr(module, "say", lines.append)
    return lines


@pytest.mark.parametrize("leftover", [None, "__init__.py", "__pycache__/test_matrix.pyc", "conftest.py"])
def test_a_part_without_tests_says_so_and_neither_passes_nor_fails(tmp_path, said, monkeypatch, leftover):
    monkeypatch.setattr(lanes, "ROOT", tmp_path)
    if leftover:
        (tmp_path / "tests/worlds" / leftover).parent.mkdir(parents=True)
        (tmp_path / "tests/worlds" / leftover).touch()
    part = lanes.Part(name="worlds", minutes=8, side="clinical", paths=("tests/worlds",))

    [outcome] = lanes.run(((part,),), None, IDLE, None)
    runner.report([outcome], 0, 0)

    assert outcome.passed is None
    assert any("none yet" in line and "worlds" in line and "480 s" in line for line in said)
    assert not any("passed" in line or "FAILED" in line for line in said)


def test_a_file_and_a_folder_with_tests_count(tmp_path, monkeypatch):
    monkeypatch.setattr(lanes, "ROOT", tmp_path)
    (tmp_path / "tests/worlds").mkdir(parents=True)
    for name in ("tests/worlds/test_one.py", "tests/test_two.py"):
        (tmp_path / name).touch()
    part = lanes.Part(
        name="worlds", minutes=8, side="clinical", paths=("tests/worlds", "tests/test_two.py", "tests/none")
    )

    assert part.existing() == ["tests/worlds", "tests/test_two.py"]


def test_in_depth_the_tests_are_told_so_and_no_part_has_a_share(said, monkeypatch):
    monkeypatch.setenv(lanes.DEEP, "0")
    told = []
    monkeypatch.setattr(
        runner, "main", lambda: told.append(environment.of_the_machine().get(lanes.DEEP)) or 0
    )

    assert runner.deep() == 0
    runner.report([lanes.Outcome(name="worlds", minutes=8, seconds=9_999, passed=True)], 9_999, 0)

    assert told == ["1"]
    assert not any("OVER" in line or " of " in line for line in said)


def test_every_test_belongs_to_one_part_of_each_side_and_no_lane_is_longer_than_the_forty_minutes():
    parts = [part for lane in runner.LANES for part in lane]
    for side in ("clinical", "police"):
        [rest] = [part for part in parts if part.paths == ("tests",) and part.side == side]
        apart = {path for part in parts if part.paths != ("tests",) for path in part.paths}
        assert set(rest.without) == apart
        assert {path for part in parts if part.side == side for path in part.paths} >= set(runner.WORLDS)

    for lane in runner.LANES:
        assert sum(part.minutes for part in lane) + runner.MINUTES_OF_CHECK <= 40
    assert (ROOT / "tests").is_dir()


def test_the_lanes_run_at_a_time_and_a_failure_in_either_is_told(tmp_path, said, monkeypatch, capfd):
    """Each waits for a file that the other makes: one after the other, neither would end well."""
    meets = (
        "import os, pathlib, sys, time\n"
        "mine, other = (pathlib.Path(os.environ[name]) for name in ('MINE', 'OTHER'))\n"
        "mine.touch()\n"
        "until = time.monotonic() + 20\n"
        "while not other.exists() and time.monotonic() < until: time.sleep(0.01)\n"
        "print(os.environ['SIDE'], 'met' if other.exists() else 'alone')\n"
        "sys.exit(int(os.environ['CODE']))\n"
    )
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    told = {
        "clinical": {"SIDE": "clinical", "MINE": a, "OTHER": b, "CODE": "0"},
        "police": {"SIDE": "police", "MINE": b, "OTHER": a, "CODE": "3"},
    }
    monkeypatch.setattr(lanes, "pytest_command", lambda: [sys.executable, "-c", meets])
    monkeypatch.setattr(lanes, "variables_of", lambda _installation, side, _browser: told[side])
    parts = [lanes.Part(name=side, minutes=1, side=side, paths=("tests",)) for side in told]

    outcomes = lanes.run(((parts[0],), (parts[1],)), None, IDLE, "a browser")

    assert [(outcome.name, outcome.passed) for outcome in outcomes] == [("clinical", True), ("police", False)]
    assert said == ["\n── clinical", "\n── police", "police met"]
    assert "clinical met" in capfd.readouterr().out
