"""Starting and stopping: nothing stays behind, and what stands in the way is named."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config.local.installation import ROOT
from config.local.ports import is_free
from tests.faults.cluster import Cluster
from tests.faults.visitor import Visitor
from tests.stories.demonstration import Demonstration, free_port


def test_sigterm_stops_every_process_and_the_next_start_goes_on(
    demonstration: Demonstration, cluster: Cluster
) -> None:
    referrals, ready = cluster.referrals(), demonstration.ready
    started = family(demonstration.process.pid)
    assert len(started) > len(demonstration.processes())

    demonstration.stop()

    assert demonstration.process.returncode == 0
    assert not alive(started)
    assert not (demonstration.state / "ready.json").exists()
    for side in ("clinical", "police"):
        assert is_free(int(ready[side].rpartition(":")[2]))
    demonstration.start()
    assert demonstration.ready == ready, "addresses, accounts and passwords stay"
    assert cluster.referrals() == referrals


def test_what_a_killed_supervisor_left_behind_is_ended_by_the_next_start(
    demonstration: Demonstration, cluster: Cluster
) -> None:
    referrals, started = cluster.referrals(), family(demonstration.process.pid)

    demonstration.process.kill()
    demonstration.process.wait()
    (demonstration.state / "ready.json").unlink()  # nobody was left to take it away
    demonstration.start()

    assert not alive(started - {demonstration.process.pid})
    assert cluster.referrals() == referrals
    assert Visitor(demonstration, "officer").get("/incidents/").status == 200


def test_a_second_one_in_the_same_folder_is_told_who_has_it(demonstration: Demonstration) -> None:
    second = start_and_wait(demonstration.state, free_port(), free_port())

    assert second.returncode == 1
    assert f"is in use by process {demonstration.process.pid}" in second.stderr


@pytest.mark.parametrize("name", ["CLINICAL_PORT", "POLICE_PORT"])
def test_a_taken_port_is_said_clearly(name: str, demonstration: Demonstration, tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        ports = {"CLINICAL_PORT": free_port(), "POLICE_PORT": free_port()} | {name: taken}

        refused = start_and_wait(tmp_path / "state", ports["CLINICAL_PORT"], ports["POLICE_PORT"])

    assert refused.returncode == 1
    assert f"Port {taken} is taken by another program" in refused.stderr
    assert f"{name}=" in refused.stderr


def start_and_wait(state: Path, clinical: int, police: int) -> subprocess.CompletedProcess[str]:
    """``make demo``, which ends by itself."""
    variables = os.environ | {"STATE": str(state), "CLINICAL_PORT": str(clinical), "POLICE_PORT": str(police)}
    return subprocess.run(
        [sys.executable, "-m", "config.local", "demo"],
        cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def family(pid: int) -> set[int]:
    """A process and all that come from it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found, more = {pid}, {pid}
    while more:
        more = {child for child, parent in parents.items() if parent in more} - found
        found |= more
    return found


def alive(pids: set[int]) -> set[int]:
    """Those that still run; one that only waits to be buried doesn't."""
    running = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            running.add(pid)
    return running
