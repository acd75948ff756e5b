"""Somebody out alone calls for help, or is silent: whoever can come sees it at once, with where to go."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from clinical.field import watch
from clinical.field.models import LoneWorkerWatch
from clinical.models import Encounter
from consent import access, services
from tests import factories
from tests.clinical.stage import open_card

pytestmark = pytest.mark.django_db


@pytest.fixture
def ash(night):
    """A supervisor whose office opens what is written."""
    made = factories.make_principal("ash", role="clinical supervisor", program=night.program)
    with access.opened("system:grants", "HOPERAT"):
        services.open_office(
            program=night.program, segments=services.profile(night.program).note, role="clinical supervisor"
        )
    return made


@pytest.fixture
def alone(night, referral):
    """Lind has arrived at an encounter; its id."""
    encounter_id, _subject = open_card(night, referral)
    night.post(night.lind, "arrived", encounter_id)
    return encounter_id


def seen(night, who, page="out_alone"):
    return night.get(who, page).content.decode()


def silent():
    LoneWorkerWatch.objects.update(
        checked_at=timezone.now() - timedelta(minutes=31), due_at=timezone.now() - timedelta(minutes=1)
    )


def test_a_call_for_help_is_on_the_supervisors_page_with_where_to_go(night, ash, alone):
    with access.opened(night.lind, "CAREMGT"):
        place = Encounter.objects.get(pk=alone).location
    before = seen(night, ash)
    night.post(night.lind, "check_in", said="folder")

    after = seen(night, ash)

    assert "All well so far" in before
    assert place not in before  # where somebody is, is told when they are needed
    assert "Calls for help since" in after
    assert place in after


def test_the_line_of_every_desk_page_says_it_and_is_empty_otherwise(night, ash, alone):
    quiet = seen(night, ash, "alarm_line")
    night.post(night.lind, "check_in", said="folder")

    assert quiet.strip() == ""
    assert "calls for help" in seen(night, ash, "alarm_line")
    assert 'hx-get="/watches/line/"' in seen(night, ash, "clients")


def test_a_check_in_that_does_not_come_says_so_to_colleagues_tonight(night, alone):
    assert "does not answer" not in seen(night, night.varga, "tonight")
    silent()

    assert "Lind" in seen(night, night.varga, "tonight")
    assert "does not answer" in seen(night, night.varga, "tonight")


def test_on_the_workers_own_screen_there_is_nothing_of_it(night, alone):
    calm = [seen(night, night.lind, page) for page in ("tonight", "out_alone", "work")]
    night.post(night.lind, "check_in", said="folder")
    told = [seen(night, night.lind, page) for page in ("tonight", "out_alone", "work")]

    for before, after in zip(calm, told, strict=True):
        assert "calls for help" not in after.lower().replace("to call for help", "")
        assert before.count("emergency-line") == after.count("emergency-line")


def test_another_programs_people_see_neither_the_watch_nor_its_end(night, alone):
    stranger = factories.make_principal("stranger", role="clinical supervisor", program=night.part2)
    night.post(night.lind, "check_in", said="folder")
    (running,) = LoneWorkerWatch.objects.all()

    page = seen(night, stranger)
    hidden = night.post(stranger, "reached", running.pk)
    absent = night.post(stranger, "reached", running.pk + 1000)

    assert "Nobody in your programs is out alone." in page
    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)
    assert hidden.status_code == 404


def test_who_reached_them_ends_it_and_the_worker_never_does(night, ash, alone):
    night.post(night.lind, "check_in", said="folder")
    (running,) = LoneWorkerWatch.objects.all()

    assert night.post(night.lind, "reached", running.pk).status_code == 404
    night.post(ash, "reached", running.pk)

    (ended,) = LoneWorkerWatch.objects.all()
    assert (ended.ended_by, ended.ended_at is not None) == (ash, True)
    assert "Nobody in your programs is out alone." in seen(night, ash)


def test_whose_record_is_not_open_is_told_to_ask_dispatch(night, alone):
    manager = factories.make_principal("manager", role="program manager", program=night.program)
    silent()

    page = seen(night, manager)

    assert "No answer since" in page
    assert "ask dispatch" in page


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(night, ash):
    browser: Browser = night.browser(ash)
    night.get(ash, "out_alone")
    session = browser.session
    session["last_seen"] -= 60
    session.save()
    before = browser.session["last_seen"]

    night.get(ash, "alarm_line", headers={"X-Without-Hands": "1"})
    by_itself = browser.session["last_seen"]
    night.get(ash, "out_alone")

    assert by_itself == before
    assert browser.session["last_seen"] > before


def test_who_answers_is_asked_first_who_called_first(night, ash, alone):
    silent()
    watch.begin(worker=night.varga, program=night.program, at=timezone.now())
    watch.call_for_help(worker=night.varga, at=timezone.now())

    page = seen(night, ash)

    assert page.index("Calls for help since") < page.index("No answer since")
