"""Calls before and after a referral go as numbers, for every referral; what stays with the police never goes."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from consent import access
from policecore.models import Incident, OfficerReferral
from policecore.places import Places, normal
from policecore.services import (
    NotPermitted,
    hand_over,
    keep_with_the_police,
    make_referral,
    send_call_counts,
)
from policecore.services.referring import Said
from referrals.services import CallCounts, ReferralMade
from tests.policecore import stage

pytestmark = pytest.mark.django_db
PLACE = "400 Block of Elm Street"


def refer(city, *, days_ago=0, location=PLACE, incident=None):
    """Lind refers somebody, seen so many days ago."""
    now = timezone.now()
    with access.opened(city.lind, stage.PURPOSE):
        said = Said(reasons=("falls",), agreed="yes", location=location)
        unit = stage.unit("ZONE2")
        referral = make_referral(
            by=city.lind, form_id=uuid.uuid4(), unit=unit, incident=incident, said=said, at=now
        )
    with access.opened("system:counts", stage.PURPOSE):
        OfficerReferral.objects.filter(pk=referral.pk).update(seen_at=now - timedelta(days=days_ago))
    return referral


def call(days_ago, **more):
    more = {"location": PLACE, "place_token": Places().token(more.get("location", PLACE))} | more
    return stage.make_call(occurred_at=timezone.now() - timedelta(days=days_ago), **more)


def counts(sent):
    return [value for value in sent if isinstance(value, CallCounts)]


def test_the_calls_of_the_place_are_counted_before_and_after(city, sent):
    for days_ago in (100, 60, 45, 40, 20):
        call(days_ago)
    call(41, location="12 Oak Avenue")
    referral = refer(city, days_ago=35)

    send_call_counts(timezone.now())

    assert {(each.days, each.before, each.after) for each in counts(sent)} == {(90, 4, None), (30, 3, 1)}
    assert {each.referral_id for each in counts(sent)} == {referral.pk}


def test_nothing_is_sent_twice_and_each_span_once_it_is_over(city, sent):
    refer(city, days_ago=0)

    send_call_counts(timezone.now())
    send_call_counts(timezone.now())
    assert [each.days for each in counts(sent)] == [90]

    send_call_counts(timezone.now() + timedelta(days=61))
    assert sorted(each.days for each in counts(sent)) == [30, 60, 90]


def test_they_go_for_every_referral_alike_also_for_one_without_a_place(city, sent):
    taken, other = refer(city), refer(city, location="")
    send_call_counts(timezone.now())

    found = {each.referral_id: each.before for each in counts(sent)}
    assert found == {taken.pk: 0, other.pk: None}


def test_victims_calls_and_those_for_the_police_alone_are_in_no_number(city, sent):
    call(10, kind="victim")
    kept = call(11)
    with access.opened(city.lind, stage.PURPOSE):
        keep_with_the_police(incident_id=kept.pk, reason="federal", by=city.lind)
    refer(city)

    send_call_counts(timezone.now())

    assert [each.before for each in counts(sent)] == [0]


@pytest.mark.parametrize("reason", ["cit", "federal", "investigation"])
def test_a_call_for_the_police_alone_never_crosses(city, sent, reason):
    kept = call(1)
    with access.opened(city.lind, stage.PURPOSE):
        keep_with_the_police(incident_id=kept.pk, reason=reason, by=city.lind)
    with access.opened(city.lind, stage.PURPOSE), pytest.raises(NotPermitted):
        hand_over(incident_id=kept.pk, by=city.lind, at=timezone.now())
    with access.opened(city.lind, stage.PURPOSE):
        incident = Incident.objects.get(pk=kept.pk)
    with pytest.raises(NotPermitted):
        refer(city, incident=incident)

    browser = stage.browser_of(city.lind)
    page = browser.get(f"/incidents/{kept.pk}/")
    assert "Stays with the police" in stage.text_of(page)
    assert "Make a referral" not in stage.links(page)
    assert not sent


def test_a_referral_whose_call_was_kept_back_later_sends_no_more_numbers(city, sent):
    incident = call(1)
    refer(city, incident=incident)
    with access.opened(city.lind, stage.PURPOSE):
        keep_with_the_police(incident_id=incident.pk, reason="investigation", by=city.lind)

    send_call_counts(timezone.now())

    assert [type(each) for each in sent] == [ReferralMade]


def test_the_mark_is_set_and_taken_back_on_the_calls_page(city):
    kept, browser = call(1), stage.browser_of(city.lind)

    browser.post(f"/incidents/{kept.pk}/police-only/", {"reason": "cit"})
    assert "Crisis intervention case" in stage.text_of(browser.get(f"/incidents/{kept.pk}/"))

    browser.post(f"/incidents/{kept.pk}/police-only/", {"reason": ""})
    assert "Make a referral" in stage.links(browser.get(f"/incidents/{kept.pk}/"))
    other = stage.browser_of(city.varga)
    assert other.post(f"/incidents/{kept.pk}/police-only/", {"reason": "cit"}).status_code == 404


def test_calls_that_were_imported_before_there_was_an_index_find_their_place(city, sent):
    stage.make_call(occurred_at=timezone.now() - timedelta(days=3), location=PLACE)
    refer(city)

    send_call_counts(timezone.now())

    assert [each.before for each in counts(sent)] == [1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("400 Block of Elm Street", "400 BLK ELM ST"),
        ("REINDEER CT & DEAD END", "Reindeer Court"),
        ("North Main St. & Oak Ave", "N MAIN STREET / OAK AVENUE"),
    ],
)
def test_one_place_has_one_spelling(one, other):
    assert normal(one) == normal(other)


def test_other_places_have_other_tokens_and_no_place_has_none():
    places = Places()

    assert places.token("1 Elm St") != places.token("2 Elm St")
    assert places.token(" – ") is None


def test_a_referral_knows_its_place_and_tells_it_in_no_column(city):
    refer(city)

    with access.opened(city.lind, stage.PURPOSE):
        assert OfficerReferral.objects.get().place_token == Places().token(PLACE)
