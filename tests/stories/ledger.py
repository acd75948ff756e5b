"""What a compliance officer reads in the ledger."""

from typing import Any

from tests.stories.demonstration import Demonstration


def pseudonym_in_newest(page: Any, demonstration: Demonstration, question: str) -> str:
    """The client's pseudonym in the newest entry that answers ``question``."""
    page.goto(demonstration.url("clinical", f"/ledger/?{question}"))
    page.locator("main tbody th a").first.click()
    page.wait_for_url("**/ledger/*-*/")
    found: str = page.locator("main a[href*='client=']").first.inner_text().strip()
    return found


def everything_about(page: Any, demonstration: Demonstration, pseudonym: str) -> list[str]:
    """The rows of all entries about a client, newest first, as the list shows them."""
    page.goto(demonstration.url("clinical", f"/ledger/?client={pseudonym}"))
    rows: list[str] = []
    while True:
        rows += page.locator("main tbody tr").all_inner_texts()
        older = page.locator("main a[href*='older=']")
        if not older.count():
            return rows
        with page.expect_navigation():
            older.first.click()


def entry_about(page: Any, demonstration: Demonstration, pseudonym: str, question: str) -> str:
    """The whole text and markup of the client's newest entry that answers ``question``."""
    page.goto(demonstration.url("clinical", f"/ledger/?client={pseudonym}&{question}"))
    page.locator("main tbody th a").first.click()
    page.wait_for_url("**/ledger/*-*/")
    found: str = page.content()
    return found
