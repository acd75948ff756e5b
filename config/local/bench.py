"""``make bench``: how fast this machine answers, measured from outside, on both sites with the city.

Numbers to compare before and after a change on one machine; not a promise for another. ``JOBS`` names
some of the parts: law, the benchmark's jobs by their letters, pages.
"""

import http.cookiejar
import json
import os
import re
import statistics
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from config.local import bench_jobs, bench_law, setup
from config.local.console import GiveUp, say, timed
from config.local.demo import bring_up, write_ready
from config.local.installation import Installation, installation_of, prepare_folder, state_folder
from config.local.keys import SIDES
from config.local.state import claimed
from config.local.supervise import Stopped, Supervisor

READERS = {"clinical": ("social worker", "compliance officer"), "police": ("officer",)}
ALONE, TOGETHER, AT_ONCE = 40, 160, 8  # requests one after the other; and by so many at once
WARM_UP = 4


def main() -> int:
    """Bring both sites up in a state folder of the benchmark's own, measure, stop."""
    setup.main()
    state = state_folder() / "bench"
    prepare_folder(state)
    wanted = set(os.environ.get("JOBS", "law a b c d e h pages").split())
    with claimed(state):
        if "law" in wanted:
            bench_law.main(state)  # before anything else runs
        supervisor = Supervisor(state)
        try:
            installation = installation_of(state, {})
            bench_jobs.main(state, installation, supervisor, lambda: serve(supervisor, installation))
            supervisor.stop()
            if "pages" in wanted:
                measure(supervisor, installation, serve(supervisor, installation))
        except Stopped:
            return 130
        finally:
            supervisor.stop()
    return 0


def serve(supervisor: Supervisor, installation: Installation) -> dict[str, Any]:
    """Bring both sites up with the city; the accounts by role."""
    with timed("Bringing both sites up"):
        bring_up(supervisor, installation, None)
    file = installation.state / "ready.json"
    write_ready(file, installation)
    accounts: dict[str, Any] = json.loads(file.read_text())["accounts"]
    file.unlink()
    return accounts


def measure(supervisor: Supervisor, installation: Installation, accounts: dict[str, Any]) -> None:
    """Read every page of each reader's navigation, alone and in company."""
    say(f"\n{'page':<50}{'median':>9}{'95th':>9}{'slowest':>9}{f'{AT_ONCE} at once':>15}")
    for side in SIDES:
        for role in READERS[side]:
            account = accounts[role]
            reader = Reader(installation.url(side), account["username"], account["password"])
            for path in reader.pages():
                supervisor.check()
                supervisor.tend()
                report(f"{side} · {role} · {path}", lambda path=path, reader=reader: reader.read(path))  # type: ignore[misc]


def report(name: str, read: Callable[[], Any]) -> None:
    """One line: milliseconds for somebody alone, answers a second for a crowd."""
    for _ in range(WARM_UP):
        read()
    alone = sorted(_milliseconds(read) for _ in range(ALONE))
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        list(crowd.map(lambda _: read(), range(TOGETHER)))
    rate = TOGETHER / (time.perf_counter() - began)
    p95 = alone[int(len(alone) * 0.95) - 1]
    say(f"{name:<50}{statistics.median(alone):7.1f}ms{p95:7.1f}ms{alone[-1]:7.1f}ms{rate:13.0f}/s")


class Reader:
    """Somebody logged in, reading pages."""

    def __init__(self, site: str, username: str, password: str) -> None:
        self.site = site
        self._open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        ).open
        form = self.read("/account/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        if token is None:
            raise GiveUp(f"{site} shows no log-in form")
        fields = {"login": username, "password": password, "csrfmiddlewaretoken": token[1]}
        request = urllib.request.Request(
            f"{site}/account/login/",
            data=urllib.parse.urlencode(fields).encode(),
            headers={"Referer": f"{site}/account/login/"},
        )
        with self._open(request, timeout=30) as answer:
            self._home = answer.read().decode()
            if answer.geturl().endswith("/account/login/"):
                raise GiveUp(f"{site} does not let {username} in")

    def pages(self) -> list[str]:
        """The pages that the navigation offers."""
        navigation = re.search(r"<nav.*?</nav>", self._home, re.DOTALL)
        offered = re.findall(r'href="(/[^"#?]*)"', navigation[0] if navigation else "")
        return sorted({path for path in offered if not path.startswith(("/account/", "/static/"))} | {"/"})

    def read(self, path: str) -> str:
        """The text of a page."""
        with self._open(f"{self.site}{path}", timeout=30) as answer:
            return str(answer.read().decode())


def _milliseconds(read: Callable[[], Any]) -> float:
    began = time.perf_counter()
    read()
    return (time.perf_counter() - began) * 1000
