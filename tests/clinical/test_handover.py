"""Who is on the care team is the supervisor's to say; in summary, earlier notes stay closed to who comes later."""

import uuid

import pytest

from clinical.models import HandOver, Note, SafetyPlan
from consent import access, services
from consent.models import Assignment, LedgerEntry
from tests import factories
from tests.clinical.stage import open_card

pytestmark = pytest.mark.django_db
BEFORE, SUMMARY, AFTER = "slept two nights in the car", "wants a clinic; afraid of dogs", "met at the shelter"


@pytest.fixture
def ash(night):
    """The supervisor, whose office opens what the program writes."""
    ash = factories.make_principal("ash", role="clinical supervisor", program=night.program)
    profile = services.profile(night.program)
    with access.opened("system:grants", "HOPERAT"):
        for segments in (profile.identity, profile.enrolment, profile.note, (*profile.note, "RISK")):
            services.open_office(program=night.program, segments=segments, role="clinical supervisor")
    return ash


@pytest.fixture
def story(night, referral, ash):
    """Lind has met somebody and written a note and a safety plan: the encounter and the client."""
    encounter_id, subject_id = open_card(night, referral)
    night.post(night.lind, "note", encounter_id, body=BEFORE, compartment="usual")
    night.post(night.lind, "write_safety_plan", subject_id, signs="the radio", copy="none")
    return encounter_id, subject_id


def hand_over(night, ash, subject_id, how, **more):
    with access.opened(ash, "CAREMGT"):
        giver = Assignment.objects.get(subject_id=subject_id, principal=night.lind, ends_at=None)
    said = {"giver": giver.pk, "taker": night.varga.uid, "how": how, "reason": "leaves", "summary": SUMMARY}
    return night.post(ash, "hand_over", subject_id, "CO-RESPONSE", **(said | more))


def timeline(night, who, subject_id):
    answer = night.get(who, "timeline", subject_id)
    return answer.content.decode() if answer.status_code == 200 else answer.status_code


def test_handed_over_whole_the_new_worker_reads_what_was_written_and_the_old_one_nothing(night, ash, story):
    encounter_id, subject_id = story

    hand_over(night, ash, subject_id, "full")

    assert BEFORE in timeline(night, night.varga, subject_id)
    assert BEFORE in timeline(night, ash, subject_id)
    assert timeline(night, night.lind, subject_id) == 404
    assert night.get(night.lind, "encounter", encounter_id).status_code == 404


def test_handed_over_in_summary_earlier_notes_are_not_there_and_everything_else_is(night, ash, story):
    encounter_id, subject_id = story

    hand_over(night, ash, subject_id, "summary")

    theirs = timeline(night, night.varga, subject_id)
    encounter = night.get(night.varga, "encounter", encounter_id).content.decode()
    assert BEFORE not in theirs + encounter
    assert SUMMARY in theirs
    assert "the radio" in night.get(night.varga, "safety_plan", subject_id).content.decode()
    assert BEFORE in timeline(night, ash, subject_id)
    with access.opened(night.varga, "CAREMGT"):
        assert not Note.objects.exists()
        assert Note.objects.count() == 0
        assert SafetyPlan.objects.count() == 1


def test_the_new_worker_writes_on_and_reads_what_they_wrote(night, ash, story):
    encounter_id, subject_id = story
    hand_over(night, ash, subject_id, "summary")

    night.post(night.varga, "note", encounter_id, body=AFTER, compartment="usual")

    assert AFTER in timeline(night, night.varga, subject_id)
    both = timeline(night, ash, subject_id)
    assert both.index(AFTER) < both.index(BEFORE)


def test_who_stays_on_the_team_goes_on_reading_both(night, ash, story):
    encounter_id, subject_id = story
    hand_over(night, ash, subject_id, "summary", giver_stays="on")
    night.post(night.varga, "note", encounter_id, body=AFTER, compartment="usual")

    stayed = timeline(night, night.lind, subject_id)

    assert BEFORE in stayed
    assert AFTER in stayed


def test_who_comes_back_later_comes_as_somebody_new(night, ash, story):
    _encounter_id, subject_id = story
    hand_over(night, ash, subject_id, "summary")
    night.post(ash, "join_team", subject_id, "CO-RESPONSE", worker=night.lind.uid)

    assert BEFORE not in timeline(night, night.lind, subject_id)
    assert SUMMARY in timeline(night, night.lind, subject_id)


def test_a_second_hand_over_in_summary_closes_what_was_written_since(night, ash, story):
    encounter_id, subject_id = story
    third = factories.make_principal("third", role="social worker", program=night.program)
    hand_over(night, ash, subject_id, "summary")
    night.post(night.varga, "note", encounter_id, body=AFTER, compartment="usual")
    with access.opened(ash, "CAREMGT"):
        giver = Assignment.objects.get(subject_id=subject_id, principal=night.varga, ends_at=None)

    night.post(
        ash, "hand_over", subject_id, "CO-RESPONSE", giver=giver.pk, taker=third.uid, how="summary",
        reason="caseload", summary="once more",
    )  # fmt: skip

    theirs = timeline(night, third, subject_id)
    assert (BEFORE in theirs, AFTER in theirs, "once more" in theirs) == (False, False, True)
    everything = timeline(night, ash, subject_id)
    assert BEFORE in everything
    assert AFTER in everything


def test_the_choice_is_in_the_ledger_under_the_supervisors_name(night, ash, story):
    _encounter_id, subject_id = story
    hand_over(night, ash, subject_id, "summary")

    with access.opened(night.oduya, "HCOMPL"):
        entry = LedgerEntry.objects.get(action="hand over")
    with access.opened(ash, "CAREMGT"):
        row = HandOver.objects.get()

    assert (entry.actor, entry.reason, entry.recipient) == (
        str(ash.uid),
        "summary leaves",
        str(night.varga.uid),
    )
    assert entry.resources == {"clinical.handover": [str(row.pk)]}
    assert row.by == ash


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"summary": "  "}, "Write the summary"),
        ({"taker": ""}, "Choose who takes over."),
        ({"how": ""}, "Choose the whole record or a summary."),
        ({"reason": ""}, "Choose why."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_handed_over(night, ash, story, said, says):
    _encounter_id, subject_id = story

    answer = hand_over(night, ash, subject_id, **({"how": "summary"} | said))

    assert says in answer.content.decode()
    assert BEFORE in timeline(night, night.lind, subject_id)
    assert timeline(night, night.varga, subject_id) == 404


def test_who_does_no_care_in_the_program_takes_nobody_over(night, ash, story):
    _encounter_id, subject_id = story

    answer = hand_over(night, ash, subject_id, "full", taker=night.peer.uid)

    assert answer.status_code == 200
    assert timeline(night, night.peer, subject_id) == 404


def test_a_supervisor_puts_on_and_takes_off_and_never_takes_off_the_last(night, ash, story):
    _encounter_id, subject_id = story
    night.post(ash, "join_team", subject_id, "CO-RESPONSE", worker=night.varga.uid)
    with_both = timeline(night, night.varga, subject_id)
    with access.opened(ash, "CAREMGT"):
        team = {each.principal_id: each.pk for each in Assignment.objects.filter(subject_id=subject_id)}

    night.post(ash, "leave_team", subject_id, team[night.lind.pk])
    night.post(ash, "leave_team", subject_id, team[night.varga.pk])

    assert BEFORE in with_both
    assert timeline(night, night.lind, subject_id) == 404
    assert BEFORE in timeline(night, night.varga, subject_id)
    assert "Nobody would be left" in night.get(ash, "team", subject_id).content.decode()


def test_a_supervisor_of_another_program_or_a_worker_hands_nobody_over(night, ash, story):
    _encounter_id, subject_id = story
    elsewhere = factories.make_principal("elsewhere", role="clinical supervisor", program=night.part2)

    for who in (night.lind, night.varga, elsewhere):
        assert night.get(who, "hand_over", subject_id, "CO-RESPONSE").status_code == 404
        assert night.post(who, "join_team", subject_id, "CO-RESPONSE").status_code == 404
    assert night.get(ash, "hand_over", subject_id, "POST").status_code == 404
    assert night.get(ash, "hand_over", uuid.uuid4(), "CO-RESPONSE").status_code == 404


def test_a_worker_sees_themselves_on_the_team_and_a_supervisor_everybody(night, ash, story):
    _encounter_id, subject_id = story
    night.post(ash, "join_team", subject_id, "CO-RESPONSE", worker=night.varga.uid)

    own = night.get(night.lind, "team", subject_id).content.decode()
    whole = night.get(ash, "team", subject_id).content.decode()

    assert ("Lind" in own, "<strong>Varga</strong>" in own) == (True, False)
    assert "<strong>Varga</strong>" in whole
    assert "<strong>Lind</strong>" in whole
