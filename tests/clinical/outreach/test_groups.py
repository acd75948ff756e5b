"""A group's members keep apart: each in their own compartment, and nobody learns of one through another."""

import pytest

from clinical.models import Encounter, GroupMember, GroupSession, Note
from consent import access
from tests.clinical.known import make_known

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle(city):
    """Otis and Solveig lead a circle; Sam is Otis's client, Ray is Solveig's."""
    sam = make_known(city.otis, city.roots, described_as="Sam Quiet")
    ray = make_known(city.solveig, city.roots, described_as="Ray Loud")
    city.post(
        city.otis, "new_group", "ROOTS", kind="peer", name="Tuesday circle", minutes="60", place="The hall"
    )
    with access.opened(city.otis, "CAREMGT"):
        session = GroupSession.objects.get()
    city.post(city.otis, "group_members", session.pk, client=[str(sam.subject_id)])
    city.post(city.solveig, "group_members", session.pk, client=[str(ray.subject_id)])
    return session, sam, ray


def test_two_leaders_see_the_meeting_and_each_only_the_members_whose_records_open_to_them(city, circle):
    session, _sam, _ray = circle

    otis = city.get(city.otis, "group", session.pk).content.decode()
    solveig = city.get(city.solveig, "group", session.pk).content.decode()

    assert "Sam Quiet" in otis
    assert "Ray Loud" not in otis
    assert "Ray Loud" in solveig
    assert "Sam Quiet" not in solveig
    assert otis.count("Wasn't there") == solveig.count("Wasn't there") == 1


def test_each_member_has_an_encounter_in_their_own_compartment_and_a_note_goes_nowhere_else(city, circle):
    _session, sam, ray = circle
    with access.opened(city.otis, "CAREMGT"):
        member = GroupMember.objects.select_related("compartment__scope", "encounter").get()
        assert member.compartment.subject_id == sam.subject_id
        assert member.compartment_id == member.encounter.compartment_id
    city.post(city.otis, "note", member.encounter_id, body="spoke of the dog", compartment="usual")

    with access.opened(city.solveig, "CAREMGT"):
        assert {each.compartment.subject_id for each in Encounter.objects.select_related("compartment")} == {
            ray.subject_id
        }
        assert not Note.objects.exists()
    assert b"spoke of the dog" in city.get(city.otis, "client", sam.subject_id).content
    assert city.get(city.solveig, "encounter", member.encounter_id).status_code == 404


def test_the_meeting_holds_no_name_and_no_number_of_members(city, circle):
    session, sam, ray = circle
    with access.opened(city.otis, "CAREMGT"):
        row = GroupSession.objects.select_related("compartment").get()

    assert row.compartment.subject_id not in (sam.subject_id, ray.subject_id)
    assert row.guests == 0
    city.post(city.otis, "group_guests", session.pk, guests="7")
    with access.opened(city.solveig, "CAREMGT"):
        assert GroupSession.objects.get().guests == 7


def test_nobody_adds_somebody_whom_they_may_not_see_or_of_another_legal_unit(city, circle):
    session, _sam, ray = circle
    elsewhere = make_known(city.peer, city.part2, described_as="Kim")

    hidden = city.post(city.otis, "group_members", session.pk, client=[str(ray.subject_id)])
    other_unit = city.post(city.peer, "group_members", session.pk, client=[str(elsewhere.subject_id)])

    assert hidden.status_code == other_unit.status_code == 404
    for stranger in (city.peer, city.beatrix, city.lind):
        assert city.get(stranger, "group", session.pk).status_code == 404


def test_who_was_not_there_is_taken_off_once_and_can_be_added_again(city, circle):
    session, sam, _ray = circle
    with access.opened(city.otis, "CAREMGT"):
        member = GroupMember.objects.get()

    city.post(city.otis, "take_back_member", session.pk, member=str(member.pk))
    assert city.post(city.otis, "take_back_member", session.pk, member=str(member.pk)).status_code == 404
    city.post(city.otis, "group_members", session.pk, client=[str(sam.subject_id)])
    city.post(city.otis, "group_members", session.pk, client=[str(sam.subject_id)])

    with access.opened(city.otis, "CAREMGT"):
        assert GroupMember.objects.filter(taken_back_at__isnull=True).count() == 1
