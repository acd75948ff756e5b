"""What must hold of every page, whatever stands on it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe

from config.local.installation import ROOT
from tests.stories.hand import DESK, PHONE

SCREENSHOTS = ROOT / "screenshots"  # git-ignored
MOST_TABS = 150
WITH_PICTURES = os.environ.get("BULKHEAD_PICTURES") == "1"
# Each width and each scheme once; their other pairs where pictures are taken of them too.
VIEWS = ((DESK, "light"), (PHONE, "dark"), *(((DESK, "dark"), (PHONE, "light")) if WITH_PICTURES else ()))
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
JUDGED: set[tuple[str, str]] = set()  # hosts and shapes of pages that a crawl has judged in this session
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/)")
MAIN_ACTION = (
    "main .usa-button:not(.usa-button--outline):not(.usa-button--quiet):visible, main .choice-button:visible"
)
ANY_ACTION = "main a[href]:visible, main button:visible, main input:visible, main summary:visible"
# Where the ring of the focused element is drawn: on itself, or on the label that frames it.
HAS_RING = """element => {
  const drawn = one => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  };
  return drawn(element) || [...document.querySelectorAll("label")].some(l => l.contains(element) && drawn(l));
}"""
IS_HIDDEN = """element => {
  const box = element.getBoundingClientRect();
  if (!box.width || !box.height) return false;
  const label = element.closest("label");
  const seen = (x, y) => {
    const top = document.elementFromPoint(x, y);
    return top && (element.contains(top) || top.contains(element) || (label && label.contains(top)));
  };
  return ![[0.5, 0.5], [0.1, 0.1], [0.9, 0.9], [0.1, 0.9], [0.9, 0.1]]
    .some(([x, y]) => seen(box.left + x * box.width, box.top + y * box.height));
}"""


def shape(url: str) -> str:
    """The address without its ids: pages of one shape are one page with other content."""
    return ID.sub("*", urlsplit(url).path)


class Inspector:
    """Watches a page while it is used, and looks at what it shows.

    Args:
        page: A page of Chromium.
        folder: Where its screenshots go, below ``screenshots/``.
    """

    def __init__(self, page: Any, folder: str) -> None:
        self.page, self.folder, self.faults = page, SCREENSHOTS / folder, []
        self.axe = Axe()
        self.seen: set[str] = set()
        self.listens = True
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._blame(f"script error: {error}"))
        page.on("request", self._watch)

    def look(self, name: str = "", *, is_modal: bool = False) -> None:
        """Look at the page as it stands, narrow and wide, in the light and in the dark, and leave it on a phone.

        Args:
            is_modal: A dialog holds the keyboard; what lies behind it is not to be reached.
        """
        self.seen.add(shape(self.page.url))
        self.listens = (
            False  # the instruments themselves try an inline style here and there, which is refused
        )
        name = name or shape(self.page.url).strip("/").replace("/", "-").replace("*", "one") or "home"
        self._judge_words()
        for viewport, scheme in VIEWS:
            self.page.set_viewport_size(viewport)
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            where = f"{viewport['width']} {scheme}"
            self._judge_looks(where)
            if WITH_PICTURES:
                self._keep(f"{name}-{where.replace(' ', '-')}.png")
        if not is_modal:
            self._judge_keyboard()
        self.page.set_viewport_size(PHONE)
        self.page.emulate_media(color_scheme="light")
        self.listens = True

    def crawl(self, start: str) -> None:
        """Look at every page that links lead to from ``start``, one of each shape; a file is no page of ours.

        A page of a shape that another role's crawl has judged already is opened, and its words are looked at.
        """
        host, waiting = urlsplit(start).netloc, [start]
        while waiting:
            url = waiting.pop(0)
            if shape(url) in self.seen or self._is_file(url):
                continue
            answer = self.page.goto(url)
            if shape(self.page.url) in self.seen:
                continue
            if answer.status != 200:
                self._blame(f"answers {answer.status}")
            if WITH_PICTURES or (host, shape(self.page.url)) not in JUDGED:
                self.look()
                JUDGED.add((host, shape(self.page.url)))
            else:  # judged as another role came to it
                self.seen.add(shape(self.page.url))
                self._judge_words()
            waiting += [each for each in self._links() if urlsplit(each).netloc == host]

    def _is_file(self, url: str) -> bool:
        """A copy, a paper or a document, which a browser shows in a viewer of its own or saves."""
        answer = self.page.request.head(url)
        return answer.ok and "text/html" not in answer.headers.get("content-type", "")

    def _links(self) -> list[str]:
        found: list[str] = self.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        return [each.partition("#")[0] for each in found]

    def _blame(self, fault: str) -> None:
        self.faults.append(f"{shape(self.page.url)}: {fault}")

    def _hear(self, message: Any) -> None:
        if message.type == "error" and self.listens:
            self._blame(f"console: {message.text} ({message.location['url']})")

    def _watch(self, request: Any) -> None:
        here, there = urlsplit(self.page.url), urlsplit(request.url)
        is_first = here.scheme == "about"
        if there.scheme != "data" and not is_first and there.netloc != here.netloc:
            self._blame(f"asks another host, {there.netloc}")

    def _judge_words(self) -> None:
        title, headings = self.page.title(), self.page.locator("h1").all_inner_texts()
        if not re.fullmatch(r"\S.* · Bulkhead, (Clinical|Police) side", title):
            self._blame(f"the title is “{title}”")
        if len(headings) != 1 or not headings[0].strip():
            self._blame(f"has {len(headings)} first headings")

    def _judge_looks(self, where: str) -> None:
        for violation in self.axe.run(self.page, options=AXE).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                node = violation["nodes"][0]
                self._blame(f"{where}: axe {violation['id']} at {node['target']}: {node['html'][:160]}")
        width = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        if width[0] > width[1]:
            self._blame(f"{where}: {width[0]} px wide in a window of {width[1]}")

    def _judge_keyboard(self) -> None:
        """Tab from the top: what has the focus shows it and is not covered; the main action is reached."""
        main = self.page.locator(MAIN_ACTION)
        main = main if main.count() else self.page.locator(ANY_ACTION)
        if not main.count():
            return
        wanted = main.first.element_handle()
        self.page.evaluate("window.scrollTo(0, 0); document.activeElement.blur()")
        for element in self._tabs():
            if not element.evaluate(HAS_RING):
                self._blame(f"no ring around the focused {_words(element)}")
            if element.evaluate(IS_HIDDEN):
                self._blame(f"the focused {_words(element)} is covered")
            if element.evaluate("(one, wanted) => one === wanted", wanted):
                return
        self._blame(f"the keyboard does not reach {_words(wanted)}")

    def _tabs(self) -> Iterator[Any]:
        for _number in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            element = self.page.evaluate_handle("document.activeElement").as_element()
            if element is not None and element.evaluate("one => one !== document.body"):
                yield element

    def _keep(self, name: str) -> None:
        path = Path(self.folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=True)


def _words(element: Any) -> str:
    said: str = element.evaluate("one => one.outerHTML.slice(0, 120)")
    return said
