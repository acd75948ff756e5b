"""What the test command says about its parts: also about those that there are no tests of."""

import sys
from types import SimpleNamespace

import pytest

from config.local import environment
from config.local import test as runner
from config.local.installation import ROOT

pytestmark = pytest.mark.side("clinical")


@pytest.fixture
def said(monkeypatch):
    lines = []
    monkeypatch.setattr(runner, "say", lines.append)
    return lines


@pytest.mark.parametrize("leftover", [None, "__init__.py", "__pycache__/test_matrix.pyc", "conftest.py"])
def test_a_part_without_tests_says_so_and_neither_passes_nor_fails(tmp_path, said, monkeypatch, leftover):
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    if leftover:
        (tmp_path / "tests/worlds" / leftover).parent.mkdir(parents=True)
        (tmp_path / "tests/worlds" / leftover).touch()
    part = runner.Part(name="worlds", minutes=8, sides=("clinical",), paths=("tests/worlds",))

    outcome = runner.run_part(part, None, None, None)
    runner.report([outcome], 0, 0)

    assert outcome.passed is None
    assert any("none yet" in line and "worlds" in line and "480 s" in line for line in said)
    assert not any("passed" in line or "FAILED" in line for line in said)


def test_a_file_and_a_folder_with_tests_count(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    (tmp_path / "tests/worlds").mkdir(parents=True)
    for name in ("tests/worlds/test_one.py", "tests/test_two.py"):
        (tmp_path / name).touch()
    part = runner.Part(
        name="worlds", minutes=8, sides=(), paths=("tests/worlds", "tests/test_two.py", "tests/none")
    )

    assert part.existing() == ["tests/worlds", "tests/test_two.py"]


def test_in_depth_the_tests_are_told_so_and_no_part_has_a_share(said, monkeypatch):
    monkeypatch.setenv(runner.DEEP, "0")
    told = []
    monkeypatch.setattr(
        runner, "main", lambda: told.append(environment.of_the_machine().get(runner.DEEP)) or 0
    )

    assert runner.deep() == 0
    runner.report([runner.Outcome(name="worlds", minutes=8, seconds=9_999, passed=True)], 9_999, 0)

    assert told == ["1"]
    assert not any("OVER" in line or " of " in line for line in said)


def test_every_test_belongs_to_one_part_and_the_shares_are_the_forty_minutes():
    shares = sum(part.minutes for part in runner.PARTS) + runner.MINUTES_OF_CHECK
    rest = next(part for part in runner.PARTS if part.paths == ("tests",))
    others = [path for part in runner.PARTS if part is not rest for path in part.paths]

    assert shares == 40
    assert sorted(rest.without) == sorted(others)
    assert (ROOT / "tests").is_dir()


def test_the_sides_run_at_a_time_and_a_failure_of_either_fails_the_part(tmp_path, said):
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
    idle = SimpleNamespace(check=lambda: None, tend=lambda: None)

    codes = runner._run(
        "each side",
        [sys.executable, "-c", meets],
        {
            "clinical": {"SIDE": "clinical", "MINE": a, "OTHER": b, "CODE": "0"},
            "police": {"SIDE": "police", "MINE": b, "OTHER": a, "CODE": "3"},
        },
        idle,
    )

    assert codes == [0, 3]
    assert said == ["\n── each side: clinical", "\n── each side: police", "police met"]
