"""POST, TSAP and ROOTS, each from intake to closing, by the hands of those who work there."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.stories.demonstration import Demonstration
from tests.stories.hand import DESK, Finger

pytestmark = pytest.mark.browser
TWO_DAYS_AGO = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
FOUND = "Young man in a torn parka, answers to Florimond"
WISH = "Somebody who has been there, and no uniforms."
SLIP = f"Philippa {uuid4().hex[:6]}"
NICKNAME = f"Quicksilver {uuid4().hex[:6]}"  # of his own on a demo that runs on


def answer(page: Any, **answers: str | tuple[str, ...]) -> None:
    """Answer questions by their ids: texts are typed, codes are touched or chosen from a list."""
    for name, said in answers.items():
        for each in (said,) if isinstance(said, str) else said:
            if page.locator(f"main select[name={name}]").count():
                page.select_option(f"main select[name={name}]", value=each)
            elif page.locator(
                f"main input[name={name}][value='{each}']:is([type=radio], [type=checkbox])"
            ).count():
                Finger(page).tap(f"main label:has(input[name={name}][value='{each}'])")
            else:
                page.fill(f"main [name={name}]", each)


def episodes_of_the_client(page: Any) -> None:
    """From any page with the client's banner to their episodes."""
    finger = Finger(page)
    finger.go(".subject-banner__link")
    finger.go(".client-nav a:has-text('Episodes')")


def take_in(page: Any, program: str, **answers: str | tuple[str, ...]) -> None:
    """The program's intake, from the client's episodes."""
    finger = Finger(page)
    finger.go(f"main button[name=program][value={program}]")
    answer(page, **answers)
    finger.go("main button:has-text('Take in')")


def write(page: Any, kind: str, /, **answers: str | tuple[str, ...]) -> None:
    """Write a record of that kind and keep it."""
    finger = Finger(page)
    finger.go(f"main button[name=kind][value={kind}]")
    answer(page, **answers)
    finger.go("main button:has-text('Keep')")


def move(page: Any, stage: str) -> None:
    """Choose the next stage."""
    finger = Finger(page)
    finger.tap("summary:has-text('Move to another stage')")
    finger.tap(f"main label:has(input[name=to][value={stage}])")
    finger.go("main button:has-text('Move')")


def close(page: Any, reason: str, /, **answers: str) -> None:
    """Close the episode."""
    finger = Finger(page)
    finger.go("main a:has-text('Close the episode')")
    answer(page, reason=reason, **answers)
    finger.go("main button:has-text('Close the episode')")


def stands(page: Any) -> str:
    """The stage as the page says it."""
    return str(page.locator("#stage-title").inner_text())


def written(page: Any) -> str:
    """Everything that the episode's page shows as written down."""
    return str(page.locator("#records").inner_text())


def test_post_from_a_medics_word_to_treatment(demonstration: Demonstration, new_page: Any) -> None:
    medic, page = new_page(), new_page()
    demonstration.sign_in(medic, "referrer")
    medic.goto(demonstration.url("clinical", "/refer-in/"))
    answer(medic, person=FOUND, location="Under the viaduct", reasons="overdose", agreed="yes")
    Finger(medic).go("main button:has-text('Send')")
    assert "POST" not in medic.inner_text("main"), "where it went is not the medic's to know"

    demonstration.sign_in(page, "peer")
    finger = Finger(page)
    page.goto(demonstration.url("clinical", "/tonight/"))
    finger.go(page.locator(".card--new").filter(has_text="Florimond").locator("a"))
    finger.go("main button:has-text('Open encounter')")
    if page.locator("main button:has-text('None of them')").count():  # told before on a demo that runs on
        finger.go("main button:has-text('None of them')")
    page.wait_for_url("**/encounters/*/**")
    encounter = page.url.partition("#")[0]
    finger.go("main button.ending[value=program]")
    page.goto(encounter)
    episodes_of_the_client(page)
    take_in(
        page, "POST", source="ems", overdose="yes", adult="yes", wants_none="no", transport="refused", wants=WISH,
        naloxone_at_home="no",
    )  # fmt: skip
    assert stands(page) == "Outreach"
    assert WISH in written(page)
    episode = page.url

    finger.go(".client-nav a:has-text('Safe contact')")
    answer(page, ways="street", never=("call", "text"), best_time="After the soup kitchen")
    finger.go("main button:has-text('Keep the card')")
    page.goto(episode)
    move(page, "peer")
    assert "Write this first: Outreach attempt." in page.inner_text("main")
    assert stands(page) == "Outreach"
    write(page, "attempt", way="text", result="invited")
    assert "The safe-contact card rules this way out." in page.inner_text("main")
    answer(page, way="street", naloxone="2")
    finger.go("main button:has-text('Keep')")
    assert "Reached, asked us to come again" in written(page)

    move(page, "peer")
    assert stands(page) == "Peer support"
    write(page, "peer_support", how="in_person", minutes="45", talked_about="His brother, and the nights.")
    write(page, "supplies", naloxone="2", strips="10", taught="yes")
    move(page, "linking")
    assert stands(page) == "Linking to treatment"
    write(page, "link", kind="medication", went_along="yes", kept="yes")
    close(page, "in_treatment", summary="Goes every morning by himself.")
    assert stands(page) == "Closed: In treatment"


def test_tsap_from_a_community_event_to_closing_behind_the_wall(
    demonstration: Demonstration, new_page: Any
) -> None:
    page, outside = new_page(), new_page()
    demonstration.sign_in_colleague(page, "tsap-social-worker")
    finger = Finger(page)
    page.goto(demonstration.url("clinical", "/outreach/"))
    finger.go("main a:has-text('Community events')")
    finger.go("main a:has-text('New event')")
    answer(
        page,
        kind="shooting",
        place="Corner of the mill",
        summary="Lights on the stairs, and a place to talk.",
    )
    finger.go("main button:has-text('Keep')")
    answer(page, kind="canvass", minutes="90", staff="3", people="40", of_leaflet="25", of_slip="12")
    finger.go("main button:has-text('Count')")
    assert "about 40 people" in page.inner_text("main")

    finger.go("main a:has-text('New slip')")
    answer(
        page, name=SLIP, reach="412-555-0188", ways=("voice", "mail"), say_as="The library", agreed="signed",
    )  # fmt: skip
    finger.go("main button:has-text('Keep')")
    finger.go(f"main a:has-text('{SLIP}')")
    assert "mill" not in page.inner_text("main"), "a slip says nothing of where they met"
    finger.go("main button:has-text('Take up')")
    take_in(
        page, "TSAP", source="slip", harmed="yes", wants="yes", who="family", safe_now="yes", report="no",
        wishes="A night without the window rattling.",
    )  # fmt: skip
    assert stands(page) == "First offer"
    episode = page.url

    write(page, "contact", way="call", doing="Tired.")
    assert "The safe-contact card rules this way out." in page.inner_text("main")
    answer(page, way="voice")
    finger.go("main button:has-text('Keep')")
    move(page, "accompany")
    assert stands(page) == "Going along"
    write(page, "safety", what=("home", "phone"), agreed="The chain, and a word with the neighbor.")
    write(page, "advocacy", where="court", came_of_it="The hearing was moved")
    assert "The hearing was moved" in written(page)

    demonstration.sign_in(outside, "social worker")
    hidden = outside.goto(episode)
    shown = outside.inner_text("body")
    absent = outside.goto(demonstration.url("clinical", f"/episodes/{uuid4()}/"))
    assert hidden.status == absent.status == 404
    assert shown == outside.inner_text("body"), "behind the wall a client looks like nobody"

    close(page, "enough", door="Voice message, as the library", summary="Sleeps again.")
    assert stands(page) == "Closed: Has what they wanted"
    finger.go(".client-nav a:has-text('Overview')")
    assert "The library" in page.inner_text("main")


def test_roots_from_two_taps_at_the_desk_to_a_key(demonstration: Demonstration, new_page: Any) -> None:
    page = new_page(DESK)
    demonstration.sign_in_colleague(page, "outreach-worker")
    page.goto(demonstration.url("clinical", "/outreach/"))
    finger = Finger(page)
    finger.go("main a:has-text('Drop-in desk')")
    finger.go("main button[name=service][value=shower]")
    assert "Shower, nobody named" in page.inner_text("main")
    finger.go("main button:has-text('Undo')")
    finger.go("main a:has-text('New nickname')")
    answer(page, nickname=NICKNAME)
    finger.go("main button:has-text('Keep')")
    taps = finger.taps
    finger.tap(f"main label:has-text('{NICKNAME}')")
    finger.go("main button[name=service][value=meal]")
    assert finger.taps - taps == 2

    finger.go(f"main .desk__taps a:has-text('{NICKNAME}')")
    finger.go("main button:has-text('Open a record')")
    page.wait_for_url("**/encounters/*/**")
    encounter = page.url.partition("#")[0]
    finger.go("main button.ending[value=program]")
    page.goto(encounter)
    episodes_of_the_client(page)
    take_in(
        page, "ROOTS", source="desk", unhoused="yes", wants="yes", called=NICKNAME, situation="116",
        found="Second bench, mornings",
    )  # fmt: skip
    assert stands(page) == "Met"

    write(page, "street", where="Second bench", said="The dog needs shots first.", gave=("food", "clothes"))
    write(page, "hmis", name_quality="2", ssn_quality="99", veteran="9", prior="116", coc="PA-600")
    assert "PA-600" in written(page)
    move(page, "navigating")
    assert "Write this first: Coordinated entry: assessment" in page.inner_text("main")
    write(page, "assessment", by="3", level="2", listed="1")
    move(page, "navigating")
    assert stands(page) == "On the way to housing"
    write(page, "event", event="14", result="1")
    write(page, "situation", situation="435", verified="worker")
    write(page, "moved_in", on=TWO_DAYS_AGO, kind="435")
    move(page, "housed")
    assert stands(page) == "Housed, settling in"
    close(page, "housed", destination="435", summary="The dog has the window seat.")
    assert stands(page) == "Closed: Housed and settled"
