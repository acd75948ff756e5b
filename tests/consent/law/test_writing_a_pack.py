"""``docs/writing-a-pack.md`` builds what it says: its blocks, in a copy of the repository."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shared_data import REPOSITORY

DOCUMENT = (REPOSITORY / "docs" / "writing-a-pack.md").read_text(encoding="utf-8")
NEEDED = ("consent", "config", "docs", "manage.py")
SCENARIOS = "tests/scenarios/franklin.yaml"


def blocks(language: str, word: str = "title") -> Iterator[tuple[str, str]]:
    """File and text of each block of that language."""
    pattern = rf'^```{language} {word}="(?P<file>[^"]+)"\n(?P<text>.*?)^```$'
    for found in re.finditer(pattern, DOCUMENT, re.MULTILINE | re.DOTALL):
        yield found["file"], found["text"]


def write_blocks(copy: Path) -> None:
    for language in ("python", "yaml"):
        for file, text in blocks(language):
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            (copy / file).write_text(text, encoding="utf-8")
    for file, text in blocks("toml", word="append"):
        with (copy / file).open("a", encoding="utf-8") as end:
            end.write(text)


def apply_differences(copy: Path) -> None:
    """Each line with a minus becomes the line with a plus below it."""
    for file, text in blocks("diff"):
        lines = text.splitlines()
        changed = (copy / file).read_text(encoding="utf-8")
        for before, after in zip(lines[::2], lines[1::2], strict=True):
            assert (before[0], after[0]) == ("-", "+")
            assert changed.count(before[1:] + "\n") == 1, f"{file} has no line `{before[1:]}`"
            changed = changed.replace(before[1:] + "\n", after[1:] + "\n")
        (copy / file).write_text(changed, encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with the pack of the document in it."""
    folder = tmp_path_factory.mktemp("franklin")
    for name in NEEDED:
        source = REPOSITORY / name
        if source.is_file():
            shutil.copy(source, folder)
        else:
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "static"))
    write_blocks(folder)
    apply_differences(folder)
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip


def test_its_scenarios_are_as_it_expects(copy: Path) -> None:
    done = run(copy, "manage.py", "decide", SCENARIOS, "--check", "--format", "table")

    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_the_rule_that_withholds(copy: Path) -> None:
    done = run(copy, "manage.py", "decide", SCENARIOS, "--check", "--packs", "us-federal")

    assert done.returncode == 1
    assert {line.split(":")[0] for line in done.stderr.splitlines()} == {"FK-1"}


def test_its_tests_pass(copy: Path) -> None:
    done = run(
        copy,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:django",
        "tests/consent/law/test_franklin.py",
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed" in done.stdout


def test_its_section_is_in_the_statute_book(copy: Path) -> None:
    done = run(copy, "manage.py", "law_coverage", "--write")
    page = (copy / "docs" / "law-coverage.md").read_text(encoding="utf-8")

    assert done.returncode == 0, done.stderr
    assert re.search(r"^\| \(a\) \| at hand \| `fk\.outreach\.7-12` \|", page, re.MULTILINE)
    assert re.search(
        r"^\| `fk\.outreach\.7-12` \| bar \| .* \| FK-1 \| `test_franklin\.py` \|$", page, re.MULTILINE
    )


def test_it_walks_through_one_file_of_scenarios() -> None:
    assert [file for file, _text in blocks("yaml")] == [SCENARIOS]
