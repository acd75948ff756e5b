"""How the response went is kept with the encounter, and what came of a 302 apart from the police's word of it."""

from datetime import UTC, datetime, time, timedelta
from datetime import date as day
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from clinical.models import Coverage, Encounter, InvoluntaryExamination, ResponseModel, Shift, Team, Zone
from clinical.responses.models import RESPONSE_MODELS
from clinical.responses.selectors import model_in_use
from consent import access
from tests import factories
from tests.clinical.stage import make_incident, open_card

pytestmark = pytest.mark.django_db
RESPONSE = {
    "called_by": "fire", "responders": ["clinician", "peer"], "arrival_order": "secured",
    "units_before": ["police", "ems"], "units_before_count": "3", "spoke_first": "peer", "led": "clinician",
    "officer_stepped_back": "yes", "reporter_warning_given": "no", "disagreed": "yes", "decided_by": "supervisor",
    "backup_called_by": "nobody",
}  # fmt: skip
OUTCOME = {
    "force": "hands", "force_by": "officer", "injury": "during", "responder_injury": "minor",
    "responders_injured": ["clinician"], "naloxone": "2", "food": "1", "strips": "0",
}  # fmt: skip


def kept(night, encounter_id):
    with access.opened(night.lind, "CAREMGT"):
        return Encounter.objects.select_related("response_model", "shift").get(pk=encounter_id)


def test_the_ten_response_models_are_there_as_data():
    assert set(ResponseModel.objects.values_list("slug", flat=True)) == set(RESPONSE_MODELS)
    assert {slug for slug, model in RESPONSE_MODELS.items() if model["police"] == ["none"]} == {"no-police"}


def test_how_the_response_went_is_kept_and_read_back(night, referral):
    encounter_id, _subject = open_card(night, referral)
    model = ResponseModel.objects.get(slug="crisis-team")

    answer = night.post(night.lind, "response", encounter_id, response_model=model.pk, **RESPONSE)
    page = night.get(night.lind, "encounter", encounter_id).content.decode()

    assert answer.status_code == 302
    found = kept(night, encounter_id)
    assert found.response_model == model
    assert (found.units_before, found.units_before_count) == (["police", "ems"], 3)
    assert (found.officer_stepped_back, found.reporter_warning_given, found.decided_by) == (
        True,
        False,
        "supervisor",
    )
    for words in (
        "Crisis response team",
        "3 (Police, Medics)",
        "Called in once the scene was safe",
        "A supervisor",
    ):
        assert words in page


def test_what_was_not_recorded_is_neither_yes_nor_no_and_can_be_taken_back(night, referral):
    encounter_id, _subject = open_card(night, referral)
    night.post(night.lind, "response", encounter_id, **RESPONSE)

    night.post(night.lind, "response", encounter_id)

    found = kept(night, encounter_id)
    assert (found.officer_stepped_back, found.disagreed, found.led, found.responders) == (None, None, "", [])


def test_force_injury_and_supplies_are_kept_and_none_is_not_counted(night, referral):
    encounter_id, _subject = open_card(night, referral)

    night.post(night.lind, "outcome", encounter_id, **OUTCOME)

    found = kept(night, encounter_id)
    assert (found.force, found.force_by, found.injury) == ("hands", "officer", "during")
    assert (found.responder_injury, found.responders_injured) == ("minor", ["clinician"])
    assert found.supplies == {"naloxone": 2, "food": 1}
    assert b"Naloxone kits: 2, Food or water: 1" in night.get(night.lind, "encounter", encounter_id).content


@pytest.mark.parametrize(
    ("page", "given", "words"),
    [
        ("response", {"arrival_order": "first", "units_before": ["ems"]}, "others were there already"),
        ("response", {"decided_by": "officer", "disagreed": "no"}, "Choose yes here to keep who decided"),
        ("response", {"units_before_count": "-1"}, "greater than or equal to 0"),
        ("outcome", {"force": "none", "force_by": "officer"}, "Choose what was used"),
        ("outcome", {"responders_injured": ["peer"]}, "Choose how badly"),
        ("outcome", {"officer_released_at": "2020-01-01T10:00"}, "before the encounter began"),
        ("outcome", {"naloxone": "9000"}, "less than or equal to 200"),
        ("examination", {"outcome": "admitted"}, "Choose who petitioned"),
        ("examination", {"petitioned_by": "family", "outcome_on": "2026-11-01"}, "that this date belongs to"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_asked_again_and_nothing_is_kept(night, referral, page, given, words):
    encounter_id, _subject = open_card(night, referral)
    night.post(night.lind, "leave", encounter_id, disposition="commitment")
    before = kept(night, encounter_id)

    answer = night.post(night.lind, page, encounter_id, **given)

    assert words in answer.content.decode()
    after = kept(night, encounter_id)
    assert (after.arrival_order, after.force, after.supplies) == (
        before.arrival_order,
        before.force,
        before.supplies,
    )
    with access.opened(night.lind, "CAREMGT"):
        assert not InvoluntaryExamination.objects.exists()


def test_the_first_release_of_the_officer_counts_and_gives_the_minutes(night, referral):
    encounter_id, _subject = open_card(night, referral)
    night.post(night.lind, "arrived", encounter_id)
    night.post(night.lind, "officer_released", encounter_id)
    first = kept(night, encounter_id).officer_released_at

    night.post(night.lind, "officer_released", encounter_id)
    with access.opened(night.lind, "CAREMGT"):
        encounter = Encounter.objects.get(pk=encounter_id)
        encounter.disposition, encounter.left_at = "stayed", first + timedelta(minutes=42, seconds=10)
        encounter.save(update_fields=["disposition", "left_at"])

    found = kept(night, encounter_id)
    assert (found.officer_released_at, found.officer_minutes_released) == (first, 42)


def test_a_302_is_followed_after_the_encounter_and_its_outcome_replaces_what_was_known(night, referral):
    encounter_id, _subject = open_card(night, referral)
    night.post(night.lind, "leave", encounter_id, disposition="commitment")
    night.post(night.lind, "examination", encounter_id, petitioned_by="clinician", facility="County hospital")

    answer = night.post(
        night.lind, "examination", encounter_id, petitioned_by="clinician", facility="County hospital",
        outcome="voluntary", outcome_on=str(timezone.localdate()),
    )  # fmt: skip

    assert answer.status_code == 302
    with access.opened(night.lind, "CAREMGT"):
        found = InvoluntaryExamination.objects.select_related("compartment__scope").get()
        assert (found.outcome, found.outcome_on) == ("voluntary", timezone.localdate())
        assert found.compartment == Encounter.objects.select_related("compartment").get().compartment
    page = night.get(night.lind, "encounter", encounter_id).content.decode()
    assert "Became a voluntary stay (201)" in page
    assert "County hospital" in page


def test_an_encounter_that_came_to_no_302_asks_nothing_about_one(night, referral):
    encounter_id, _subject = open_card(night, referral)

    assert b"(302)</h2>" not in night.get(night.lind, "encounter", encounter_id).content


def test_the_card_the_shift_and_the_hours_covered_fill_in_what_they_know(night):
    team = Team.objects.create(name="Night", program=night.program)
    now = timezone.now()
    shift = Shift.objects.create(
        team=team, principal=night.lind, begins_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1)
    )
    covered(night.program, "embedded", time(0, 0), time(0, 0), [1, 2, 3, 4, 5, 6, 7])

    encounter_id, _subject = open_card(night, make_incident())

    found = kept(night, encounter_id)
    assert (found.called_by, found.shift) == ("dispatch", shift)
    assert found.response_model.slug == "embedded"


def covered(program, slug, begin, end, weekdays, *, begins_on=day(2026, 1, 1), ends_on=None):
    made = Coverage.objects.create(
        program=program, model=ResponseModel.objects.get(slug=slug), from_time=begin, until_time=end,
        weekdays=weekdays, begins_on=begins_on, ends_on=ends_on,
    )  # fmt: skip
    made.zones.set(Zone.objects.filter(slug="DOWNTOWN"))
    return made


def city(year, month, date, hour, minute=0):
    return datetime(year, month, date, hour, minute, tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (city(2026, 11, 27, 21, 59), None),  # Friday, a minute early
        (city(2026, 11, 27, 22), "crisis-team"),
        (city(2026, 11, 28, 3, 59), "crisis-team"),  # Saturday by the calendar, Friday's shift
        (city(2026, 11, 28, 4), None),
        (city(2026, 11, 28, 23), None),  # Saturday's own night is not covered
        (city(2026, 10, 30, 23), None),  # before it began
    ],
)
def test_hours_that_pass_midnight_belong_to_the_day_they_begin_on_in_the_citys_time(at, found):
    program = factories.make_program("CO-RESPONSE")
    covered(program, "crisis-team", time(22), time(4), [5], begins_on=day(2026, 11, 1))

    model = model_in_use(program, at, zone="Downtown")

    assert (model.slug if model else None) == found


def test_two_models_at_one_hour_leave_a_doubt_and_another_zone_is_not_covered():
    program = factories.make_program("CO-RESPONSE")
    covered(program, "embedded", time(0), time(0), [5])
    covered(program, "virtual", time(8), time(20), [5])

    assert model_in_use(program, city(2026, 11, 27, 9), zone="DOWNTOWN") is None
    assert model_in_use(program, city(2026, 11, 27, 21), zone="DOWNTOWN").slug == "embedded"
    assert model_in_use(program, city(2026, 11, 27, 21), zone="ZONE1") is None


@pytest.mark.parametrize("page", ["response", "outcome", "officer_released", "examination"])
def test_a_colleague_who_is_not_assigned_can_write_nothing_of_it(night, referral, page):
    encounter_id, _subject = open_card(night, referral)

    answer = night.post(night.varga, page, encounter_id, **RESPONSE, **OUTCOME, petitioned_by="family")

    assert answer.status_code == 404
    assert kept(night, encounter_id).led == ""
