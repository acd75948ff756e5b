"""What an officer does on the police site, step by step."""

import csv
import gzip
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.stories.demonstration import Calls, Demonstration
from tests.stories.hand import Finger


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call for service as the officer's list shows it, and its page."""

    call_type: str
    place: str
    address: str


def find_a_call(page: Any, demonstration: Demonstration, kind: str, *, number: int = 0) -> Call:
    """Narrow the list of the own units' calls down to a kind, and take one that nobody has handed over yet."""
    page.goto(demonstration.url("police", "/incidents/"))
    page.select_option("#id_kind", label=kind)
    Finger(page).go(".filters button:has-text('Show')")
    row = page.locator(".calls__item").filter(has_not=page.locator(".tag, .usa-tag")).nth(number)
    link = row.locator("a")
    return Call(
        call_type=link.inner_text(),
        place=row.locator(".calls__where").inner_text().partition(" · ")[0],
        address=link.get_attribute("href"),
    )


@cache
def real_calls_of(calls: Calls) -> frozenset[tuple[str, str]]:
    """Type and place of every call of the file, read without the product."""
    with gzip.open(Path(calls[0]), "rt", encoding="utf-8", newline="") as file:
        return frozenset(
            (row["title"].partition(":")[2].strip().removesuffix("-").strip(), f"{row['addr']}, {row['twp']}")
            for row in csv.DictReader(file)
        )


def refer(page: Any, call: Call, *, reason: str) -> int:
    """Make a referral about a call of the list; the number of taps it took."""
    finger = Finger(page)
    finger.go(f"a[href='{call.address}']")
    finger.go("text=Make a referral")
    finger.tap(f"label:has(input[name=reasons][value={reason}])")
    finger.tap("label:has(input[name=agreed][value=yes])")
    finger.go("main form button:has-text('Send')")
    return finger.taps


def refer_in_words(page: Any, call: Call, *, reason: str, person: str, contact: str, safety: str) -> None:
    """A referral with everything that the officer may write into it."""
    finger = Finger(page)
    finger.go(f"a[href='{call.address}']")
    finger.go("text=Make a referral")
    finger.tap(f"label:has(input[name=reasons][value={reason}])")
    finger.tap("label:has(input[name=agreed][value=yes])")
    page.fill("[name=person_as_known]", person)
    page.fill("[name=contact]", contact)
    page.fill("[name=safety_note]", safety)
    finger.go("main form button:has-text('Send')")


def hand_over(page: Any, call: Call) -> None:
    """Hand a call to the co-response unit."""
    finger = Finger(page)
    finger.go(f"a[href='{call.address}']")
    finger.go("main a:has-text('Hand to the co-response unit')")
    finger.go("main button:has-text('Send it now')")


def newest_referral(page: Any, demonstration: Demonstration) -> str:
    """The address of the referral that was made last."""
    page.goto(demonstration.url("police", "/referrals/"))
    found: str = page.locator(".sent__item a").first.get_attribute("href")
    return found


def word_of(page: Any, demonstration: Demonstration, address: str) -> str:
    """The word that a referral's page says."""
    page.goto(demonstration.url("police", address))
    said: str = page.inner_text(".word").strip()
    return said


def all_that_is_told(page: Any, demonstration: Demonstration, address: str) -> str:
    """Everything that a page of the police site says."""
    page.goto(demonstration.url("police", address))
    said: str = page.inner_text("main")
    return said
