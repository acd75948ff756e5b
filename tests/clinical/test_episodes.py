"""An episode: taken in, moved, written in, closed; each part in its compartment, and nothing of it to others."""

import html
import re
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinical import handlers
from clinical.episodes.definitions import BadDefinition, definitions, read
from clinical.intake.services import NotForThisSide, open_duty_unit
from clinical.models import CallCount, Demographics, Episode, EpisodeRecord, StageMove
from consent import access
from consent.engine.forms import KEYS
from consent.services.compartments import PARENT_SEGMENTS
from referrals.services import CallCounts
from tests import factories
from tests.clinical import stage
from tests.clinical.stage import open_card
from tests.clinical.test_statements import LIST, statements

pytestmark = pytest.mark.django_db
INTAKE = {
    "source": "call",
    "crisis": "yes",
    "wants_follow_up": "yes",
    "has_team": "no",
    "reason": "two bad nights",
}


@pytest.fixture
def subject(night, referral):
    """Somebody whom Lind has met."""
    return open_card(night, referral)[1]


def taken_in(night, subject, **more):
    """Lind takes them in; the episode."""
    answer = night.post(
        night.lind, "new_episode", subject, program="CO-RESPONSE", save="yes", **INTAKE | more
    )
    assert answer.status_code == 302, answer.content.decode()
    return episode_of(night, subject)


def episode_of(night, subject):
    with access.opened(night.lind, "CAREMGT"):
        return Episode.objects.about(subject).select_related("compartment__scope").newest_first().first()


def write(night, episode, kind, **answers):
    return night.post(night.lind, "write_record", episode.pk, kind=kind, save="yes",
                      happened_at=timezone.localtime().strftime("%Y-%m-%dT%H:%M"), **answers)  # fmt: skip


def test_taking_in_asks_what_the_program_asks_and_begins_its_first_stage(night, subject):
    offered = night.get(night.lind, "client_episodes", subject).content.decode()
    form = night.post(night.lind, "new_episode", subject, program="CO-RESPONSE").content.decode()

    episode = taken_in(night, subject)

    assert "Take in" in offered
    assert "What brought us together" in form
    assert (episode.stage, episode.source, episode.definition) == ("follow_up", "call", "co-response")
    page = night.get(night.lind, "episode", episode.pk).content.decode()
    assert "two bad nights" in page
    assert "Take in" not in night.get(night.lind, "client_episodes", subject).content.decode()


def test_that_somebody_is_a_client_and_what_they_said_lie_in_two_compartments(night, subject):
    episode = taken_in(night, subject)

    assert episode.compartment.scope.segments == ["ENROLL", "MH"]
    with access.opened(night.lind, "CAREMGT"):
        records = EpisodeRecord.objects.select_related("compartment__scope").filter(episode=episode)
        assert {each.kind: each.compartment.scope.segments for each in records} == {
            "eligibility": ["MH"],
            "intake": ["MH"],
        }


def test_who_the_program_is_not_for_is_taken_in_for_a_reason_or_not_at_all(night, subject):
    answers = INTAKE | {"has_team": "yes"}
    refused = night.post(night.lind, "new_episode", subject, program="CO-RESPONSE", save="yes", **answers)

    assert refused.status_code == 200
    assert "This speaks against it: Is another treatment team" in refused.content.decode()
    assert episode_of(night, subject) is None

    taken_in(night, subject, has_team="yes", why_anyway="the team asked us to")
    assert "Taken in all the same: the team asked us to" in (
        night.get(night.lind, "episode", episode_of(night, subject).pk).content.decode()
    )


def test_a_question_left_open_keeps_nobody_out(night, subject):
    episode = taken_in(night, subject, has_team="unknown")

    assert episode.stage == "follow_up"


def test_taking_in_twice_is_one_episode(night, subject):
    first = taken_in(night, subject)

    again = night.post(night.lind, "new_episode", subject, program="CO-RESPONSE", save="yes", **INTAKE)

    assert again["Location"] == reverse("clinical:episode", args=[first.pk])
    with access.opened(night.lind, "CAREMGT"):
        assert Episode.objects.count() == 1


def test_no_program_of_another_legal_unit_takes_them_in(night, subject):
    factories.make_membership(night.lind, role="case manager", program=night.part2)

    assert night.post(night.lind, "new_episode", subject, program="POST").status_code == 404


def test_stages_follow_one_another_and_can_be_gone_back(night, subject):
    episode = taken_in(night, subject)

    night.post(night.lind, "move_episode", episode.pk, to="linking", why="wants a clinic")
    night.post(night.lind, "move_episode", episode.pk, to="follow_up")
    refused = night.post(night.lind, "move_episode", episode.pk, to="nowhere")

    assert refused.status_code == 200
    with access.opened(night.lind, "CAREMGT"):
        steps = StageMove.objects.filter(episode=episode).newest_first()
        assert [each.to_stage for each in steps] == ["follow_up", "linking", "follow_up"]
        assert steps[1].why == "wants a clinic"


def test_a_stage_says_until_when_it_should_be_over(night, subject):
    episode = taken_in(night, subject)
    with access.opened(night.lind, "CAREMGT"):
        Episode.objects.filter(pk=episode.pk).update(stage_since=timezone.now() - timedelta(hours=73))

    assert "late since" in night.get(night.lind, "episodes").content.decode()


def test_a_record_is_kept_and_corrected_and_the_earlier_one_stays(night, subject):
    episode = taken_in(night, subject)
    write(night, episode, "follow_up", how="phone", doing="slept", next="Thursday")
    with access.opened(night.lind, "CAREMGT"):
        first = EpisodeRecord.objects.get(kind="follow_up")

    form = night.get(night.lind, "correct_record", first.pk).content.decode()
    happened_at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    night.post(
        night.lind,
        "correct_record",
        first.pk,
        happened_at=happened_at,
        how="in_person",
        doing="slept a little",
    )

    page = night.get(night.lind, "episode", episode.pk).content.decode()
    assert 'value="Thursday"' in form
    assert "slept a little" in page
    assert "Thursday" not in page
    assert "Corrected" in night.get(night.lind, "episode_record", first.pk).content.decode()
    with access.opened(night.lind, "CAREMGT"):
        assert EpisodeRecord.objects.get(pk=first.pk).answers["next"] == "Thursday"


def test_what_has_not_happened_yet_is_not_recorded(night, subject):
    episode = taken_in(night, subject)

    later = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    answer = night.post(
        night.lind, "write_record", episode.pk, kind="follow_up", save="yes", how="phone", happened_at=later
    )

    assert "This has not happened yet." in answer.content.decode()


def test_an_episode_ends_for_a_reason_and_the_end_can_be_taken_back(night, subject):
    episode = taken_in(night, subject)
    without = night.post(night.lind, "close_episode", episode.pk, summary="x")
    night.post(night.lind, "close_episode", episode.pk, reason="linked", summary="clinic on Fridays")

    closed = night.get(night.lind, "episode", episode.pk).content.decode()
    assert "Choose why it ends." in without.content.decode()
    assert "Closed: In care elsewhere" in closed
    assert "clinic on Fridays" in closed
    assert "closed" in night.get(night.lind, "episodes", data={"state": "closed"}).content.decode().lower()

    night.post(night.lind, "reopen_episode", episode.pk, why="came back")
    assert episode_of(night, subject).closed_at is None
    assert "came back" in night.get(night.lind, "episode", episode.pk).content.decode()


def test_a_closed_episode_is_followed_by_a_new_one_and_is_not_reopened_beside_it(night, subject):
    first = taken_in(night, subject)
    night.post(night.lind, "close_episode", first.pk, reason="settled")
    second = taken_in(night, subject)

    night.post(night.lind, "reopen_episode", first.pk, why="by mistake")

    assert second.pk != first.pk
    with access.opened(night.lind, "CAREMGT"):
        assert Episode.objects.get(pk=first.pk).closed_at is not None


PAGES = [
    ("episode", "episode"), ("close_episode", "episode"), ("client_episodes", "subject"), ("demographics", "subject"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "what"), PAGES)
def test_a_colleague_who_is_not_assigned_finds_what_isnt_there(night, subject, page, what):
    episode = taken_in(night, subject)
    real = {"episode": episode.pk, "subject": subject}[what]

    hidden, absent = night.get(night.varga, page, real), night.get(night.varga, page, uuid.uuid4())

    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert "Nothing you can see here" in night.get(night.varga, "episodes").content.decode()


@pytest.mark.parametrize("page", ["move_episode", "close_episode", "reopen_episode", "write_record"])
def test_a_colleague_changes_nothing(night, subject, page):
    episode = taken_in(night, subject)

    answer = night.post(night.varga, page, episode.pk, to="linking", reason="linked", why="x", kind="link")

    assert answer.status_code == 404
    assert episode_of(night, subject).stage == "follow_up"


def test_a_program_manager_sees_stages_and_nothing_that_was_said(night, subject):
    from consent import services

    quinn = factories.make_principal("quinn", role="program manager", program=night.program)
    with access.opened("system:grants", "HOPERAT"):
        services.open_office(
            program=night.program, segments=services.profile(night.program).enrolment, role="program manager"
        )
    taken_in(night, subject)

    with access.opened(quinn, "HOPERAT"):
        assert Episode.objects.count() == 1
        assert EpisodeRecord.objects.count() == 0


def test_demographics_are_the_persons_words_or_declined_or_not_asked(night, subject):
    said = {
        "race_ethnicity_state": "said", "race_ethnicity_words": "Afro-Caribbean, from Nevis",
        "race_ethnicity_chosen": ["black", "hispanic"], "gender_state": "declined", "language_state": "not_asked",
        "disability_state": "not_asked",
    }  # fmt: skip
    night.post(night.lind, "demographics", subject, **said)

    page = night.get(night.lind, "demographics", subject).content.decode()
    assert "Afro-Caribbean, from Nevis" in page
    with access.opened(night.lind, "CAREMGT"):
        kept = Demographics.objects.select_related("compartment__scope").get()
        assert kept.compartment.scope.segments == ["DEM", "MH"]
        assert kept.race_ethnicity["chosen"] == ["black", "hispanic"]
        assert (kept.gender, kept.language) == ({"state": "declined"}, {})


def test_an_answer_beside_not_asked_is_asked_about_rather_than_lost(night, subject):
    states = dict.fromkeys(
        ("race_ethnicity_state", "gender_state", "language_state", "disability_state"), "not_asked"
    )
    answer = night.post(night.lind, "demographics", subject, **states | {"gender_words": "a woman"})

    assert "Gender: an answer is written here." in answer.content.decode()
    with access.opened(night.lind, "CAREMGT"):
        assert not Demographics.objects.exists()


def make_episodes(night, how_many):
    """Clients of Lind's in *Checking in*."""
    for _ in range(how_many):
        compartment = factories.make_compartment(program=night.program, segments=["ENROLL", "MH"])
        factories.grant(night.lind, compartment)
        factories.make_record(
            Episode, compartment, by=night.lind, purpose="CAREMGT", definition="co-response", version=1,
            source="call", stage="watch", stage_since=timezone.now(), opened_at=timezone.now(), opened_by=night.lind,
            closing_reason="",
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_list_asks_the_database_as_often_for_forty_as_for_two(night):
    make_episodes(night, 2)
    short = statements(night, "episodes")
    make_episodes(night, 40)
    longer = statements(night, "episodes")

    assert len(longer) == len(short) <= LIST


def test_the_list_has_a_second_page(night):
    make_episodes(night, 51)

    page = night.get(
        night.lind, "episodes", data={"program": "CO-RESPONSE", "stage": "watch"}
    ).content.decode()
    second = (
        night.browser(night.lind)
        .get(
            html.unescape(re.search(r'href="(\?[^"]*older=[^"]*)"', page)[1]).join(
                [reverse("clinical:episodes"), ""]
            )
        )
        .content.decode()
    )

    assert page.count('data-label="Stage"') == 50
    assert second.count('data-label="Stage"') == 1


def test_every_definition_is_whole_and_says_of_its_records_what_the_engine_says():
    assert definitions()
    for each in definitions().values():
        for program in each.programs:
            assert PARENT_SEGMENTS.get(program, each.legal.parent) == each.legal.parent, program


def test_a_definition_that_leads_nowhere_is_refused_with_the_place_named():
    said = {
        "slug": "odd", "version": 1, "name": "Odd", "programs": ["ODD"], "about": "", "sources": {"a": "A"},
        "legal": {"parent": "CASE", "consents": [], "about": ""}, "eligibility": [], "intake": [], "records": [],
        "stages": [{"id": "one", "words": "One", "next": ["two"]}], "closing": {"reasons": [{"id": "x", "words": "X"}]},
    }  # fmt: skip

    with pytest.raises(BadDefinition, match="odd: stage `one` leads to `two`"):
        read(said, {})
    with pytest.raises(BadDefinition, match="unknown kind `guess`"):
        read(
            said
            | {
                "intake": [{"id": "q", "label": "Q", "kind": "guess"}],
                "stages": [{"id": "one", "words": "One"}],
            },
            {},
        )


def counted(referral, **more):
    """The police side's numbers about the referral arrive."""
    value = CallCounts(referral_id=referral.referral_id, counted_at=timezone.now(),
                       **{"days": 90, "before": 41, "after": None} | more)  # fmt: skip
    with access.opened("system:intake", "X-REFERRAL-IN"):
        handlers.calls_counted(value, uuid.uuid4())


def test_calls_before_and_after_are_shown_beside_the_episode(night, subject, referral):
    episode = taken_in(night, subject)
    counted(referral)
    counted(referral)
    counted(referral, days=30, before=17, after=3)

    page = night.get(night.lind, "episode", episode.pk).content.decode()

    assert "41" in page
    assert "not over yet" in page
    assert page.count('<th scope="row">') == 2
    with access.opened(night.lind, "CAREMGT"):
        assert {tuple(each.compartment.scope.segments) for each in
                CallCount.objects.select_related("compartment__scope")} == {("CAD",)}  # fmt: skip


def test_numbers_about_a_referral_that_never_came_are_refused(night, referral):
    with pytest.raises(NotForThisSide):
        counted(referral)


@pytest.fixture
def pins(night):
    """Nadia keeps PINS, which is of Co-Response's legal unit."""
    program = stage.determined(factories.make_program("PINS"), p2_status="lawful_holder")
    factories.make_membership(night.varga, role="case manager", program=program)
    with access.opened("system:grants", "HOPERAT"):
        open_duty_unit(program)
    return program


def pins_episode(night, referral):
    """Varga takes a card of PINS in; the episode."""
    stage.arrive(replace(referral, suggested_program="PINS", reasons=("Frequent 911", "Falls")))
    answer = night.post(night.varga, "take_in_card", stage.card_of(referral).pk)
    assert answer.status_code == 302, answer.content.decode()
    with access.opened(night.varga, "CAREMGT"):
        return Episode.objects.select_related("compartment__scope").newest_first().first()


def test_a_card_of_pins_is_taken_in_without_an_encounter(night, pins, referral):
    episode = pins_episode(night, referral)
    counted(referral)

    page = night.get(night.varga, "episode", episode.pk).content.decode()

    assert (episode.source, episode.stage) == ("police", "referred")
    assert "Frequent 911, Falls" in page
    assert "41" in page
    assert night.post(night.lind, "take_in_card", stage.card_of(referral).pk).status_code == 404


def test_a_stage_begins_when_what_it_needs_is_written(night, pins, referral):
    episode = pins_episode(night, referral)
    night.post(night.varga, "move_episode", episode.pk, to="outreach")

    early = night.post(night.varga, "move_episode", episode.pk, to="plan")
    happened_at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    night.post(
        night.varga,
        "write_record",
        episode.pk,
        kind="visit",
        save="yes",
        happened_at=happened_at,
        reached="yes",
    )
    night.post(night.varga, "move_episode", episode.pk, to="plan")

    assert "Write this first: Home visit." in early.content.decode()
    with access.opened(night.varga, "CAREMGT"):
        assert Episode.objects.get(pk=episode.pk).stage == "plan"


def test_what_is_more_protected_goes_into_a_compartment_of_its_own(night, pins, referral):
    episode = pins_episode(night, referral)
    happened_at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")

    form = night.post(night.varga, "write_record", episode.pk, kind="wellbeing").content.decode()
    for kind, answers in (("wellbeing", {"seen": "low for weeks"}), ("approach", {"helps": "speak slowly"})):
        night.post(
            night.varga, "write_record", episode.pk, kind=kind, save="yes", happened_at=happened_at, **answers
        )

    assert "Mental health" in form
    with access.opened(night.varga, "CAREMGT"):
        rows = EpisodeRecord.objects.select_related("compartment__scope").of_kind("wellbeing", "approach")
        assert {each.kind: each.compartment.scope.segments for each in rows} == {
            "wellbeing": ["CASE", "MH"],
            "approach": ["CASE", "RISK"],
        }


def test_a_card_of_co_response_begins_with_an_encounter(night, referral):
    stage.arrive(referral)
    card = stage.card_of(referral)

    assert night.post(night.lind, "take_in_card", card.pk).status_code == 404
    assert b"Take in" not in night.get(night.lind, "card", card.pk).content


@pytest.mark.parametrize(
    ("reasons", "source"), [(["Diversion from arrest"], "arrest_diversion"), ([], "social_contact")]
)
def test_lead_tells_a_diversion_from_a_social_contact(reasons, source):
    assert definitions()["lead"].cards.source_of("referral", reasons) == source
    assert definitions()["co-response"].cards.source_of("referral", reasons) == ""


def test_every_form_that_a_program_takes_is_one_that_the_engine_knows():
    for each in definitions().values():
        assert set(each.legal.consents) <= set(KEYS), each.slug
