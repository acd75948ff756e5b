"""Co-Response, PINS and LEAD, each from intake to closing, by the hands of those who work there."""

import re
from typing import Any

import pytest

from tests.stories import clinical, police
from tests.stories.demonstration import Demonstration
from tests.stories.hand import DESK, Finger

pytestmark = pytest.mark.browser
SAID = {
    "co-response": "Has not slept since the street was dug up.",
    "pins": "A rail on the stairs and somebody to ring on Sundays.",
    "lead": "My own key, and the dog stays with me.",
}


def write(page: Any, kind: str, *, choose: tuple[str, ...] = (), **texts: str) -> None:
    """Write a record of that kind: options by their words, texts and what stands in a list by the question's id."""
    finger = Finger(page)
    finger.go(f"#write button:has-text('{kind}')")
    for words in choose:
        finger.tap(f"main label.option:has-text('{words}')")
    for name, text in texts.items():
        if page.locator(f"main select[name={name}]").count():
            page.select_option(f"main select[name={name}]", label=text)
        else:
            page.fill(f"main [name={name}]", text)
    finger.go("main button:has-text('Keep')")
    assert page.locator("#records h3").filter(has_text=kind).count()


def move(page: Any, stage: str) -> None:
    """Move to the stage, and see it stand there."""
    finger = Finger(page)
    finger.tap("summary:has-text('Move to another stage')")
    finger.tap(f"main label.option:has-text('{stage}')")
    finger.go("main button:has-text('Move')")


def stands(page: Any) -> str:
    """The stage as the page says it."""
    return str(page.locator("#stage-title").inner_text())


def close(page: Any, reason: str, summary: str) -> None:
    """Close the episode."""
    finger = Finger(page)
    finger.go("main a:has-text('Close the episode')")
    finger.tap(f"main label.option:has-text('{reason}')")
    page.fill("[name=summary]", summary)
    finger.go("main button:has-text('Close the episode')")
    assert stands(page) == f"Closed: {reason}"


def test_co_response_from_the_street_to_closing(demonstration: Demonstration, new_page: Any) -> None:
    page = new_page()
    demonstration.sign_in(page, "social worker")
    finger = Finger(page)
    page.goto(demonstration.url("clinical", "/encounters/new/"))
    page.fill("[name=described_as]", "Woman with a blue umbrella, perhaps Wilhelmina")
    finger.go("main button:has-text('Open encounter')")
    page.wait_for_url("**/encounters/*/**")
    finger.go("main button.ending:has-text('Stayed home')")

    page.goto(demonstration.url("clinical", "/clients/"))
    finger.go("main table a:has-text('blue umbrella')")
    finger.go(".client-nav a:has-text('Episodes')")
    finger.go("main button.choice-button:has-text('Co-Response')")
    finger.tap("main label.option:has-text('911 call, on scene together')")
    page.locator("#id_crisis_group label.option:has-text('Yes')").tap()
    page.locator("#id_wants_follow_up_group label.option:has-text('Yes')").tap()
    page.locator("#id_has_team_group label.option:has-text('No')").first.tap()
    page.fill("[name=reason]", SAID["co-response"])
    finger.go("main button:has-text('Take in')")
    assert stands(page) == "Follow-up"
    assert SAID["co-response"] in page.locator("#records").inner_text()

    write(page, "Follow-up contact", choose=("By phone",), doing="Slept", next="Thursday at ten")
    move(page, "Linking")
    assert stands(page) == "Linking"
    write(page, "Linked to care", where="Evening clinic")
    close(page, "In care elsewhere", "The clinic sees her on Fridays.")

    page.goto(demonstration.url("clinical", "/episodes/?state=closed"))
    assert "blue umbrella" in page.locator("main table").inner_text()


def test_pins_from_an_officers_referral_to_closing_with_the_calls_before_and_after(
    demonstration: Demonstration, new_page: Any
) -> None:
    officer, page = new_page(), new_page()
    demonstration.sign_in(officer, "officer")
    demonstration.sign_in_colleague(page, "pins-case-manager")
    call = police.find_a_call(officer, demonstration, "Fall", number=1)
    police.refer_in_words(
        officer,
        call,
        reason="frequent_911",
        person="Balthasar Quillfeather",
        contact="412-555-0199",
        safety="",
    )
    clinical.see_the_card_arrive(page, demonstration, call)
    finger = Finger(page)
    finger.go(clinical.card(page, call).locator("a"))
    finger.go("main button:has-text('Take in')")
    if page.locator("button:has-text('None of them')").count():  # the demo's people are many
        finger.go("button:has-text('None of them')")
    assert stands(page) == "Referred"
    assert "Frequent 911" in page.locator("#records").inner_text().replace("frequent 911", "Frequent 911")

    move(page, "Outreach")
    write(page, "Home visit", choose=("Yes, talked", "EMS liaison"), wants=SAID["pins"])
    move(page, "Plan")
    write(page, "Line of the plan", need="Falls and equipment", what="A rail", who="Housing repair")
    write(page, "Health and mind", seen="Low since the spring.")
    panel = page.locator("#records .compartment-panel").filter(has_text="Health and mind").first
    assert "Mental health" in panel.inner_text()
    move(page, "Following along")

    address = page.url

    def counted() -> bool:
        page.goto(address)
        return bool(page.locator("h2:has-text('Calls before and after')").count())

    demonstration.until(counted, "no numbers of calls arrived", within=100)
    row = page.locator("table:has-text('911 calls from the place') tbody tr").first.inner_text()
    assert re.match(r"90\s+\d+\s+not over yet", row), row

    write(page, "Review", choose=("30 days",), progress="The rail is up.")
    close(page, "Plan done", "Rings his niece on Sundays.")
    officer.goto(demonstration.url("police", police.newest_referral(officer, demonstration)))
    assert "Received" in officer.locator("main").inner_text()
    assert "Plan done" not in officer.content()


def test_lead_from_a_diversion_to_closing(demonstration: Demonstration, new_page: Any) -> None:
    officer, page = new_page(), new_page(DESK)
    demonstration.sign_in(officer, "officer")
    demonstration.sign_in(page, "case manager")
    call = police.find_a_call(officer, demonstration, "Traffic")
    police.refer_in_words(
        officer, call, reason="arrest_diversion", person="Cornelius Wrenfield", contact="", safety=""
    )
    clinical.see_the_card_arrive(page, demonstration, call)
    finger = Finger(page)
    finger.go(clinical.card(page, call).locator("a"))
    finger.go("main button:has-text('Take in')")
    if page.locator("button:has-text('None of them')").count():
        finger.go("button:has-text('None of them')")
    assert stands(page) == "Screening"
    assert "Arrest diversion" in page.locator(".page-head__lead").inner_text()

    move(page, "Intake")
    assert stands(page) == "Screening"
    assert "Write this first: Screening." in page.locator("main").inner_text()
    write(page, "Screening", choose=("A place tonight", "Yes"))
    move(page, "Intake")
    write(page, "Full intake", story=SAID["lead"])
    move(page, "Intensive case management")
    write(page, "Goal", choose=("Moving",), words=SAID["lead"], step="The housing list, together")
    write(page, "Court and warrant liaison", choose=("Warrant", "Nothing about the participant was told"))
    write(page, "Harm reduction", naloxone="2", fentanyl_strips="10")
    assert SAID["lead"] in page.locator("#records").inner_text()
    close(page, "Goals reached", "Has the key. The dog approves.")

    finger.tap("summary:has-text('Take the closing back')")
    page.fill("[name=why]", "Asked to come back")
    finger.go("main button:has-text('Reopen')")
    assert stands(page) == "Intensive case management"


def test_who_a_person_says_they_are_is_asked_and_kept_in_their_words(
    demonstration: Demonstration, new_page: Any
) -> None:
    page = new_page()
    demonstration.sign_in(page, "social worker")
    page.goto(demonstration.url("clinical", "/clients/"))
    finger = Finger(page)
    finger.go("main table tbody th a")
    finger.go(".client-nav a:has-text('In their own words')")
    page.locator("#id_gender_state_group label.option:has-text('The person said')").tap()
    page.fill("[name=gender_words]", "a woman, she and her")
    finger.go("main button:has-text('Save')")

    assert page.input_value("[name=gender_words]") == "a woman, she and her"
