"""The servers for somebody who calls pytest by hand; the test runner brings its own.

They are those of ``make servers`` if these run, and otherwise started with the first test
that needs one and stopped at the end.
"""

import os
import shlex
import signal
from contextlib import ExitStack

import psycopg

from config.local import environment, testing
from config.local.installation import installation_of, prepare_folder, state_folder
from config.local.servers import start_servers
from config.local.state import claimed
from config.local.supervise import Supervisor

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Servers:
    """What a hand-started session reaches, and stops again if it started it."""

    def __init__(self, side: str) -> None:
        self.side = side
        self.brought = f"DATABASE_URL_{side.upper()}_OWNER" in os.environ
        self._ours: ExitStack | None = None
        if not self.brought:
            os.environ.update(self._of_running_ones() or self._of_our_own())

    def start(self) -> None:
        """Start the servers, unless they run already."""
        if self.brought or self._ours is None:
            return
        stack, state = self._ours, state_folder() / "test"
        stack.enter_context(claimed(state))
        handlers = {number: signal.getsignal(number) for number in SIGNALS}
        supervisor = Supervisor(state)
        for number, handler in handlers.items():
            signal.signal(number, handler)  # Ctrl-C is for pytest, which stops them at its end
        stack.callback(supervisor.stop)
        start_servers(supervisor, self.installation, for_tests=True)
        self.brought = True

    def stop(self) -> None:
        if self._ours is not None:
            self._ours.close()

    def _of_running_ones(self) -> dict[str, str]:
        file = testing.environment_file(self.side)
        if not file.exists():
            return {}
        values = dict(line.split("=", 1) for line in shlex.split(file.read_text()))
        try:
            psycopg.connect(values[f"DATABASE_URL_{self.side.upper()}_OWNER"], connect_timeout=3).close()
        except psycopg.OperationalError:
            return {}
        return values

    def _of_our_own(self) -> dict[str, str]:
        state = state_folder() / "test"
        prepare_folder(state)
        self._ours = ExitStack()
        self.installation = installation_of(state, {})
        return environment.of_tests(self.installation, self.side)
