"""A program that ended takes nobody new, its successor gets its cards, and its page tells its years and hours."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from clinical.episodes.selectors import programs_to_open
from clinical.episodes.services import open_episode
from clinical.intake.routing import program_for, program_named
from clinical.models import Client, Coverage, Encounter, ResponseModel, Zone
from consent import access, services
from consent.models import ProgramChange
from tests import factories
from tests.clinical.stage import arrive, card_of, determined, make_incident, open_card

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def end(program, *into, kind="ended", on=None, **more):
    made = ProgramChange.objects.create(
        program=program, kind=kind, on=on or TODAY(), decided_by="City Council", **more
    )
    made.into.set(into)
    return made


@pytest.fixture
def manager(night):
    return factories.make_principal("quinn", role="program manager", program=night.program)


def hours(**more):
    return {
        "model": ResponseModel.objects.get(slug="embedded").pk,
        "zones": [zone.pk for zone in Zone.objects.filter(slug__in=["ZONE1", "ZONE2"])],
        "weekdays": ["5", "6"], "from_time": "20:00", "until_time": "04:00", "begins_on": str(TODAY()),
    } | more  # fmt: skip


def test_an_ended_program_opens_no_new_encounter_and_says_so(night, referral):
    _encounter, subject = open_card(night, referral)
    arrive(incident := make_incident())
    end(night.program)

    again = night.post(night.lind, "meet_again", subject)
    new = night.post(night.lind, "new_encounter", described_as="man, 40s", location="")
    card = night.post(night.lind, "open_card", card_of(incident).pk)

    assert b"takes nobody new any more" in night.browser(night.lind).get(again["Location"]).content
    assert b"None of your programs takes anybody new" in new.content
    assert card.status_code == 302
    with access.opened(night.lind, "CAREMGT"):
        assert Encounter.objects.count() == 1


def test_an_ended_program_takes_nobody_into_an_episode(night, referral):
    _encounter, subject = open_card(night, referral)
    with access.opened(night.lind, "CAREMGT"):
        client = Client.objects.select_related("compartment__scope").about(subject).get()
        assert programs_to_open(night.lind, client, timezone.now()) == [night.program]

        end(night.program)

        assert programs_to_open(night.lind, client, timezone.now()) == []
        with pytest.raises(access.NothingToTell):
            open_episode(
                client=client,
                program=night.program,
                by=night.lind,
                at=timezone.now(),
                source="card",
                answers={},
            )


def test_a_referral_to_a_program_that_was_split_or_merged_goes_to_what_goes_on(night):
    pins, north = factories.make_program("PINS"), factories.make_program("PINS-NORTH")
    assert program_for(["frequent calls"]) == pins

    end(pins, north, kind="merged")

    assert program_for(["frequent calls"]) == north
    assert program_named("PINS") == north


def test_a_referral_to_a_program_that_just_ended_goes_to_the_first_responders_unit(night):
    end(factories.make_program("PINS"))

    assert program_for(["frequent calls"]) == night.program
    assert program_named("PINS") is None


def test_the_page_tells_the_life_of_a_program_and_the_line_whose_figures_compare(night, referral, manager):
    with access.opened("system:grants", "HOPERAT"):
        services.open_office(program=night.program, segments=("MH",), role="program manager")
    encounter_id, _subject = open_card(night, referral)
    night.post(night.lind, "scene", encounter_id, place="home", present=[], police="present")
    north = determined(factories.make_program("CRT-NORTH"), p2_status="none")
    end(north, night.program, kind="merged", on=date(2025, 7, 1), reason="one team for the whole city")

    page = night.get(manager, "program", night.program.uid).content.decode()
    other = night.get(manager, "program", north.uid).content.decode()

    assert "Together" in page
    assert "compare only together" in page
    assert f'<tr><th scope="row">{night.program.name}</th>' in page
    assert f'<td data-label="{TODAY().year}">1</td></tr>' in page
    assert "one team for the whole city" in other
    assert "takes nobody new" in other


def test_an_office_that_opens_no_encounters_reads_no_figures(night, referral, manager):
    open_card(night, referral)

    page = night.get(manager, "program", night.program.uid).content.decode()

    assert "Nothing you can see here" in page
    assert "Police not recorded" not in page


def test_a_discontinued_part_2_program_shows_its_seal_label_and_clocks(night, manager):
    end(
        night.part2, on=date(2026, 3, 1), kept_under="28 Pa. Code 709.33", kept_until=date(2033, 3, 1),
        custodian="Privacy officer of the Office",
    )  # fmt: skip

    page = night.get(manager, "program", night.part2.uid).content.decode()

    assert (
        "required to be maintained under 28 Pa. Code 709.33 until a date not later than March 1, 2033" in page
    )
    assert "Privacy officer of the Office" in page
    assert "Mar 1, 2027" in page


def test_a_manager_writes_the_hours_down_and_ends_them(night, manager):
    assert night.post(manager, "cover", night.program.uid, **hours()).status_code == 302
    made = Coverage.objects.get()
    assert (made.weekdays, made.hours_a_week(), made.zones.count()) == ([5, 6], 16.0, 2)

    too_early = night.post(
        manager, "end_coverage", night.program.uid, coverage=made.pk, ends_on=str(TODAY() - timedelta(days=1))
    )
    night.post(manager, "end_coverage", night.program.uid, coverage=made.pk, ends_on=str(TODAY()))

    assert b"It began later than that" in too_early.content
    made.refresh_from_db()
    assert made.ends_on == TODAY()
    assert b"16 hours a week" in night.get(manager, "program", night.program.uid).content


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("zones", [], "Choose a zone at least"), ("weekdays", [], "Choose a weekday at least"),
        ("from_time", "soon", "Say from what hour"), ("model", "", "Choose the response model"),
    ],
)  # fmt: skip
def test_hours_that_say_too_little_are_refused_and_the_field_is_named(night, manager, field, value, words):
    answer = night.post(manager, "cover", night.program.uid, **hours(**{field: value}))

    assert words in answer.content.decode()
    assert not Coverage.objects.exists()


def test_hours_of_a_program_are_its_own_managers_to_write(night, manager):
    night.post(manager, "cover", night.program.uid, **hours())
    stranger = factories.make_principal("reese", role="program manager", program=night.part2)

    answers = [
        night.post(stranger, "cover", night.program.uid, **hours()),
        night.post(stranger, "end_coverage", night.program.uid, coverage=Coverage.objects.get().pk, ends_on=str(TODAY())),
        night.post(manager, "end_coverage", night.program.uid, coverage="no number", ends_on=str(TODAY())),
    ]  # fmt: skip

    assert [each.status_code for each in answers] == [404, 404, 404]
    assert Coverage.objects.get().ends_on is None
    assert b"Add hours" not in night.get(stranger, "program", night.program.uid).content
