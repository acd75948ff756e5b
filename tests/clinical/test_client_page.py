"""A client's pages: what one may see at a glance, and one timeline across programs."""

import uuid

import pytest
from django.urls import reverse

from clinical.models import Note
from consent import access, services
from tests import factories
from tests.clinical.stage import make_incident, open_card

pytestmark = pytest.mark.django_db
HERE, THERE = "slept in the car", "asked for a clean bed"


@pytest.fixture
def in_two_programs(night, referral):
    """Somebody whom Lind meets in one program and Pat in another of the same legal unit."""
    encounter_id, subject_id = open_card(night, referral)
    night.post(night.lind, "note", encounter_id, body=HERE, compartment="usual")
    with access.opened("system:grants", "HOPERAT"):
        profile = services.profile(night.part2)
        services.open_compartment(subject_id, night.part2, profile.note)
        services.assign(subject_id=subject_id, program=night.part2, principal=night.peer)
    with access.opened(night.peer, "CAREMGT"):
        place = services.open_compartment(subject_id, night.part2, services.profile(night.part2).note)
        Note(compartment=place, author=night.peer, body=THERE).save(force_insert=True)
    return subject_id


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_first_page_and_the_timeline_lead_to_each_other(night, referral):
    _encounter_id, subject_id = open_card(night, referral)

    first = text(night.get(night.lind, "client", subject_id))
    second = text(night.get(night.lind, "timeline", subject_id))

    assert f'href="{reverse("clinical:timeline", args=[subject_id])}"' in first
    assert f'href="{reverse("clinical:client", args=[subject_id])}"' in second


def test_the_timeline_goes_across_programs_for_who_is_on_both_teams_and_for_nobody_else(
    night, in_two_programs
):
    factories.make_membership(night.lind, role="social worker", program=night.part2)
    here_only = text(night.get(night.lind, "timeline", in_two_programs))
    there_only = text(night.get(night.peer, "timeline", in_two_programs))
    with access.opened("system:grants", "HOPERAT"):
        services.assign(subject_id=in_two_programs, program=night.part2, principal=night.lind)
    both = text(night.get(night.lind, "timeline", in_two_programs))

    assert (HERE in here_only, THERE in here_only) == (True, False)
    assert (HERE in there_only, THERE in there_only) == (False, True)
    assert both.index(THERE) < both.index(HERE)
    assert night.get(night.varga, "timeline", in_two_programs).status_code == 404


def test_the_timeline_shows_one_kind_where_one_was_asked_for_and_keeps_that_on_its_second_page(
    night, referral
):
    encounter_id, subject_id = open_card(night, referral)
    for number in range(5):
        night.post(night.lind, "note", encounter_id, body=f"note number {number}", compartment="usual")
    asked = {"only": ["note", "consent"], "rows": "3"}

    first = text(night.get(night.lind, "timeline", subject_id, query_params=asked))
    older = next(part for part in first.split('"') if part.startswith("?") and "older=" in part)
    second = text(
        night.browser(night.lind).get(
            reverse("clinical:timeline", args=[subject_id]) + older.replace("&amp;", "&")
        )
    )

    assert [f"note number {number}" in first for number in range(5)] == [False, False, True, True, True]
    assert [f"note number {number}" in second for number in range(5)] == [True, True, False, False, False]
    assert reverse("clinical:encounter", args=[encounter_id]) + '"' not in first + second


def test_an_unknown_kind_is_no_kind(night, referral):
    _encounter_id, subject_id = open_card(night, referral)

    assert "Encounter" in text(
        night.get(night.lind, "timeline", subject_id, query_params={"only": "secrets"})
    )


def test_the_first_page_shows_the_newest_and_says_that_there_is_more(night, referral):
    encounter_id, subject_id = open_card(night, referral)
    for number in range(6):
        night.post(night.lind, "note", encounter_id, body=f"note number {number}", compartment="usual")

    page = text(night.get(night.lind, "client", subject_id))

    assert [f"note number {number}" in page for number in range(6)] == [False, *[True] * 5]
    assert "The whole timeline" in page


@pytest.mark.parametrize("page", ["client", "timeline"])
def test_who_may_see_nothing_gets_the_answer_of_nobody(night, page):
    _encounter_id, subject_id = open_card(night, make_incident())

    hidden, absent = (night.get(night.varga, page, each) for each in (subject_id, uuid.uuid4()))

    assert (hidden.status_code, hidden.content) == (404, absent.content)
