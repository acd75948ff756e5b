"""The supervisor with real processes: what dies comes back, what was started is stopped."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from config.local import processes
from config.local.console import GiveUp
from config.local.supervise import Service, Stopped, Supervisor

pytestmark = pytest.mark.side("clinical")


def service(folder: Path, name: str, code: str = "time.sleep(60)", **more) -> Service:
    """A process that notes its beginning in ``name`` and then runs ``code``."""
    note = folder / name
    program = f"import os, pathlib, time; note = pathlib.Path({str(note)!r}); note.write_text(str(os.getpid())); {code}"
    return Service(
        name=name,
        command=[sys.executable, "-S", "-c", program],
        environment={"PATH": os.environ["PATH"]},
        folder=folder,
        log=folder / f"{name}.log",
        is_ready=note.exists,
        **more,
    )


def tend_until(supervisor: Supervisor, condition, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        supervisor.tend()
        time.sleep(0.05)


def pid_in(note: Path) -> int:
    try:
        return int(note.read_text())
    except (OSError, ValueError):
        return 0


def test_what_is_killed_comes_back(supervisor, tmp_path):
    supervisor.start(service(tmp_path, "one"))
    supervisor.wait_until_ready("one")
    first = pid_in(tmp_path / "one")

    os.kill(first, signal.SIGKILL)

    tend_until(supervisor, lambda: pid_in(tmp_path / "one") not in (0, first))
    assert not processes.started(first)
    assert processes.started(pid_in(tmp_path / "one"))


def test_what_holds_data_stops_last(supervisor, tmp_path):
    wait = (
        "import signal; signal.signal(15, lambda *a: (open(%r, 'a').write(%r), os._exit(0))); time.sleep(60)"
    )
    order = str(tmp_path / "order")
    for name, holds_data in (("data", True), ("web", False)):
        supervisor.start(service(tmp_path, name, wait % (order, f"{name} "), holds_data=holds_data))
    supervisor.wait_until_ready("data", "web")
    time.sleep(0.3)  # both have their handlers

    supervisor.stop()

    assert Path(order).read_text() == "web data "


def test_one_that_does_not_listen_is_killed(supervisor, tmp_path):
    deaf = (
        "import signal; signal.signal(15, signal.SIG_IGN); note.with_suffix('.deaf').touch(); time.sleep(60)"
    )
    supervisor.start(service(tmp_path, "deaf", deaf, stop_seconds=0.3))
    supervisor.wait_until_ready("deaf")
    tend_until(supervisor, (tmp_path / "deaf.deaf").exists)
    pid = pid_in(tmp_path / "deaf")

    supervisor.stop()

    assert not processes.started(pid)


def test_one_that_never_starts_is_said_with_its_log(supervisor, tmp_path):
    supervisor.start(
        Service(
            name="broken",
            command=[sys.executable, "-S", "-c", "raise SystemExit('no such luck')"],
            environment={},
            folder=tmp_path,
            log=tmp_path / "broken.log",
            is_ready=lambda: False,
        )
    )

    with pytest.raises(GiveUp, match="no such luck"):
        supervisor.wait_until_ready("broken")


def test_a_successor_ends_what_a_killed_supervisor_left(supervisor, tmp_path):
    supervisor.start(service(tmp_path, "orphan"))
    supervisor.wait_until_ready("orphan")
    pid = pid_in(tmp_path / "orphan")
    supervisor._running.clear()  # as if it had been killed: nobody stops the child

    Supervisor(tmp_path)

    os.waitpid(pid, 0)
    assert not (tmp_path / "processes.json").exists()


def test_a_number_that_is_somebody_elses_now_is_left_alone(supervisor, tmp_path):
    row = {"name": "postgres", "pid": os.getpid(), "began": "long ago", "stop": 15, "seconds": 1}
    (tmp_path / "processes.json").write_text(json.dumps([row]))

    Supervisor(tmp_path)  # had it signalled, this test would have ended here


def test_a_signal_is_heard_at_the_next_check(supervisor):
    os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(Stopped):
        supervisor.check()
