"""Commands that prepare the sides: one after the other within a side, both sides at once."""

import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.local.console import GiveUp, say, tail
from config.local.installation import ROOT
from config.local.supervise import Supervisor

QUIET_SECONDS = 1.0  # a progress bar is repeated at most this often
STILL_SECONDS = 10.0  # somebody who sees nothing for this long wants to be told


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command of one side."""

    what: str
    arguments: Sequence[str]
    environment: Mapping[str, str]


class Chain:
    """The commands of one side, run in a thread, their output shown line by line."""

    def __init__(self, side: str, commands: Sequence[Command], log: Path) -> None:
        self.side, self.commands, self.log = side, commands, log
        self.failed: Command | None = None
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False
        self._shown_at = 0.0
        self._thread = threading.Thread(target=self._run, name=f"prepare-{side}")

    def start(self) -> None:
        """Begin with the first command."""
        self._shown_at = time.monotonic()
        self._thread.start()

    def is_running(self) -> bool:
        """Is there a command left to finish?"""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End the running command and leave the others out."""
        self._stopped = True
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
        self._thread.join()

    def remind(self) -> None:
        """Say that it is still under way, if nothing was said for a while."""
        if self._was_quiet(STILL_SECONDS):
            self._show("still working …")

    def _run(self) -> None:
        for command in self.commands:
            if self._stopped:
                return
            self._show(command.what)
            if not self._finish(command):
                self.failed = command
                return

    def _finish(self, command: Command) -> bool:
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                list(command.arguments), env=dict(command.environment), cwd=ROOT,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True, errors="replace", start_new_session=True,
            )  # fmt: skip
            lines = self._process.stdout
            assert lines is not None
            failing = False
            # Text mode turns the carriage returns of a progress bar into lines.
            for line in lines:
                text = line.rstrip()
                log.write(f"{text}\n")
                log.flush()
                # A traceback goes to the log; its end is shown once, when everything has stopped.
                failing = failing or text.startswith("Traceback ")
                if text and not failing and (not _is_progress(text) or self._was_quiet(QUIET_SECONDS)):
                    self._show(text)
            return self._process.wait() == 0

    def _was_quiet(self, seconds: float) -> bool:
        return time.monotonic() - self._shown_at > seconds

    def _show(self, text: str) -> None:
        self._shown_at = time.monotonic()
        say(f"  {self.side:<9}{text}")


def run_chains(supervisor: Supervisor, chains: Sequence[Chain]) -> None:
    """Run them side by side; give up with the end of the log of the first that fails."""
    for chain in chains:
        chain.start()
    try:
        while any(chain.is_running() for chain in chains):
            supervisor.check()
            supervisor.tend()
            for chain in chains:
                if chain.is_running():
                    chain.remind()
            if any(chain.failed for chain in chains):
                break
            time.sleep(0.1)
    finally:
        for chain in chains:
            chain.stop()
    for chain in chains:
        if chain.failed is not None:
            raise GiveUp(
                f"{chain.side}: {chain.failed.what} failed. The end of {chain.log}:\n\n{tail(chain.log, 8)}"
            )


def _is_progress(text: str) -> bool:
    return "%|" in text or "it/s" in text
