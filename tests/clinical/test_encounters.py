"""Notes land in their compartment; who isn't on the team finds nothing at all."""

import uuid

import pytest
from django.urls import reverse

from clinical.models import Encounter, Note
from consent import access
from tests import factories
from tests.clinical.stage import open_card

pytestmark = pytest.mark.django_db
BODY = "slept two nights in the car; wants a clinic"


def test_a_note_lands_in_the_programs_compartment_which_is_shown_before_and_after(night, referral):
    encounter_id, _subject = open_card(night, referral)
    before = night.get(night.lind, "encounter", encounter_id).content.decode()

    night.post(night.lind, "note", encounter_id, body=BODY, compartment="usual")

    after = night.get(night.lind, "encounter", encounter_id).content.decode()
    assert "Mental health" in before
    assert "family-mental" in before
    assert BODY in after
    with access.opened(night.lind, "CAREMGT"):
        note = Note.objects.select_related("compartment__scope").get()
        assert note.compartment.scope.segments == ["MH"]
        assert note.author == night.lind


def test_a_note_of_danger_gets_a_compartment_that_says_so(night, referral):
    encounter_id, _subject = open_card(night, referral)

    night.post(night.lind, "note", encounter_id, body=BODY, compartment="risk")

    with access.opened(night.lind, "CAREMGT"):
        assert Note.objects.select_related("compartment__scope").get().compartment.scope.segments == [
            "MH",
            "RISK",
        ]


@pytest.mark.parametrize("answer", ["agrees", "declines", "cannot", "unsafe"])
def test_the_answer_to_the_introduction_is_kept_with_its_instant(night, referral, answer):
    encounter_id, _subject = open_card(night, referral)

    night.post(night.lind, "introduction", encounter_id, answer=answer)

    with access.opened(night.lind, "CAREMGT"):
        encounter = Encounter.objects.get(pk=encounter_id)
        assert (encounter.answer, encounter.introduced_at is not None) == (answer, True)


def test_the_whole_encounter_in_three_taps_after_the_card(night, referral):
    encounter_id, _subject = open_card(night, referral)

    night.post(night.lind, "arrived", encounter_id)
    night.post(night.lind, "scene", encounter_id, place="home", present=["ems"], police="present")
    night.post(night.lind, "leave", encounter_id, disposition="stayed")

    with access.opened(night.lind, "CAREMGT"):
        encounter = Encounter.objects.get(pk=encounter_id)
        assert encounter.arrived_at <= encounter.left_at
        assert (encounter.place, encounter.present, encounter.police) == ("home", ["ems"], "present")
    assert b"Still open" not in night.get(night.lind, "tonight").content


@pytest.mark.parametrize("name", ["encounter", "client", "take_consent", "edit_client", "choose_partner"])
def test_a_colleague_who_is_not_assigned_gets_the_404_of_a_made_up_id(night, referral, name):
    encounter_id, subject_id = open_card(night, referral)
    real = encounter_id if name == "encounter" else subject_id

    hidden = night.get(night.varga, name, real)
    absent = night.get(night.varga, name, uuid.uuid4())

    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert hidden.headers == absent.headers


@pytest.mark.parametrize("name", ["arrived", "note", "leave", "introduction", "scene"])
def test_a_colleague_can_write_nothing_into_it(night, referral, name):
    encounter_id, _subject = open_card(night, referral)

    answer = night.post(night.varga, name, encounter_id, body=BODY, disposition="left", answer="agrees")

    assert answer.status_code == 404
    with access.opened(night.lind, "CAREMGT"):
        assert not Note.objects.exists()
        assert Encounter.objects.get(pk=encounter_id).left_at is None


def test_is_superuser_opens_nothing(night, referral):
    encounter_id, subject_id = open_card(night, referral)
    root = factories.make_principal("root", is_superuser=True, is_staff=True)

    pages = [
        night.get(root, "encounter", encounter_id), night.get(root, "client", subject_id),
        night.get(root, "tonight"), night.get(root, "clients"), night.get(root, "ledger"),
    ]  # fmt: skip

    assert {page.status_code for page in pages} == {404}
    assert b"Nothing you can see here" in night.browser(root).get("/").content


def test_what_is_found_of_a_canary_is_found_by_its_name(night, referral, planted):
    open_card(night, referral)

    assert planted.person in night.post(night.lind, "search", said=planted.person).content.decode()


def test_every_role_comes_to_its_own_first_page(night):
    manager = factories.make_principal("quinn", role="program manager", program=night.program)
    first = {
        who.username: night.browser(who).get("/")["Location"] for who in (night.lind, night.oduya, manager)
    }

    assert first == {
        "lind": reverse("clinical:tonight"),
        "oduya": reverse("clinical:ledger"),
        "quinn": reverse("clinical:programs"),
    }


def test_a_supervisor_reads_by_office_and_writes_nothing(night, referral):
    from consent import services

    ash = factories.make_principal("ash", role="clinical supervisor", program=night.program)
    profile = services.profile(night.program)
    with access.opened("system:grants", "HOPERAT"):
        for segments in (profile.identity, profile.enrolment, profile.note):
            services.open_office(program=night.program, segments=segments, role="clinical supervisor")
    encounter_id, subject_id = open_card(night, referral)

    page = night.get(ash, "encounter", encounter_id)
    client = night.get(ash, "client", subject_id)

    assert (page.status_code, client.status_code) == (200, 200)
    assert b"Keep the note" not in page.content
    assert b"Take a consent" not in client.content
    assert night.post(ash, "note", encounter_id, body=BODY).status_code == 404
