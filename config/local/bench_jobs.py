"""The jobs of the benchmark beside the repository, with Bulkhead among the contestants of each.

A job runs in an environment and a PostgreSQL of its own, below the state folder, and puts its
figures into ``results/<job>.json``. Bulkhead's part in a job is an adapter in ``tests/bench``;
what such an adapter builds are the product's own tables, policies and statements.

``JOBS="a d"`` names some, ``QUICK=1`` makes all of them short.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from config.local import environment
from config.local.console import GiveUp, say, timed
from config.local.installation import ROOT, Installation
from config.local.ports import is_free
from config.local.postgres import SUPERUSER, Postgres
from config.local.supervise import Service, Supervisor
from config.local.valkey import find_binary

# Not wanted: what only the other jobs need, and a database that needs a native library from elsewhere.
OTHERS = ("spicedb-embedded", "duckdb", "polars", "pyarrow", "django-celery-beat", "celery")
DATABASE = "bench"
LIKE_THE_REFERENCE = {  # the settings under which the benchmark's own figures were taken
    "effective_cache_size": "12GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "random_page_cost": "1.1",
    "max_connections": "120",
    "jit": "off",
}
MOST_BUFFERS = 4  # GiB


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job: its name in the benchmark, the adapter's class or classes, and how it is run."""

    name: str
    adapter: str
    arguments: tuple[str, ...] = ()
    quick: tuple[str, ...] = ("--quick",)

    @property
    def has_adapter(self) -> bool:
        """Is Bulkhead among the contestants?"""
        return (ROOT / "tests" / "bench" / f"job_{self.name}.py").exists()


JOBS = (
    Job(name="a", adapter="ProductA"),
    Job(name="b", adapter="ProductB", quick=("--quick", "--sizes", "10000,100000")),
    Job(
        name="c",
        adapter="ProductC",
        arguments=("--plug", "tests.bench.job_c:ProductCEnding"),
        quick=("--quick", "--plug", "tests.bench.job_c:ProductCEnding"),
    ),
    Job(name="d", adapter="ProductD UnsealedD"),
    Job(name="e", adapter="ProductE", quick=("--quick", "--rows", "1000000")),
)
# It reads pages of the whole product and the table that job B leaves behind.
PAGES = Job(name="h", adapter="")
READER = "clinical supervisor"  # who sees fifty clients


def wanted_jobs() -> tuple[Job, ...]:
    """The jobs that ``JOBS`` names, or all of them."""
    names = os.environ.get("JOBS", "").split() or [job.name for job in (*JOBS, PAGES)]
    unknown = set(names) - {job.name for job in (*JOBS, PAGES)} - {"law", "pages"}
    if unknown:
        raise GiveUp(
            f"There is no job {', '.join(sorted(unknown))}: JOBS names some of law a b c d e h pages."
        )
    return tuple(job for job in (*JOBS, PAGES) if job.name in names)


def main(
    state: Path, installation: Installation, supervisor: Supervisor, bring_up: Callable[[], dict[str, Any]]
) -> None:
    """Run the wanted jobs one after the other; without the benchmark's folder say so and run none.

    Args:
        bring_up: Starts both sites and gives the accounts by role.
    """
    jobs = wanted_jobs()
    folder = benchmark_folder()
    if not jobs:
        return
    if not (folder / "cb" / "core.py").exists():
        say("The benchmark doesn't lie beside the repository: its jobs are left out.")
        return
    python = peers_of(folder, state / "contestants")
    with servers(state, supervisor) as variables:
        variables |= _of_product(installation) | _of_results(state)
        for job in jobs:
            if job is not PAGES:
                run(job, python, folder, variables, supervisor)
        if PAGES in jobs:
            run_pages(python, folder, variables, supervisor, installation, bring_up)


def run_pages(
    python: Path, folder: Path, variables: dict[str, str], supervisor: Supervisor, installation: Installation,
    bring_up: Callable[[], dict[str, Any]],
) -> None:  # fmt: skip
    """Job H, with two pages of the product as it is served."""
    if shutil.which("wrk") is None:
        say("\nJob H is left out: it counts with wrk, which this machine doesn't have (apt-get install wrk).")
        return
    from tests.bench.job_h import serving

    with serving(installation, bring_up()[READER]) as plugs:
        run(
            replace(PAGES, arguments=tuple(plugs), quick=("--quick", *plugs)),
            python,
            folder,
            variables,
            supervisor,
        )


def benchmark_folder() -> Path:
    """Where the jobs lie: ``BULKHEAD_SHARED``/bench, or ``../shared/bench``."""
    return Path(os.environ.get("BULKHEAD_SHARED", ROOT.parent / "shared")) / "bench"


def run(job: Job, python: Path, folder: Path, variables: dict[str, str], supervisor: Supervisor) -> None:
    """One job; one that fails is said so and doesn't stop the next."""
    arguments = list(job.quick if os.environ.get("QUICK") else job.arguments)
    classes = job.adapter.split() if job.has_adapter else []  # job H's pages stand in its arguments
    plug = [part for each in classes for part in ("--plug", f"tests.bench.job_{job.name}:{each}")]
    is_without = not job.has_adapter
    say(f"\n── job {job.name.upper()}{', without Bulkhead: there is no adapter' if is_without else ''}")
    command = [str(python), str(folder / f"job_{job.name}.py"), *arguments, *plug]
    process = subprocess.Popen(
        command, cwd=variables["BENCH_RESULTS"], env=variables, stdin=subprocess.DEVNULL
    )
    try:
        while process.poll() is None:
            supervisor.check()
            time.sleep(0.2)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
    if process.returncode:
        say(f"job {job.name.upper()} stopped with exit code {process.returncode}")


def peers_of(folder: Path, venv: Path) -> Path:
    """The interpreter that has the contestants' packages, and Bulkhead's own behind them."""
    python = venv / "bin" / "python"
    lines = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    named = [line.split("#")[0].strip() for line in lines]
    wanted = [line for line in named if line and re.split(r"[\s<>=\[]", line)[0].lower() not in OTHERS]
    stamp = venv / "installed.txt"
    if not stamp.exists() or stamp.read_text() != "\n".join(wanted):
        uv = str(Path(sys.prefix) / "bin" / "uv")
        with timed("Installing the contestants of the jobs"):
            for arguments in (["venv", "--quiet", "--clear", "--python", sys.executable, str(venv)],
                              ["pip", "install", "--quiet", "--python", str(python), *wanted]):  # fmt: skip
                subprocess.run([uv, *arguments], env=dict(os.environ), check=True)
        stamp.write_text("\n".join(wanted))
    _packages_of(python).joinpath("bulkhead.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return python


def _packages_of(python: Path) -> Path:
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    answer = subprocess.run([str(python), "-c", asked], capture_output=True, text=True, check=True)
    return Path(answer.stdout.strip())


@contextmanager
def servers(state: Path, supervisor: Supervisor) -> Iterator[dict[str, str]]:
    """A PostgreSQL with the benchmark's settings and a Valkey without a password; how to reach them."""
    home = state / "jobs"
    home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    port, queue = _free_ports(2)
    buffers = max(
        1, min(MOST_BUFFERS, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**30 // 5)
    )
    cluster = Postgres(home, port, durable=True, log=home / "postgres.log")
    cluster.flags = cluster.flags | LIKE_THE_REFERENCE | {"shared_buffers": f"{buffers}GB"}
    cluster.prepare()
    cluster.end_leftover()
    supervisor.start(replace(cluster.service(), name="postgres of the jobs"))
    supervisor.start(_valkey(home, queue))
    supervisor.wait_until_ready("postgres of the jobs")
    with cluster.admin() as admin:
        if admin.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone() is None:
            admin.execute(f"create database {DATABASE}")
    yield environment.of_the_machine() | {
        "BENCH_DSN": f"host=127.0.0.1 port={port} user={SUPERUSER} dbname={DATABASE}",
        "PGPASSWORD": cluster.password_file.read_text().strip(),
        "PGBIN": str(cluster.binaries),
        "BENCH_REDIS_PORT": str(queue),
        "PYTHONDONTWRITEBYTECODE": "1",  # the benchmark's folder may be read-only
    }


def _valkey(home: Path, port: int) -> Service:
    """For the contestants that keep decisions in a cache; nothing in it is worth a password."""
    command = [
        str(find_binary()),
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
    ]
    return Service(
        name="valkey of the jobs", command=command, environment=environment.of_the_machine(), folder=home,
        log=home / "valkey.log", is_ready=lambda: not is_free(port), holds_data=False,
    )  # fmt: skip


def _free_ports(number: int) -> list[int]:
    found = [port for port in range(29_500, 29_999) if is_free(port)]
    if len(found) < number:
        raise GiveUp("No free ports for the benchmark between 29500 and 29999.")
    return found[:number]


def _of_product(installation: Installation) -> dict[str, str]:
    """What an adapter needs to build the product's own tables: its keys, and its code on the path."""
    return {
        name: value
        for name, value in environment.of_site(installation, "clinical").items()
        if name not in ("DJANGO_SETTINGS_MODULE",)  # a job has settings of its own for its contestants
    }


def _of_results(state: Path) -> dict[str, str]:
    results = state / "results"
    results.mkdir(exist_ok=True)
    return {"BENCH_RESULTS": str(results)}
