"""What a worker writes down about birth and death is what decisions go by."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consent import access
from consent.models import LifeDates
from tests.clinical.stage import open_card

pytestmark = pytest.mark.django_db
BORN = date(1990, 5, 17)


def known_of(subject_id):
    with access.opened("system:grants", "HOPERAT"):
        return LifeDates.of(subject_id)


def edit(night, subject_id, **said):
    return night.post(night.lind, "edit_client", subject_id, described_as="grey coat", anyway="yes", **said)


def test_a_birth_date_and_a_death_written_on_the_page_are_kept_and_shown_again(night, incident):
    _encounter, subject_id = open_card(night, incident)
    today = timezone.localdate()

    assert edit(night, subject_id, born_on=BORN.isoformat()).status_code == 302
    assert known_of(subject_id) == (BORN, None)
    assert edit(night, subject_id, born_on=BORN.isoformat(), died_on=today.isoformat()).status_code == 302

    assert known_of(subject_id) == (BORN, today)
    assert today.isoformat() in night.get(night.lind, "edit_client", subject_id).content.decode()


@pytest.mark.parametrize("days", [1, -40_000])
def test_a_death_to_come_or_before_the_birth_is_refused(night, incident, days):
    _encounter, subject_id = open_card(night, incident)
    died_on = timezone.localdate() + timedelta(days=days)

    answer = edit(night, subject_id, born_on=BORN.isoformat(), died_on=died_on.isoformat())

    assert answer.status_code == 200
    assert known_of(subject_id) == (None, None)
