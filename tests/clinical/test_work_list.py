"""One page says what is to be done: due, unfinished, silent, without a name; and what waits for a supervisor."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinical.models import Client, Encounter, Window
from consent import access, services
from consent.models import Assignment
from tests import factories
from tests.clinical.stage import open_card

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=20)


def seen(night, who):
    return night.get(who, "work").content.decode()


def heading(page, title):
    """What stands under that heading, up to the next one."""
    return page.split(f">{title}</h2>", 1)[1].split("</section>", 1)[0]


@pytest.fixture
def client_of_long_ago(night, referral):
    """Lind's client since twenty days, met then; the encounter's and the client's id."""
    encounter_id, subject_id = open_card(night, referral)
    with access.opened("system:grants", "HOPERAT"):
        Assignment.objects.update(begins_at=timezone.now() - LONG_AGO)
    with access.opened(night.lind, "CAREMGT"):
        Encounter.objects.filter(pk=encounter_id).update(opened_at=timezone.now() - LONG_AGO)
    return encounter_id, subject_id


def test_with_nothing_to_do_each_list_says_so(night):
    page = seen(night, night.lind)

    for said in (
        "Nothing is due.",
        "Nobody on your list has been silent",
        "Everybody you can see has a name.",
    ):
        assert said in page


def test_what_is_due_by_tomorrow_stands_first_and_what_is_late_says_since_when(night, referral):
    encounter_id, _subject = open_card(night, referral)
    night.post(night.lind, "introduction", encounter_id, answer="cannot")
    soon = heading(seen(night, night.lind), "Due by tomorrow")
    with access.opened(night.lind, "CAREMGT"):
        (window,) = Window.objects.all()
        window.begins_at, window.due_at = (
            window.begins_at - timedelta(days=3),
            window.due_at - timedelta(days=3),
        )
        window.save(update_fields=["begins_at", "due_at"])

    late = heading(seen(night, night.lind), "Due by tomorrow")

    assert "Ask again about roles and sharing" in soon
    assert "was due" not in soon
    assert "was due" in late


def test_a_client_without_contact_for_two_weeks_is_silent_until_somebody_meets_them(
    night, client_of_long_ago
):
    encounter_id, subject_id = client_of_long_ago
    assert f"/clients/{subject_id}/" in heading(seen(night, night.lind), "Silent for two weeks")

    with access.opened(night.lind, "CAREMGT"):
        Encounter.objects.filter(pk=encounter_id).update(opened_at=timezone.now() - timedelta(days=2))

    assert f"/clients/{subject_id}/" not in heading(seen(night, night.lind), "Silent for two weeks")


def test_a_colleagues_silent_client_is_on_nobody_elses_list(night, client_of_long_ago):
    _encounter, subject_id = client_of_long_ago

    assert str(subject_id) not in seen(night, night.varga)


def test_who_has_no_name_yet_has_an_owner(night, referral):
    _encounter, subject_id = open_card(night, referral)
    listed = heading(seen(night, night.lind), "Not yet named")
    with access.opened(night.lind, "CAREMGT"):
        person = Client.objects.about(subject_id).get()
        person.given_name = "Juniper"
        person.save(update_fields=["given_name"])

    assert f"/clients/{subject_id}/" in listed
    assert "Lind" in listed
    assert f"/clients/{subject_id}/" not in heading(seen(night, night.lind), "Not yet named")


def test_a_supervisor_finds_complaints_and_reviews_that_wait(night, referral):
    chief = factories.make_principal("chief", role="clinical supervisor", program=night.program)
    with access.opened("system:grants", "HOPERAT"):
        services.open_office(
            program=night.program, segments=services.profile(night.program).complaint, role="clinical supervisor",
            writes=True,
        )  # fmt: skip
    _encounter, subject_id = open_card(night, referral)
    empty = seen(night, chief)
    said = {
        "about": "force",
        "made_by": "person",
        "how": "phone",
        "destination": "nowhere",
        "said": "They held me down.",
    }
    night.post(night.lind, "take_complaint", subject_id, **said)

    waiting = heading(seen(night, chief), "Complaints that wait for you")

    assert "No complaint waits for you." in empty
    assert "Force was used" in waiting
    assert "nobody answers yet" in waiting
    assert "They held me down." not in waiting


def test_the_page_costs_as_many_statements_for_many_clients_as_for_few(night, referral, incident):
    open_card(night, referral)
    few = number_of_statements(night)
    open_card(night, incident)

    assert number_of_statements(night) == few


def number_of_statements(night):
    seen(night, night.lind)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        seen(night, night.lind)
    return len([each for each in captured if "oracle." not in each["sql"]])
