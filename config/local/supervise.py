"""Starts processes, keeps them running, and stops all of them in order.

Each child leads a session of its own: Ctrl-C in the terminal reaches the supervisor
alone, which stops the children in the reverse order of their start. What it started
is written down, so that a supervisor that was killed leaves nothing behind for good:
the next one ends those processes first.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from config.local import processes
from config.local.console import GiveUp, say, tail

LONGEST_PAUSE = 10.0  # seconds between two attempts to restart
STEADY_AFTER = 30.0  # seconds of life after which an earlier death is forgotten


class Stopped(Exception):
    """Somebody asked the command to stop."""


def _nothing() -> None:
    return


@dataclass(frozen=True, kw_only=True)
class Service:
    """A process that is to run for as long as the command does."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    is_ready: Callable[[], bool]
    identity: Mapping[str, Any] = field(default_factory=dict)  # user and group, for Popen
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10
    ready_seconds: float = 60
    holds_data: bool = False  # stopped only after everything that may still write into it
    before_start: Callable[[], None] = _nothing


@dataclass
class _Running:
    service: Service
    process: subprocess.Popen[bytes]
    began_at: float
    deaths: int = 0
    next_start_at: float | None = None


class Supervisor:
    """The parent of every process of one state folder."""

    def __init__(self, state: Path) -> None:
        self._written = state / "processes.json"
        self._running: dict[str, _Running] = {}
        self._asked_to_stop = False
        self._end_leftovers()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
                signal.signal(number, self._ask_to_stop)

    def start(self, service: Service) -> None:
        """Start ``service`` and return at once."""
        service.before_start()
        self._running[service.name] = _Running(service, self._spawn(service), time.monotonic())
        self._write_down()

    def wait_until_ready(self, *names: str) -> None:
        """Wait for the named services; one that dies or takes too long is a reason to give up."""
        for name in names:
            running = self._running[name]
            until = time.monotonic() + running.service.ready_seconds
            while not running.service.is_ready():
                self.check()
                if running.process.poll() is not None or time.monotonic() > until:
                    log = running.service.log
                    raise GiveUp(f"{name} did not start. The end of {log}:\n\n{tail(log)}")
                time.sleep(0.05)

    def check(self) -> None:
        """Raise `Stopped` once somebody asked for it."""
        if self._asked_to_stop:
            raise Stopped

    def tend(self) -> None:
        """Restart whatever has died; to be called a few times a second."""
        for running in self._running.values():
            if running.next_start_at is None:
                if running.process.poll() is not None:
                    self._bury(running)
            elif time.monotonic() >= running.next_start_at:
                self._restart(running)

    def tend_until_stopped(self) -> None:
        """Keep everything running until somebody asks to stop."""
        while not self._asked_to_stop:
            self.tend()
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop what was started: first everything that works, then everything that holds data."""
        for holds_data in (False, True):
            group = [one for one in self._running.values() if one.service.holds_data is holds_data]
            for running in reversed(group):
                if running.process.poll() is None:
                    running.process.send_signal(running.service.stop_signal)
            for running in reversed(group):
                self._await_end(running)
        self._running.clear()
        self._written.unlink(missing_ok=True)

    def _spawn(self, service: Service) -> subprocess.Popen[bytes]:
        with service.log.open("ab") as log:
            return subprocess.Popen(
                service.command,
                env=dict(service.environment),
                cwd=service.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **service.identity,
            )

    def _bury(self, running: _Running) -> None:
        code = running.process.returncode
        processes.end_group(running.process.pid)
        lived = time.monotonic() - running.began_at
        running.deaths = 1 if lived > STEADY_AFTER else running.deaths + 1
        pause = min(0.2 * 2 ** (running.deaths - 1), LONGEST_PAUSE)
        running.next_start_at = time.monotonic() + pause
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        say(f"{running.service.name} ended ({how}); starting it again")

    def _restart(self, running: _Running) -> None:
        running.service.before_start()
        running.process = self._spawn(running.service)
        running.began_at, running.next_start_at = time.monotonic(), None
        self._write_down()

    def _await_end(self, running: _Running) -> None:
        service, process = running.service, running.process
        try:
            process.wait(service.stop_seconds)
        except subprocess.TimeoutExpired:
            say(f"{service.name} did not stop within {service.stop_seconds:.0f} s and was killed")
            process.kill()
            process.wait()
        processes.end_group(process.pid)

    def _write_down(self) -> None:
        """Note who was started, for a successor of this process."""
        rows = [
            {
                "name": running.service.name,
                "pid": running.process.pid,
                "began": processes.started(running.process.pid),
                "stop": int(running.service.stop_signal),
                "seconds": running.service.stop_seconds,
            }
            for running in self._running.values()
        ]
        draft = self._written.with_suffix(".new")
        draft.write_text(json.dumps(rows, indent=1) + "\n")
        draft.replace(self._written)

    def _end_leftovers(self) -> None:
        """End what a supervisor that was killed had started in this state folder."""
        if not self._written.exists():
            return
        for row in reversed(json.loads(self._written.read_text())):
            if processes.started(row["pid"]) == row["began"] != "":
                say(f"ending {row['name']}, left behind by an earlier run")
                processes.end(
                    row["pid"],
                    row["began"],
                    by=signal.Signals(row["stop"]),
                    within_seconds=row["seconds"],
                )
        self._written.unlink()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        if not self._asked_to_stop:
            with suppress(OSError):
                os.write(1, b"\nstopping ...\n")
        self._asked_to_stop = True
