"""The servers that the tests use, and the environment of a side's tests.

``make servers`` keeps them running for somebody who calls pytest by hand; what pytest
needs in its environment then stands in ``<STATE>/test/<side>.env``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.local import environment
from config.local.console import say
from config.local.installation import Installation, installation_of, prepare_folder, state_folder
from config.local.keys import SIDES
from config.local.servers import start_servers
from config.local.state import claimed
from config.local.supervise import Stopped, Supervisor


@contextmanager
def test_servers() -> Iterator[tuple[Installation, Supervisor]]:
    """PostgreSQL and queues of the tests, stopped at the end."""
    state = state_folder() / "test"
    prepare_folder(state)
    with claimed(state):
        supervisor = Supervisor(state)
        try:
            installation = installation_of(state, {})
            start_servers(supervisor, installation, for_tests=True)
            for side in SIDES:
                write_environment(installation, side)
            yield installation, supervisor
        finally:
            supervisor.stop()


def environment_file(side: str) -> Path:
    """Where the environment of a side's tests stands, in the form that a shell reads."""
    return state_folder() / "test" / f"{side}.env"


def write_environment(installation: Installation, side: str) -> None:
    """Write down the environment of a side's tests, but for what any process has anyway."""
    common = environment.of_the_machine()
    values = environment.of_tests(installation, side)
    file = environment_file(side)
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}='{value}'\n" for name, value in values.items() if name not in common))


def main() -> int:
    """Keep the servers of the tests running until Ctrl-C."""
    try:
        with test_servers() as (_, supervisor):
            say("The servers of the tests are running; Ctrl-C stops them. For a side's tests:")
            for side in SIDES:
                say(f"  set -a; . {environment_file(side)}; set +a; .venv/bin/pytest …")
            supervisor.tend_until_stopped()
    except Stopped:
        pass
    return 0
