"""One state folder: where it is, its ports and its keys."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.local.keys import Keys, keys_of
from config.local.ports import ports_of

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, kw_only=True)
class Installation:
    """What the processes of one state folder are given."""

    state: Path
    ports: dict[str, int]
    keys: Keys

    def url(self, side: str) -> str:
        """The address of a side's site, by name: a browser makes no passkey for an IP address."""
        return f"http://localhost:{self.ports[side]}"

    def log(self, name: str) -> Path:
        """The log of the process ``name``."""
        return self.state / "logs" / f"{name}.log"


def state_folder() -> Path:
    """The folder that ``STATE`` names, or ``.bulkhead`` in the repository."""
    return (ROOT / (os.environ.get("STATE") or ".bulkhead")).resolve()


def prepare_folder(state: Path) -> None:
    """Make the folder.

    It is closed to others, but for root's: there PostgreSQL's own account must pass through
    (not look around) to the one folder that is its.
    """
    (state / "logs").mkdir(mode=0o700, parents=True, exist_ok=True)
    state.chmod(0o711 if os.geteuid() == 0 else 0o700)


def installation_of(state: Path, wanted_ports: Mapping[str, int]) -> Installation:
    """The installation in ``state``; its keys and ports are made when they are missing."""
    return Installation(state=state, ports=ports_of(state, wanted_ports), keys=keys_of(state))
