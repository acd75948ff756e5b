"""From a real 911 call to a partner's accepted referral, and back when the client says so."""

import uuid
from typing import Any

import pytest

from tests.stories import clinical, ledger, police
from tests.stories.clinical import Words
from tests.stories.demonstration import Demonstration
from tests.stories.partner import Partner

pytestmark = pytest.mark.browser

PARTNER = "Three Rivers Recovery Center"
NIGHT = Words(
    given="Ottoline",
    family="Fernsby",
    born="1971-03-09",
    phone="412-555-0143",
    note="Sleeps badly since the flood in the cellar and talks to the kettle.",
    needs="A warm room before the first frost comes.",
    message="Ring twice and wait: she walks slowly to the door.",
)
AFTER_AN_OVERDOSE = Words(
    given="Barnaby",
    family="Thistlewick",
    born="1988-07-21",
    phone="412-555-0177",
    note="Woke after the second dose and asked for his canary.",
    needs="Somebody to go along to the first appointment.",
    message="Prefers mornings; the canary comes along.",
)


@pytest.fixture
def officer(new_page: Any, demonstration: Demonstration) -> Any:
    page = new_page()
    demonstration.sign_in(page, "officer")
    return page


@pytest.fixture
def worker(new_page: Any, demonstration: Demonstration) -> Any:
    page = new_page()
    demonstration.sign_in(page, "social worker")
    return page


@pytest.fixture
def compliance(new_page: Any, demonstration: Demonstration) -> Any:
    page = new_page()
    demonstration.sign_in(page, "compliance officer")
    return page


def test_from_a_call_to_an_accepted_referral_and_back_when_the_client_takes_the_consent_back(
    demonstration: Demonstration, officer: Any, worker: Any, compliance: Any
) -> None:
    call = police.find_a_call(officer, demonstration, "Person in crisis")
    assert demonstration.calls is None or is_real(call, demonstration)

    assert police.refer(officer, call, reason="basic_needs") == 5
    sent = police.newest_referral(officer, demonstration)
    becomes_received(officer, demonstration, sent)
    told = police.all_that_is_told(officer, demonstration, sent)

    clinical.see_the_card_arrive(worker, demonstration, call)
    encounter = clinical.open_the_encounter(worker, call)
    assert_prefilled(worker, call)
    clinical.introduce_roles(worker)
    assert "Understood and agrees" in worker.inner_text("#roles")
    assert "mental health" in clinical.write_note(worker, NIGHT).lower()
    clinical.say_who_they_are(worker, encounter, NIGHT)
    consent = clinical.take_consent(
        worker, encounter, PARTNER, kinds=("Who I am", "What I need", "My care with this program")
    )
    assert "HIPAA" in worker.inner_text("main")
    assert worker.locator("img.signature-shown").count() == 1
    referral = clinical.refer_to_partner(worker, encounter, PARTNER, NIGHT)

    partner = Partner(demonstration)
    partner.sign_in()
    read = partner_takes_it(partner, id_in(referral))
    assert set(read["segments"]) == {"CASE", "DEM", "MH"}
    assert read["content"]["CASE"]["needs"] == NIGHT.needs
    assert NIGHT.note not in str(read), "no note goes to a partner"
    assert "45 CFR 164.508" in str(read["basis"])
    worker.goto(referral)
    assert "Completed" in worker.inner_text("main")

    rows = the_ledger_tells(compliance, demonstration, NIGHT)
    for event in ("Consent signed", "Referred", "Decided", "Read"):
        assert any(event in row for row in rows), f"no entry says {event}"

    clinical.take_back(worker, consent, "They said so, in person")
    hidden, made_up = partner.reads(id_in(referral)), partner.reads(str(uuid.uuid4()))
    assert made_up.status == 404
    assert hidden == made_up, "a referral whose consent is gone must look as if it never was"
    assert id_in(referral) not in partner.polled()
    rows = the_ledger_tells(compliance, demonstration, NIGHT)
    assert any("Consent taken back" in row for row in rows)
    assert any("Withheld" in row and PARTNER in row for row in rows), "the refused read is in the ledger"

    assert police.all_that_is_told(officer, demonstration, sent) == told, "nothing of all this came back"


def test_a_call_is_handed_to_the_co_response_unit_and_received(
    demonstration: Demonstration, officer: Any, worker: Any
) -> None:
    call = police.find_a_call(officer, demonstration, "Fall")

    police.hand_over(officer, call)
    clinical.see_the_card_arrive(worker, demonstration, call)
    clinical.open_the_encounter(worker, call)

    assert_prefilled(worker, call)
    said = demonstration.until(
        lambda: (
            "Received" in police.all_that_is_told(officer, demonstration, call.address)
            and officer.inner_text("main")
        ),
        "the handed call was never received",
    )
    assert "Co-response unit: Received" in said


def test_after_an_overdose_the_part_2_form_opens_and_its_notice_goes_along(
    demonstration: Demonstration, officer: Any, new_page: Any, compliance: Any
) -> None:
    call = police.find_a_call(officer, demonstration, "Overdose or intoxication")
    police.refer(officer, call, reason="overdose")
    peer = new_page()
    demonstration.sign_in(peer, "peer")

    clinical.see_the_card_arrive(peer, demonstration, call)
    encounter = clinical.open_the_encounter(peer, call)
    clinical.introduce_roles(peer)
    clinical.write_note(peer, AFTER_AN_OVERDOSE)
    clinical.say_who_they_are(peer, encounter, AFTER_AN_OVERDOSE)
    clinical.take_consent(
        peer, encounter, PARTNER, kinds=("Who I am", "What I need", "My care with this program")
    )
    assert "42 CFR Part 2" in peer.inner_text("main")
    referral = clinical.refer_to_partner(peer, encounter, PARTNER, AFTER_AN_OVERDOSE)

    partner = Partner(demonstration)
    partner.sign_in()
    read = partner_takes_it(partner, id_in(referral))
    assert "SUDP2" in read["segments"]
    assert any("42 CFR part 2" in notice["text"] for notice in read["notices"])
    assert read["consent_scope"][0]["form"] == "P2-SPEC"
    assert "42 CFR 2.3" in str(read["basis"])
    the_ledger_tells(compliance, demonstration, AFTER_AN_OVERDOSE)


def test_the_partner_needs_its_key_and_an_assertion_works_once(demonstration: Demonstration) -> None:
    partner = Partner(demonstration)
    assertion = partner.assertion()

    first, replayed = partner.token(assertion), partner.token(assertion)
    without = Partner(demonstration, bearer="made-up").ask("/api/referrals/")

    assert first.status == 200
    assert (replayed.status, replayed.json) == (401, {"error": "invalid_client"})
    assert without.status == 401


def test_the_field_screens_work_without_javascript(demonstration: Demonstration, new_page: Any) -> None:
    officer, worker = new_page(java_script_enabled=False), new_page(java_script_enabled=False)
    demonstration.sign_in(officer, "officer")
    demonstration.sign_in(worker, "social worker")
    call = police.find_a_call(officer, demonstration, "Person in crisis", number=1)

    police.refer_in_words(
        officer, call, reason="basic_needs", person="Tall man in a yellow raincoat",
        contact="At the bench by the fountain", safety="A large dog without a leash",
    )  # fmt: skip
    becomes_received(officer, demonstration, police.newest_referral(officer, demonstration))
    clinical.see_the_card_arrive(worker, demonstration, call)
    assert "yellow raincoat" in worker.inner_text("main")
    assert "large dog" in worker.inner_text("main")
    encounter = clinical.open_the_encounter(worker, call)
    clinical.introduce_roles(worker)
    clinical.write_note(worker, NIGHT)
    assert NIGHT.note in worker.inner_text("#notes")
    clinical.say_who_they_are(worker, encounter, NIGHT)
    clinical.take_consent(worker, encounter, PARTNER, kinds=("Who I am",), by_finger=False)

    assert "Valid" in worker.inner_text("main")


def is_real(call: police.Call, demonstration: Demonstration) -> bool:
    """Does the county's file have this call?"""
    return (call.call_type, call.place) in police.real_calls_of(demonstration.calls)


def becomes_received(officer: Any, demonstration: Demonstration, address: str) -> None:
    """The word is *Sent* until it is *Received*, and there is no other."""
    seen: set[str] = set()

    def received() -> bool:
        seen.add(police.word_of(officer, demonstration, address))
        return "Received" in seen

    demonstration.until(received, "the referral was never received")
    assert seen <= {"Sent", "Received"}


def assert_prefilled(worker: Any, call: police.Call) -> None:
    """What crossed stands in the encounter already."""
    said = worker.inner_text("main")
    assert call.place in said
    assert call.call_type in said


def partner_takes_it(partner: Partner, referral_id: str) -> Any:
    """The partner polls, reads, accepts and completes; what it read."""
    assert partner.polled()[referral_id] == "requested"
    read = partner.reads(referral_id)
    assert read.status == 200
    assert partner.ask(f"/api/referrals/{referral_id}/accept/", {}).json["status"] == "accepted"
    outcome = {"outcome": "served", "legal_basis": "client consent"}
    assert partner.ask(f"/api/referrals/{referral_id}/complete/", outcome).json["status"] == "completed"
    assert partner.reads(referral_id).json["content"] == read.json["content"], "a release is frozen"
    return read.json


def the_ledger_tells(compliance: Any, demonstration: Demonstration, words: Words) -> list[str]:
    """Every entry about the story's client: rules with citations, and none of what was written about them."""
    pseudonym = ledger.pseudonym_in_newest(compliance, demonstration, "action=refer")
    rows = ledger.everything_about(compliance, demonstration, pseudonym)
    signed = ledger.entry_about(compliance, demonstration, pseudonym, "action=decide")
    assert "CFR" in signed
    for text in words.telling:
        assert text not in "\n".join(rows) + signed, "the ledger holds no content"
    return rows


def id_in(address: str) -> str:
    """The id that an address ends with."""
    return address.rstrip("/").rpartition("/")[2]
