"""People who are known twice are the matching desk's to find: whoever writes one of them learns nothing."""

import re
import uuid
from datetime import date

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from clinical.matching import services
from clinical.matching.comparing import Known, alike
from clinical.models import Client, Encounter, Pair, Unmatched
from consent import access
from consent import services as consent_services
from consent.models import Grant, LedgerEntry, Program
from tests import factories
from tests.clinical.known import make_known
from tests.clinical.stage import determined
from tests.clinical.test_search import JUNIPER, masked, statements_of

db = pytest.mark.django_db
SAID = {"location": "Elm Street"}


def known(names="", born=None, phone=""):
    return Known(names=frozenset(names.split()), born_on=born, phone=phone)


BORN, OTHER_DAY, PHONE = date(1979, 5, 17), date(1979, 5, 18), "4125550164"


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (known("juniper holloway"), known("holloway juniper"), ["name"]),
        (known("juniper holloway"), known("juniper halloway"), ["sound"]),
        (known("juniper holloway", BORN), known("juniper holloway", BORN), ["name", "born"]),
        (known("juniper holloway", BORN), known("juniper underhill", BORN), ["part", "born"]),
        (known("juniper holloway", BORN), known("kit halloway", BORN), ["part", "born"]),
        (known("juniper holloway", phone=PHONE), known("kit ballast", phone=PHONE), []),
        (known("juniper holloway", phone=PHONE), known("juniper ballast", phone=PHONE), ["part", "phone"]),
        (known("juniper holloway", BORN, PHONE), known("kit holloway", OTHER_DAY, PHONE), []),
        (known("juniper holloway", phone=PHONE), known(phone=PHONE), ["phone"]),
        (
            known("juniper holloway", BORN, PHONE),
            known("juniper holloway", OTHER_DAY, PHONE),
            ["name", "phone"],
        ),
        (known("juniper holloway", BORN), known("juniper holloway", OTHER_DAY), []),
        (known("juniper holloway", BORN), known("kit ballast", BORN), []),
        (known("juniper"), known("juniper"), []),
        (known("juniper holloway"), known("juniper ballast"), []),
        (known(), known(), []),
    ],
)
def test_what_makes_two_records_worth_a_look(one, other, reasons):
    assert alike(one, other) == reasons
    assert alike(other, one) == reasons


@pytest.fixture
def desk(night):
    """Ash, who supervises the program and works its matching desk."""
    ash = factories.make_principal("ash", role="clinical supervisor", program=night.program)
    open_desk(night.program)
    return ash


def open_desk(program, role="clinical supervisor"):
    profile = consent_services.profile(program)
    with access.opened("system:grants", "HOPERAT"):
        for segments in (profile.identity, profile.matching):
            consent_services.open_office(program=program, segments=segments, role=role)


@pytest.fixture
def twice(night, desk):
    """Juniper, met by Lind and by Varga, and compared."""
    first = make_known(night.lind, night.program, **JUNIPER)
    second = make_known(night.varga, night.program, **JUNIPER | {"family_name": "Halloway"})
    services.match_waiting()
    return first, second


def pair_of(desk):
    with access.opened(desk, "HOPERAT"):
        return Pair.objects.get()


@db
def test_two_records_of_one_unit_come_to_the_desk_side_by_side(night, desk, twice):
    listed = night.get(desk, "pairs").content.decode()
    page = night.get(desk, "pair", pair_of(desk).pk).content.decode()

    assert "Juniper Holloway" in listed
    assert "Name sounds alike" in listed
    assert "Same birth date" in page
    assert all(
        each in page for each in ("Holloway", "Halloway", "May 17, 1979", "412-555-0164", "sounds alike")
    )


@db
def test_nobody_who_waits_is_compared_twice_or_with_another_unit(night, desk, twice):
    make_known(night.peer, night.part2, **JUNIPER)

    assert services.match_waiting() == 1
    assert services.match_waiting() == 0
    with access.opened("system:matching", "HOPERAT"):
        assert Pair.objects.count() == 1
        assert not Unmatched.objects.exists()


@db
@pytest.mark.parametrize("answer", ["same", "different", "cant_tell"])
def test_the_desk_says_what_it_knows_and_takes_it_back(night, desk, twice, answer):
    pair = pair_of(desk)

    night.post(desk, "pair", pair.pk, answer=answer, because="asked")

    with access.opened(desk, "HOPERAT"):
        pair = Pair.objects.select_related("answered_by").get()
    assert (pair.answer, pair.because, pair.answered_by) == (answer, "asked", desk)
    assert "Juniper" not in night.get(desk, "pairs").content.decode()
    assert "Juniper" in night.get(desk, "pairs", query_params={"said": "1"}).content.decode()

    night.post(desk, "take_back_answer", pair.pk)

    assert pair_of(desk).answer == "open"
    with access.opened(night.oduya, "HCOMPL"):
        said = [each.reason for each in LedgerEntry.objects.filter(action="match").order_by("at")]
    assert sorted(said) == sorted([f"{answer} asked"] * 2 + ["open"] * 2)


@db
def test_an_answer_without_a_reason_is_asked_for_it(night, desk, twice):
    pair = pair_of(desk)

    assert b"error-summary" in night.post(desk, "pair", pair.pk, answer="same").content
    assert pair_of(desk).answer == "open"


@db
def test_linking_two_records_opens_neither_to_anybody(night, desk, twice):
    first, second = twice

    def opened():
        with access.opened("system:grants", "HOPERAT"):
            return {
                (g.user_id, g.content_object_id, g.valid_until, tuple(g.purposes))
                for g in Grant.objects.all()
            }

    before = opened()
    night.post(desk, "pair", pair_of(desk).pk, answer="same", because="papers")

    assert opened() == before
    for worker, theirs, others in ((night.lind, first, second), (night.varga, second, first)):
        assert night.get(worker, "client", theirs.subject_id).status_code == 200
        assert night.get(worker, "client", others.subject_id).status_code == 404
        with access.opened(worker, "CAREMGT"):
            assert not Pair.objects.exists()


@db
@pytest.mark.parametrize("page", ["pair", "take_back_answer"])
def test_who_does_not_work_the_desk_finds_the_404_of_a_made_up_pair(night, desk, twice, page):
    pair = pair_of(desk)
    elsewhere = factories.make_principal("noor", role="clinical supervisor", program=night.part2)
    open_desk(night.part2)

    for somebody in (night.lind, night.oduya, elsewhere):
        hidden, absent = (night.post(somebody, page, each) for each in (pair.pk, uuid.uuid4()))
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content
    assert "Juniper" not in night.get(elsewhere, "pairs").content.decode()


@db
def test_who_works_one_of_two_desks_sees_nothing_of_a_pair(night, desk):
    second = determined(
        Program.objects.create(
            slug="PINS", name="PINS", unit=night.program.unit, organization=night.program.organization
        ),
        p2_status="none",
    )
    compass = factories.make_principal("compass", role="social worker", program=second)
    both = factories.make_principal("quay", role="clinical supervisor", program=night.program)
    factories.make_membership(both, role="clinical supervisor", program=second)
    open_desk(second)
    make_known(night.lind, night.program, **JUNIPER)
    make_known(compass, second, **JUNIPER)
    services.match_waiting()

    with access.opened(desk, "HOPERAT"):
        assert not Pair.objects.exists()
    assert "Juniper" in night.get(both, "pairs").content.decode()
    assert "Juniper" not in night.get(desk, "pairs").content.decode()


# Whoever writes a client must not be told that somebody hidden has the name.


def create(night, worker, name, **more):
    with CaptureQueriesContext(connection) as captured:
        answer = night.post(worker, "new_encounter", described_as=name, **SAID, **more)
    return answer, statements_of(captured)


@db
def test_writing_a_new_client_is_answered_alike_whether_or_not_somebody_hidden_is_the_same(night):
    make_known(night.lind, night.program, **JUNIPER)
    create(night, night.varga, "Kit Ballast")  # scopes are made once

    hidden, absent = (create(night, night.varga, name) for name in ("Juniper Holloway", "Tamsin Gunwales"))

    assert hidden[0].status_code == absent[0].status_code == 302
    assert hidden[0].content == absent[0].content
    assert without_ids(hidden[0]) == without_ids(absent[0])
    assert hidden[1] == absent[1]
    # and the comparing can fail: whoever may see her is asked
    assert create(night, night.lind, "Juniper Holloway")[1] != hidden[1]


def without_ids(answer):
    ids = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
    return [
        (name, ids.sub("…", value)) for name, value in answer.items() if name != "Content-Security-Policy"
    ]


@db
def test_correcting_a_client_is_answered_alike_whether_or_not_somebody_hidden_is_the_same(night):
    make_known(night.lind, night.program, **JUNIPER)
    answers = []
    for given, family, day in (("Juniper", "Holloway", "17"), ("Tamsin", "Gunwales", "18")):
        kit = make_known(night.varga, night.program, given_name="Kit", family_name="Ballast")
        night.get(night.varga, "client", kit.subject_id)
        with CaptureQueriesContext(connection) as captured:
            answer = night.post(
                night.varga, "edit_client", kit.subject_id, given_name=given, family_name=family,
                born_on=f"1979-05-{day}",
            )  # fmt: skip
        answers.append((answer.status_code, without_ids(answer), answer.content, statements_of(captured)))

    assert answers[0] == answers[1]
    assert answers[0][0] == 302


@db
def test_the_writer_is_shown_whom_they_may_see_anyway_and_opens_the_encounter_with_them(night):
    juniper = make_known(night.lind, night.program, **JUNIPER)

    asked, _ = create(night, night.lind, "juniper halloway")
    assert "You may already know this person" in asked.content.decode()
    assert str(juniper.subject_id) in asked.content.decode()
    create(night, night.lind, "juniper halloway", client=str(juniper.subject_id))

    with access.opened(night.lind, "CAREMGT"):
        assert Client.objects.count() == 1
        assert Encounter.objects.about(juniper.subject_id).count() == 2


@db
def test_the_writer_may_say_that_it_is_somebody_new_and_the_desk_still_looks(night, desk):
    make_known(night.lind, night.program, **JUNIPER)
    create(night, night.lind, "juniper halloway", client="new")
    services.match_waiting()

    with access.opened(night.lind, "CAREMGT"):
        assert Client.objects.count() == 2
    assert "Juniper" in night.get(desk, "pairs").content.decode()


@db
def test_a_corrected_name_that_the_worker_knows_is_shown_before_it_is_kept(night):
    make_known(night.lind, night.program, **JUNIPER)
    kit = make_known(night.lind, night.program, given_name="Kit", family_name="Ballast")

    first = night.post(
        night.lind,
        "edit_client",
        kit.subject_id,
        given_name="Juniper",
        family_name="X",
        phone=JUNIPER["phone"],
    )
    assert "You may already know this person" in first.content.decode()
    second = night.post(
        night.lind, "edit_client", kit.subject_id, given_name="Juniper", family_name="X", phone=JUNIPER["phone"],
        anyway="yes",
    )  # fmt: skip

    assert second.status_code == 302
    with access.opened(night.lind, "CAREMGT"):
        assert Client.objects.get(pk=kit.pk).given_name == "Juniper"


@db
def test_somebody_of_another_unit_cannot_be_chosen_for_an_encounter(night):
    factories.make_membership(night.lind, role="case manager", program=night.part2)
    other = make_known(night.lind, night.part2, **JUNIPER)

    answer, _ = create(
        night, night.lind, "juniper holloway", program=night.program.slug, client=str(other.subject_id)
    )

    assert answer.status_code == 404


# Two legal units: by hand alone, and never with victim services.


@pytest.fixture
def officer(night):
    """Malik, who works the desks of two units."""
    malik = factories.make_principal("malik", role="privacy officer", program=night.program)
    factories.make_membership(malik, role="privacy officer", program=night.part2)
    for program in (night.program, night.part2):
        open_desk(program, role="privacy officer")
    return malik


@db
def test_two_records_of_two_units_are_put_together_by_who_works_both_desks(night, officer):
    one, other = (
        make_known(night.lind, night.program, **JUNIPER),
        make_known(night.peer, night.part2, **JUNIPER),
    )

    found = night.post(officer, "across", said="juniper").content.decode()
    assert str(one.pk) in found
    assert str(other.pk) in found
    answer = night.post(officer, "across", first=one.pk, second=other.pk, because="papers")

    assert answer.status_code == 302
    assert b"Same person" in night.get(officer, "pair", pair_of(officer).pk).content
    ash = factories.make_principal("ash", role="clinical supervisor", program=night.program)
    open_desk(night.program)
    with access.opened(ash, "HOPERAT"):
        assert not Pair.objects.exists()


@db
def test_victim_services_are_linked_to_nobody_by_the_desk_nor_by_the_database(night, officer):
    victims = determined(
        factories.make_program("TSAP"), p2_status="none", hipaa_legal="not_covered", vs_regime="voca"
    )
    safe = factories.make_principal("safe", role="social worker", program=victims)
    factories.make_membership(officer, role="privacy officer", program=victims)
    open_desk(victims, role="privacy officer")
    one, other = make_known(night.lind, night.program, **JUNIPER), make_known(safe, victims, **JUNIPER)

    answer = night.post(officer, "across", first=one.pk, second=other.pk, because="papers")
    assert "never linked" in answer.content.decode()
    with (
        pytest.raises(ProgrammingError, match="victim services"),
        access.opened("system:matching", "HOPERAT"),
    ):
        services._keep(*load(one, other), ["by_hand"])


def load(*clients):
    rows = Client.objects.select_related(services.SCOPED).filter(pk__in=[each.pk for each in clients])
    return sorted(rows, key=lambda each: each.created_at)


@db
def test_an_undetermined_unit_is_linked_to_nobody(night, officer):
    shelter = factories.make_program("SHELTER")

    assert not services.may_be_linked(shelter.unit, night.program.determinations.get().begins_at)


@db
def test_forgetting_a_client_leaves_nothing_of_them_at_the_desk(night, desk, twice):
    with access.opened("system:grants", "HOPERAT"):
        consent_services.forget(twice[0].subject_id)

    assert "Juniper" not in night.get(desk, "pairs").content.decode()
    with access.opened("system:matching", "HOPERAT"):
        pair = Pair.objects.get()
    assert (pair.answer, pair.alike) == ("forgotten", [])


@db
def test_a_masked_page_is_still_told_from_another(night, desk, twice):
    waiting = masked(night.get(desk, "pairs"), "Juniper")

    assert waiting != masked(night.get(desk, "pairs", query_params={"said": "1"}), "Juniper")
