"""``make test``: every test on servers of its own, part by part, with the time that each may take.

Forty minutes on two cores are what the whole may cost. The parts lie in two lanes, one for each
core; each has its share of its lane's time, so that one that grows is seen while it grows.
``make test-deep`` runs the same tests with ``BULKHEAD_DEEP=1``, over more worlds and questions, and
lets them take their time. ``make test PYTEST="-k word"`` passes arguments on.
"""

import os
import shutil
import subprocess
import time

from config.local import check, lanes, setup
from config.local.console import say
from config.local.installation import ROOT, Installation
from config.local.lanes import DEEP, Outcome, Part, is_deep, pytest_command, variables_of
from config.local.supervise import Stopped
from config.local.testing import test_servers

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ONCE = ("tests/consent/engine", "tests/consent/law", "tests/oracle/test_scan.py")
WORLDS, STORIES, FAULTS = ("tests/worlds", "tests/matrix"), ("tests/stories",), ("tests/faults",)


def _rest(side: str, minutes: int) -> Part:
    apart = (*ONCE, *WORLDS, *STORIES, *FAULTS)
    return Part(name=side, minutes=minutes, side=side, paths=("tests",), without=apart)


def _worlds(side: str, minutes: int) -> Part:
    return Part(name=f"worlds and matrix, {side}", minutes=minutes, side=side, paths=WORLDS)


# What needs a side's queue runs beside nothing else of that side: the worlds and the matrix leave it alone,
# the stories and the faults bring clusters of their own.
LANES = (
    (_rest("clinical", 34), Part(name="engine", minutes=3, side="clinical", paths=ONCE)),
    (
        Part(name="stories in a browser", minutes=13, side="clinical", paths=STORIES),
        Part(name="faults", minutes=4, side="clinical", paths=FAULTS),
        _rest("police", 8),
        _worlds("police", 2),
        _worlds("clinical", 11),
    ),
)
MINUTES_OF_CHECK = 2


def main() -> int:
    """Run all parts, also after one that failed."""
    setup.main()
    browser = find_browser()
    began = time.monotonic()
    outcomes: list[Outcome] = []
    try:
        say("── check")
        checked = check.main() == 0
        seconds = time.monotonic() - began
        outcomes.append(Outcome(name="check", minutes=MINUTES_OF_CHECK, seconds=seconds, passed=checked))
        with test_servers() as (installation, supervisor):
            outcomes += lanes.run(LANES, installation, supervisor, browser)
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


def find_browser() -> str | None:
    """The Chromium of this machine: the one that ``CHROMIUM`` names, or one on the path."""
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in BROWSERS if (found := shutil.which(name))), None)


def count_browser_tests(installation: Installation) -> int:
    """How many tests would drive a browser."""
    counted = subprocess.run(
        [*pytest_command(), "--collect-only", "-m", "browser", "tests"],
        cwd=ROOT, env=variables_of(installation, "clinical", None), capture_output=True, text=True, check=False,
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
