"""The environment of each process: what its side needs, and nothing of the other's.

Built up from nothing, never trimmed down from this process's own, so that a
credential that somebody exported in the shell reaches no site either.
"""

import os
from pathlib import Path

from config.local.installation import ROOT, Installation

OTHER = {"clinical": "police", "police": "clinical"}
# What a process needs from the machine; everything else it is told here.
FROM_THE_MACHINE = (
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "CHROMIUM",
    "BULKHEAD_SHARED", "BULKHEAD_DEEP", "BULKHEAD_PICTURES", "PYTHONWARNINGS",
)  # fmt: skip


def of_the_machine() -> dict[str, str]:
    """What any process of this machine may know."""
    known = {name: os.environ[name] for name in FROM_THE_MACHINE if name in os.environ}
    return known | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}


def of_site(installation: Installation, side: str) -> dict[str, str]:
    """A side's site, worker or command: its own app role, queue and keys, and the other's public key."""
    upper, other, keys = side.upper(), OTHER[side], installation.keys
    return of_the_machine() | {
        "DJANGO_SETTINGS_MODULE": f"config.settings.{side}",
        "STATE_DIR": str(installation.state),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        f"DATABASE_URL_{upper}": database_url(installation, side, "app"),
        f"BROKER_URL_{upper}": broker_url(installation, side),
        f"SECRET_KEY_{upper}": keys.passwords[f"secret_{side}"],
        f"PRINCIPAL_KEY_{upper}": str(keys.file("principal", side)),
        f"PSEUDONYM_KEY_{upper}": str(keys.file("pseudonym", side)),
        f"SEALING_KEY_{upper}": str(keys.file("sealing", side)),
        "KEYS_URL": keys_url(installation, side, "keys"),
        f"WRAPPING_KEY_{upper}": str(keys.file("wrapping", side)),
        f"SEALING_PUBLIC_{other.upper()}": str(keys.file("sealing-public", other)),
        "WITNESSED_FILE": str(witnessed_by(installation, side)),
        f"VERDICT_FILE_{upper}": str(installation.state / "verified" / f"{side}.json"),
        **({"PHONE_KEY_CLINICAL": str(keys.file("phone", side))} if side == "clinical" else {}),
    }


def of_sealer(installation: Installation, side: str) -> dict[str, str]:
    """The one process that can sign a checkpoint, and writes the file outside the database."""
    return of_site(installation, side) | {
        f"CHECKPOINT_KEY_{side.upper()}": str(installation.keys.file("checkpoint", side)),
        f"CHECKPOINT_PUBLIC_{side.upper()}": str(installation.keys.file("checkpoint-public", side)),
        f"WITNESS_FILE_{side.upper()}": str(witness_of(installation, side)),
    }


def of_verifier(installation: Installation, side: str) -> dict[str, str]:
    """Who checks a ledger: the verifier's role and public keys, and no application's credential."""
    upper, keys, folder = side.upper(), installation.keys, installation.state / "verified"
    return of_the_machine() | {
        f"DATABASE_URL_{upper}_VERIFIER": database_url(installation, side, "verifier"),
        f"CHECKPOINT_PUBLIC_{upper}": str(keys.file("checkpoint-public", side)),
        f"WITNESS_FILE_{upper}": str(witness_of(installation, side)),
        f"VERIFIER_KEY_{upper}": str(keys.file("verifier", side)),
        f"VERIFIED_FILE_{upper}": str(folder / f"{side}.jsonl"),
        f"VERDICT_FILE_{upper}": str(folder / f"{side}.json"),
    }


def witness_of(installation: Installation, side: str) -> Path:
    """The file outside the databases that remembers the side's checkpoints."""
    return installation.state / "witness" / f"{side}.jsonl"


def witnessed_by(installation: Installation, side: str) -> Path:
    """What ``side`` keeps of the other's ledger: one more witness for whoever checks that one."""
    return installation.state / "witness" / f"{OTHER[side]}-as-told-to-{side}.jsonl"


def of_owner(installation: Installation, side: str) -> dict[str, str]:
    """A command that changes a side's tables, and its keys': it logs in as their owner."""
    return of_site(installation, side) | {
        "BULKHEAD_AS": "owner",
        "KEYS_URL_OWNER": keys_url(installation, side, "keys_owner"),
        f"DATABASE_URL_{side.upper()}_OWNER": database_url(installation, side, "owner"),
    }


def of_exchange(installation: Installation) -> dict[str, str]:
    """The exchange: its own two roles and its own queue, and no key that opens an envelope."""
    return of_the_machine() | {
        "DJANGO_SETTINGS_MODULE": "config.settings.exchange",
        "STATE_DIR": str(installation.state),
        "DATABASE_URL_CLINICAL_EXCHANGE": database_url(installation, "clinical", "exchange"),
        "DATABASE_URL_POLICE_EXCHANGE": database_url(installation, "police", "exchange"),
        "BROKER_URL_EXCHANGE": broker_url(installation, "exchange"),
    }


def of_tests(installation: Installation, side: str) -> dict[str, str]:
    """The tests of a side: every role of that side, because they build and measure its database."""
    logins = {
        f"DATABASE_URL_{side.upper()}_{login.upper()}": database_url(installation, side, login)
        for login in ("owner", "exchange", "verifier")
    }
    logins["KEYS_URL_OWNER"] = keys_url(installation, side, "keys_owner")
    return of_site(installation, side) | logins | {"SIDE": side}


def database_url(installation: Installation, side: str, login: str) -> str:
    """How ``login`` of a side reaches the side's database."""
    role = f"{side}_{login}"
    password = installation.keys.passwords[role]
    return f"postgres://{role}:{password}@127.0.0.1:{installation.ports['postgres']}/{side}"


def keys_url(installation: Installation, side: str, login: str) -> str:
    """How ``keys`` or ``keys_owner`` of a side reaches the side's keys."""
    role = f"{side}_{login}"
    password = installation.keys.passwords[role]
    return f"postgres://{role}:{password}@127.0.0.1:{installation.ports['postgres']}/{side}_keys"


def broker_url(installation: Installation, name: str) -> str:
    """How a worker reaches its queue."""
    password = installation.keys.passwords[f"broker_{name}"]
    return f"redis://:{password}@127.0.0.1:{installation.ports[f'valkey_{name}']}/0"
