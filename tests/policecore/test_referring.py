"""An officer's referral: five taps, what was seen, one word back."""

import uuid
from itertools import product

import pytest
from django.urls import reverse

from consent import access
from consent.models import LedgerEntry
from policecore import handlers, services
from policecore.models import Incident, OfficerReferral
from policecore.services import crossing
from referrals.services import IncidentHanded, Received, ReferralMade
from tests.policecore.stage import PURPOSE, browser_of, form_of, links, make_call, text_of

CORNER = "GRANT ST & 5TH AVE"  # it goes from the call into the referral, which is another compartment


def make_referral(officer, call=None, **said):
    """Through the form, as the officer sends it."""
    browser = browser_of(officer)
    address = reverse("policecore:refer_incident", args=[call.pk]) if call else reverse("policecore:refer")
    data = form_of(browser.get(address)) | {"reasons": ["basic_needs"]} | said
    answer = browser.post(address, data)
    assert answer.status_code == 302, text_of(answer)
    return OfficerReferral.id_for(officer, uuid.UUID(str(data["form_id"])))


def receive(matter_id):
    with access.opened("system:intake", PURPOSE):
        handlers.received(Received(referral_id=matter_id), uuid.uuid4())


def test_five_taps_make_a_referral(city, sent):
    call = make_call(location=CORNER)
    lind = browser_of(city.lind)

    page = lind.get(reverse("policecore:incidents"))
    page = lind.get(links(page)["OVERDOSE"])  # one: the call
    form = lind.get(links(page)["Make a referral"])  # two
    said = form_of(form) | {"reasons": ["overdose"]}  # three: what was seen
    said["agreed"] = "yes"  # four
    done = lind.post(form.wsgi_request.path, said, follow=True)  # five: Send

    assert done.redirect_chain == [(reverse("policecore:referrals"), 302)]
    assert "Sent" in text_of(done)
    assert sent == [
        ReferralMade(
            referral_id=OfficerReferral.id_for(city.lind, uuid.UUID(said["form_id"])),
            incident_id=call.pk,
            person_as_known="",
            contact="",
            reasons=("overdose",),
            suggested_program="",
            agreed="yes",
            safety_note="",
            seen_at=call.occurred_at,
            zone="ZONE2",
            location=call.location,
            call_type="OVERDOSE",
        )
    ]


def test_two_taps_on_send_are_one_referral(city, sent):
    lind = browser_of(city.lind)
    address = reverse("policecore:refer")
    said = form_of(lind.get(address)) | {"reasons": ["housing"]}

    answers = [lind.post(address, said).status_code for _tap in range(2)]

    assert answers == [302, 302]
    assert len(sent) == 1


def test_the_dispatch_text_never_crosses(city, sent):
    call = make_call(location=CORNER, priority="2")
    make_referral(city.lind, call)
    browser_of(city.lind).post(reverse("policecore:hand_over", args=[call.pk]))

    assert len(sent) == 2
    assert not any(call.description in repr(value) for value in sent)
    assert sent[1] == IncidentHanded(
        incident_id=call.pk,
        call_type="OVERDOSE",
        location=call.location,
        zone="ZONE2",
        occurred_at=call.occurred_at,
        description="EMS, priority 2",
    )


def test_each_part_that_crosses_is_a_decision_in_the_ledger(city, ledgered):
    call = make_call(location=CORNER)
    make_referral(city.lind, call, safety_note="a dog in the yard")

    decided = {entry.segments[0]: entry for entry in ledgered if entry.action == "decide"}
    rules = {segment: [part["rule"] for part in entry.basis] for segment, entry in decided.items()}
    assert rules == {"REFIN": ["cj.referral.in"], "CAD": ["cj.cad"]}
    assert all("OBL-SCRUB-CJ" in str(entry.obligations) for entry in decided.values())
    assert [entry.field_groups for entry in ledgered if entry.action == "send"] == [["ReferralMade"]]
    assert "a dog" not in str([entry.content() for entry in ledgered])


def test_what_the_engine_refuses_is_not_sent_and_not_kept(city, sent, ledgered, monkeypatch):
    monkeypatch.setattr(crossing, "PURPOSE", "TREAT")  # no rule lets it go for that
    lind = browser_of(city.lind)
    address = reverse("policecore:refer")

    answer = lind.post(address, form_of(lind.get(address)) | {"reasons": ["housing"]})

    assert answer.status_code == 409
    assert "Nothing was sent" in text_of(answer)
    assert sent == []
    assert "Nothing you can see here" in text_of(lind.get(reverse("policecore:referrals")))
    assert [entry.outcome for entry in ledgered if entry.action == "decide"] == ["deny"]


def test_an_obligation_that_this_side_cannot_fulfil_refuses(city, sent, monkeypatch):
    monkeypatch.setattr(crossing, "FULFILLED", frozenset())
    lind = browser_of(city.lind)
    call = make_call(location=CORNER)

    answer = lind.post(reverse("policecore:hand_over", args=[call.pk]))

    assert answer.status_code == 409
    assert sent == []


def test_a_handed_call_cannot_be_taken_back_and_is_not_sent_twice(city, sent):
    call = make_call(location=CORNER)
    lind = browser_of(city.lind)
    address = reverse("policecore:hand_over", args=[call.pk])

    question = lind.get(address)
    first, second = lind.post(address, follow=True), lind.post(address, follow=True)

    assert "can’t be taken back" in text_of(question)
    assert len(sent) == 1
    assert "Co-response unit: Sent" in text_of(first)
    assert "handed over before" in text_of(second)
    assert "Hand to the co-response unit" not in text_of(
        lind.get(reverse("policecore:incident", args=[call.pk]))
    )


def test_received_is_all_that_ever_comes_back(city):
    call = make_call(location=CORNER)
    referral_id = make_referral(city.lind, call, suggested_program="TSAP")
    lind = browser_of(city.lind)
    lind.post(reverse("policecore:hand_over", args=[call.pk]), follow=True)
    addresses = [
        reverse("policecore:referrals"),
        reverse("policecore:referral", args=[referral_id]),
        reverse("policecore:incident", args=[call.pk]),
    ]
    lind.get(addresses[0])  # takes the messages away
    before = [text_of(lind.get(address)).split() for address in addresses]

    receive(referral_id)
    receive(call.pk)
    after = [text_of(lind.get(address)).split() for address in addresses]
    receive(referral_id)
    receive(uuid.uuid4())
    later = [text_of(lind.get(address)).split() for address in addresses]

    changed = [
        [(old, new) for old, new in zip(*pair, strict=True) if old != new]
        for pair in zip(before, after, strict=True)
    ]
    assert changed == [[("Sent", "Received")]] * 3
    assert later == after


@pytest.mark.parametrize(
    ("reason", "program"), list(product(["victim", "overdose", "housing"], ["", "TSAP", "POST"]))
)
def test_the_page_of_a_received_referral_tells_no_program_from_another(reason, program, city):
    referral_id = make_referral(city.lind, None, reasons=[reason], suggested_program=program)
    receive(referral_id)

    page = text_of(browser_of(city.lind).get(reverse("policecore:referral", args=[referral_id])))

    assert "Received" in page
    assert "Sent As you sent it" not in page


def test_a_referral_is_its_officers_and_the_supervisors(city):
    referral_id = make_referral(city.lind, None, person_as_known="Red Jacket")
    address = reverse("policecore:referral", args=[referral_id])
    absent = reverse("policecore:referral", args=[uuid.uuid4()])

    assert "Red Jacket" in text_of(browser_of(city.lind).get(address))
    assert "Red Jacket" in text_of(browser_of(city.oduya).get(address))
    for stranger in (city.varga, city.analyst):
        browser = browser_of(stranger)
        hidden, missing = browser.get(address), browser.get(absent)
        assert (hidden.status_code, hidden.content) == (404, missing.content)
    assert "Red Jacket" in text_of(browser_of(city.oduya).get(reverse("policecore:referrals")))
    assert "Red Jacket" not in text_of(browser_of(city.varga).get(reverse("policecore:referrals")))


def test_a_colleague_of_the_same_unit_does_not_see_it(city):
    from tests.factories import make_membership, make_principal
    from tests.policecore.stage import unit

    colleague = make_principal("colleague", employer=city.bureau)
    make_membership(colleague, role="officer", program=unit("ZONE2"))
    referral_id = make_referral(city.lind)

    assert browser_of(colleague).get(reverse("policecore:referral", args=[referral_id])).status_code == 404


@pytest.mark.parametrize("field", ["person_as_known", "contact", "safety_note", "location"])
def test_a_clinical_word_warns_before_it_is_sent_and_can_be_confirmed(field, city, sent):
    lind = browser_of(city.lind)
    address = reverse("policecore:refer")
    said = form_of(lind.get(address)) | {"reasons": ["housing"], field: "Schizophrenic, off his meds"}

    warned = lind.post(address, said)

    assert warned.status_code == 200
    assert sent == []
    assert "schizophrenic, off his meds" in text_of(warned)
    assert lind.post(address, said | {"words_confirmed": "on"}).status_code == 302
    assert len(sent) == 1


def test_a_word_of_a_record_check_must_go_confirmed_or_not(city, sent):
    lind = browser_of(city.lind)
    address = reverse("policecore:refer")
    said = form_of(lind.get(address)) | {
        "reasons": ["housing"],
        "safety_note": "has an active warrant",
        "words_confirmed": "on",
    }

    answer = lind.post(address, said)

    assert answer.status_code == 200
    assert "“active warrant” comes from a record check" in text_of(answer)
    assert sent == []


def test_a_referral_needs_something_that_was_seen(city, sent):
    lind = browser_of(city.lind)
    address = reverse("policecore:refer")

    answer = lind.post(address, form_of(lind.get(address)))

    assert "Tick at least one thing that you saw" in text_of(answer)
    assert sent == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"reasons": ["diagnosis"]},
        {"agreed": "maybe"},
        {"suggested_program": "JAIL"},
        {"form_id": "x"},
        {"contact": "1" * 121},
    ],
)
def test_a_value_that_the_form_does_not_offer_is_refused(wrong, city, sent):
    lind = browser_of(city.lind)
    address = reverse("policecore:refer")

    answer = lind.post(address, form_of(lind.get(address)) | {"reasons": ["housing"]} | wrong)

    assert answer.status_code == 200
    assert sent == []


def test_characters_that_hide_are_not_carried(city, sent):
    make_referral(city.lind, None, contact="12\u202e34\u200b 5\x07")

    assert sent[0].contact == "12 34 5"


def test_there_is_no_field_for_records_or_investigations():
    names = {field.name for model in (Incident, OfficerReferral) for field in model._meta.get_fields()}

    assert not {
        name
        for name in names
        if any(
            word in name
            for word in ("record", "charge", "suspect", "warrant", "disposition", "clearance", "offense")
        )
    }


def test_nothing_is_sent_when_the_ledger_cannot_be_written(city, sent, monkeypatch):
    from django.db import OperationalError

    lind = browser_of(city.lind)
    address = reverse("policecore:refer")
    said = form_of(lind.get(address)) | {"reasons": ["housing"]}

    def unwritable(*args, **kwargs):
        raise OperationalError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(LedgerEntry.objects, "bulk_create", unwritable)
        answer = lind.post(address, said)

    assert answer.status_code == 503
    assert "Nothing you can see here" in text_of(lind.get(reverse("policecore:referrals")))


def test_services_are_named_where_others_look_for_them():
    assert set(services.__all__) >= {"make_referral", "hand_over", "mark_received", "set_up_units"}
