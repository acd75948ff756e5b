"""What a phone kept without a signal is done once and for nobody else, and a phone forgets when it is told to."""

import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clinical.field import sealed
from clinical.models import Draft, Encounter, Note, Parcel, Phone
from consent import access, services
from consent.models import Assignment
from tests import factories
from tests.clinical.phone_in_hand import PhoneInHand
from tests.clinical.stage import open_card

pytestmark = pytest.mark.django_db
BODY = "typed in a stairwell without a signal"


@pytest.fixture
def encounter_id(night, referral):
    return open_card(night, referral)[0]


@pytest.fixture
def phone(night):
    made = PhoneInHand(night, night.lind)
    made.contact()
    return made


def kept(night, model):
    with access.opened(night.lind, "CAREMGT"):
        return list(model.objects.all())


def test_a_note_that_was_kept_is_written_once_however_often_it_is_sent(night, encounter_id, phone):
    parcel = phone.sealed(encounter_id, "note", at=timezone.now(), body=BODY, compartment="risk")

    states = [phone.send(parcel).json()["state"] for _ in range(3)]

    assert states == ["kept", "again", "again"]
    assert [note.body for note in kept(night, Note)] == [BODY]
    assert len(kept(night, Parcel)) == 1


def test_what_went_by_the_line_after_all_is_not_written_again_from_the_store(night, encounter_id, phone):
    number = str(uuid.uuid4())
    night.post(night.lind, "note", encounter_id, body=BODY, compartment="usual", parcel=number)

    answer = phone.send(phone.sealed(encounter_id, "note", at=timezone.now(), number=number, body=BODY))

    assert answer.json() == {"state": "again"}
    assert len(kept(night, Note)) == 1


def test_a_whole_encounter_without_a_signal_has_its_own_times(night, encounter_id, phone):
    with access.opened(night.lind, "CAREMGT"):
        about = Encounter.objects.get(pk=encounter_id)
        about.opened_at = timezone.now() - timedelta(hours=2)
        about.save(update_fields=["opened_at"])
    arrived, left = timezone.now() - timedelta(minutes=80), timezone.now() - timedelta(minutes=30)

    for parcel in (
        phone.sealed(encounter_id, "arrived", at=arrived),
        phone.sealed(encounter_id, "scene", at=arrived, place="home", present=["ems", "peer"], police="none"),
        phone.sealed(encounter_id, "introduction", at=arrived, answer="cannot"),
        phone.sealed(encounter_id, "leave", at=left, disposition="ed", with_outcome="yes", naloxone="1"),
    ):
        assert phone.send(parcel).json() == {"state": "kept"}

    (about,) = kept(night, Encounter)
    assert (about.arrived_at, about.introduced_at, about.left_at) == (arrived, arrived, left)
    assert (about.place, about.present, about.supplies_given) == ("home", ["ems", "peer"], {"naloxone": 1})


@pytest.mark.parametrize("wrong", [timedelta(days=-400), timedelta(days=400)])
def test_a_phone_with_a_wrong_clock_moves_nothing_out_of_the_encounter(night, encounter_id, phone, wrong):
    phone.send(phone.sealed(encounter_id, "arrived", at=timezone.now() + wrong))

    (about,) = kept(night, Encounter)
    assert about.opened_at <= about.arrived_at <= timezone.now()


def test_what_cannot_be_done_as_it_stands_becomes_a_draft_and_is_not_lost(night, encounter_id, phone):
    number = str(uuid.uuid4())
    parcel = phone.sealed(
        encounter_id,
        "leave",
        at=timezone.now(),
        number=number,
        with_outcome="yes",
        disposition="ed",
        naloxone="x",
    )

    assert phone.send(parcel).json() == {"state": "draft"}

    (draft,) = kept(night, Draft)
    assert draft.said == {"disposition": ["ed"], "naloxone": ["x"]}
    assert kept(night, Encounter)[0].left_at is None


def test_a_draft_that_was_kept_is_a_draft_again(night, encounter_id, phone):
    phone.send(phone.sealed(encounter_id, "note", at=timezone.now(), is_draft=True, body=BODY))

    assert BODY in night.get(night.lind, "encounter", encounter_id).content.decode()
    assert kept(night, Note) == []


def test_nobody_sends_what_somebody_else_kept(night, encounter_id, phone):
    answer = phone.send(phone.sealed(encounter_id, "note", at=timezone.now(), body=BODY), by=night.varga)

    assert answer.status_code == 404
    assert kept(night, Note) == []


def test_after_a_reassignment_the_phone_gets_the_answer_of_a_made_up_encounter(night, encounter_id, phone):
    parcel = phone.sealed(encounter_id, "note", at=timezone.now(), body=BODY)
    made_up = phone.sealed(uuid.uuid4(), "note", at=timezone.now(), body=BODY)
    with access.opened(night.lind, "CAREMGT"):
        services.end_assignment(Assignment.objects.get(principal=night.lind))

    gone, absent = phone.send(parcel), phone.send(made_up)

    assert (gone.status_code, gone.content) == (absent.status_code, absent.content) == (404, absent.content)


@pytest.mark.parametrize(
    "part", ["number", "owner", "encounter", "form", "key", "nonce", "wrapped", "sealed"]
)
def test_a_parcel_of_which_one_part_was_changed_opens_nowhere(night, encounter_id, phone, part):
    parcel = phone.sealed(encounter_id, "note", at=timezone.now(), body=BODY)
    other = phone.sealed(encounter_id, "scene", at=timezone.now(), place="home")
    changed = {"owner": "0" * 32, "key": "0" * 16, "encounter": str(uuid.uuid4())}.get(part, other[part])

    answer = phone.send(parcel | {part: changed})

    assert answer.status_code == 400
    assert answer.json() == {"error": "unreadable"}
    assert kept(night, Note) == []


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"key": 1}', b"\xff\xfe", '{"number": null, "sealed": "AA=="}', "{" * 50]
)
def test_nonsense_is_refused_in_one_way(phone, body):
    answer = phone.ask("phone_parcel", body)

    assert (answer.status_code, answer.json()) == (400, {"error": "unreadable"})


def test_what_was_sealed_to_the_key_before_still_opens(night, encounter_id, phone, settings, tmp_path):
    from config.local import keys

    parcel = phone.sealed(encounter_id, "note", at=timezone.now(), body=BODY)
    newer = tmp_path / "newer.pem"
    newer.write_text(keys._phone_key())
    settings.PHONE_KEY_FILES = [str(newer), *settings.PHONE_KEY_FILES]

    assert phone.contact()["key"] != parcel["key"]
    assert phone.send(parcel).json() == {"state": "kept"}
    settings.PHONE_KEY_FILES = [str(newer)]
    assert phone.send(phone.sealed(encounter_id, "arrived", at=timezone.now())).status_code == 200
    assert phone.send(parcel).status_code == 400


def test_the_key_that_a_phone_is_given_is_the_public_one_alone(phone):
    told = json.dumps(phone.contact())

    assert "PRIVATE" not in told
    assert set(phone.key) == {"name", "spki"}
    assert sealed.public_key() == phone.key


# Forgetting by order


def test_a_phone_forgets_once_when_its_owner_orders_it(night, phone):
    night.post(night.lind, "forget_phone", phone.number)

    assert [phone.contact()["forget"] for _ in range(2)] == [True, False]


def test_whoever_found_the_phone_need_not_sign_in_for_it_to_forget(night, phone):
    night.post(night.lind, "forget_phone", phone.number)

    said = [
        Browser().post(reverse("clinical:phone_orders"), body, content_type="application/json").json()
        for body in (
            json.dumps({"phone": phone.number}),
            json.dumps({"phone": str(uuid.uuid4())}),
            "nonsense",
        )
    ]

    assert said == [{"forget": True}, {"forget": False}, {"forget": False}]
    assert Phone.objects.get().emptied_at is not None


def test_a_supervisor_orders_a_workers_phone_and_a_colleague_finds_none(night, phone):
    ash = factories.make_principal("ash", role="clinical supervisor", program=night.program)
    there = factories.make_principal("there", role="clinical supervisor", program=night.part2)

    hidden = night.post(night.varga, "forget_phone", phone.number)
    absent = night.post(night.varga, "forget_phone", uuid.uuid4())

    assert (
        (hidden.status_code, hidden.content) == (absent.status_code, absent.content) == (404, absent.content)
    )
    assert night.post(there, "forget_phone", phone.number).status_code == 404
    assert night.lind.get_full_name() not in night.get(night.varga, "phones").content.decode()
    assert "Yours" in night.get(night.lind, "phones").content.decode()
    assert night.post(ash, "forget_phone", phone.number).status_code == 302
    assert "Ordered to forget" in night.get(ash, "phones").content.decode()


def test_a_phone_belongs_to_who_signed_in_last(night, phone):
    other = PhoneInHand(night, night.varga)
    other.number = phone.number
    other.contact()

    assert Phone.objects.get().principal == night.varga


# What the phone holds besides


def test_what_a_phone_keeps_of_pages_is_the_same_for_everybody_and_nobodys(night, encounter_id):
    page, script = reverse("clinical:phone_no_signal"), reverse("clinical:phone_worker")

    for address in (page, script):
        signed_in, nobody = night.browser(night.lind).get(address), Browser().get(address)
        assert signed_in.content == nobody.content
        assert night.lind.get_full_name() not in signed_in.content.decode()
    assert Browser().get(script)["Service-Worker-Allowed"] == "/"


def test_tonight_tells_the_phone_the_numbers_and_times_of_open_encounters_and_no_more(
    night, encounter_id, planted
):
    said = night.get(night.lind, "tonight").content.decode()

    told = said.split('data-tonight="')[1].split('"')[0].replace("&quot;", '"')
    (about,) = json.loads(told)
    assert set(about) == {"id", "opened"}
    assert about["id"] == str(encounter_id)
    with access.opened(night.lind, "CAREMGT"):
        old = Encounter.objects.get(pk=encounter_id)
        old.opened_at = timezone.now() - timedelta(hours=25)
        old.save(update_fields=["opened_at"])
    assert 'data-tonight="[]"' in night.get(night.lind, "tonight").content.decode()
