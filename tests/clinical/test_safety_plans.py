"""The safety plan: RISK, in the person's words, each version replacing the one before."""

import uuid

import pytest

from clinical.models import SafetyPlan
from consent import access, services
from tests import factories
from tests.clinical.stage import open_card

pytestmark = pytest.mark.django_db
SIGNS, PEOPLE = "when the radio gets loud", "my sister at the bakery"


@pytest.fixture
def subject(night, referral):
    return open_card(night, referral)[1]


def versions(night):
    with access.opened(night.lind, "CAREMGT"):
        return list(SafetyPlan.objects.select_related("compartment__scope").order_by("created_at"))


def test_it_is_kept_as_risk_and_stands_on_the_first_page(night, subject):
    night.post(night.lind, "write_safety_plan", subject, signs=SIGNS, copy="paper", is_theirs="on")

    (plan,) = versions(night)
    shown = night.get(night.lind, "safety_plan", subject).content.decode()
    assert (plan.parts, plan.copy, plan.is_theirs) == ({"signs": SIGNS}, "paper", True)
    assert plan.compartment.scope.segments == ["MH", "RISK"]
    assert SIGNS in shown
    assert "988" in shown
    assert SIGNS in night.get(night.lind, "client", subject).content.decode()


def test_a_new_version_begins_with_the_one_before_which_stays_to_be_read(night, subject):
    night.post(night.lind, "write_safety_plan", subject, signs=SIGNS, copy="none")
    form = night.get(night.lind, "write_safety_plan", subject).content.decode()
    night.post(night.lind, "write_safety_plan", subject, signs=SIGNS, people=PEOPLE, copy="phone")

    first, second = versions(night)
    earlier = night.get(night.lind, "safety_plan_version", first.pk).content.decode()
    assert SIGNS in form
    assert first.replaced_at is not None
    assert second.replaced_at is None
    assert "This version was replaced" in earlier
    assert PEOPLE not in earlier


def test_the_page_to_print_names_nobody_outside_the_banner(night, referral, planted, subject):
    night.post(night.lind, "write_safety_plan", subject, signs=SIGNS, copy="paper")
    (plan,) = versions(night)

    shown = night.get(night.lind, "safety_plan_version", plan.pk).content.decode()

    assert planted.person not in shown.partition("<main")[2]
    assert planted.person in shown


def test_an_empty_one_is_not_kept(night, subject):
    answer = night.post(night.lind, "write_safety_plan", subject, copy="none")

    assert "Write at least one part." in answer.content.decode()
    assert not versions(night)


def test_what_one_program_wrote_is_no_beginning_for_anothers(night, subject):
    factories.make_membership(night.lind, role="peer", program=night.part2)
    with access.opened("system:grants", "HOPERAT"):
        services.open_compartment(subject, night.part2, services.profile(night.part2).note)
        services.assign(subject_id=subject, program=night.part2, principal=night.lind)
    night.post(night.lind, "write_safety_plan", subject, signs=SIGNS, copy="none")

    there = night.get(night.lind, "write_safety_plan", subject, query_params={"in": "POST"}).content.decode()
    here = night.get(
        night.lind, "write_safety_plan", subject, query_params={"in": "nonsense"}
    ).content.decode()

    assert SIGNS not in there
    assert "in=CO-RESPONSE" in there
    assert SIGNS in here


@pytest.mark.parametrize("name", ["safety_plan", "write_safety_plan", "safety_plan_version"])
def test_a_colleague_who_is_not_assigned_gets_the_404_of_a_made_up_id(night, subject, name):
    night.post(night.lind, "write_safety_plan", subject, signs=SIGNS, copy="none")
    real = versions(night)[0].pk if name == "safety_plan_version" else subject

    hidden, absent = (night.get(night.varga, name, each) for each in (real, uuid.uuid4()))

    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
