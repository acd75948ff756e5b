"""Somebody met without a name turns out to be somebody known: one record, nothing opened, and back again."""

import uuid

import pytest

from clinical.models import Client, Encounter, Joined, Note
from consent import access
from tests.clinical.known import make_known

pytestmark = pytest.mark.django_db


def street(city, by=None):
    """Met under the bridge by somebody, with a note."""
    by = by or city.otis
    answer = city.post(by, "new_encounter", described_as="Red coat, about 40", location="under the bridge")
    encounter_id = uuid.UUID(answer["Location"].split("/")[2])
    city.post(by, "note", encounter_id, body="the dog is called Biscuit", compartment="usual")
    with access.opened(by, "CAREMGT"):
        return encounter_id, Encounter.objects.select_related("compartment").get(
            pk=encounter_id
        ).compartment.subject_id


def subjects(city, who, model=Encounter):
    with access.opened(who, "CAREMGT"):
        return {row.compartment.subject_id for row in model.objects.select_related("compartment")}


def test_what_was_written_without_a_name_belongs_to_the_record_with_one(city):
    encounter_id, nameless = street(city)
    known = make_known(city.otis, city.roots, given_name="Walter", family_name="Green")

    city.post(city.otis, "join", nameless, known=str(known.subject_id))

    page = city.get(city.otis, "client", known.subject_id).content.decode()
    assert "the dog is called Biscuit" in page
    assert subjects(city, city.otis, Note) == {known.subject_id}
    assert city.get(city.otis, "client", nameless).status_code == 404
    assert city.get(city.otis, "encounter", encounter_id).status_code == 200
    with access.opened(city.otis, "CAREMGT"):
        assert Client.objects.get().described_as == "Red coat, about 40"


def test_nobody_chosen_joins_nothing_and_is_asked_for(city):
    _encounter, nameless = street(city)
    known = make_known(city.otis, city.roots, given_name="Walter", family_name="Green")

    page = city.post(city.otis, "join", nameless, said="Walter", choose="yes").content.decode()

    assert "Choose who it is." in page
    assert subjects(city, city.otis) == {nameless, known.subject_id}


def test_it_is_taken_apart_again(city):
    _encounter, nameless = street(city)
    known = make_known(city.otis, city.roots, given_name="Walter", family_name="Green")
    city.post(city.otis, "join", nameless, known=str(known.subject_id))
    with access.opened(city.otis, "CAREMGT"):
        joined = Joined.objects.get()

    city.post(city.otis, "join", known.subject_id, undo=str(joined.pk))

    assert "Biscuit" in city.get(city.otis, "client", nameless).content.decode()
    assert "Biscuit" not in city.get(city.otis, "client", known.subject_id).content.decode()
    with access.opened(city.otis, "CAREMGT"):
        assert {each.described_as for each in Client.objects.all()} == {"", "Red coat, about 40"}
        assert Joined.objects.get().undone_by == city.otis


def test_the_team_of_the_nameless_record_does_not_see_the_known_one(city):
    _encounter, nameless = street(city, by=city.solveig)
    with access.opened("system:grants", "HOPERAT"):
        from consent import services

        services.assign(subject_id=nameless, program=city.roots, principal=city.otis)
    known = make_known(city.otis, city.roots, given_name="Walter", family_name="Green")

    city.post(city.otis, "join", nameless, known=str(known.subject_id))

    assert city.get(city.solveig, "client", known.subject_id).status_code == 404
    assert subjects(city, city.solveig) == set()


def test_whoever_sees_one_of_the_two_joins_nothing(city):
    _encounter, nameless = street(city)
    theirs = make_known(city.solveig, city.roots, given_name="Walter", family_name="Green")

    answers = [
        city.post(city.otis, "join", nameless, known=str(theirs.subject_id)),
        city.post(city.solveig, "join", nameless, known=str(theirs.subject_id)),
        city.post(city.otis, "join", nameless, known=str(uuid.uuid4())),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert subjects(city, city.otis) == {nameless}


def test_two_records_with_names_stay_two(city):
    one = make_known(city.otis, city.roots, given_name="Walter", family_name="Green")
    other = make_known(city.otis, city.roots, given_name="Wally", family_name="Greene")

    page = city.post(city.otis, "join", one.subject_id, known=str(other.subject_id)).content.decode()

    assert "matching desk" in page
    assert subjects(city, city.otis) == {one.subject_id, other.subject_id}


def test_a_record_under_which_something_was_signed_stays(city):
    _encounter, nameless = street(city)
    known = make_known(city.otis, city.roots, given_name="Walter", family_name="Green")
    from tests import factories

    with access.opened(city.otis, "CAREMGT"):
        client = Client.objects.about(nameless).select_related("compartment__scope__program").get()
    factories.make_consent(client.compartment, by=city.otis, purpose="CAREMGT")

    page = city.post(city.otis, "join", nameless, known=str(known.subject_id)).content.decode()

    assert "Something was signed" in page
    assert subjects(city, city.otis) == {nameless, known.subject_id}
