"""The processes of both sites and of the exchange, as services to supervise."""

import sys
import urllib.request
from pathlib import Path

import redis

from config.local import environment, valkey
from config.local.installation import ROOT, Installation
from config.local.keys import SIDES
from config.local.supervise import Service, Supervisor

WORKERS, THREADS = 2, 4


def start_sites(supervisor: Supervisor, installation: Installation) -> None:
    """Start everything and wait until the sites answer and the workers listen.

    The sites first: on a small machine the start of a worker would make their first page wait.
    """
    for side in SIDES:
        supervisor.start(site(installation, side))
    supervisor.wait_until_ready(*SIDES)
    (installation.state / "beat").mkdir(mode=0o700, exist_ok=True)
    for name in (*SIDES, "exchange"):
        supervisor.start(worker(installation, name))
        supervisor.start(beat(installation, name))
    for side in SIDES:
        supervisor.start(sealer(installation, side))
        supervisor.start(verifier(installation, side))
    supervisor.wait_until_ready(*(f"{name}-worker" for name in (*SIDES, "exchange")))


def site(installation: Installation, side: str) -> Service:
    """The web server of a side."""
    return Service(
        name=side,
        command=[
            sys.executable, "-m", "gunicorn", "config.wsgi", "--preload",
            "--bind", f"127.0.0.1:{installation.ports[side]}",
            "--workers", str(WORKERS), "--worker-class", "gthread", "--threads", str(THREADS),
            "--graceful-timeout", "5", "--no-control-socket", "--log-level", "warning",
        ],
        environment=environment.of_site(installation, side),
        folder=ROOT,
        log=installation.log(side),
        is_ready=lambda: _answers(f"http://127.0.0.1:{installation.ports[side]}/health/"),
    )  # fmt: skip


def worker(installation: Installation, name: str) -> Service:
    """The worker of a side or of the exchange.

    One process without a pool below it: whichever process is killed, the supervisor sees it.
    """
    return Service(
        name=f"{name}-worker",
        command=[
            sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--pool", "solo",
            "--hostname", f"{name}@localhost", "--loglevel", "WARNING",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        ],
        environment=_environment(installation, name),
        folder=ROOT,
        log=installation.log(f"{name}-worker"),
        is_ready=lambda: _is_consumed(installation, name),
    )  # fmt: skip


def beat(installation: Installation, name: str) -> Service:
    """The clock of a side or of the exchange. It only ticks, so it counts as ready at once."""
    schedule = installation.state / "beat" / name
    return Service(
        name=f"{name}-beat",
        command=[
            sys.executable, "-m", "celery", "-A", "config.celery", "beat",
            "--schedule", str(schedule), "--pidfile", "", "--loglevel", "WARNING",
        ],
        environment=_environment(installation, name),
        folder=ROOT,
        log=installation.log(f"{name}-beat"),
        is_ready=lambda: True,
        before_start=lambda: _forget(schedule),
    )  # fmt: skip


def sealer(installation: Installation, side: str) -> Service:
    """Who makes a side's ledger a signed tree. A second one would only wait, so it counts as ready at once."""
    return Service(
        name=f"{side}-sealer",
        command=[sys.executable, str(ROOT / "manage.py"), "ledger", "seal"],
        environment=environment.of_sealer(installation, side),
        folder=ROOT,
        log=installation.log(f"{side}-sealer"),
        is_ready=lambda: True,
    )


def verifier(installation: Installation, side: str) -> Service:
    """Who checks a side's ledger, all day, and the other side's word on it."""
    told = environment.witnessed_by(installation, environment.OTHER[side])
    return Service(
        name=f"{side}-verifier",
        command=[
            sys.executable, "-m", "consent.verifier", "--side", side, "--every", "60",
            "--witness-if-there", str(told),
        ],
        environment=environment.of_verifier(installation, side),
        folder=ROOT,
        log=installation.log(f"{side}-verifier"),
        is_ready=lambda: True,
    )  # fmt: skip


def _environment(installation: Installation, name: str) -> dict[str, str]:
    if name == "exchange":
        return environment.of_exchange(installation)
    return environment.of_site(installation, name)


def _forget(schedule: Path) -> None:
    """A killed beat may leave half a file. What is due stands in the database, so nothing is lost."""
    for file in schedule.parent.glob(f"{schedule.name}*"):
        file.unlink()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _is_consumed(installation: Installation, name: str) -> bool:
    """Does a worker wait at the queue?"""
    try:
        with valkey.client(installation, name) as connection:
            return any(client["cmd"] == "brpop" for client in connection.client_list())
    except redis.RedisError:
        return False
