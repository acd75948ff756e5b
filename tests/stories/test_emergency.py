"""At two in the morning: opened, read under its clock, ended, and looked at by somebody else."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from tests.stories.demonstration import Demonstration
from tests.stories.hand import DESK, Finger

pytestmark = pytest.mark.browser
WORDS = "Cold, breathing slowly, no answer. Which medication, and whom to call?"
NOTE = "Read one record and two notes, told the medics, ended it after minutes."


@pytest.fixture
def supervisor(demonstration: Demonstration, new_page: Any) -> Any:
    page = new_page(DESK)
    demonstration.sign_in(page, "clinical supervisor")
    return page


@pytest.fixture
def worker(demonstration: Demonstration, new_page: Any) -> Any:
    page = new_page(color_scheme="dark")
    demonstration.sign_in(page, "social worker")
    return page


@pytest.fixture
def stranger(demonstration: Demonstration, supervisor: Any, worker: Any) -> SimpleNamespace:
    """Somebody whom the supervisor can see and the social worker can't."""
    supervisor.goto(demonstration.url("clinical", "/clients/"))
    for row in supervisor.locator("tbody tr").all():
        name, address = row.locator("a").inner_text(), row.locator("a").get_attribute("href")
        cells = row.locator("td").all_inner_texts()
        born = re.search(r"[A-Z][a-z]{2} \d{1,2}, \d{4}", cells[0])
        if "Co-Response" not in cells[1] or not born or len(name.split()) != 2:
            continue
        if worker.goto(demonstration.url("clinical", address)).status == 404:
            given, family = name.split()
            day = datetime.strptime(born[0], "%b %d, %Y").replace(tzinfo=UTC).date()
            return SimpleNamespace(
                name=name, given=given, family=family, born=day.isoformat(), address=address
            )
    raise AssertionError("there is nobody whom the social worker can't see")


def tap_the_three(finger: Finger) -> None:
    for name, value in (("nature", "overdose"), ("without_consent", "unconscious"), ("treats", "medics")):
        finger.tap(f"label:has(input[name={name}][value={value}])")


def test_opened_read_counted_down_ended_and_reviewed(
    demonstration: Demonstration, worker: Any, supervisor: Any, stranger: SimpleNamespace
) -> None:
    finger = Finger(worker)
    worker.goto(demonstration.url("clinical", "/clients/"))
    finger.go("nav >> text=Emergency")
    assert not worker.locator("#id_told_name").is_visible(), "asked for where medics are told, and only there"
    for name, typed in (
        ("given_name", "Nobody"),
        ("family_name", stranger.family),
        ("born_on", stranger.born),
    ):
        worker.fill(f"#id_{name}", typed)
    tap_the_three(finger)
    worker.fill("#id_told_name", "Medic 4")
    worker.fill("#id_told_facility", "City EMS")
    worker.fill("#id_words", WORDS)
    finger.go("button:has-text('Open for 60 minutes')")
    assert "Both get this answer, always." in worker.inner_text("#answer")
    assert worker.input_value("#id_words") == WORDS, "nobody types it twice at night"

    worker.fill("#id_given_name", stranger.given)
    finger.go("button:has-text('Open for 60 minutes')")

    record = worker.url
    assert stranger.name in worker.inner_text(".subject-banner")
    assert "May be told to the medics" in worker.inner_text("main")
    assert re.match(r"60:00 min|59:\d\d min", worker.inner_text(".countdown__left"))
    worker.goto(demonstration.url("clinical", "/tonight/"))
    assert "Emergency access open until" in worker.inner_text(".emergency-line")
    assert worker.goto(demonstration.url("clinical", stranger.address)).status == 404, "nothing else opened"

    worker.goto(record)
    finger.go(".thumb-bar button:has-text('End now')")

    assert worker.goto(record).status == 404
    the_review_is_kept(demonstration, supervisor, record)
    worker.goto(demonstration.url("clinical", "/emergency/mine/"))
    assert NOTE in worker.inner_text("main")
    assert stranger.given not in worker.inner_text("main")


def the_review_is_kept(demonstration: Demonstration, supervisor: Any, record: str) -> None:
    id_ = record.rstrip("/").rsplit("/", 1)[-1]
    supervisor.goto(demonstration.url("clinical", "/emergency/reviews/"))
    with supervisor.expect_navigation():
        supervisor.locator(f"a[href*='{id_}']").click()
    told = supervisor.inner_text("main")
    assert WORDS in told
    assert "who they are" in told
    assert "note" in told
    assert "Medic 4, City EMS" in told
    supervisor.locator("label:has(input[name=verdict][value=appropriate])").click()
    supervisor.fill("#id_note", NOTE)
    with supervisor.expect_navigation():
        supervisor.click("button:has-text('Keep the review')")
    assert supervisor.locator(f"a[href*='{id_}']").count() == 0


def test_when_the_hour_is_over_the_record_leaves_the_screen_by_itself(
    demonstration: Demonstration, worker: Any, stranger: SimpleNamespace
) -> None:
    finger = Finger(worker)
    worker.clock.install()
    worker.goto(demonstration.url("clinical", "/emergency/"))
    for name in ("given", "family"):
        worker.fill(f"#id_{name}_name", getattr(stranger, name))
    worker.fill("#id_born_on", stranger.born)
    tap_the_three(finger)
    worker.fill("#id_told_name", "Medic 4")
    worker.fill("#id_told_facility", "City EMS")
    worker.fill("#id_words", WORDS)
    finger.go("button:has-text('Open for 60 minutes')")
    spoken = worker.locator("[data-spoken]")
    assert spoken.get_attribute("aria-live") == "polite"
    worker.clock.run_for(65_000)
    assert spoken.text_content() == "59 minutes left"

    worker.clock.fast_forward(60 * 60 * 1000)

    worker.wait_for_url("**/emergency/")
    assert worker.locator(".subject-banner").count() == 0
    worker.locator("button:has-text('End now')").first.click()
