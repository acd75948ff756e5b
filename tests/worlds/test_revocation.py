"""A request that starts after a revocation has committed never sees the old answer: over HTTP, at the same time."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from consent import access
from consent.models import Grant
from tests import factories

pytestmark = pytest.mark.side("clinical")
ROUNDS, READERS = 12, 3


@pytest.fixture
def caseload(database: Any, django_db_blocker: Any) -> Any:
    """Lind's one client, committed; a fresh database afterwards."""
    with django_db_blocker.unblock():
        cast = factories.make_cast()
        # nothing planted: the oracle looks after a request, when what it had begun to show may be revoked
        plain = {"given_name": "", "family_name": "", "born_on": None, "phone": "", "contact_rule": ""}
        factories.make_client(cast.compartment, by=cast.lind, described_as="a person", **plain)
        yield cast
        database.copy()


class Readers:
    """Threads that read the same pages again and again, and keep when each began and ended, and what it showed."""

    def __init__(self, principal: Any, pages: list[str], shows: bytes) -> None:
        self.principal, self.pages, self.shows = principal, pages, shows
        self.seen: list[tuple[float, float, bool]] = []
        self.faults: list[Exception] = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._read) for _ in range(READERS)]

    def _read(self) -> None:
        try:
            browser = Browser()
            browser.force_login(self.principal, backend="consent.backend.GrantBackend")
            while not self.over.is_set():
                for page in self.pages:
                    began = time.monotonic()
                    answer = browser.get(page)
                    assert answer.status_code in (200, 404), answer.status_code
                    self.seen.append((began, time.monotonic(), self.shows in answer.content))
        except Exception as error:
            self.faults.append(error)
        finally:
            connections.close_all()

    def read_on(self) -> None:
        """Wait until some more pages were read, so many that each thread has begun one anew."""
        wanted, until = len(self.seen) + 2 * READERS, time.monotonic() + 60
        while len(self.seen) < wanted and not self.faults and time.monotonic() < until:
            time.sleep(0.02)

    def __enter__(self) -> "Readers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(timeout=60)


def set_end(principal: Any, end: Any) -> None:
    """Move the end of the principal's grants, and commit."""
    with access.opened("system:grants", "HOPERAT"):
        Grant.objects.filter(user=principal).update(valid_until=end)


def while_closed(readers: Readers, closed: list[tuple[float, float]]) -> list[bool]:
    """What those readings showed that began after a commit that closed, and ended before it was opened again."""
    return [
        showed
        for began, ended, showed in readers.seen
        if any(committed < began and ended < reopening for committed, reopening in closed)
    ]


def test_no_request_begun_after_the_commit_shows_what_was_revoked(caseload):
    cast = caseload
    pages = [reverse("clinical:clients"), reverse("clinical:client", args=[cast.sam])]
    shows, closed = str(cast.sam).encode(), []
    with Readers(cast.lind, pages, shows) as readers:
        for _ in range(ROUNDS):
            readers.read_on()
            set_end(cast.lind, timezone.now())
            committed = time.monotonic()
            readers.read_on()
            closed.append((committed, time.monotonic()))
            set_end(cast.lind, timezone.now() + timedelta(days=1))

    assert not readers.faults, readers.faults
    assert len(while_closed(readers, closed)) > ROUNDS
    assert sum(showed for _began, _ended, showed in readers.seen) > ROUNDS
    assert not any(while_closed(readers, closed))


def test_an_answer_that_was_kept_a_moment_is_found(caseload, monkeypatch):
    """Planted: the list is read as it stood a second ago."""
    cast = caseload
    kept: dict[str, tuple[float, Any]] = {}
    plain = Browser.get

    def get(self: Browser, path: str, *args: Any, **kwargs: Any) -> Any:
        made, answer = kept.get(path, (0.0, None))
        if answer is None or time.monotonic() - made > 1:
            answer = plain(self, path, *args, **kwargs)
            kept[path] = (time.monotonic(), answer)
        return answer

    monkeypatch.setattr(Browser, "get", get)
    closed = []
    with Readers(cast.lind, [reverse("clinical:clients")], str(cast.sam).encode()) as readers:
        for _ in range(3):
            time.sleep(0.2)
            set_end(cast.lind, timezone.now())
            committed = time.monotonic()
            time.sleep(0.2)
            closed.append((committed, time.monotonic()))
            set_end(cast.lind, timezone.now() + timedelta(days=1))

    assert not readers.faults, readers.faults
    assert any(while_closed(readers, closed))
