"""The whole product as `make demo` runs it: started, talked to, hurt and stopped from outside."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.local.environment import of_the_machine
from config.local.installation import ROOT
from tests.shared_data import SHARED, shared

STARTS_WITHIN = 600  # s: the machine may be at work on other tests
MONTGOMERY = ("data", "cad", "montgomery-pa-911-sample.csv.gz")
Page = Any
Calls = tuple[Path, str]


def real_calls() -> Calls | None:
    """Montgomery County's calls and the name of their layout; nothing where the shared data are not."""
    return (shared(*MONTGOMERY), "montgomery") if SHARED.is_dir() else None


def new_folder() -> Path:
    """A folder that PostgreSQL's own user can come through."""
    folder = Path(tempfile.mkdtemp(prefix="bulkhead-story-"))
    folder.chmod(0o755)
    return folder


class Demonstration:
    """One running demonstration with a state folder of its own.

    Args:
        state: An empty folder, below one that PostgreSQL's user may enter.
        calls: A file of 911 calls and its layout's name, if the police side is to play on real ones.
    """

    def __init__(self, state: Path, calls: Calls | None = None) -> None:
        self.state, self.calls = state, calls
        self.variables = of_the_machine() | {
            "STATE": str(state),
            "CLINICAL_PORT": str(free_port()),
            "POLICE_PORT": str(free_port()),
        }
        if calls is not None:
            self.variables |= {"CAD": str(calls[0]), "LAYOUT": calls[1]}
        self.output = state.with_suffix(".out")
        self.process: subprocess.Popen[bytes] | None = None
        self.ready: dict[str, Any] = {}

    @classmethod
    def running_in(cls, state: Path) -> "Demonstration":
        """One that somebody else started, to write tests against; it is not stopped."""
        found = cls(state, real_calls() if (state / "calls-imported.txt").exists() else None)
        found.ready = json.loads((state / "ready.json").read_text())
        return found

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        self.output.parent.mkdir(parents=True, exist_ok=True)
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.local", "demo"],
                cwd=ROOT,
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        file = self.state / "ready.json"
        self.until(file.exists, "the demonstration did not become ready", within=STARTS_WITHIN)
        self.ready = json.loads(file.read_text())

    def stop(self, by: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to stop, and see that it does."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(by)
            self.process.wait(60)

    def until(self, holds: Callable[[], Any], otherwise: str, *, within: float = 30) -> Any:
        """Wait until ``holds()`` is true and return what it said.

        Raises:
            AssertionError: it did not become true in time; with the end of the demonstration's output.
        """
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if found := holds():
                return found
            if self.process is not None and self.process.poll() is not None:
                break
            time.sleep(0.1)
        said = self.output.read_text()[-3000:] if self.output.exists() else ""
        raise AssertionError(f"{otherwise}\n{said}")

    def processes(self) -> dict[str, int]:
        """The name and number of each of its processes: `clinical`, `police-worker`, `exchange-beat`, …"""
        rows = json.loads((self.state / "processes.json").read_text())
        return {row["name"]: row["pid"] for row in rows}

    def kill(self, name: str) -> None:
        """``kill -9`` the process and its children, and wait until the supervisor has started it again."""
        pid = self.processes()[name]
        os.killpg(pid, signal.SIGKILL)
        self.until(lambda: self.processes()[name] != pid, f"{name} was not started again")

    def url(self, side: str, path: str = "/") -> str:
        """An address of a site."""
        return f"{self.ready[side]}{path}"

    def account(self, role: str) -> dict[str, str]:
        """Username, password and side of a role's demo account."""
        found: dict[str, str] = self.ready["accounts"][role]
        return found

    def sign_in(self, page: Page, role: str) -> None:
        """Sign in with the account that the demonstration gives for ``role``."""
        account = self.account(role)
        self._sign_in(page, account["side"], account)

    def sign_in_colleague(self, page: Page, username: str) -> None:
        """Sign in on the clinical side as somebody who is no demo account: the seed's file tells the password."""
        known = json.loads((self.state / "seed-clinical.json").read_text())["colleagues"][username]
        self._sign_in(page, "clinical", known)

    def _sign_in(self, page: Page, side: str, known: dict[str, str]) -> None:
        page.goto(self.url(side, "/account/login/"))
        page.fill("input[name=login]", known["username"])
        page.fill("input[name=password]", known["password"])
        page.click("main form button[type=submit]:not([form])")
        page.wait_for_url(lambda url: "/account/login" not in url)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
