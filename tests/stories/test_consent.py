"""Somebody who has read nothing takes a consent on a phone, by touch, in under two minutes; in Spanish; on paper."""

import time
from typing import Any

import pytest

from tests.clinical.photos import photo
from tests.stories.demonstration import Demonstration
from tests.stories.hand import Finger, sign_on

pytestmark = pytest.mark.browser

PARTNER = "Three Rivers Recovery Center"
TWO_MINUTES = 120
# How long a person takes where a machine takes nothing: to make a tap (Card, Moran and Newell's P and K: 1.1 and
# 0.2 seconds), to make up one's mind once a page (their M), to skim a word, to say one so that it is understood.
TAP, DECIDE, SKIM, SAY = 1.3, 1.35, 0.17, 0.42  # seconds
SIGNING = 5
SEEN = """() => {
  const lines = (element) => element.innerText.split("\\n").filter((line) => line.trim());
  const main = document.querySelector("main");
  const said = main.querySelector(".spoken");
  return [lines(main), said ? lines(said) : []];
}"""


class Newcomer(Finger):
    """Reads every line that a page shows, once, before touching it, and says aloud what is to be read out."""

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self.began, self.thought = time.monotonic(), 0.0
        self.known: set[str] = set()

    def read(self) -> None:
        """Take in the page as it stands: what is folded away is not read."""
        lines, aloud = self.page.evaluate(SEEN)
        new = [line for line in lines if line not in self.known and line not in aloud]
        self.thought += DECIDE + SKIM * number_of_words(new) + SAY * number_of_words(aloud)
        self.known.update(lines)

    def tap(self, selector: Any) -> None:
        """A tap takes a movement."""
        super().tap(selector)
        self.thought += TAP

    def go(self, selector: Any) -> None:
        """To the next page, and read it."""
        super().go(selector)
        self.read()

    def sign(self) -> None:
        """Write one's name with a finger."""
        sign_on(self.page)
        self.thought += SIGNING

    @property
    def seconds(self) -> float:
        """What the machine took, and what the person did."""
        return time.monotonic() - self.began + self.thought


def number_of_words(lines: list[str]) -> int:
    return sum(len(line.split()) for line in lines)


@pytest.fixture
def client(demonstration: Demonstration, new_page: Any) -> Any:
    """The page of a client whom the worker cares for, on a phone 390 pixels wide."""
    page = new_page()
    demonstration.sign_in(page, "social worker")
    page.goto(demonstration.url("clinical", "/clients/"))
    Finger(page).go("main table a, main .card__link")
    assert page.viewport_size["width"] == 390
    return page


def until(page: Any, holds: str, *, within: float = 20) -> None:
    """Wait for something of the page; its content security policy refuses Playwright's own way."""
    deadline = time.monotonic() + within
    while not page.evaluate(holds):
        assert time.monotonic() < deadline, holds
        time.sleep(0.05)


def test_somebody_who_has_read_nothing_takes_a_consent_in_under_two_minutes(client: Any) -> None:
    hand = Newcomer(client)

    hand.go("main a:has-text('Take a consent')")
    hand.tap(f"label:has-text('{PARTNER}')")
    hand.go("button:has-text('Next')")
    for kind in ("Who I am", "What I need", "My care with this program"):
        hand.tap(f"label:has-text('{kind}')")
    hand.go("button:has-text('Next')")
    hand.tap("label:has-text('To treat me or help me')")
    hand.go("button:has-text('Next')")
    assert PARTNER in client.inner_text(".opens")
    hand.tap("label:has([name=capacity])")
    hand.tap("label:has([name=copy_offered])")
    hand.sign()
    Finger.go(hand, "button:has-text('Sign and open')")

    print(f"\na consent on a phone: {hand.seconds:.0f} s, {hand.taps} taps")
    assert "Valid" in client.inner_text("main")
    assert hand.taps <= 15
    assert hand.seconds < TWO_MINUTES, f"it took {hand.seconds:.0f} s, {hand.taps} taps"


def test_in_spanish_the_person_reads_their_language_signs_and_gets_the_copy_in_it(client: Any) -> None:
    finger = Finger(client)
    finger.go("main a:has-text('Take a consent')")
    finger.go("button:has-text('Español')")
    assert "¿Quién puede recibirlo?" in client.inner_text("main")
    finger.tap(f"label:has-text('{PARTNER}')")
    finger.go("button:has-text('Next')")
    finger.tap("label:has-text('Lo que necesito')")
    finger.go("button:has-text('Next')")
    finger.tap("label:has-text('Para atenderme')")
    finger.go("button:has-text('Next')")
    assert client.get_attribute(".spoken div", "lang") == "es"
    finger.tap("label:has([name=capacity])")
    finger.tap("label:has([name=copy_offered])")
    sign_on(client)
    assert "Firmado." in client.inner_text(".signature")
    finger.go("button:has-text('Sign and open')")

    copy = client.request.get(client.url + "copy/")
    assert "Puedo retirar este permiso" in client.locator("main").text_content()
    assert copy.headers["content-disposition"] == 'inline; filename="copy.pdf"'
    assert "no-store" in copy.headers["cache-control"]
    assert b"/Lang(es)" in copy.body()


def test_a_sheet_signed_on_paper_is_photographed_and_a_no_stands_beside_it(client: Any) -> None:
    finger = Finger(client)
    finger.go("main a:has-text('Take a consent')")
    finger.tap(f"label:has-text('{PARTNER}')")
    finger.go("button:has-text('Next')")
    finger.tap("label:has-text('What I need')")
    finger.go("button:has-text('Next')")
    finger.tap("label:has-text('To treat me or help me')")
    finger.go("button:has-text('Next')")
    finger.go("button:has-text('Sign and open')")
    assert "the signature" in client.inner_text(".usa-alert--error")
    finger.tap("label:has([name=capacity])")
    finger.tap("label:has([name=copy_offered])")
    finger.tap("summary:has-text('Sign on paper')")
    large = {"name": "sheet.jpg", "mimeType": "image/jpeg", "buffer": photo(3000, 4000)}
    client.set_input_files("input[type=file]", large)
    until(client, "document.querySelector('input[type=file]').files[0].name === 'paper.jpg'")
    finger.go("button:has-text('Sign and open')")

    picture = client.locator(".paper-shown img")
    picture.scroll_into_view_if_needed()
    until(client, "document.querySelector('.paper-shown img').naturalWidth > 0")
    assert picture.evaluate("one => Math.max(one.naturalWidth, one.naturalHeight)") == 2000

    finger.go("main a:has-text('Everything they were asked')")
    finger.go("main a:has-text('Take a consent')")
    finger.tap('summary:has-text("They don\'t sign")')
    finger.go("button:has-text('Understands and declines')")
    said = client.inner_text("main")
    assert "Understands and declines" in said
    assert "Valid" in said
