"""The people around a client: who may be called, who never, and with whom they live."""

import pytest

from clinical.models import Contact, Household
from consent import access
from tests.clinical.stage import open_card

pytestmark = pytest.mark.django_db


@pytest.fixture
def subject(night, referral):
    return open_card(night, referral)[1]


def rows(night, model):
    with access.opened(night.lind, "CAREMGT"):
        return list(model.objects.order_by("created_at"))


def somebody(**more):
    return {"name": "Ada Quill", "relation": "sibling", "may_know": "nothing"} | more


def test_a_contact_may_be_told_nothing_unless_somebody_says_otherwise(night, subject):
    form = night.get(night.lind, "add_contact", subject).content.decode()
    night.post(night.lind, "add_contact", subject, **somebody(phone="412 555 0101"))

    (contact,) = rows(night, Contact)
    shown = night.get(night.lind, "contacts", subject).content.decode()
    assert 'value="nothing"' in form.partition(" checked")[0].rpartition("<input")[2]
    assert contact.may_know == "nothing"
    assert "Ada Quill" in shown
    assert "Nothing, not even that we know the client" in shown


def test_somebody_dangerous_stands_on_top_in_words_and_has_no_number_to_tap(night, subject):
    night.post(night.lind, "add_contact", subject, **somebody(is_for_emergencies="on", phone="412 555 0101"))
    night.post(
        night.lind, "add_contact", subject, **somebody(name="Rex Thorn", is_danger="on", phone="412 555 0102")
    )

    shown = night.get(night.lind, "contacts", subject).content.decode()
    first = night.get(night.lind, "client", subject).content.decode()
    assert shown.index("Rex Thorn") < shown.index("Ada Quill")
    assert "Danger: never contact, never tell" in shown
    assert "tel:412 555 0101" in shown
    assert "tel:412 555 0102" not in shown + first
    assert "Danger: never contact, never tell" in first


@pytest.mark.parametrize("said", [{"may_know": "looking"}, {"is_for_emergencies": "on"}])
def test_somebody_dangerous_is_told_nothing_and_called_never(night, subject, said):
    answer = night.post(night.lind, "add_contact", subject, **somebody(is_danger="on") | said)

    assert "somebody who is a danger" in answer.content.decode().lower()
    assert not rows(night, Contact)


def test_a_contact_is_taken_off_the_list_and_put_back(night, subject):
    night.post(night.lind, "add_contact", subject, **somebody())
    (contact,) = rows(night, Contact)

    night.post(night.lind, "end_contact", contact.pk)
    off = night.get(night.lind, "contacts", subject).content.decode()
    night.post(night.lind, "end_contact", contact.pk)

    assert "Taken off the list" in off
    assert rows(night, Contact)[0].ended_at is None


def test_a_household_has_its_members_and_another_kind_is_another_household(night, subject):
    night.post(night.lind, "household", subject, kind="family", head="other", remark="three rooms")
    night.post(night.lind, "add_contact", subject, **somebody(lives_with_them="on", is_minor="on"))
    first = night.get(night.lind, "contacts", subject).content.decode()
    night.post(night.lind, "household", subject, kind="family", head="client", remark="two rooms")
    one = rows(night, Household)
    night.post(night.lind, "household", subject, kind="alone", head="client")

    before, after = rows(night, Household)
    second = night.get(night.lind, "contacts", subject).content.decode()
    assert "Ada Quill (under 18)" in first
    assert [each.remark for each in one] == ["two rooms"]
    assert before.ended_at is not None
    assert (after.kind, after.ended_at) == ("alone", None)
    assert "Ada Quill (under 18)" not in second


def test_what_is_known_of_a_contact_is_changed(night, subject):
    night.post(night.lind, "add_contact", subject, **somebody())
    (contact,) = rows(night, Contact)

    night.post(night.lind, "contact", contact.pk, **somebody(name="Ada Quill-Berg", may_know="looking"))

    (changed,) = rows(night, Contact)
    assert (changed.name, changed.may_know) == ("Ada Quill-Berg", "looking")
    assert night.get(night.varga, "contact", contact.pk).status_code == 404
    assert night.post(night.varga, "end_contact", contact.pk).status_code == 404
    assert night.get(night.varga, "contacts", subject).status_code == 404
