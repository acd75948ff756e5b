"""A phone without a signal, in a real browser: what is typed is kept, sealed, sent once, and nobody else's."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.stories.demonstration import Demonstration
from tests.stories.hand import DESK, PHONE, Finger
from tests.stories.line import Line

pytestmark = pytest.mark.browser

MAN = "Man in a violet anorak under the bridge"
FIRST = "He counts the trains aloud and will not sit."
SECOND = "Took the blanket after the ninth train."
READY = "self.BulkheadStore && navigator.serviceWorker.controller && BulkheadStore.fact('key').then(Boolean)"
NOTHING_KEPT = "BulkheadStore.parcels().then(all => all.length === 0)"
COUNTED = """async () => {
  const database = await new Promise(done => { const asked = indexedDB.open('bulkhead-phone'); asked.onsuccess = () => done(asked.result); });
  const number = await new Promise(done => { const asked = database.transaction('parcels').objectStore('parcels').count(); asked.onsuccess = () => done(asked.result); });
  database.close();
  return number;
}"""
EVERYTHING = """async () => {
  const kept = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise(done => { const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result); });
    for (const store of database.objectStoreNames) {
      kept.push(await new Promise(done => { const asked = database.transaction(store).objectStore(store).getAll(); asked.onsuccess = () => done(asked.result); }));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) kept.push([request.url, await (await cache.match(request)).text()]);
  }
  return JSON.stringify(kept) + JSON.stringify(localStorage) + JSON.stringify(sessionStorage);
}"""


@pytest.fixture
def line(demonstration: Demonstration) -> Iterator[Line]:
    made = Line(demonstration.url("clinical"))
    yield made
    made.cut()


def sign_in(page: Any, line: Line, demonstration: Demonstration, role: str) -> None:
    account = demonstration.account(role)
    page.goto(line.url("/account/login/"))
    page.fill("input[name=login]", account["username"])
    page.fill("input[name=password]", account["password"])
    page.click("main form button[type=submit]:not([form])")
    page.wait_for_url(line.url("/tonight/"))


def meet(page: Any, line: Line) -> str:
    """Meet somebody without a card; the encounter's address, once the phone can keep things."""
    page.goto(line.url("/encounters/new/"))
    page.fill("[name=described_as]", MAN)
    page.fill("[name=location]", "Under the bridge")
    Finger(page).go("main button:has-text('Open encounter')")
    if page.locator("label:has-text('a new person')").count():
        Finger(page).tap("label:has-text('a new person')")
        Finger(page).go("main button:has-text('Open encounter')")
    page.wait_for_url("**/encounters/*-*/")
    becomes(page, READY)
    return str(page.url)


def keep_note(page: Any, words: str) -> None:
    page.fill(".note-form [name=body]", words)
    Finger(page).go(".note-form button:has-text('Keep the note')")


def becomes(page: Any, expression: str) -> None:
    """Ask until it is so; the page's own policy lets no script poll by evaluating text."""
    deadline = time.monotonic() + 20
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never: {expression}"
        time.sleep(0.1)


def waiting(page: Any) -> int:
    """How many forms the phone says that it keeps."""
    found: int = page.evaluate("BulkheadStore.parcels().then(all => all.length)")
    return found


def test_what_is_typed_without_a_signal_is_kept_sealed_and_sent_once(
    demonstration: Demonstration, line: Line, new_page: Any
) -> None:
    worker = new_page(PHONE)
    sign_in(worker, line, demonstration, "social worker")
    encounter = meet(worker, line)

    line.cut()
    keep_note(worker, FIRST)
    assert "No signal" in worker.inner_text("h1")
    assert "Kept on this phone, 1 waiting" in worker.inner_text("#kept")
    worker.fill("[data-form=note] textarea", SECOND)
    worker.tap("[data-form=note] button")
    becomes(worker, "document.getElementById('kept').textContent.includes('2 waiting')")
    worker.reload()
    becomes(worker, "document.getElementById('kept').textContent.includes('2 waiting')")
    shown, kept = worker.content(), worker.evaluate(EVERYTHING)
    for words in (FIRST, SECOND, MAN, "violet anorak", "ninth train"):
        assert words not in shown, "without a signal the phone shows nothing that was typed"
        assert words not in kept, "nothing that was typed lies on the phone in clear"

    line.mend()
    worker.wait_for_selector("h1:text-is('Encounter')")
    becomes(worker, NOTHING_KEPT)
    worker.goto(encounter)
    worker.reload()
    said = worker.inner_text("#notes")
    assert (said.count(FIRST), said.count(SECOND)) == (1, 1)


def test_a_draft_is_kept_through_a_lost_line_and_a_lock_and_stands_there_on_another_phone(
    demonstration: Demonstration, line: Line, new_page: Any
) -> None:
    worker, other_phone = new_page(PHONE), new_page(PHONE)
    sign_in(worker, line, demonstration, "case manager")
    encounter = meet(worker, line)

    worker.fill(".note-form [name=body]", FIRST)
    worker.wait_for_selector("[data-draft-state]:has-text('Draft saved')")
    line.cut()
    worker.fill(".note-form [name=body]", f"{FIRST} {SECOND}")
    worker.wait_for_selector("[data-draft-state]:has-text('Draft kept on this phone')")
    assert "Kept on this phone, 1 waiting" in worker.inner_text("#phone-bar")
    worker.context.clear_cookies()  # the lock
    line.mend()
    worker.goto(encounter)
    assert "/account/login/" in worker.url
    assert worker.evaluate("document.body.innerText").count(SECOND) == 0
    sign_in(worker, line, demonstration, "case manager")
    becomes(worker, NOTHING_KEPT)

    demonstration.sign_in(other_phone, "case manager")
    other_phone.goto(encounter.replace(line.url(""), demonstration.url("clinical", "")))
    assert other_phone.input_value(".note-form [name=body]") == f"{FIRST} {SECOND}"
    assert "did not send" in other_phone.inner_text("#notes")


def test_the_next_person_on_the_phone_finds_nothing_and_an_order_empties_it(
    demonstration: Demonstration, line: Line, new_page: Any
) -> None:
    phone, desk = new_page(PHONE), new_page(DESK)
    sign_in(phone, line, demonstration, "social worker")
    met = meet(phone, line)
    line.cut()
    keep_note(phone, FIRST)
    line.mend()
    phone.context.clear_cookies()
    sign_in(phone, line, demonstration, "peer")
    becomes(phone, NOTHING_KEPT)
    tonight = json.loads(phone.evaluate("BulkheadStore.fact('tonight').then(JSON.stringify)"))
    assert not [each for each in tonight if each["id"] in met], "what the one before had open"

    phone.context.clear_cookies()
    sign_in(phone, line, demonstration, "social worker")
    meet(phone, line)
    line.cut()
    keep_note(phone, SECOND)
    assert waiting(phone) == 1
    demonstration.sign_in(desk, "social worker")
    desk.goto(demonstration.url("clinical", "/phones/"))
    Finger(desk).go("main button:has-text('Let it forget')")
    phone.context.clear_cookies()  # whoever found it has no account
    line.mend()
    phone.goto(line.url("/account/login/"))
    becomes(phone, "(" + COUNTED + ")().then(number => number === 0)")
    sign_in(phone, line, demonstration, "social worker")
    assert SECOND not in phone.inner_text("main")


# Chromium's own preset "Slow 4G": milliseconds, bytes a second
SLOW_4G = {
    "offline": False, "latency": 562.5, "downloadThroughput": 1_440_000 / 8, "uploadThroughput": 675_000 / 8,
}  # fmt: skip
HEAVIEST = (
    150_000  # bytes over the line for a page with everything that it loads, on a phone that was never here
)
LONGEST = 3.0  # seconds until the page answers a touch
LOADED = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd / 1000"


def test_each_field_screen_is_light_and_soon_there_on_a_slow_phone(
    demonstration: Demonstration, new_page: Any, line: Line
) -> None:
    before = new_page(PHONE)
    sign_in(before, line, demonstration, "social worker")
    encounter = meet(before, line)
    session = before.context.storage_state()

    screens = ("", "scene/", "introduction/", "leave/")
    for address in (line.url("/tonight/"), *[encounter + each for each in screens]):
        page = new_page(
            PHONE, storage_state=session
        )  # no cache, and no script of ours between it and the line
        weights: list[int] = []
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.setBypassServiceWorker", {"bypass": True})
        wire.send("Network.emulateNetworkConditions", SLOW_4G)
        wire.on(
            "Network.loadingFinished", lambda event, to=weights: to.append(int(event["encodedDataLength"]))
        )
        page.goto(address, wait_until="load")

        assert sum(weights) <= HEAVIEST, f"{address} weighs {sum(weights)} bytes"
        assert page.evaluate(LOADED) <= LONGEST, f"{address} took {page.evaluate(LOADED)} s"
