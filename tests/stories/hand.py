"""A browser, and the hand that uses it: taps that are counted, a finger that signs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from config.local.test import find_browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
CHROMIUM_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
).split()
STROKES = (
    ((0.12, 0.62), (0.18, 0.25), (0.24, 0.70), (0.30, 0.35), (0.36, 0.68)),
    ((0.42, 0.45), (0.50, 0.70), (0.58, 0.40), (0.66, 0.66), (0.84, 0.50)),
)


@contextmanager
def open_browser() -> Iterator[Any]:
    """The Chromium of this machine, without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=find_browser(), args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


class Finger:
    """Taps on a page, and counts its taps."""

    def __init__(self, page: Any) -> None:
        self.page, self.taps = page, 0

    def tap(self, selector: Any) -> None:
        """Touch the first thing that ``selector`` finds."""
        found = self.page.locator(selector).first if isinstance(selector, str) else selector.first
        found.tap()
        self.taps += 1

    def go(self, selector: Any) -> None:
        """Touch it, and wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.tap(selector)


def sign_on(page: Any, canvas: str = "canvas") -> None:
    """Draw a signature with a finger: touch events as the screen of a phone sends them."""
    sheet = page.locator(canvas)
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    screen = page.context.new_cdp_session(page)
    for stroke in STROKES:
        points = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in stroke]
        for number, point in enumerate(points):
            _touch(screen, "touchMove" if number else "touchStart", [point])
        _touch(screen, "touchEnd", [])
    screen.detach()


def _touch(screen: Any, kind: str, points: list[dict[str, float]]) -> None:
    """A finger takes its time. Without it the next tap is taken for the end of this movement."""
    screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    time.sleep(0.04)
