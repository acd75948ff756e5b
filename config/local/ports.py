"""The ports of one state folder: picked once, kept, and never somebody else's."""

import json
import random
import socket
from collections.abc import Mapping
from pathlib import Path

from config.local.console import GiveUp

PREFERRED = {"clinical": 8010, "police": 8020}
NAMES = ("postgres", "valkey_clinical", "valkey_police", "valkey_exchange", "clinical", "police")
# Below the range from which systems take ports for outgoing connections.
RANGE = range(20_000, 30_000)


def is_free(port: int) -> bool:
    """Could a server listen on ``port`` of this machine now?"""
    return _can_bind(socket.AF_INET, "127.0.0.1", port) and not _is_listened_to("::1", port)


def _can_bind(family: socket.AddressFamily, host: str, port: int) -> bool:
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _is_listened_to(host: str, port: int) -> bool:
    """Does somebody answer there? ``localhost`` leads a browser to ``::1`` first."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def wanted_ports(environment: Mapping[str, str]) -> dict[str, int]:
    """The ports that somebody asked for by ``CLINICAL_PORT`` and ``POLICE_PORT``."""
    wanted: dict[str, int] = {}
    for name in PREFERRED:
        variable = f"{name.upper()}_PORT"
        text = environment.get(variable, "")
        if not text:
            continue
        if not (text.isascii() and text.isdecimal()) or not 0 < int(text) < 65_536:
            raise GiveUp(f"{variable}={text} is no port: give a number from 1 to 65535.")
        if int(text) in wanted.values():
            raise GiveUp(f"CLINICAL_PORT and POLICE_PORT are both {text}: the two sites need a port each.")
        if not is_free(int(text)):
            raise GiveUp(
                f"Port {text} is taken by another program: stop that one, or choose another with {variable}=…"
            )
        wanted[name] = int(text)
    return wanted


def ports_of(state: Path, wanted: Mapping[str, int]) -> dict[str, int]:
    """The port of each server, kept in the state folder for the next start.

    One that somebody else has taken since is replaced, unless it was asked for.
    """
    kept_in = state / "ports.json"
    kept: dict[str, int] = json.loads(kept_in.read_text()) if kept_in.exists() else {}
    ports: dict[str, int] = dict(wanted)
    for name in NAMES:
        if name not in ports:
            ports[name] = _choose([kept.get(name), PREFERRED.get(name)], set(ports.values()))
    kept_in.write_text(json.dumps(ports, indent=1) + "\n")
    return ports


def _choose(first: list[int | None], taken: set[int]) -> int:
    for port in [*first, *random.sample(RANGE, 200)]:
        if port is not None and port not in taken and is_free(port):
            return port
    raise GiveUp("No free port between 20000 and 29999 was found on this machine.")
