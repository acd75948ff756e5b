"""Needs, the plan and its reviews: what a worker keeps with somebody, and what stays of it."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinical.instruments.definitions import instrument
from clinical.models import Goal, Need, Plan, Review, Screening, Step
from clinical.plans import selectors
from clinical.plans.models import Area
from consent import access
from tests.clinical.stage import make_incident, open_card

pytestmark = pytest.mark.django_db
HOPES, GOAL, STEP = "to sleep without fear", "a place with a door that locks", "call the housing line"


@pytest.fixture
def subject(night, referral):
    return open_card(night, referral)[1]


def rows(night, model):
    with access.opened(night.lind, "CAREMGT"):
        return list(model.objects.select_related("compartment__scope").order_by("created_at"))


def page(night, subject, who=None):
    answer = night.get(who or night.lind, "plan", subject)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def plan(night, subject):
    night.post(night.lind, "new_plan", subject, hopes=HOPES, agreed="yes", review_every="30")
    return rows(night, Plan)[0]


@pytest.fixture
def goal(night, plan):
    night.post(night.lind, "add_goal", plan.pk, words=GOAL)
    return rows(night, Goal)[0]


def test_the_areas_of_needs_are_those_of_the_needs_list():
    asked = [each.id for each in instrument("needs").questions]

    assert asked == [area for area in Area.values if area != Area.OTHER]


def test_a_need_is_kept_changed_ended_and_opened_again(night, subject):
    night.post(night.lind, "add_need", subject, area="housing", urgency="urgent", words="no bed tonight")
    (need,) = rows(night, Need)
    first = page(night, subject)

    night.post(night.lind, "need", need.pk, urgency="help", words="a bed for a week", ending="met")
    second = page(night, subject)
    night.post(night.lind, "need", need.pk, urgency="help", words="a bed for a week", ending="")

    assert need.compartment.scope.segments == ["MH"]
    assert "no bed tonight" in first
    assert "A safe place to live: met" in second
    assert "a bed for a week" in page(night, subject)
    assert rows(night, Need)[0].ended_at is None


def test_a_need_without_an_area_is_asked_for_again_and_says_which_field(night, subject):
    answer = night.post(night.lind, "add_need", subject, urgency="help", words="something")

    assert "Area: This field is required." in answer.content.decode()
    assert not rows(night, Need)


def test_what_the_needs_list_found_becomes_needs_once(night, subject):
    night.post(
        night.lind, "run_screening", subject, "needs", answer="yes",
        **{"q-food": "3", "q-money": "2", "q-work": "1"},
    )  # fmt: skip
    with access.opened(night.lind, "CAREMGT"):
        screening = Screening.objects.get()
    shown = night.get(night.lind, "screening", screening.pk).content.decode()

    for _ in range(2):
        night.post(night.lind, "needs_found", screening.pk, area=["food", "money", "work", "no-area"])

    assert 'value="food" checked' in shown
    assert 'value="work"' not in shown
    assert {(each.area, each.urgency) for each in rows(night, Need)} == {
        ("food", "urgent"),
        ("money", "help"),
    }


def test_a_plan_begins_with_hopes_and_there_is_one_for_each_program(night, subject, plan):
    again = night.post(night.lind, "new_plan", subject, hopes="another", agreed="yes", review_every="90")

    shown = page(night, subject)
    assert HOPES in shown
    assert plan.next_review_on == timezone.localdate() + timedelta(days=30)
    assert "A plan runs in this program already" in again.content.decode()
    assert len(rows(night, Plan)) == 1
    assert "Begin a plan" not in shown


def test_a_goal_in_their_words_gets_steps_that_are_done_dropped_and_opened_again(night, subject, goal):
    due = timezone.localdate() + timedelta(days=7)
    night.post(night.lind, "add_step", goal.pk, words=STEP, who="together", due_on=due.isoformat())
    (step,) = rows(night, Step)

    states = []
    for mark in ("done", "open", "dropped", "nonsense"):
        night.post(night.lind, "mark_step", step.pk, mark=mark)
        (now,) = rows(night, Step)
        states.append((now.done_at is not None, now.is_dropped))

    assert GOAL in page(night, subject)
    assert STEP in page(night, subject)
    assert states == [(True, False), (False, False), (False, True), (False, True)]


@pytest.mark.parametrize(
    ("days", "says"), [(-1, "This day is over."), (900, "more than two years away"), (0, "")]
)
def test_a_step_is_due_on_a_day_to_come(night, goal, days, says):
    due = timezone.localdate() + timedelta(days=days)
    answer = night.post(night.lind, "add_step", goal.pk, words=STEP, who="client", due_on=due.isoformat())

    assert (answer.status_code == 302) == (says == "")
    assert says in answer.content.decode()
    assert len(rows(night, Step)) == (says == "")


def test_a_review_keeps_the_goals_as_they_were_and_moves_the_next_review(night, subject, plan, goal):
    night.post(night.lind, "add_goal", plan.pk, words="to see my daughter")
    first, _second = rows(night, Goal)
    due = timezone.localdate() + timedelta(days=45)
    answer = night.post(
        night.lind, "review_plan", plan.pk, together="phone", words="sleeping better",
        changes="look for a room now", next_review_on=due.isoformat(), **{f"goal-{first.pk}": "reached"},
    )  # fmt: skip
    night.post(night.lind, "goal", first.pk, words="changed afterwards", state="reached")

    (review,) = rows(night, Review)
    shown = night.get(night.lind, "review", review.pk).content.decode()
    assert answer["Location"] == reverse("clinical:review", args=[review.pk])
    assert GOAL in shown
    assert "changed afterwards" not in shown
    assert "reached" in shown
    assert "to see my daughter" in shown
    assert [each.state for each in rows(night, Goal)] == ["reached", "open"]
    assert rows(night, Plan)[0].next_review_on == due == review.next_review_on
    assert "Review of the plan" in night.get(night.lind, "timeline", subject).content.decode()


def test_a_review_says_how_it_goes_and_who_was_there(night, plan):
    answer = night.post(night.lind, "review_plan", plan.pk, words="").content.decode()

    assert "Write how it goes." in answer
    assert "Choose who was there." in answer
    assert not rows(night, Review)


def test_a_plan_that_ended_takes_no_goal_and_no_review_and_another_may_begin(night, subject, plan):
    night.post(night.lind, "end_plan", plan.pk, ending="reached")

    goal = night.post(night.lind, "add_goal", plan.pk, words=GOAL)
    review = night.get(night.lind, "review_plan", plan.pk)
    night.post(night.lind, "new_plan", subject, hopes="next", agreed="partly", review_every="60")

    assert (goal.status_code, review.status_code) == (404, 404)
    assert len(rows(night, Plan)) == 2
    assert "goals reached" in page(night, subject)


def test_a_goal_is_never_tied_to_somebody_elses_need(night, plan, subject):
    _encounter, other = open_card(night, make_incident())
    night.post(night.lind, "add_need", other, area="food", urgency="help")
    (need,) = rows(night, Need)

    night.post(night.lind, "add_goal", plan.pk, words="with nothing to choose from", need=str(need.pk))
    night.post(night.lind, "add_need", subject, area="money", urgency="help")
    answer = night.post(night.lind, "add_goal", plan.pk, words=GOAL, need=str(need.pk))

    assert answer.status_code == 200
    assert [(each.words, each.need_id) for each in rows(night, Goal)] == [
        ("with nothing to choose from", None)
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("plan", "subject"), ("new_plan", "subject"), ("change_plan", "plan"), ("review_plan", "plan"),
        ("goal", "goal"),
    ],
)  # fmt: skip
def test_a_colleague_who_is_not_assigned_gets_the_404_of_a_made_up_id(night, subject, plan, goal, name, kind):
    real = {"subject": subject, "plan": plan.pk, "goal": goal.pk}[kind]

    hidden, absent = (night.get(night.varga, name, each) for each in (real, uuid.uuid4()))

    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content


def test_work_lists_find_what_is_due_and_nobody_elses(night, subject, plan, goal):
    day = timezone.localdate() + timedelta(days=3)
    night.post(night.lind, "add_step", goal.pk, words=STEP, who="worker", due_on=day.isoformat())
    found = {}
    for who in (night.lind, night.varga):
        with access.opened(who, "CAREMGT"):
            found[who] = (
                [each.words for each in selectors.steps_due(who, day)],
                [each.hopes for each in selectors.reviews_due(who, day + timedelta(days=60))],
                selectors.steps_due(who, day - timedelta(days=1)),
            )

    assert found[night.lind] == ([STEP], [HOPES], [])
    assert found[night.varga] == ([], [], [])


def test_the_first_page_shows_needs_goals_and_when_the_plan_is_due(night, subject, plan, goal):
    night.post(night.lind, "add_need", subject, area="money", urgency="urgent")

    first = night.get(night.lind, "client", subject).content.decode()

    assert GOAL in first
    assert "Money and bills" in first
    assert "next review" in first


def test_a_plan_page_asks_no_more_when_it_holds_more(
    night, subject, plan, goal, django_assert_max_num_queries
):

    def asked():
        with CaptureQueriesContext(connection) as queries:
            page(night, subject)
        return len([each for each in queries if "oracle." not in each["sql"]])

    asked()
    night.post(night.lind, "add_need", subject, area="money", urgency="urgent")
    night.post(night.lind, "add_step", goal.pk, words=STEP, who="worker")
    short = asked()
    for number in range(6):
        night.post(night.lind, "add_goal", plan.pk, words=f"goal {number}")
        night.post(night.lind, "add_step", goal.pk, words=f"step {number}", who="worker")
        night.post(night.lind, "add_need", subject, area="food", urgency="help")

    assert asked() == short
