"""Calls are seen by the unit that keeps them; what is another's is not there."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consent import paging
from policecore.models import QuarantinedRow
from tests.factories import make_principal
from tests.policecore.stage import browser_of, links, make_call, text_of
from tests.policecore.test_import import import_cad, line, text

LIST = "/incidents/"


def addresses(incident_id):
    return [
        reverse(f"policecore:{name}", args=[incident_id])
        for name in ("incident", "hand_over", "refer_incident")
    ]


def test_an_officer_sees_the_own_units_calls_newest_first(city):
    older = make_call(occurred_at=timezone.now() - timedelta(hours=2))
    newer = make_call()
    elsewhere = make_call("ZONE5")

    page = browser_of(city.lind).get(LIST).content.decode()

    assert page.index(newer.location) < page.index(older.location)
    assert elsewhere.location not in page


def test_another_units_call_is_the_same_404_as_a_made_up_one(city):
    call = make_call()
    varga = browser_of(city.varga)

    for hidden, absent in zip(addresses(call.pk), addresses(uuid.uuid4()), strict=True):
        for ask in (varga.get, varga.post):
            there, not_there = ask(hidden), ask(absent)
            assert (there.status_code, there.content) == (not_there.status_code, not_there.content)
            assert there.status_code == 404 or (ask == varga.post and there.status_code == 405)
    there, not_there = (str(paging.Place(at=call.occurred_at, id=id_)) for id_ in (call.pk, uuid.uuid4()))
    for way in (paging.OLDER, paging.NEWER):
        listed, made_up = varga.get(LIST, {way: there}), varga.get(LIST, {way: not_there})
        assert (listed.status_code, text_of(listed)) == (200, text_of(made_up))


def test_the_list_has_pages_and_no_total(city):
    calls = [make_call(occurred_at=timezone.now() - timedelta(minutes=n)) for n in range(53)]
    lind = browser_of(city.lind)

    first = lind.get(LIST)
    second = lind.get(LIST + links(first)["Older calls"])

    assert calls[49].location in first.content.decode()
    assert calls[50].location not in first.content.decode()
    assert calls[50].location in second.content.decode()
    assert calls[52].location in second.content.decode()
    assert "Older calls" not in links(second)
    assert not re.search(r"(?<![:\w])53(?![:\w])", text_of(first))


def test_calls_of_one_instant_are_neither_lost_nor_shown_twice_over_pages(city):
    at = timezone.now() - timedelta(minutes=5)
    calls = {make_call(occurred_at=at).location for _ in range(52)}
    lind = browser_of(city.lind)

    first = lind.get(LIST)
    second = lind.get(LIST + links(first)["Older calls"])

    shown = [place for place in calls for page in (first, second) if place in page.content.decode()]
    assert sorted(shown) == sorted(calls)


def test_the_list_is_filtered_by_kind_zone_and_type(city):
    fall = make_call(call_type="FALL VICTIM", kind="fall")
    overdose = make_call()
    lind = browser_of(city.lind)

    by_kind = lind.get(LIST, {"kind": "fall"}).content.decode()
    by_type = lind.get(LIST, {"type": "OVERDOSE"}).content.decode()
    by_zone = lind.get(LIST, {"zone": "ZONE5"}).content.decode()

    assert fall.location in by_kind
    assert overdose.location not in by_kind
    assert overdose.location in by_type
    assert fall.location not in by_type
    assert fall.location in by_zone, "a zone that isn't the officer's is no filter, and tells nothing"


def test_an_empty_list_and_a_hidden_one_read_the_same(city):
    make_call("ZONE2")

    assert "Nothing you can see here" in text_of(browser_of(city.varga).get(LIST))


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_only_what_a_page_is_for_is_answered(method, city):
    assert getattr(browser_of(city.lind), method)(LIST).status_code == 405


def test_nobody_signed_in_sees_nothing(client, city):
    call = make_call()

    answer = client.get(reverse("policecore:incident", args=[call.pk]))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_an_analyst_reads_calls_and_sends_nothing(city):
    call = make_call()
    analyst = browser_of(city.analyst)

    page = analyst.get(reverse("policecore:incident", args=[call.pk]))

    assert "Make a referral" not in text_of(page)
    assert analyst.post(reverse("policecore:hand_over", args=[call.pk])).status_code == 404
    assert analyst.get(reverse("policecore:refer_incident", args=[call.pk])).status_code == 404
    assert analyst.get(reverse("policecore:referrals")).status_code == 404


def test_the_quarantine_shows_line_and_reason_to_who_keeps_the_feed(city, tmp_path):
    file = tmp_path / "calls.csv"
    file.write_text(text(line(), line(lat="x")))
    import_cad(file)

    for keeper in (city.oduya, city.analyst):
        page = text_of(browser_of(keeper).get(reverse("policecore:quarantine")))
        assert "calls.csv 3" in page
        assert QuarantinedRow.Reason.PLACE_UNREADABLE.label in page
    assert browser_of(city.lind).get(reverse("policecore:quarantine")).status_code == 404


def test_the_first_page_leads_to_the_calls_or_says_that_there_is_no_role(city):
    assert browser_of(city.lind).get("/")["Location"] == LIST
    assert "no screen belongs to it yet" in text_of(browser_of(make_principal("newcomer")).get("/"))


def test_the_post_box_is_the_supervisors(city):
    addresses = [reverse("policecore:postbox"), reverse("policecore:retry", args=[uuid.uuid4()])]

    assert "Nothing in quarantine" in text_of(browser_of(city.oduya).get(addresses[0]))
    assert browser_of(city.oduya).post(addresses[1]).status_code == 302
    for stranger in (city.lind, city.analyst):
        assert browser_of(stranger).get(addresses[0]).status_code == 404
        assert browser_of(stranger).post(addresses[1]).status_code == 404
