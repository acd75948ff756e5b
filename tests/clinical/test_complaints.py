"""A complaint is kept apart from the care team, has somebody who answers for it, and a date."""

import uuid
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from clinical.models import Complaint
from consent import access, services
from consent.models import Holiday
from consent.services import business_days
from tests import factories
from tests.clinical.stage import open_card

pytestmark = pytest.mark.django_db
SAID = {"about": "coercion", "made_by": "person", "how": "face", "destination": "board"}
FRIDAY_NIGHT = datetime(2026, 12, 12, 3, tzinfo=UTC)  # 10 p.m. in the City, December 11


def words() -> str:
    """What somebody says, which the oracle would know again."""
    return f"they said I had to come along or be taken {uuid.uuid4().hex}"


@pytest.fixture
def office(night):
    """A supervisor and a manager whose offices open complaints, and the client's subject."""
    chief = factories.make_principal("chief", role="clinical supervisor", program=night.program)
    manager = factories.make_principal("manager", role="program manager", program=night.program)
    complaint = services.profile(night.program).complaint
    with access.opened("system:grants", "HOPERAT"):
        for role in ("clinical supervisor", "program manager"):
            services.open_office(program=night.program, segments=complaint, role=role, writes=True)
    return chief, manager


@pytest.fixture
def taken(night, referral, office):
    """A complaint that Lind took down; its id."""
    return take(night, open_card(night, referral)[1])


def take(night, subject_id, **more):
    """Lind takes a complaint down."""
    said = SAID | {"said": words()} | more
    answer = night.post(night.lind, "take_complaint", subject_id, **said)
    assert answer.status_code == 302, answer.content
    return uuid.UUID(answer["Location"].strip("/").split("/")[-1])


def row(who, complaint_id):
    with access.opened(who, "HOPERAT"):
        return Complaint.objects.select_related("compartment__scope").get(pk=complaint_id)


def test_it_lies_apart_from_the_care_record_and_has_its_dates(night, referral, office):
    _encounter, subject_id = open_card(night, referral)
    complaint_id = take(night, subject_id, happened_on="2026-11-10", wished="an apology")
    page = night.get(night.lind, "complaint", complaint_id).content.decode()

    kept = row(night.lind, complaint_id)
    assert kept.compartment.scope.segments == ["CASE", "DEM", "ENROLL", "MH"]
    assert kept.acknowledge_by == business_days.closing_after(kept.created_at, days=3)
    assert kept.answer_by == business_days.closing_on_day(kept.created_at, days=30)
    assert "an apology" in page
    assert "civilian review board" in page
    assert "nobody yet" in page


def test_the_days_are_the_citys_and_a_weekend_and_a_holiday_are_none(db):
    Holiday.objects.create(on=date(2026, 12, 15), name="A holiday")

    acknowledge = business_days.closing_after(FRIDAY_NIGHT, days=3)
    answer = business_days.closing_on_day(FRIDAY_NIGHT, days=30)

    assert acknowledge == datetime(2026, 12, 17, 22, tzinfo=UTC)
    assert answer == datetime(2027, 1, 10, 22, tzinfo=UTC)
    assert business_days.closing_on_day(datetime(2026, 6, 1, tzinfo=UTC), days=1).hour == 21  # summer time


def test_a_colleague_on_the_same_case_finds_what_somebody_who_made_up_the_address_finds(night, taken):
    subject_id = row(night.lind, taken).compartment.subject_id
    with access.opened(night.lind, "HOPERAT"):
        services.assign(subject_id=subject_id, program=night.program, principal=night.varga, by=night.lind)

    hidden = night.get(night.varga, "complaint", taken)
    absent = night.get(night.varga, "complaint", uuid.uuid4())

    assert night.get(night.varga, "client", subject_id).status_code == 200  # the case is theirs as well
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    with access.opened(night.varga, "HOPERAT"):
        assert not Complaint.objects.exists()


def test_a_supervisor_takes_one_down_by_office_and_another_programs_none(night, referral, office):
    chief, _manager = office
    _encounter, subject_id = open_card(night, referral)
    stranger = factories.make_principal("stranger", role="clinical supervisor", program=night.part2)
    with access.opened("system:grants", "HOPERAT"):
        identity = services.profile(night.program).identity
        services.open_office(program=night.program, segments=identity, role="clinical supervisor")

    answer = night.post(chief, "take_complaint", subject_id, **SAID, said=words())
    refused = night.post(stranger, "take_complaint", subject_id, **SAID, said=words())

    assert answer.status_code == 302
    assert refused.status_code == 404
    with access.opened(chief, "HOPERAT"):
        assert [each.taken_by for each in Complaint.objects.all()] == [chief]


def test_the_office_gives_it_an_owner_acknowledges_and_answers(night, office, taken):
    chief, manager = office
    desk = night.get(chief, "complaints").content.decode()

    night.post(chief, "complaint_owner", taken, owner=str(manager.uid))
    night.post(manager, "complaint_acknowledge", taken)
    night.post(
        manager, "complaint_answer", taken, outcome="partly", answer="They could have waited. They will."
    )

    assert "nobody answers yet" in desk
    assert "Acknowledge by" in desk
    kept = row(chief, taken)
    assert (kept.owner, kept.outcome) == (manager, "partly")
    assert kept.acknowledged_at < kept.answered_at
    assert str(taken) not in night.get(chief, "complaints").content.decode()
    assert str(taken) in night.get(chief, "complaints", query_params={"answered": ""}).content.decode()
    assert "They could have waited" in night.get(night.lind, "complaint", taken).content.decode()


def test_whoever_it_is_about_neither_sees_it_nor_answers_for_it(night, referral, office):
    chief, manager = office
    complaint_id = take(night, open_card(night, referral)[1], about_staff=str(chief.uid))

    assert night.get(chief, "complaint", complaint_id).status_code == 404
    assert str(complaint_id) not in night.get(chief, "complaints").content.decode()
    offered = night.get(manager, "complaint", complaint_id).content.decode()
    refused = night.post(manager, "complaint_owner", complaint_id, owner=str(chief.uid))

    assert str(chief.uid) not in offered
    assert str(manager.uid) in offered
    assert "Not kept yet" in refused.content.decode()
    assert row(manager, complaint_id).owner is None


def test_the_database_keeps_them_apart_too(night, referral, office):
    chief, manager = office
    complaint_id = take(night, open_card(night, referral)[1], about_staff=str(chief.uid))

    with access.opened(manager, "HOPERAT"), pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint_id).update(owner=chief)


def test_an_answer_stays_what_it_was(night, office, taken):
    chief, _manager = office
    first = {"outcome": "upheld", "answer": "It should not have been said."}

    night.post(chief, "complaint_answer", taken, **first)
    for page, more in (
        ("complaint_answer", {"outcome": "not_upheld", "answer": "No."}),
        ("complaint_acknowledge", {}),
        ("complaint_owner", {"owner": str(chief.uid)}),
    ):
        answer = night.post(chief, page, taken, **more)
        told = night.browser(chief).get(answer["Location"]).content.decode()
        assert "A colleague has answered it already" in told

    kept = row(chief, taken)
    assert (kept.outcome, kept.answer, kept.owner) == ("upheld", first["answer"], None)


def test_who_took_it_down_sees_what_came_of_it_and_changes_nothing(night, taken):
    page = night.get(night.lind, "complaint", taken).content.decode()

    assert "Keep the answer" not in page
    assert night.post(night.lind, "complaint_answer", taken, outcome="upheld", answer="x").status_code == 404


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        ({"said": " "}, "Write down what they say happened."),
        ({"about": ""}, "Choose what it is about."),
        ({"happened_on": "2999-01-01"}, "This date has not come yet."),
    ],
)
def test_what_is_missing_is_named_and_what_was_written_is_kept(night, referral, office, left_out, told):
    _encounter, subject_id = open_card(night, referral)
    typed = SAID | {"said": words(), "wished": "to be left alone"} | left_out

    page = night.post(night.lind, "take_complaint", subject_id, **typed).content.decode()

    assert told in page
    assert "to be left alone" in page
    with access.opened(night.lind, "HOPERAT"):
        assert not Complaint.objects.exists()


def test_the_desk_without_complaints_says_so(night, office):
    chief, _manager = office

    assert "No complaint waits that you may see." in night.get(chief, "complaints").content.decode()
    assert (
        "None has been answered"
        in night.get(chief, "complaints", query_params={"answered": ""}).content.decode()
    )


def test_what_is_overdue_says_since_when(night, office, referral):
    chief, _manager = office
    _encounter, subject_id = open_card(night, referral)
    complaint_id = take(night, subject_id)
    with access.opened(chief, "HOPERAT"):
        Complaint.objects.filter(pk=complaint_id).update(acknowledge_by=timezone.now())

    assert "Acknowledgment overdue since" in night.get(chief, "complaints").content.decode()
