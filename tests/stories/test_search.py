"""Finding a client by keyboard, by finger and without scripts: what is typed stands in no address."""

from typing import Any

import pytest

from tests.stories.demonstration import Demonstration
from tests.stories.hand import DESK

pytestmark = pytest.mark.browser
LINE, OPTIONS = "#id_said", "#said-options [role=option]"


def names_of_clients(page: Any, demonstration: Demonstration) -> list[str]:
    """The names on the list of one's clients."""
    page.goto(demonstration.url("clinical", "/clients/"))
    return list(page.locator("main table tbody th a").all_inner_texts())


def name_of_a_client(page: Any, demonstration: Demonstration, *, unlike: frozenset[str] = frozenset()) -> str:
    """Somebody with two names on the list of one's clients, none of them one of these."""
    names = names_of_clients(page, demonstration)
    return next(
        name
        for name in names
        if len(name.split()) == 2 and "unknown" not in name and not unlike & set(name.split())
    )


def test_a_client_is_found_by_arrows_and_enter(demonstration: Demonstration, new_page: Any) -> None:
    page = new_page(DESK)
    demonstration.sign_in(page, "social worker")
    name = name_of_a_client(page, demonstration)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    line = page.locator(LINE)

    line.press_sequentially(name.lower(), delay=20)
    page.wait_for_selector(OPTIONS)
    assert line.get_attribute("aria-expanded") == "true"
    assert "client" in page.locator("[data-combobox-status]").inner_text()

    line.press("Escape")
    assert line.get_attribute("aria-expanded") == "false"
    assert page.locator("#said-options").is_hidden()
    assert line.input_value() == name.lower()

    line.press("ArrowDown")
    option = page.locator(OPTIONS).first
    assert line.get_attribute("aria-activedescendant") == option.get_attribute("id")
    assert option.get_attribute("aria-selected") == "true"
    with page.expect_navigation():
        line.press("Enter")

    assert page.locator("h1").inner_text() == name
    assert not [url for url in asked if any(word in url.lower() for word in name.lower().split())]


def test_a_finger_takes_what_is_offered(demonstration: Demonstration, new_page: Any) -> None:
    page = new_page()
    demonstration.sign_in(page, "social worker")
    name = name_of_a_client(page, demonstration)

    page.locator(LINE).press_sequentially(name, delay=20)
    page.wait_for_selector(OPTIONS)
    assert page.locator(OPTIONS).first.bounding_box()["height"] >= 48
    with page.expect_navigation():
        page.locator(OPTIONS).first.tap()

    assert page.locator("h1").inner_text() == name


def test_enter_without_a_choice_searches(demonstration: Demonstration, new_page: Any) -> None:
    page = new_page(DESK)
    demonstration.sign_in(page, "social worker")
    name = name_of_a_client(page, demonstration)

    page.fill(LINE, name)
    with page.expect_navigation():
        page.locator(LINE).press("Enter")

    assert page.url.endswith("/clients/search/")
    assert name in page.locator("main table").inner_text()


def test_without_scripts_it_is_a_form(demonstration: Demonstration, new_page: Any) -> None:
    page = new_page(DESK, java_script_enabled=False)
    demonstration.sign_in(page, "social worker")
    name = name_of_a_client(page, demonstration)

    page.fill(LINE, name)
    with page.expect_navigation():
        page.click("form[role=search] button")

    assert page.url.endswith("/clients/search/")
    assert name in page.locator("main table").inner_text()


def test_nobody_is_offered_whom_one_may_not_see(demonstration: Demonstration, new_page: Any) -> None:
    worker, peer = new_page(DESK), new_page(DESK)
    demonstration.sign_in(worker, "social worker")
    demonstration.sign_in(peer, "peer")
    known = frozenset(" ".join(names_of_clients(peer, demonstration)).split())
    name = name_of_a_client(worker, demonstration, unlike=known)
    peer.goto(demonstration.url("clinical", "/clients/search/"))

    peer.locator(LINE).press_sequentially(name, delay=20)
    peer.wait_for_selector("#said-options [data-none]")

    assert peer.locator("#said-options").inner_text().strip() == "Nothing you can see here"
    assert peer.locator(LINE).get_attribute("aria-expanded") == "false"


def test_the_matching_desk_answers_a_pair_and_takes_it_back(
    demonstration: Demonstration, new_page: Any
) -> None:
    page = new_page()
    demonstration.sign_in(page, "clinical supervisor")
    page.goto(demonstration.url("clinical", "/matching/"))
    pair = page.locator("main table tbody th a").first
    address = pair.get_attribute("href")

    page.goto(demonstration.url("clinical", address))
    page.locator("label:has-text('The person was asked')").tap()
    with page.expect_navigation():
        page.locator("button:has-text('Different people')").tap()
    assert page.locator(f"main a[href='{address}']").count() == 0

    page.goto(demonstration.url("clinical", address))
    assert "Different people" in page.locator("main").inner_text()
    with page.expect_navigation():
        page.locator("button:has-text('Take this back')").tap()
    assert page.locator("button:has-text('Same person')").is_visible()
