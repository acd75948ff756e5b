"""This run's site as a real process, with the environment that the product gives it and no other."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings

from config.local import environment, sites
from config.local.installation import ROOT, Installation
from config.local.keys import keys_of
from config.local.ports import RANGE, is_free

SECONDS_TO_START = 30


def installation_of_this_run(folder: Path) -> Installation:
    """The servers and keys of this run; a site's port of its own."""
    state = Path(settings.STATE_DIR)
    ports = json.loads((state / "ports.json").read_text())
    ports[settings.SIDE] = next(port for port in random.sample(RANGE, 200) if is_free(port))
    (folder / "logs").mkdir(exist_ok=True)
    return Installation(state=folder, ports=ports, keys=keys_of(state))


def environment_of_site(installation: Installation, database: str) -> dict[str, str]:
    """What `config.local` gives the site, on the database of this run's tests."""
    given = environment.of_site(installation, settings.SIDE)
    variable = f"DATABASE_URL_{settings.SIDE.upper()}"
    given[variable] = given[variable].rpartition("/")[0] + f"/{database}"
    # gunicorn writes a title for its processes where setproctitle is installed; not over the
    # environment, which is what is looked at here
    given["SPT_NOENV"] = "1"
    assert psycopg.conninfo.conninfo_to_dict(given[variable])["dbname"] == database
    return given


@contextmanager
def running_site(folder: Path, database: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The site's process and address, stopped at the end."""
    installation = installation_of_this_run(folder)
    service = sites.site(installation, settings.SIDE)
    with service.log.open("wb") as log:
        process = subprocess.Popen(
            service.command, env=environment_of_site(installation, database), cwd=ROOT,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        until = time.monotonic() + SECONDS_TO_START
        while not service.is_ready():
            if process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"the site did not start:\n{service.log.read_text()[-3000:]}")
            time.sleep(0.1)
        yield process, installation.url(settings.SIDE)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(10)


def processes_of(leader: int) -> list[int]:
    """The leader of a process group and its workers."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getpgid(int(entry.name)) == leader:
                    found.append(int(entry.name))
            except ProcessLookupError:
                continue
    return found


def told_by_python(code: str, variables: dict[str, str]) -> str:
    """What a program prints that starts Django with the site's environment."""
    return subprocess.run(
        [sys.executable, "-c", f"import django\ndjango.setup()\n{code}"],
        env=variables, cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
