"""The privacy map in a browser: by keyboard, by finger and without a script; and for everybody's eyes."""

from typing import Any

import pytest

from tests.stories.demonstration import Demonstration
from tests.stories.hand import DESK, PHONE
from tests.stories.inspection import Inspector

pytestmark = pytest.mark.browser
OPEN_BY_FORM, CLOSED = "button.spot--form", "button.spot--no"


@pytest.fixture(scope="module")
def mapped(demonstration: Demonstration, browser: Any) -> str:
    """The map of a client of the case manager's whose forms open something."""
    context = browser.new_context()
    page = context.new_page()
    demonstration.sign_in(page, "case manager")
    page.goto(demonstration.url("clinical", "/clients/"))
    records = page.eval_on_selector_all("main td a, main th a", "all => all.map(a => a.href)")
    for record in records:
        page.goto(f"{record}map/")
        if page.locator(OPEN_BY_FORM).count():
            break
    else:
        raise AssertionError("no form of any client opens anything")
    context.close()
    return f"{record}map/"


def where(page: Any) -> list[int]:
    """Line and column of the square that has the focus."""
    found: list[int] = page.evaluate("""() => {
      const lines = [...document.querySelectorAll(".map__line")];
      const line = document.activeElement.closest(".map__line");
      return [lines.indexOf(line), line ? [...line.querySelectorAll(".spot")].indexOf(document.activeElement) : -1];
    }""")
    return found


def test_arrows_move_over_the_squares_enter_opens_one_and_escape_comes_back_to_it(
    demonstration: Demonstration, mapped: str, new_page: Any
) -> None:
    page = new_page(DESK)
    demonstration.sign_in(page, "case manager")
    page.goto(mapped)
    columns = page.locator(".map__column").count()
    lines = page.locator(".map__line").count()

    assert page.locator(".map .spot[tabindex='0']").count() == 1
    page.locator(".map .spot").first.focus()
    went = []
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowUp", "End", "Control+End", "Home"):
        page.keyboard.press(key)
        went.append(where(page))
    assert went == [
        [0, 1], [1, 1], [1, 0], [0, 0], [0, 0], [0, columns - 1], [lines - 1, columns - 1], [lines - 1, 0],
    ]  # fmt: skip

    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] #cell-title:focus")
    told = page.locator("#cell-dialog").inner_text()
    page.keyboard.press("Escape")
    assert name.split(",")[0] in told
    assert "What keeps it closed" in told
    assert page.locator("dialog[open]").count() == 0
    assert where(page) == [lines - 1, 0]


def test_trying_changes_the_map_in_place_and_going_back_leaves_it_as_it_was(
    demonstration: Demonstration, mapped: str, new_page: Any
) -> None:
    page = new_page(DESK)
    demonstration.sign_in(page, "case manager")
    page.goto(mapped)
    before = page.eval_on_selector_all(".map .spot", "all => all.map(one => one.className)")

    page.locator(OPEN_BY_FORM).first.click()
    page.locator("dialog button:has-text('Try taking it back')").first.click()
    page.wait_for_selector("#trial:focus")
    closing = page.locator(".map .spot--closes")
    assert closing.count() > 0
    assert "closes" in closing.first.inner_text()
    assert closing.first.get_attribute("aria-label").endswith("closes by what you try")
    assert page.locator("dialog[open]").count() == 0

    page.locator("button:has-text('Back to what stands')").click()
    page.wait_for_selector("#trial", state="detached")
    after = page.eval_on_selector_all(".map .spot", "all => all.map(one => one.className)")
    assert after == before


def test_without_a_script_a_square_is_a_button_and_trying_loads_the_page_again(
    demonstration: Demonstration, mapped: str, new_page: Any
) -> None:
    page = new_page(PHONE, java_script_enabled=False)
    demonstration.sign_in(page, "case manager")
    page.goto(mapped)

    with page.expect_navigation():
        page.locator(OPEN_BY_FORM).first.click()
    assert page.locator("#cell #cell-title").inner_text().startswith("May see")
    with page.expect_navigation():
        page.locator("#cell button:has-text('Try taking it back')").first.click()
    assert page.locator(".map .spot--closes").count() > 0
    with page.expect_navigation():
        page.locator("#try button:has-text('Try this form')").click()
    assert "Choose who would receive it." in page.locator("#try").inner_text()


def test_the_map_is_for_everybody(demonstration: Demonstration, mapped: str, new_page: Any) -> None:
    page = new_page(DESK)
    demonstration.sign_in(page, "case manager")
    inspector = Inspector(page, "case-manager")
    page.goto(mapped)

    # as it stands it is looked at with every other page of the role
    page.locator("button:has-text('Try without it')").first.click()
    page.wait_for_selector("#trial")
    inspector.look("map-tried")
    page.set_viewport_size(DESK)
    page.locator(CLOSED).first.click()
    page.wait_for_selector("dialog[open]")
    inspector.look("map-closed", is_modal=True)

    assert not inspector.faults, "\n" + "\n".join(dict.fromkeys(inspector.faults))
