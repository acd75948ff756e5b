"""911 triage: the questions give a route, the route is kept with its reason, and hidden calls are counted."""

import uuid
from datetime import timedelta
from itertools import product

import pytest
from django.urls import reverse
from django.utils import timezone

from consent import access
from consent.models import OfficeGrant
from policecore.models import Incident, Reclassification, Triage
from policecore.triage.routing import suggest
from policecore.triage.words import QUESTIONS, WITHOUT_POLICE, Answer
from referrals.models import OutboxEnvelope
from tests.policecore.stage import PURPOSE, browser_of, links, make_call, text_of

pytestmark = pytest.mark.django_db
NOTHING = dict.fromkeys(QUESTIONS, "no")


def address(name, call):
    return reverse(f"policecore:{name}", args=[getattr(call, "pk", call)])


def counts(who):
    return text_of(browser_of(who).get(reverse("policecore:triage_counts")))


def kept(who, model):
    with access.opened(who, PURPOSE):
        return list(model.objects.select_related("by").newest_first())


@pytest.mark.parametrize(
    ("answers", "route", "eligible"),
    [
        ({"weapon": "yes", "self_harm": "yes"}, "patrol", False),
        ({"threat": "yes"}, "co-response", False),
        ({"weapon": "unknown"}, "co-response", False),
        ({"threat": "unknown", "commitment": "yes"}, "co-response", False),
        ({"commitment": "yes", "medical": "yes"}, "commitment", False),
        ({"medical": "yes"}, "community", True),
        ({"self_harm": "yes"}, "community", True),
        ({"self_harm": "unknown"}, "community", True),
        ({}, "diversion", True),
    ],
)
def test_the_answers_suggest_a_route_and_say_whether_a_team_without_police_may_answer(
    answers, route, eligible
):
    suggestion = suggest(NOTHING | answers)

    assert (suggestion.route, suggestion.eligible) == (route, eligible)


def test_no_team_without_police_is_ever_suggested_where_a_weapon_or_a_threat_is_not_ruled_out():
    for given in product(Answer.values, repeat=len(QUESTIONS)):
        answers = dict(zip(QUESTIONS, given, strict=True))
        suggestion = suggest(answers)
        ruled_out = answers["weapon"] == answers["threat"] == "no"
        assert suggestion.eligible <= ruled_out
        assert (suggestion.route in WITHOUT_POLICE) == suggestion.eligible


def test_medics_are_named_where_somebody_needs_medical_help():
    assert suggest(NOTHING | {"medical": "yes"}).medics
    assert "Send medics as well" in suggest(NOTHING | {"medical": "yes"}).why


def test_the_questions_suggest_and_one_tap_keeps_the_route(city):
    call, triager = make_call(kind="crisis"), browser_of(city.triager)

    asked = triager.post(address("triage", call), NOTHING | {"self_harm": "yes"})
    assert "Suggested: Community team" in text_of(asked)
    assert call.description in asked.content.decode()
    assert not kept(city.triager, Triage)
    answer = triager.post(address("triage", call), NOTHING | {"self_harm": "yes", "route": "community"})

    assert answer["Location"] == reverse("policecore:triage_list")
    made = kept(city.triager, Triage)[0]
    assert (made.self_harm, made.suggested, made.route, made.eligible) == (
        "yes",
        "community",
        "community",
        True,
    )
    assert made.rules_version
    assert address("triage", call) not in triager.get(reverse("policecore:triage_list")).content.decode()


def test_another_route_needs_a_reason_which_is_kept(city):
    call, triager = make_call(), browser_of(city.triager)

    refused = triager.post(address("triage", call), NOTHING | {"route": "patrol"})
    triager.post(address("triage", call), NOTHING | {"route": "patrol", "reason": "no clinician before six"})

    assert "Say why it goes another way than suggested" in text_of(refused)
    made = kept(city.triager, Triage)
    assert [(each.suggested, each.route, each.reason) for each in made] == [
        ("diversion", "patrol", "no clinician before six")
    ]
    assert "though call diversion was suggested" in text_of(triager.get(address("triage", call)))


def test_a_question_without_an_answer_is_named_and_nothing_is_kept(city):
    call = make_call()

    page = browser_of(city.triager).post(address("triage", call), {"weapon": "no", "route": "diversion"})

    assert "Choose yes, no or not known" in text_of(page)
    assert not kept(city.triager, Triage)


def test_a_call_can_be_sorted_again_and_the_newest_counts(city):
    call, triager = make_call(), browser_of(city.triager)
    triager.post(address("triage", call), NOTHING | {"route": "diversion"})

    triager.post(address("triage", call), NOTHING | {"weapon": "yes", "route": "patrol"})

    with access.opened(city.triager, PURPOSE):
        call = Incident.objects.get(pk=call.pk)
    assert (call.route, call.eligible) == ("patrol", False)
    assert len(kept(city.triager, Triage)) == 2


def test_clinical_words_in_a_reason_are_asked_about_once(city):
    call, triager = make_call(), browser_of(city.triager)
    said = NOTHING | {"route": "patrol", "reason": "schizophrenia"}

    asked = triager.post(address("triage", call), said)
    assert "Clinical words: schizophrenia" in text_of(asked)
    assert not kept(city.triager, Triage)
    triager.post(address("triage", call), said | {"words_confirmed": "on"})

    assert kept(city.triager, Triage)[0].reason == "schizophrenia"


def test_triage_writes_to_the_dispatch_store_and_nothing_crosses(city, sent):
    call, triager = make_call(), browser_of(city.triager)

    triager.post(address("triage", call), NOTHING | {"route": "community"} | {"self_harm": "yes"})
    triager.post(address("reclassify", call), {"kind": "crisis", "reason": "the caller said so"})

    assert sent == []
    with access.opened("system:intake", PURPOSE):
        assert not OutboxEnvelope.objects.exists()
    page = text_of(triager.get(address("incident", call)))
    assert "Make a referral" not in page
    assert "Community team" in page


def test_a_hidden_mental_health_call_is_counted_once_it_is_found_and_can_be_taken_back(city):
    dispatched, hidden = make_call(kind="crisis"), make_call(kind="disturbance")
    make_call(kind="crisis", occurred_at=timezone.now() - timedelta(days=40))  # outside the period
    oduya = browser_of(city.oduya)
    assert "Mental-health calls 1" in counts(city.analyst)

    oduya.post(
        address("reclassify", hidden), {"kind": "crisis", "reason": "officers found somebody in distress"}
    )
    found = counts(city.analyst)
    oduya.post(address("reclassify", dispatched), {"kind": "traffic", "reason": "a horn that stuck"})
    both = counts(city.analyst)
    oduya.post(address("reclassify", dispatched), {"kind": "crisis", "reason": "it was after all"})

    assert "Found behind other words 1 Turned out otherwise 0 Mental-health calls 2" in found
    assert (
        "Dispatched as such 1 Found behind other words 1 Turned out otherwise 1 Mental-health calls 1" in both
    )
    assert "Turned out otherwise 0 Mental-health calls 2" in counts(city.analyst)
    steps = [(each.kind_before, each.kind) for each in kept(city.oduya, Reclassification)]
    assert steps == [("traffic", "crisis"), ("crisis", "traffic"), ("disturbance", "crisis")]


def test_what_it_turned_out_to_be_is_said_with_how_one_knows(city):
    call = make_call()

    page = browser_of(city.triager).post(address("reclassify", call), {})

    assert "Choose what the call turned out to be" in text_of(page)
    assert "Say how you know" in text_of(page)


def test_a_filter_by_kind_finds_a_call_as_it_turned_out(city):
    call = make_call(kind="disturbance")
    browser_of(city.oduya).post(
        address("reclassify", call), {"kind": "crisis", "reason": "as told on the radio"}
    )
    lind = browser_of(city.lind)

    assert call.location in lind.get("/incidents/?kind=crisis").content.decode()
    assert call.location not in lind.get("/incidents/?kind=disturbance").content.decode()


def test_the_share_of_eligible_calls_that_went_to_a_team_without_police(city):
    triager = browser_of(city.triager)
    assert "no eligible calls" in counts(city.triager)
    for route, answers in (("diversion", {}), ("community", {"self_harm": "yes"}), ("patrol", {})):
        triager.post(
            address("triage", make_call()), NOTHING | answers | {"route": route, "reason": "as agreed"}
        )
    triager.post(address("triage", make_call()), NOTHING | {"weapon": "yes", "route": "patrol"})

    said = counts(city.triager)

    assert "Patrol 2" in said
    assert "Eligible calls 3 Sent to such a team 2 Share 67%" in said


def test_only_who_sorts_calls_finds_triage_and_only_of_the_own_units(city):
    own, other = make_call(), make_call("ZONE5")
    hidden = browser_of(city.triager).get(address("triage", other))
    absent = browser_of(city.triager).get(address("triage", uuid.uuid4()))

    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)
    assert hidden.status_code == 404
    for who in (city.lind, city.oduya, city.analyst, city.varga):
        assert (
            browser_of(who).post(address("triage", own), NOTHING | {"route": "diversion"}).status_code == 404
        )
    assert browser_of(city.lind).get(address("reclassify", own)).status_code == 404


def test_the_list_of_waiting_calls_has_pages_and_leaves_out_what_no_such_team_answers(city):
    calls = [make_call(occurred_at=timezone.now() - timedelta(minutes=n)) for n in range(52)]
    fire, yesterday = make_call(kind="fire"), make_call(occurred_at=timezone.now() - timedelta(hours=25))
    triager = browser_of(city.triager)

    first = triager.get(reverse("policecore:triage_list"))
    second = triager.get(reverse("policecore:triage_list") + links(first)["Older calls"])

    assert calls[49].location in first.content.decode()
    assert calls[51].location in second.content.decode()
    for left_out in (fire, yesterday):
        assert left_out.location not in (first.content + second.content).decode()


def test_the_triage_clinician_comes_to_the_calls_that_wait(city):
    assert browser_of(city.triager).get("/")["Location"] == reverse("policecore:triage_list")


def test_set_up_opens_the_calls_of_a_unit_to_who_sorts_them(city):
    with access.opened("system:grants", PURPOSE):
        offices = OfficeGrant.objects.filter(group__name="triage clinician", valid_until__gt=timezone.now())
        assert {each.writes for each in offices} == {True}
