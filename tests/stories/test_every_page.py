"""Every page of every role: for everybody's eyes and fingers, in the light and in the dark."""

from typing import Any

import pytest

from tests.stories import clinical, police
from tests.stories.clinical import Words
from tests.stories.demonstration import Demonstration
from tests.stories.hand import DESK, sign_on
from tests.stories.inspection import Inspector

pytestmark = pytest.mark.browser

PARTNER = "Three Rivers Recovery Center"
WORDS = Words(
    given="Cordelia",
    family="Underhill",
    born="1964-11-02",
    phone="412-555-0198",
    note="Sat on the stairs with her; she asked whether the heating would come back on before the weekend.",
    needs="Help with the heating bill.",
    message="Please ring before you come.",
)
ROLES = (
    "officer", "police supervisor", "analyst", "triage clinician", "social worker", "peer", "case manager", "clinical supervisor",
    "program manager", "compliance officer", "privacy officer", "referrer",
)  # fmt: skip


@pytest.fixture(scope="module")
def lived_in(demonstration: Demonstration, browser: Any) -> None:
    """A night has happened: cards wait, encounters are open, a partner has a referral."""
    contexts = {role: browser.new_context(has_touch=True) for role in ("officer", "social worker", "peer")}
    officer, worker, peer = (context.new_page() for context in contexts.values())
    for role, page in zip(contexts, (officer, worker, peer), strict=True):
        demonstration.sign_in(page, role)
    to_hand, to_open, to_leave = (
        police.find_a_call(officer, demonstration, "Welfare check", number=n) for n in range(3)
    )
    police.hand_over(officer, to_hand)
    for call in (to_open, to_leave):
        police.find_a_call(officer, demonstration, "Welfare check")
        police.refer(officer, call, reason="basic_needs")
    overdose = police.find_a_call(officer, demonstration, "Overdose or intoxication", number=1)
    police.refer(officer, overdose, reason="overdose")
    care_for(worker, demonstration, to_open)
    care_for(peer, demonstration, overdose)
    clinical.see_the_card_arrive(worker, demonstration, to_leave)
    for context in contexts.values():
        context.close()


def care_for(worker: Any, demonstration: Demonstration, call: police.Call) -> None:
    """From a card to a referral."""
    clinical.see_the_card_arrive(worker, demonstration, call)
    encounter = clinical.open_the_encounter(worker, call)
    clinical.introduce_roles(worker)
    clinical.write_note(worker, WORDS)
    clinical.say_who_they_are(worker, encounter, WORDS)
    clinical.take_consent(worker, encounter, PARTNER, kinds=("Who I am", "What I need", "My care"))
    clinical.refer_to_partner(worker, encounter, PARTNER, WORDS)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_for_everybody(
    role: str, demonstration: Demonstration, lived_in: None, new_page: Any
) -> None:
    page = new_page(DESK)
    demonstration.sign_in(page, role)
    inspector = Inspector(page, role.replace(" ", "-"))

    inspector.crawl(demonstration.url(demonstration.account(role)["side"]))
    page.goto(demonstration.url(demonstration.account(role)["side"], "/no/such/page/"))
    inspector.faults = [fault for fault in inspector.faults if "/no/such/page/)" not in fault]
    inspector.look("nothing-here")

    assert not inspector.faults, told(inspector)
    assert len(inspector.seen) > 2


@pytest.mark.parametrize("side", ["clinical", "police"])
def test_the_way_in_is_for_everybody(side: str, demonstration: Demonstration, new_page: Any) -> None:
    page = new_page(DESK)
    inspector = Inspector(page, f"nobody-{side}")

    inspector.crawl(demonstration.url(side))
    page.fill("input[name=login]", "nobody")
    page.fill("input[name=password]", "not the password")
    press(page, "main form button[type=submit]:not([form])")
    inspector.look("refused")

    assert not inspector.faults, told(inspector)


def test_the_officers_questions_and_answers_are_for_everybody(
    demonstration: Demonstration, lived_in: None, new_page: Any
) -> None:
    page = new_page(DESK)
    demonstration.sign_in(page, "officer")
    inspector = Inspector(page, "officer")
    call = police.find_a_call(page, demonstration, "Person in crisis")
    page.goto(demonstration.url("police", f"{call.address}refer/"))

    press(page, "main form button:has-text('Send')")
    inspector.look("refer-nothing-ticked")
    page.check("[name=reasons][value=housing]")
    page.fill("[name=safety_note]", "Seems psychotic, shouts at cars")
    press(page, "main form button:has-text('Send')")
    inspector.look("refer-clinical-words")
    page.fill("[name=safety_note]", "Shouts at cars")
    press(page, "main form button:has-text('Send')")
    inspector.look("refer-sent")

    assert not inspector.faults, told(inspector)


def test_each_step_of_a_consent_is_for_everybody(
    demonstration: Demonstration, lived_in: None, new_page: Any
) -> None:
    page = new_page(DESK)
    demonstration.sign_in(page, "social worker")
    inspector = Inspector(page, "social-worker")
    page.goto(demonstration.url("clinical", "/tonight/"))
    press(page, "section[aria-labelledby='open-title'] .card__link")
    press(page, "main a:has-text('Take a consent')")

    press(page, "button:has-text('Next')")
    inspector.look("consent-1-nobody-chosen")
    page.check(f"label:has-text('{PARTNER}') input")
    press(page, "button:has-text('Next')")
    inspector.look("consent-2")
    page.check("label:has-text('Who I am') input")
    press(page, "button:has-text('Next')")
    inspector.look("consent-3")
    page.check("label:has-text('To treat me') input")
    press(page, "button:has-text('Next')")
    inspector.look("consent-4")
    press(page, "button:has-text('Sign and open')")
    inspector.look("consent-4-lacks")
    page.check("[name=capacity]")
    page.check("[name=copy_offered]")
    sign_on(page)
    press(page, "button:has-text('Sign and open')")
    inspector.look("consent-signed")

    assert not inspector.faults, told(inspector)


def test_the_engines_bench_is_for_everybody(demonstration: Demonstration, new_page: Any) -> None:
    page = new_page(DESK)
    demonstration.sign_in(page, "privacy officer")
    inspector = Inspector(page, "privacy-officer")
    page.goto(demonstration.url("clinical", "/engine/"))

    press(page, "button[value=ask]")
    inspector.look("bench-nothing-said")
    for name, value in (
        ("program", "POST"), ("actor_role", "post_peer"), ("recipient_type", "treating_provider_ce"),
        ("purpose", "TREAT"), ("add", "P2-TPO"),
    ):  # fmt: skip
        page.select_option(f"[name={name}]", value)
    page.check("[name=segments][value=SUDP2]")
    press(page, "button[value=ask]")
    press(page, "button[value^=try-]")
    inspector.look("bench-tried")
    page.select_option("[name=add]", "P2-CJ35")
    press(page, "button[value=add]")
    inspector.look("bench-forms")
    press(page, "button[value=ask]")
    press(page, "button[value=save]")
    inspector.look("bench-no-name")
    page.fill("[name=name]", "A peer tells a clinic")
    press(page, "button[value=save]")
    inspector.look("bench-saved")
    press(page, "main a:has-text('Delete')")
    inspector.look("bench-delete")
    press(page, "main a:has-text('Leave it')")
    press(page, "main a:has-text('Saved scenarios')")
    inspector.look("bench-scenarios")

    assert not inspector.faults, told(inspector)


def test_the_drop_in_desk_is_for_everybody(demonstration: Demonstration, new_page: Any) -> None:
    page = new_page(DESK)
    demonstration.sign_in_colleague(page, "outreach-worker")
    inspector = Inspector(page, "outreach-worker")
    page.goto(demonstration.url("clinical", "/desk/ROOTS/"))

    page.check("label:has-text('Captain') input")
    press(page, "button[value=meal]")
    inspector.look("desk")
    page.fill("[name=said]", "1041")
    press(page, "main button:has-text('Find')")
    inspector.look("desk-found")
    press(page, "main a:has-text('New nickname')")
    page.fill("[name=nickname]", "Captain")
    press(page, "main button:has-text('Keep')")
    inspector.look("desk-called-the-same")
    press(page, "main a:has-text('Back to the desk')")
    press(page, ".desk__taps a:has-text('Captain')")
    inspector.look("desk-card")
    press(page, "main a:has-text('Back to the desk')")
    press(page, "main a:has-text('Counts')")
    inspector.look("desk-counts")

    assert not inspector.faults, told(inspector)


def test_community_events_and_slips_are_for_everybody(demonstration: Demonstration, new_page: Any) -> None:
    page = new_page(DESK)
    demonstration.sign_in_colleague(page, "tsap-social-worker")
    inspector = Inspector(page, "tsap-social-worker")
    page.goto(demonstration.url("clinical", "/events/"))

    inspector.look("events")
    press(page, "main a:has-text('New event')")
    inspector.look("event-new")
    page.goto(demonstration.url("clinical", "/events/"))
    press(page, "main .card:has-text('Figure Eight Alley') a")
    inspector.look("event")
    page.goto(demonstration.url("clinical", "/slips/"))
    inspector.look("slips")
    press(page, "main .card:has-text('Mr. Ballast') a")
    inspector.look("slip")
    page.goto(demonstration.url("clinical", "/slips/new/"))
    page.fill("[name=name]", "Ms. Thole")
    page.fill("[name=reach]", "Asks at the bakery")
    page.check("[name=agreed][value=spoken]")
    press(page, "main button:has-text('Keep')")
    inspector.look("slip-no-safe-way")

    assert not inspector.faults, told(inspector)


def press(page: Any, selector: str) -> None:
    """Press a button or a link, and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def told(inspector: Inspector) -> str:
    """The faults, a line each, and each once."""
    return "\n" + "\n".join(dict.fromkeys(inspector.faults))
