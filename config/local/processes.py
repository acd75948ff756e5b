"""Questions about processes that this one may not have started, without needing ``ps``."""

import os
import signal
import subprocess
import time
from pathlib import Path


def started(pid: int) -> str:
    """When ``pid`` began, in the machine's own words; empty when it is gone or a zombie.

    A number alone is no proof: after a restart of the machine it may be anybody's.
    """
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] in "ZX" else fields[19]
    answer = subprocess.run(
        ["ps", "-o", "state=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return "" if answer[:1] in ("", "Z") else answer.partition(" ")[2].strip()


def command_of(pid: int) -> str:
    """The command line of ``pid``, empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        pass
    if Path("/proc/self/stat").exists():
        return ""
    return subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()


def end(pid: int, began: str, *, by: signal.Signals = signal.SIGTERM, within_seconds: float = 10) -> None:
    """Stop the process ``pid`` that began at ``began``, and what is left of its group."""
    if not began or started(pid) != began:
        return
    os.kill(pid, by)
    until = time.monotonic() + within_seconds
    while started(pid) == began and time.monotonic() < until:
        time.sleep(0.05)
    end_group(pid)


def end_group(leader: int) -> None:
    """Kill what a process left behind in the group that it led."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
