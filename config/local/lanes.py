"""Parts of the tests in lanes: those of a lane one after the other, the lanes at a time, one for each core."""

import os
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import IO

from config.local import environment
from config.local.console import say
from config.local.installation import ROOT, Installation
from config.local.supervise import Supervisor

DEEP = "BULKHEAD_DEEP"
NOTHING_COLLECTED = 5  # pytest's exit code


@dataclass(frozen=True, kw_only=True)
class Part:
    """A share of the test command: whose tests, where they lie and how long they may take."""

    name: str
    minutes: int
    side: str
    paths: tuple[str, ...]
    without: tuple[str, ...] = ()

    def existing(self) -> list[str]:
        """Those of its paths that have tests."""
        return [
            path for path in self.paths if (ROOT / path).is_file() or any((ROOT / path).rglob("test_*.py"))
        ]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a part went."""

    name: str
    minutes: int
    seconds: float
    passed: bool | None  # None: there are no tests of it yet

    def __str__(self) -> str:
        if self.passed is None:
            return f"  {'none yet':<8}{self.name:<34}{'':8}   of {self.minutes * 60:5d} s"
        word = "passed" if self.passed else "FAILED"
        if is_deep():
            return f"  {word:<8}{self.name:<34}{self.seconds:8.1f} s"
        over = "  OVER ITS SHARE" if self.seconds > self.minutes * 60 else ""
        return f"  {word:<8}{self.name:<34}{self.seconds:8.1f} s of {self.minutes * 60:5d} s{over}"


def is_deep() -> bool:
    """Do tests that can go deep go deep?"""
    return os.environ.get(DEEP) == "1"


def run(
    lanes: tuple[tuple[Part, ...], ...],
    installation: Installation,
    supervisor: Supervisor,
    browser: str | None,
) -> list[Outcome]:
    """Both lanes at a time, the servers tended meanwhile; a wish to stop ends them.

    The first writes to the console; what the other says follows when the first is between two parts, or done.
    """
    first, *others = going = [
        Lane(parts, installation, browser, is_first=number == 0) for number, parts in enumerate(lanes)
    ]
    try:
        while sum(lane.go_on() for lane in going):
            supervisor.check()
            supervisor.tend()
            if first.is_between:
                for lane in others:
                    lane.speak()
            time.sleep(0.1)
    finally:
        for lane in going:
            lane.stop()
            lane.speak()
    return [outcome for lane in going for outcome in lane.outcomes]


class Lane:
    """Parts one after the other, each a pytest of its own."""

    def __init__(
        self, parts: tuple[Part, ...], installation: Installation, browser: str | None, *, is_first: bool
    ) -> None:
        self.waiting, self.outcomes = list(parts), list[Outcome]()
        self.installation, self.browser, self.is_first = installation, browser, is_first
        self.part: Part | None = None
        self.said: list[tuple[str, IO[bytes]]] = []

    @property
    def is_between(self) -> bool:
        """Does nothing of it run at this moment?"""
        return self.part is None

    def go_on(self) -> bool:
        """Note a part that has ended, or begin the next one; false when there is none."""
        if self.part is not None:
            if (code := self.process.poll()) is not None:
                # A side of a part, or a selection, may be empty; what was asked for in full may not.
                may_be_empty = bool(os.environ.get("PYTEST")) or not self.browser
                passed = code == 0 or (code == NOTHING_COLLECTED and may_be_empty)
                self._note(self.part, time.monotonic() - self.began, passed=passed)
                self.part = None
            return True
        if not self.waiting:
            return False
        part = self.waiting.pop(0)
        if part.existing():
            self._begin(part)
        else:
            self._note(part, 0, passed=None)
        return True

    def stop(self) -> None:
        """End what runs."""
        if self.part is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()

    def speak(self) -> None:
        """Say what its ended parts have said."""
        done = self.said if self.part is None else self.said[:-1]
        for name, file in done:
            say(f"\n── {name}")
            file.seek(0)
            say(file.read().decode(errors="replace").rstrip())
            file.close()
        self.said = self.said[len(done) :]

    def _begin(self, part: Part) -> None:
        command = [
            *pytest_command(),
            *part.existing(),
            *(f"--ignore={path}" for path in part.without),
            *([] if self.browser else ["-m", "not browser"]),
            *shlex.split(os.environ.get("PYTEST", "")),
        ]
        output: IO[bytes] | None = None
        if self.is_first:
            say(f"\n── {part.name}")
        else:
            output = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been read out
            self.said.append((part.name, output))
        self.part, self.began = part, time.monotonic()
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=variables_of(self.installation, part.side, self.browser),
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT if output else None,
        )  # fmt: skip

    def _note(self, part: Part, seconds: float, *, passed: bool | None) -> None:
        self.outcomes.append(Outcome(name=part.name, minutes=part.minutes, seconds=seconds, passed=passed))


def pytest_command() -> list[str]:
    """This interpreter's pytest."""
    return [sys.executable, "-m", "pytest"]


def variables_of(installation: Installation, side: str, browser: str | None) -> dict[str, str]:
    """The environment of a side's tests."""
    variables = environment.of_tests(installation, side)
    # Tests that start a demonstration of their own put it below the tests' state folder.
    variables["STATE"] = str(installation.state.parent)
    return variables | ({"CHROMIUM": browser} if browser else {})
