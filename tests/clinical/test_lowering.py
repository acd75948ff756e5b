"""A label goes down by two people alone: one asks and says why, a supervisor decides, the record moves at once."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from clinical.lowering import services as lowering
from clinical.models import HealthFact, Lowering, Note
from consent import access, services
from consent.models import LedgerEntry
from tests import factories
from tests.clinical.stage import make_incident, open_card

pytestmark = pytest.mark.django_db
BODY = "no danger to anybody after all"


@pytest.fixture
def ash(night):
    return supervisor(night, "ash")


def supervisor(night, name, program=None):
    program = program or night.program
    found = factories.make_principal(name, role="clinical supervisor", program=program)
    profile = services.profile(program)
    with access.opened("system:grants", "HOPERAT"):
        for segments in (profile.identity, profile.enrolment, profile.note):
            services.open_office(program=program, segments=segments, role="clinical supervisor")
    return found


@pytest.fixture
def note(night, ash, incident):
    """A note that was kept as danger."""
    encounter_id, _subject = open_card(night, incident)
    night.post(night.lind, "note", encounter_id, body=BODY, compartment="risk")
    with access.opened(night.lind, "CAREMGT"):
        return Note.objects.select_related("compartment__scope").get()


def ask(night, note, by=None, **said):
    asked = {"takes_away": "RISK", "reason": "written in haste"} | said
    return night.post(by or night.lind, "ask_to_lower", note.pk, "note", **asked)


def the_request(night):
    with access.opened(night.lind, "CAREMGT"):
        return Lowering.objects.select_related("compartment__scope").get()


def decide(night, by, lowers="yes"):
    return night.post(
        by, "lowering", the_request(night).pk, lowers=lowers, remark="nothing in it speaks of danger"
    )


def segments_of(night, note):
    with access.opened(night.lind, "CAREMGT"):
        return Note.objects.select_related("compartment__scope").get(pk=note.pk).compartment.scope.segments


def test_the_note_moves_when_a_supervisor_agrees_and_its_text_with_it(night, note, ash):
    ask(night, note)
    before = segments_of(night, note)

    answer = decide(night, ash)

    assert answer.status_code == 302, answer.content.decode()
    assert (before, segments_of(night, note)) == (["MH", "RISK"], ["MH"])
    with access.opened(night.lind, "CAREMGT"):
        assert Note.objects.get(pk=note.pk).body == BODY


def test_the_ledger_holds_who_lowered_what_for_whom(night, note, ash):
    ask(night, note)
    decide(night, ash)

    with access.opened(night.oduya, "HCOMPL"):
        entry = LedgerEntry.objects.get(action="lower")
    assert (entry.actor, entry.segments, entry.segments_withheld) == (str(ash.uid), ["MH"], ["RISK"])
    assert entry.resources["clinical.note"] == [str(note.pk)]
    assert BODY not in str(entry.content())


def test_who_opens_the_usual_compartment_alone_reads_it_from_then_on(night, note, ash):
    """A manager whose office opens the program's usual notes, opened after the label was first used."""
    manager = factories.make_principal("mo", role="program manager", program=night.program)
    with access.opened("system:grants", "HOPERAT"):
        services.open_office(program=night.program, segments=("MH",), role="program manager")

    def is_told():
        with access.opened(manager, "CAREMGT"):
            return Note.objects.filter(pk=note.pk).exists()

    ask(night, note)
    before = is_told()
    decide(night, ash)

    assert (before, is_told()) == (False, True)


def test_a_refusal_leaves_it_and_says_why(night, note, ash):
    ask(night, note)

    decide(night, ash, lowers="no")

    assert segments_of(night, note) == ["MH", "RISK"]
    page = night.get(night.lind, "lowering", the_request(night).pk).content.decode()
    assert "Left as it is" in page
    assert "nothing in it speaks of danger" in page
    with access.opened(night.oduya, "HCOMPL"):
        assert not LedgerEntry.objects.filter(action="lower").exists()


@pytest.mark.parametrize("said", [{"lowers": "yes", "remark": ""}, {"lowers": "", "remark": "x"}])
def test_a_decision_says_why(night, note, ash, said):
    ask(night, note)

    assert night.post(ash, "lowering", the_request(night).pk, **said).status_code == 200
    assert segments_of(night, note) == ["MH", "RISK"]


def test_who_asked_does_not_decide_not_even_as_a_supervisor(night, note, ash):
    ask(night, note, by=ash)

    assert decide(night, ash).status_code == 404
    assert segments_of(night, note) == ["MH", "RISK"]

    assert decide(night, supervisor(night, "bo")).status_code == 302
    assert segments_of(night, note) == ["MH"]


def test_no_worker_and_no_other_programs_supervisor_decides(night, note, ash):
    ask(night, note)

    assert decide(night, night.lind).status_code == 404
    assert decide(night, night.varga).status_code == 404
    assert decide(night, supervisor(night, "ali", night.part2)).status_code == 404
    assert segments_of(night, note) == ["MH", "RISK"]


def test_the_database_refuses_one_person_for_both(night, note, ash):
    ask(night, note)
    asked = the_request(night)

    with access.opened("system:labels", "CAREMGT"), pytest.raises(IntegrityError), transaction.atomic():
        Lowering.objects.filter(pk=asked.pk).update(
            answer="lowered", answered_by=asked.asked_by, answered_at=asked.created_at
        )


@pytest.mark.parametrize("takes_away", ["MH", "HIV", ""])
def test_the_programs_own_segments_stay_and_nothing_else_can_be_asked_for(night, note, takes_away):
    answer = ask(night, note, takes_away=takes_away)

    assert answer.status_code == 200
    with access.opened(night.lind, "CAREMGT"):
        assert not Lowering.objects.exists()


def test_a_request_without_a_reason_is_none(night, note):
    assert ask(night, note, reason=" ").status_code == 200
    with access.opened(night.lind, "CAREMGT"):
        assert not Lowering.objects.exists()


def test_one_request_waits_at_a_time_and_may_be_taken_back(night, note, ash):
    ask(night, note)
    again = ask(night, note)
    night.post(night.lind, "take_back_lowering", the_request(night).pk)

    assert "Somebody has asked already" in again.content.decode()
    assert decide(night, ash).status_code == 404 or the_request(night).answer == "taken back"
    assert segments_of(night, note) == ["MH", "RISK"]
    assert night.post(night.varga, "take_back_lowering", the_request(night).pk).status_code == 404


def test_it_is_decided_once(night, note, ash):
    ask(night, note)
    decide(night, ash, lowers="no")

    bo = supervisor(night, "bo")
    answer = decide(night, bo)

    assert "decided already" in night.browser(bo).get(answer["Location"]).content.decode()
    assert segments_of(night, note) == ["MH", "RISK"]


def test_who_may_not_see_the_record_asks_for_nothing(night, note):
    absent = night.get(night.varga, "ask_to_lower", uuid.uuid4(), "note")
    hidden = night.get(night.varga, "ask_to_lower", note.pk, "note")

    assert absent.status_code == hidden.status_code == 404
    assert absent.content == hidden.content
    assert night.get(night.lind, "ask_to_lower", note.pk, "client").status_code == 404


def test_the_supervisors_list_holds_what_waits(night, note, ash):
    ask(night, note)

    assert b"Risk and safety" in night.get(ash, "lowerings").content
    decide(night, ash)
    assert b"Nothing you can see here" in night.get(ash, "lowerings").content


def test_a_coded_fact_goes_down_and_its_code_does_not_raise_it_again(night, ash):
    _encounter, subject = open_card(night, make_incident())
    night.post(night.lind, "add_fact", subject, what="condition", code="K70.30")
    with access.opened(night.lind, "CAREMGT"):
        fact = HealthFact.objects.select_related("compartment__scope__program__unit").get()
    night.post(
        night.lind,
        "ask_to_lower",
        fact.pk,
        "healthfact",
        takes_away="SUDNP2",
        reason="a wrong code, see the letter",
    )

    decide(night, ash)

    with access.opened(night.lind, "CAREMGT"):
        moved = HealthFact.objects.select_related("compartment__scope").get()
    assert moved.compartment.scope.segments == ["MH"]
    assert (moved.words, moved.code) == (fact.words, "K70.30")
    assert "SUDNP2" not in moved.because


def test_a_record_that_moved_meanwhile_is_not_lowered(night, note, ash):
    ask(night, note)
    asked = the_request(night)
    with access.opened("system:labels", "CAREMGT"):
        row = Note.objects.select_related("compartment__scope__program__unit").get(pk=note.pk)
        row.compartment = services.compartment_for(
            row.compartment.subject_id, night.program, ("MH", "RISK", "SDV")
        )
        row.save(update_fields=["compartment"])

    with access.opened(ash, "CAREMGT"), pytest.raises(lowering.NotSo):
        lowering.decide(asked=asked, by=ash, lowers=True, remark="x", at=asked.created_at)
    assert segments_of(night, note) == ["MH", "RISK", "SDV"]
