"""One demonstration for all stories, on the real calls of Montgomery County where they are; one browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.local.installation import ROOT
from tests.stories.demonstration import MONTGOMERY, Demonstration, new_folder, real_calls
from tests.stories.hand import DESK, PHONE, open_browser

KEPT, FAILED = pytest.StashKey[Demonstration](), pytest.StashKey[bool]()
SCREENSHOTS = ROOT / "screenshots"  # git-ignored


@pytest.fixture(scope="session")
def demonstration(request: pytest.FixtureRequest) -> Iterator[Demonstration]:
    """The whole product, running; its folder goes when it stops.

    ``DEMONSTRATION=<state folder>`` uses one that runs already, for whoever writes a story.
    """
    if "DEMONSTRATION" in os.environ:
        yield Demonstration.running_in(Path(os.environ["DEMONSTRATION"]).resolve())
        return
    folder = new_folder()
    running = Demonstration(folder / "state", real_calls())
    request.config.stash[KEPT] = running
    try:
        running.start()
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Which calls the stories were played on: loudly, if they were not the real ones."""
    running = config.stash.get(KEPT, None)
    if running is not None and running.calls is None:
        terminalreporter.section("THE STORIES RAN ON INVENTED CALLS", sep="!")
        terminalreporter.line(
            f"There is no {'/'.join(MONTGOMERY)}: set BULKHEAD_SHARED to the folder of shared data."
        )
    elif running is not None:
        terminalreporter.line(f"The stories ran on the real calls of {running.calls[0].name}.")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a window."""
    with open_browser() as opened:
        yield opened


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stories that inspect pages also photograph them."""
    for item in items:
        if hasattr(getattr(item, "module", None), "Inspector"):
            item.add_marker(pytest.mark.pictures)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Remember that a story failed, for its pages to be photographed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def new_page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """``new_page()``: a phone with cookies of its own and a finger; ``new_page(DESK)``: a desk's screen.

    When the test fails, what its pages show is kept in ``screenshots/failed``.
    """
    contexts = []

    def make(viewport: dict[str, int] = PHONE, **more: Any) -> Any:
        contexts.append(
            browser.new_context(viewport=viewport, has_touch=True, is_mobile=viewport != DESK, **more)
        )
        return contexts[-1].new_page()

    yield make
    for number, context in enumerate(contexts):
        if request.node.stash.get(FAILED, False):
            context.pages[0].screenshot(
                path=SCREENSHOTS / "failed" / f"{request.node.name[:60]}-{number}.png", full_page=True
            )
        context.close()
