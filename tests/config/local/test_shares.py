"""What the test command says about its parts: also about those that there are no tests of."""

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
