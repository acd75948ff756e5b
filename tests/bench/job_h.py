"""Bulkhead in job H of the benchmark: a record's page, and a list of fifty that writes its ledger entries.

The product as it is served, on the city that the benchmark's runner prepared, under the server of
the job's other contestants: gunicorn with two sync workers. Everything is on: sessions, the
signed principal, row-level security, decryption, the ledger. The job's load generator sends no
cookie to a page that is plugged in, so this module's application puts the session's into the
request before the product sees it; nothing else is done for it.

    with serving(installation, account) as plugs:
        run job_h.py with plugs
"""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

from config.local import environment
from config.local.installation import ROOT, Installation
from config.local.ports import is_free

COOKIE = "BENCH_SESSION"
LIST, RECORD = "/clients/?rows=50", re.compile(r'href="(/clients/[0-9a-f-]{36}/)"')
READY_WITHIN = 30  # seconds
Start = Callable[..., Any]


def application(asked: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """The clinical site, asked by whoever ``BENCH_SESSION`` belongs to."""
    answer: Iterable[bytes] = _site()({"HTTP_COOKIE": os.environ[COOKIE]} | asked, start_response)
    return answer


_made: list[Any] = []


def _site() -> Any:
    if not _made:
        from config.wsgi import application as site

        _made.append(site)
    return _made[0]


@contextmanager
def serving(installation: Installation, account: dict[str, str]) -> Iterator[list[str]]:
    """The arguments that plug the two pages into the job, while they are served.

    Args:
        account: ``username`` and ``password`` of somebody who sees fifty clients or more.
    """
    visitor = Visitor(installation.url("clinical"))
    visitor.signs_in(account)
    found = RECORD.findall(visitor.read(LIST))
    port = next(each for each in range(29_000, 29_400) if is_free(each))
    server = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "tests.bench.job_h:application", "--workers", "2",
            "--bind", f"127.0.0.1:{port}", "--log-level", "error",
        ],
        cwd=ROOT,
        env=environment.of_site(installation, "clinical") | {COOKIE: visitor.cookie},
    )  # fmt: skip
    here = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(here)
        pages = {
            "record page": f"{here}{found[0]}",
            f"list of {len(found)} that writes its ledger entries": here + LIST,
        }
        yield [each for name, url in pages.items() for each in ("--plug", f"{url}=Bulkhead: {name}")]
    finally:
        server.terminate()
        server.wait(10)


def _wait_until_it_answers(site: str) -> None:
    until = time.monotonic() + READY_WITHIN
    while True:
        try:
            urllib.request.urlopen(f"{site}/health/", timeout=5).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


class Visitor:
    """Somebody who signs in, for their session."""

    def __init__(self, site: str) -> None:
        self.site, self._jar = site, CookieJar()
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar)).open

    @property
    def cookie(self) -> str:
        """What a browser would send."""
        return "; ".join(f"{each.name}={each.value}" for each in self._jar)

    def read(self, path: str) -> str:
        """The text of a page."""
        with self._open(f"{self.site}{path}", timeout=30) as answer:
            return str(answer.read().decode())

    def signs_in(self, account: dict[str, str]) -> None:
        """With a password, as people do."""
        path = "/account/login/"
        (token,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.read(path))[:1]
        fields = {"login": account["username"], "password": account["password"], "csrfmiddlewaretoken": token}
        request = urllib.request.Request(
            self.site + path, urlencode(fields).encode(), {"Referer": self.site + path}
        )
        with self._open(request, timeout=30) as answer:
            if answer.geturl().endswith(path):
                raise RuntimeError("the site doesn't let them in")
