"""``make demo``: both sites with a synthetic city, from nothing, until Ctrl-C."""

import json
import os
import sys
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from config.local import environment, setup
from config.local.chains import Chain, Command, run_chains
from config.local.console import GiveUp, say, timed
from config.local.installation import ROOT, Installation, installation_of, prepare_folder, state_folder
from config.local.keys import SIDES
from config.local.ports import wanted_ports
from config.local.servers import start_servers
from config.local.sites import start_sites
from config.local.state import claimed
from config.local.supervise import Stopped, Supervisor

TO_TRY = """Three things to try:
  1. On the police site, as `officer`: open a call, refer the person in five taps, and read
     "Received", which is all that ever comes back.
  2. On the clinical site, as `social-worker`: take the card that arrived, write a note, take a
     written consent and refer to a partner.
  3. On the clinical site, as `compliance-officer`: read in the ledger who saw what, by which rule."""


@dataclass(frozen=True, kw_only=True)
class Calls:
    """A file of real calls for the police side, and the name of its columns' layout."""

    file: Path
    layout: str

    def fingerprint(self) -> str:
        """What tells this file and layout from those imported before."""
        return sha256(self.file.read_bytes() + self.layout.encode()).hexdigest()


def main() -> int:
    """Bring both sites up, keep them up, and stop everything when asked to."""
    began = time.monotonic()
    calls, state = wanted_calls(), state_folder()
    setup.main()
    prepare_folder(state)
    with claimed(state):
        supervisor = Supervisor(state)
        ready = state / "ready.json"
        ready.unlink(missing_ok=True)
        try:
            installation = installation_of(state, wanted_ports(os.environ))
            bring_up(supervisor, installation, calls)
            write_ready(ready, installation)
            say(f"\nReady after {time.monotonic() - began:.1f} s.\n")
            introduce(installation, json.loads(ready.read_text()))
            supervisor.tend_until_stopped()
        except Stopped:
            pass
        finally:
            ready.unlink(missing_ok=True)
            supervisor.stop()
            say("stopped")
    return 0


def bring_up(supervisor: Supervisor, installation: Installation, calls: Calls | None) -> None:
    """Servers, then both sides' databases and people, then the processes."""
    with timed("Starting PostgreSQL and the queues"):
        start_servers(supervisor, installation, for_tests=False)
    with timed("Preparing both sides"):
        run_chains(
            supervisor,
            [
                Chain(side, commands_of(installation, side, calls), installation.log(f"prepare-{side}"))
                for side in SIDES
            ],
        )
        if calls is not None:
            _calls_stamp(installation).write_text(calls.fingerprint())
    with timed("Starting both sites, the workers and the exchange"):
        start_sites(supervisor, installation)


def commands_of(installation: Installation, side: str, calls: Calls | None) -> list[Command]:
    """What prepares a side: its tables as the owner, then its people as the application."""
    manage = [sys.executable, str(ROOT / "manage.py")]
    commands = [
        Command(
            what="preparing the database",
            arguments=[*manage, "prepare_side"],
            environment=environment.of_owner(installation, side),
        )
    ]
    stamp = _calls_stamp(installation)
    new_calls = (
        side == "police"
        and calls is not None
        and not (stamp.exists() and stamp.read_text() == calls.fingerprint())
    )
    if new_calls or not _seeded(installation, side).exists():
        real = ["--cad", str(calls.file), "--layout", calls.layout] if calls and side == "police" else []
        commands.append(
            Command(
                what="filling the city",
                arguments=[*manage, "seed_city", "--side", side, *real],
                environment=environment.of_site(installation, side),
            )
        )
    return commands


def wanted_calls() -> Calls | None:
    """What ``CAD`` and ``LAYOUT`` ask for."""
    file, layout = os.environ.get("CAD", ""), os.environ.get("LAYOUT", "")
    if not file and not layout:
        return None
    if not file or not layout:
        raise GiveUp("CAD and LAYOUT belong together: make demo CAD=calls.csv LAYOUT=montgomery")
    path = (ROOT / file).resolve()
    if not path.is_file():
        raise GiveUp(f"There is no file {path}: CAD is the path of a file of calls.")
    return Calls(file=path, layout=layout)


def write_ready(ready: Path, installation: Installation) -> None:
    """Tell programs what `introduce` tells people. Readable by the owner only: it has passwords."""
    content: dict[str, Any] = {side: installation.url(side) for side in SIDES} | {"accounts": {}}
    for side in SIDES:
        seeded = json.loads(_seeded(installation, side).read_text())
        content["accounts"] |= seeded["accounts"]
        if "partner" in seeded:
            content["partner"] = {
                "client_id": seeded["partner"]["client_id"],
                "key": seeded["partner"]["key"],
                "token_url": f"{installation.url('clinical')}/api/token",
            }
    draft = ready.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content, indent=1) + "\n")
    draft.replace(ready)


def introduce(installation: Installation, content: dict[str, Any]) -> None:
    """Print addresses, accounts and where to begin."""
    for side in SIDES:
        say(f"{side.capitalize()} site: {installation.url(side)}")
        for role, account in content["accounts"].items():
            if account["side"] == side:
                say(f"    {role:<22}{account['username']:<22}{account['password']}")
    say(f"\n{TO_TRY}\n\nEverybody here is invented. Ctrl-C stops both sites; `make demo` starts them again.")


def _seeded(installation: Installation, side: str) -> Path:
    """The file with the accounts, written by the command that fills a side, as its last act."""
    return installation.state / f"seed-{side}.json"


def _calls_stamp(installation: Installation) -> Path:
    return installation.state / "calls-imported.txt"
