"""The watch over a whole session, as a pytest plugin: answers at once, sinks at the end."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.oracle import sinks
from tests.oracle.canary import Canary, planted
from tests.oracle.responses import ResponseOracle, watch


class CanaryOracle:
    """Fails the session when a planted value lies where none may lie."""

    def __init__(self) -> None:
        self.answers = ResponseOracle()
        self.sinks = sinks.Sinks()
        self.leaks: list[tuple[str, Canary]] = []
        self.release: list[Any] = []

    def pytest_sessionstart(self) -> None:
        self.release = [
            watch(self.answers),
            sinks.catch_logs(self.sinks),
            sinks.catch_mail(self.sinks),
        ]

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self) -> None:
        sinks.catch_caches(self.sinks)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Scan the sinks before the servers stop; without a canary planted there is nothing to find."""
        while self.release:
            self.release.pop()()
        if planted.by_token or planted.by_surname:
            self.sinks.state = Path(settings.STATE_DIR)
            self.sinks.brokers = (settings.CELERY_BROKER_URL,)
        self.leaks = self.sinks.leaks()
        if self.leaks:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        for name, canary in self.leaks:
            terminalreporter.write_line(f"LEAK: {name} holds {canary}", red=True)
        if self.answers.answers:
            not_read = self.sinks.not_read
            terminalreporter.write_line(
                f"canary oracle: {self.answers.answers} answers looked into, "
                f"{self.answers.with_canaries} with canaries; {len(self.leaks)} leaks in the sinks"
                + (f"; NOT READ: {', '.join(not_read)}" if not_read else "")
            )
