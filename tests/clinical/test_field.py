"""A night on the road: drafts keep themselves, forms are done once, clocks begin, and somebody watches."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from clinical.field import drafts, watch
from clinical.models import BothPresent, Draft, Encounter, LoneWorkerWatch, Note, Window
from consent import access, services
from tests.clinical.stage import make_incident, open_card

pytestmark = pytest.mark.django_db
BODY = "slept two nights in the car; wants a clinic"
BY_SCRIPT = {"headers": {"X-Kept-By-Script": "yes"}}


@pytest.fixture
def encounter_id(night, referral):
    return open_card(night, referral)[0]


def found(night, model, by=None, **conditions):
    with access.opened(by or night.lind, "CAREMGT"):
        return list(model.objects.filter(**conditions).select_related("compartment__scope"))


def encounter(night, encounter_id):
    with access.opened(night.lind, "CAREMGT"):
        return Encounter.objects.get(pk=encounter_id)


def page(night, name="encounter", *args, by=None):
    return night.get(by or night.lind, name, *args).content.decode()


# Three taps


def test_three_taps_are_enough_for_a_saved_encounter(night, referral):
    from tests.clinical.stage import arrive, card_of

    arrive(referral)

    opened = night.post(night.lind, "open_card", card_of(referral).pk)
    encounter_id = uuid.UUID(opened["Location"].split("/")[2])
    night.post(night.lind, "arrived", encounter_id)
    night.post(night.lind, "leave", encounter_id, disposition="family")

    kept = encounter(night, encounter_id)
    assert kept.opened_at <= kept.arrived_at <= kept.left_at
    assert kept.disposition == "family"


def test_the_page_offers_each_of_the_three_taps(night, encounter_id):
    said = page(night, "encounter", encounter_id)

    assert "Arrived</button>" in said
    assert 'name="disposition" value="family"' in said


# Drafts


def test_what_is_typed_is_kept_by_itself_and_stands_there_again_on_another_phone(night, encounter_id):
    kept = night.browser(night.lind).post(
        f"/encounters/{encounter_id}/drafts/note/", {"body": BODY, "compartment": "usual"}, **BY_SCRIPT
    )
    night.browsers.clear()  # the phone is lost: another browser, signed in anew

    assert kept.status_code == 204
    assert BODY in page(night, "encounter", encounter_id)
    assert "Finish 1 draft" in page(night, "tonight")


def test_a_draft_lies_encrypted_in_its_encounters_compartment(night, encounter_id):
    night.post(night.lind, "draft", encounter_id, "note", body=BODY)

    (draft,) = found(night, Draft)
    assert draft.compartment.scope.segments == ["MH"]
    assert draft.said == {"body": [BODY]}


def test_a_draft_that_speaks_of_danger_moves_to_where_the_note_will_go(night, encounter_id):
    night.post(night.lind, "draft", encounter_id, "note", body=BODY, compartment="usual")
    night.post(night.lind, "draft", encounter_id, "note", body=BODY, compartment="risk")

    (draft,) = found(night, Draft)
    assert draft.compartment.scope.segments == ["MH", "RISK"]
    assert draft.said["body"] == [BODY]


def test_sending_the_note_empties_its_draft(night, encounter_id):
    night.post(night.lind, "draft", encounter_id, "note", body=BODY)

    night.post(night.lind, "note", encounter_id, body=BODY, compartment="usual")

    (draft,) = found(night, Draft)
    assert (draft.said, draft.ended_at is not None) == ({}, True)
    assert "Finish" not in page(night, "tonight")


def test_an_emptied_box_and_a_thrown_away_draft_leave_nothing(night, encounter_id):
    night.post(night.lind, "draft", encounter_id, "note", body=BODY)
    night.post(night.lind, "draft", encounter_id, "note", body="  ")
    night.post(night.lind, "draft", encounter_id, "scene", place="home")
    night.post(night.lind, "throw_away", encounter_id, "scene")

    assert all(draft.ended_at and not draft.said for draft in found(night, Draft))
    assert BODY not in page(night, "encounter", encounter_id)


def test_a_draft_of_the_scene_and_of_leaving_is_taken_up_where_it_was_left(night, encounter_id):
    night.post(night.lind, "scene", encounter_id, place="street", present=["ems"], police="none")
    night.post(night.lind, "draft", encounter_id, "scene", place="home", present=["peer", "family"])
    night.post(night.lind, "draft", encounter_id, "leave", disposition="ed", naloxone="2")

    scene, leave = page(night, "scene", encounter_id), page(night, "leave", encounter_id)
    for value, is_checked in (
        ("home", True),
        ("peer", True),
        ("family", True),
        ("ems", False),
        ("none", False),
    ):
        line = next(part for part in scene.split("<input") if f'value="{value}"' in part)
        assert ("checked" in line.split(">")[0]) is is_checked, value
    assert 'value="ed"' in leave
    assert next(part for part in leave.split("<input") if 'name="naloxone"' in part).count('value="2"') == 1


def test_a_colleagues_draft_is_shown_to_nobody_else_on_the_team(night, encounter_id):
    with access.opened(night.lind, "CAREMGT"):
        subject = Encounter.objects.select_related("compartment").get(pk=encounter_id).compartment.subject_id
        services.assign(subject_id=subject, program=night.program, principal=night.varga, by=night.lind)
    night.post(night.lind, "draft", encounter_id, "note", body=BODY)

    assert night.get(night.varga, "encounter", encounter_id).status_code == 200
    assert BODY not in page(night, "encounter", encounter_id, by=night.varga)
    assert "Finish" not in page(night, "tonight", by=night.varga)


def test_an_older_text_that_comes_late_does_not_replace_a_newer_one(night, encounter_id):
    now = timezone.now()
    with access.opened(night.lind, "CAREMGT"):
        about = Encounter.objects.select_related("compartment__scope__program").get(pk=encounter_id)
        for words, at in (("newer", now), ("older", now - timedelta(minutes=5))):
            drafts.keep_draft(encounter=about, by=night.lind, form="note", said={"body": [words]}, at=at)

    assert found(night, Draft)[0].said == {"body": ["newer"]}


# Once


def test_a_form_that_comes_twice_under_its_number_is_done_once(night, encounter_id):
    number = str(uuid.uuid4())

    answers = [
        night.post(night.lind, "note", encounter_id, body=BODY, compartment="usual", parcel=number)
        for _ in range(2)
    ]

    assert {answer.status_code for answer in answers} == {302}
    assert len(found(night, Note)) == 1


def test_a_refused_form_has_not_used_up_its_number(night, encounter_id):
    number = str(uuid.uuid4())

    night.post(night.lind, "note", encounter_id, body="", parcel=number)
    night.post(night.lind, "note", encounter_id, body=BODY, compartment="usual", parcel=number)

    assert [note.body for note in found(night, Note)] == [BODY]


# Leaving, and taking it back


def test_leaving_keeps_force_and_supplies_only_where_they_were_asked(night, encounter_id):
    night.post(
        night.lind, "leave", encounter_id, disposition="ed", with_outcome="yes", force="none", naloxone="2"
    )
    night.post(night.lind, "take_back_leaving", encounter_id)

    night.post(night.lind, "leave", encounter_id, disposition="stayed")

    kept = encounter(night, encounter_id)
    assert (kept.disposition, kept.force, kept.supplies_given) == ("stayed", "none", {"naloxone": 2})


def test_a_wrong_number_of_supplies_is_told_and_closes_nothing(night, encounter_id):
    answer = night.post(
        night.lind, "leave", encounter_id, disposition="ed", with_outcome="yes", naloxone="9999"
    )

    assert answer.status_code == 200
    assert encounter(night, encounter_id).left_at is None


def test_what_was_closed_by_mistake_is_opened_again_for_twelve_hours_and_not_later(night, encounter_id):
    night.post(night.lind, "leave", encounter_id, disposition="ed")
    assert "Open it again" in page(night, "encounter", encounter_id)

    night.post(night.lind, "take_back_leaving", encounter_id)

    assert encounter(night, encounter_id).left_at is None
    assert [window.ending for window in found(night, Window)] == ["not_needed"]
    with access.opened(night.lind, "CAREMGT"):
        about = Encounter.objects.get(pk=encounter_id)
        about.disposition, about.left_at = "left", timezone.now()
        about.opened_at = about.left_at = timezone.now() - timedelta(hours=13)
        about.save()
    night.post(night.lind, "take_back_leaving", encounter_id)
    assert encounter(night, encounter_id).left_at is not None


def test_a_correction_after_leaving_changes_how_it_ended_and_not_when(night, encounter_id):
    night.post(night.lind, "leave", encounter_id, disposition="stayed")
    left_at = encounter(night, encounter_id).left_at

    night.post(night.lind, "leave", encounter_id, disposition="family", with_outcome="yes", naloxone="1")

    kept = encounter(night, encounter_id)
    assert (kept.disposition, kept.left_at, kept.supplies_given) == ("family", left_at, {"naloxone": 1})


# Windows


def test_who_cannot_decide_now_is_asked_again_in_24_hours(night, encounter_id):
    night.post(night.lind, "introduction", encounter_id, answer="cannot")

    (window,) = found(night, Window)
    assert window.due_at - window.begins_at == timedelta(hours=24)
    assert "Ask now" in page(night, "tonight")

    night.post(night.lind, "introduction", encounter_id, answer="agrees")

    assert found(night, Window)[0].ending == "done"
    assert "Ask now" not in page(night, "tonight")


def test_who_still_cannot_decide_is_asked_once_more(night, encounter_id):
    night.post(night.lind, "introduction", encounter_id, answer="cannot")
    first = found(night, Window)[0].due_at

    night.post(night.lind, "introduction", encounter_id, answer="cannot")

    (window,) = found(night, Window)
    assert (window.ended_at, window.due_at > first) == (None, True)


@pytest.mark.parametrize("answer", ["agrees", "declines", "unsafe"])
def test_any_other_answer_starts_no_clock_and_none_opens_anything(night, encounter_id, answer):
    with access.opened("system:grants", "HOPERAT"):
        from consent.models import Grant

        before = set(Grant.objects.values_list("pk", flat=True))

    night.post(night.lind, "introduction", encounter_id, answer=answer)

    with access.opened("system:grants", "HOPERAT"):
        assert set(Grant.objects.values_list("pk", flat=True)) == before
    assert found(night, Window) == []


def test_after_the_emergency_department_a_week_runs_and_after_an_overdose_24_and_72_hours(night, referral):
    crisis, _subject = open_card(night, referral)
    night.post(night.lind, "leave", crisis, disposition="ed")
    overdose = make_incident()
    object.__setattr__(overdose, "call_type", "OVERDOSE")
    second, _other = open_card(night, overdose, by=night.varga)
    night.post(night.varga, "leave", second, disposition="stayed")

    hours = {
        window.rule: (window.due_at - window.begins_at) / timedelta(hours=1)
        for who in (night.lind, night.varga)
        for window in found(night, Window, by=who)
    }
    assert hours == {"after_ed": 7 * 24, "overdose_24": 24, "overdose_72": 72}


def test_a_window_is_ended_some_way_and_that_can_be_taken_back(night, encounter_id):
    night.post(night.lind, "leave", encounter_id, disposition="ed")
    (window,) = found(night, Window)

    night.post(night.lind, "end_window", window.pk, ending="nonsense")
    assert found(night, Window)[0].ended_at is None
    night.post(night.lind, "end_window", window.pk, ending="nobody", **{"from": "tonight"})
    assert found(night, Window)[0].ending == "nobody"
    night.post(night.lind, "run_window_again", window.pk)

    again = found(night, Window)[0]
    assert (again.ended_at, again.ending, again.due_at) == (None, "", window.due_at)


def test_a_colleague_finds_no_window_of_mine(night, encounter_id):
    night.post(night.lind, "leave", encounter_id, disposition="ed")
    (window,) = found(night, Window)

    answers = [
        night.post(night.varga, name, which) for name in ("end_window", "run_window_again")
        for which in (window.pk, uuid.uuid4())
    ]  # fmt: skip

    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}


# Working alone


def watches():
    return list(LoneWorkerWatch.objects.order_by("begins_at"))


def test_arriving_starts_a_timer_of_half_an_hour_and_leaving_ends_it(night, encounter_id):
    night.post(night.lind, "arrived", encounter_id)
    (running,) = watches()
    assert running.due_at - running.checked_at == timedelta(minutes=30)
    assert (running.worker, running.encounter_id) == (night.lind, encounter_id)

    night.post(night.lind, "leave", encounter_id, disposition="stayed")

    (ended,) = watches()
    assert (ended.ended_at is not None, ended.ended_by) == (True, night.lind)


def test_a_check_in_that_does_not_come_is_an_alarm_until_it_does(night, encounter_id):
    night.post(night.lind, "arrived", encounter_id)
    later = timezone.now() + timedelta(minutes=31)
    assert [each.worker for each in LoneWorkerWatch.objects.alarming(later)] == [night.lind]
    assert not LoneWorkerWatch.objects.alarming(timezone.now())

    watch.check_in(worker=night.lind, at=later)

    assert not LoneWorkerWatch.objects.alarming(later + timedelta(minutes=29))


def test_a_call_for_help_looks_like_a_check_in_and_stays_until_another_ends_it(night, encounter_id):
    night.post(night.lind, "arrived", encounter_id)
    plain = night.post(night.lind, "check_in", said="ok")
    called = night.post(night.lind, "check_in", said="folder")
    shown = page(night, "encounter", encounter_id)

    assert (plain.status_code, plain["Location"]) == (called.status_code, called["Location"])
    assert "uress" not in shown
    assert LoneWorkerWatch.objects.alarming(timezone.now()).count() == 1

    night.post(night.lind, "leave", encounter_id, disposition="stayed")
    night.post(night.lind, "end_watch")

    assert "data-ok" not in page(night, "tonight")
    (running,) = watches()
    assert (running.ended_at, running.signed_off_at is not None) == (None, True)
    assert not watch.end_by_another(watch=running, by=night.lind, at=timezone.now())
    assert watch.end_by_another(watch=running, by=night.varga, at=timezone.now())
    assert not LoneWorkerWatch.objects.alarming(timezone.now())


def test_what_a_call_for_help_answers_is_what_a_check_in_answers_byte_for_byte(night, encounter_id):
    night.post(night.lind, "arrived", encounter_id)
    bodies = []
    for said in ("ok", "folder"):
        night.post(night.lind, "check_in", said=said)
        bodies.append(page(night, "encounter", encounter_id))

    changing = re.compile(
        r"[0-9a-f]{8}-[0-9a-f-]{27}|csrf[^>]*>|hx-headers=\'[^\']*\'|\d\d:\d\d(:\d\d)?|T[\d:.+-]+"
    )
    assert changing.sub("", bodies[0]) == changing.sub("", bodies[1])


def test_the_timer_can_be_started_without_an_encounter_and_its_minutes_chosen(night):
    night.post(night.lind, "begin_watch", minutes="15", **{"from": "tonight"})
    assert "data-ok" in page(night, "tonight")
    (running,) = watches()
    assert (running.minutes, running.encounter_id, running.program) == (15, None, night.program)

    night.post(night.lind, "end_watch", **{"from": "tonight"})

    assert "data-ok" not in page(night, "tonight")


def test_leaving_one_encounter_does_not_end_the_watch_over_another(night, referral, incident):
    first, _subject = open_card(night, referral)
    second, _other = open_card(night, incident)
    night.post(night.lind, "arrived", first)
    night.post(night.lind, "arrived", second)

    night.post(night.lind, "leave", first, disposition="stayed")

    assert watches()[0].ended_at is None


def test_nobody_is_watched_in_a_colleagues_encounter(night, encounter_id):
    assert night.post(night.varga, "begin_watch", encounter=encounter_id).status_code == 404
    assert watches() == []


# Risk and hand-off


def test_risk_is_asked_from_the_encounter_and_its_answer_stands_there(night, encounter_id):
    before = page(night, "encounter", encounter_id)
    with access.opened(night.lind, "CAREMGT"):
        subject = Encounter.objects.select_related("compartment").get(pk=encounter_id).compartment.subject_id
    assert f"/clients/{subject}/screenings/cssrs/?encounter={encounter_id}" in before

    asked = night.get(night.lind, "run_screening", subject, "cssrs", query_params={"encounter": encounter_id})
    night.post(
        night.lind, "run_screening", subject, "cssrs", skip="yes", skipped="unsafe", encounter=encounter_id
    )

    assert 'class="side-clinical night"' in asked.content.decode()
    assert "not safe now" in page(night, "encounter", encounter_id)


@pytest.fixture
def handoff(night, encounter_id):
    from referrals.partners.models import PartnerReferral

    with access.opened(night.lind, "CAREMGT"):
        about = Encounter.objects.select_related("compartment__scope__program").get(pk=encounter_id)
        made = PartnerReferral(
            compartment=about.compartment, organization=night.clinic, program=night.program, purpose="COC",
            segments=["MH"], segments_withheld=[], referred_by=night.lind,
        )  # fmt: skip
        made.save(force_insert=True)
    return made.pk


def test_a_hand_off_is_stamped_once_as_made_with_both_present_and_the_stamp_can_be_taken_back(night, handoff):
    night.post(night.lind, "both_present", handoff, how="line", with_person="Dana at the desk")
    night.post(night.lind, "both_present", handoff, how="room")

    assert "Dana at the desk" in page(night, "handoff", handoff)
    assert [stamp.how for stamp in found(night, BothPresent)] == ["line"]

    night.post(night.lind, "strike_both_present", handoff)

    assert "Dana" not in page(night, "handoff", handoff)
    assert found(night, BothPresent)[0].struck_at is not None


@pytest.mark.parametrize("said", [{"how": "pigeon"}, {"how": "line", "with_person": "x" * 121}, {}])
def test_what_is_no_stamp_is_told_and_stamps_nothing(night, handoff, said):
    night.post(night.lind, "both_present", handoff, **said)

    assert found(night, BothPresent) == []
    assert "Choose how you met" in page(night, "handoff", handoff)


def test_screens_are_dark_while_the_worker_is_with_the_client_and_the_desks_after(
    night, encounter_id, handoff
):
    during = page(night, "handoff", handoff)
    night.post(night.lind, "leave", encounter_id, disposition="stayed")
    after = page(night, "handoff", handoff)

    assert "side-clinical night" in during
    assert "side-clinical night" not in after
    assert "side-clinical night" in page(night, "tonight")
