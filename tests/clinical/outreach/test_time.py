"""Work that is no contact counts as time, never as an outcome; what is about a client stays with the client."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinical.models import Activity, Collateral, Encounter
from consent import access
from tests.clinical.known import make_known

pytestmark = pytest.mark.django_db


def test_time_is_noted_in_two_taps_and_taken_back_by_its_worker_alone(city):
    city.post(city.otis, "my_time", kind="travel", minutes="30")
    noted = Activity.objects.get()
    page = city.get(city.otis, "my_time").content.decode()

    assert (noted.by, noted.program, noted.minutes, noted.on) == (
        city.otis,
        city.roots,
        30,
        timezone.localdate(),
    )
    assert "Travel, 30 min" in page
    assert "Travel, 30 min" not in city.get(city.solveig, "my_time").content.decode()
    assert city.post(city.solveig, "take_back_time", activity=str(noted.pk)).status_code == 404
    assert city.post(city.otis, "take_back_time", activity=str(noted.pk)).status_code == 302
    assert "Travel, 30 min" not in city.get(city.otis, "my_time").content.decode()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"kind": "travel"}, "Say how long it took"),
        ({"minutes": "30"}, "Say what it was"),
        ({"kind": "travel", "minutes": "other"}, "Write the minutes"),
        ({"kind": "travel", "minutes": "other", "other_minutes": "9999"}, "960"),
        ({"kind": "travel", "minutes": "30", "on": "2099-01-01"}, "has not come yet"),
        ({"kind": "travel", "minutes": "30", "on": "2001-01-01"}, "within a month"),
    ],
)
def test_a_form_that_misses_something_says_which_field(city, said, told):
    page = city.post(city.otis, "my_time", **said).content.decode()

    assert told in page
    assert not Activity.objects.exists()


def test_a_supervisor_sees_the_sums_of_their_own_programs_without_names(city):
    city.post(city.beatrix, "my_time", kind="court", minutes="120")
    city.post(city.otis, "my_time", kind="training", minutes="60")

    page = city.get(city.agnes, "time_sums").content.decode()

    assert "Court or agency" in page
    assert "2.0" in page
    assert "Training" not in page
    assert "Beatrix" not in page


def test_work_for_a_client_who_was_not_there_is_no_encounter(city):
    client = make_known(city.beatrix, city.tsap, described_as="Sam")
    before = _encounters(city)

    city.post(
        city.beatrix,
        "collateral",
        client.subject_id,
        kind="landlord",
        minutes="15",
        note="asked about the lock",
    )

    page = city.get(city.beatrix, "collateral", client.subject_id).content.decode()
    assert "Landlord or housing, 15 min" in page
    assert "asked about the lock" in page
    assert _encounters(city) == before
    with access.opened(city.beatrix, "CAREMGT"):
        row = Collateral.objects.select_related("compartment__scope").get()
        assert row.compartment.scope.segments == ["VSP"]
        assert row.done_at <= timezone.now() + timedelta(seconds=1)


def test_it_opens_to_the_care_team_and_is_taken_back_by_its_writer(city):
    client = make_known(city.beatrix, city.tsap, described_as="Sam")
    city.post(city.beatrix, "collateral", client.subject_id, kind="court", minutes="60", note="the hearing")
    with access.opened(city.beatrix, "CAREMGT"):
        row = Collateral.objects.get()

    for stranger in (city.otis, city.lind):
        assert city.get(stranger, "collateral", client.subject_id).status_code == 404
        assert (
            city.post(stranger, "take_back_collateral", client.subject_id, collateral=str(row.pk)).status_code
            == 404
        )
    assert b"the hearing" in city.get(city.agnes, "collateral", client.subject_id).content
    assert (
        city.post(city.agnes, "collateral", client.subject_id, kind="court", minutes="60").status_code == 404
    )
    city.post(city.beatrix, "take_back_collateral", client.subject_id, collateral=str(row.pk))
    assert b"the hearing" not in city.get(city.beatrix, "collateral", client.subject_id).content


def _encounters(city):
    with access.opened(city.beatrix, "CAREMGT"):
        return Encounter.objects.count()
