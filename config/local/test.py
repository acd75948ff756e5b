"""``make test``: every test on servers of its own, part by part, with the time that each may take.

Forty minutes on two cores are what the whole may cost; each part has its share of them,
so that one that grows is seen while it grows. ``make test-deep`` runs the same tests with
``BULKHEAD_DEEP=1``, over more worlds and questions, and lets them take their time. ``make test PYTEST="-k word"`` passes
arguments on.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass

from config.local import check, environment, setup
from config.local.console import say
from config.local.installation import ROOT, Installation
from config.local.keys import SIDES
from config.local.supervise import Stopped, Supervisor
from config.local.testing import test_servers

DEEP = "BULKHEAD_DEEP"
NOTHING_COLLECTED = 5  # pytest's exit code
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ONCE = ("tests/consent/engine", "tests/consent/law", "tests/oracle/test_scan.py")
WORLDS, STORIES, FAULTS = ("tests/worlds", "tests/matrix"), ("tests/stories",), ("tests/faults",)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A share of the test command: where its tests lie and how long they may take."""

    name: str
    minutes: int
    sides: tuple[str, ...]
    paths: tuple[str, ...]
    without: tuple[str, ...] = ()

    def existing(self) -> list[str]:
        """Those of its paths that have tests."""
        return [
            path for path in self.paths if (ROOT / path).is_file() or any((ROOT / path).rglob("test_*.py"))
        ]


PARTS = (
    Part(name="engine", minutes=3, sides=("clinical",), paths=ONCE),
    Part(
        name="each side",
        minutes=13,
        sides=SIDES,
        paths=("tests",),
        without=(*ONCE, *WORLDS, *STORIES, *FAULTS),
    ),
    Part(name="worlds and matrix", minutes=5, sides=SIDES, paths=WORLDS),
    Part(name="stories in a browser", minutes=13, sides=("clinical",), paths=STORIES),
    Part(name="faults", minutes=4, sides=("clinical",), paths=FAULTS),
)
MINUTES_OF_CHECK = 2


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


def main() -> int:
    """Run all parts, also after one that failed."""
    setup.main()
    browser = find_browser()
    began = time.monotonic()
    outcomes: list[Outcome] = []
    try:
        say("── check")
        checked = check.main() == 0
        outcomes.append(_outcome("check", MINUTES_OF_CHECK, began, passed=checked))
        with test_servers() as (installation, supervisor):
            for part in PARTS:
                outcomes.append(run_part(part, installation, supervisor, browser))
            without_browser = 0 if browser else count_browser_tests(installation)
    except Stopped:
        say("stopped before the end")
        return 130
    report(outcomes, time.monotonic() - began, without_browser)
    return 1 if any(outcome.passed is False for outcome in outcomes) else 0


def deep() -> int:
    """``make test-deep``: the same command with the worlds, questions and races of a night, and no time shares."""
    os.environ[DEEP] = "1"
    return main()


def is_deep() -> bool:
    """Do tests that can go deep go deep?"""
    return os.environ.get(DEEP) == "1"


def run_part(part: Part, installation: Installation, supervisor: Supervisor, browser: str | None) -> Outcome:
    """One part, on each of its sides; one without a single test says so instead of passing."""
    if not part.existing():
        return Outcome(name=part.name, minutes=part.minutes, seconds=0, passed=None)
    began = time.monotonic()
    command = [
        *_pytest(),
        *part.existing(),
        *(f"--ignore={path}" for path in part.without),
        *([] if browser else ["-m", "not browser"]),
        *shlex.split(os.environ.get("PYTEST", "")),
    ]
    environments = {side: _variables(installation, side, browser) for side in part.sides}
    # A side of a part, or a selection, may be empty; what was asked for in full may not.
    may_be_empty = bool(os.environ.get("PYTEST")) or len(part.sides) > 1 or not browser
    good = {0, NOTHING_COLLECTED} if may_be_empty else {0}
    passed = set(_run(part.name, command, environments, supervisor)) <= good
    return _outcome(part.name, part.minutes, began, passed=passed)


def find_browser() -> str | None:
    """The Chromium of this machine: the one that ``CHROMIUM`` names, or one on the path."""
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in BROWSERS if (found := shutil.which(name))), None)


def count_browser_tests(installation: Installation) -> int:
    """How many tests would drive a browser."""
    counted = subprocess.run(
        [*_pytest(), "--collect-only", "-m", "browser", "tests"],
        cwd=ROOT, env=_variables(installation, "clinical", None), capture_output=True, text=True, check=False,
    )  # fmt: skip
    return sum("::" in line for line in counted.stdout.splitlines())


def report(outcomes: list[Outcome], seconds: float, without_browser: int) -> None:
    """Each part's share and what it took; last, and loudly, what did not run."""
    say("\n── the parts, in depth" if is_deep() else "\n── shares of the 40 minutes")
    for outcome in outcomes:
        say(str(outcome))
    say(f"          {'together':<34}{seconds:8.1f} s" + ("" if is_deep() else f" of {40 * 60:5d} s"))
    if without_browser:
        line = "!" * 78
        say(f"\n{line}\n  {without_browser} BROWSER TESTS DID NOT RUN: there is no Chromium on this machine.")
        say(f"  Install one (Debian: apt-get install chromium) or name it: CHROMIUM=path\n{line}")


def _outcome(name: str, minutes: int, began: float, *, passed: bool) -> Outcome:
    return Outcome(name=name, minutes=minutes, seconds=time.monotonic() - began, passed=passed)


def _pytest() -> list[str]:
    return [sys.executable, "-m", "pytest"]


def _variables(installation: Installation, side: str, browser: str | None) -> dict[str, str]:
    variables = environment.of_tests(installation, side)
    # Tests that start a demonstration of their own put it below the tests' state folder.
    variables["STATE"] = str(installation.state.parent)
    return variables | ({"CHROMIUM": browser} if browser else {})


def _run(
    name: str, command: list[str], environments: dict[str, dict[str, str]], supervisor: Supervisor
) -> list[int]:
    """Run on all sides at a time, the servers tended meanwhile; a wish to stop ends them.

    The sides have databases, queues and principals of their own, as in a city. The first
    writes to the console; what the others say follows when the first is done.
    """
    first, *_others = environments
    say(f"\n── {name}{f': {first}' if len(environments) > 1 else ''}")
    with ExitStack() as stack:
        said = {side: stack.enter_context(tempfile.TemporaryFile()) for side in environments if side != first}
        running = {
            side: subprocess.Popen(
                command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL,
                stdout=said.get(side), stderr=subprocess.STDOUT if side in said else None,
            )
            for side, variables in environments.items()
        }  # fmt: skip
        try:
            while any(process.poll() is None for process in running.values()):
                supervisor.check()
                supervisor.tend()
                time.sleep(0.1)
        finally:
            for process in running.values():
                if process.poll() is None:
                    process.terminate()
                    process.wait()
        for side, file in said.items():
            say(f"\n── {name}: {side}")
            file.seek(0)
            say(file.read().decode(errors="replace").rstrip())
        return [process.returncode for process in running.values()]
