"""Instruments are data with scoring and actions; what was answered stands in its compartment, and nowhere else."""

import itertools
import uuid

import pytest
from django.urls import reverse

from clinical.instruments import definitions, services
from clinical.instruments.definitions import Contradictory, instrument, instruments
from clinical.instruments.running import NoSuchAnswer, Run
from clinical.models import Screening
from consent import access
from tests.clinical.stage import make_incident, open_card

CSSRS = ("wish", "thoughts", "method", "intent", "plan", "behavior", "behavior_recent")


# --- scoring: no database --------------------------------------------------------------------------


def triaged(given):
    """The published triage of the screener, written down a second time: it asks nothing of the product."""
    if given["thoughts"] == "no":
        given = given | dict.fromkeys(("method", "intent", "plan"), "no")
    if given["behavior"] == "no":
        given = given | {"behavior_recent": "no"}
    yes = {question for question, answer in given.items() if answer == "yes"}
    if yes & {"intent", "plan", "behavior_recent"}:
        return "high"
    if yes & {"method", "behavior"}:
        return "moderate"
    return "low" if yes & {"wish", "thoughts"} else "none"


def test_the_suicide_screener_triages_all_answers_as_it_was_published():
    for answers in itertools.product(("yes", "no"), repeat=len(CSSRS)):
        given = dict(zip(CSSRS, answers, strict=True))
        run = Run.of(instrument("cssrs"), given)

        assert run.is_whole
        assert run.outcome().level == triaged(given), given


@pytest.mark.parametrize(
    ("answers", "taps"), [(("no", "no", "no"), 3), (("yes", "yes", "no", "no", "no", "no"), 6)]
)
def test_the_suicide_screener_takes_three_to_six_taps(answers, taps):
    given, tapped = {}, 0
    while (question := Run.of(instrument("cssrs"), given).next) is not None:
        given[question.id] = answers[tapped]
        tapped += 1

    assert tapped == taps


def test_danger_counts_however_few_questions_were_reached_and_its_absence_does_not():
    danger = Run.of(instrument("cssrs"), {"wish": "yes", "thoughts": "yes", "method": "no", "intent": "yes"})
    little = Run.of(instrument("cssrs"), {"wish": "yes"})
    nothing = Run.of(instrument("cssrs"), {"wish": "no"})

    assert (danger.outcome().level, danger.is_provisional) == ("high", False)
    assert (little.outcome().level, little.is_provisional) == ("low", True)
    assert (nothing.outcome().level, nothing.outcome().words) == ("", "Not finished")


def test_an_answer_that_was_given_before_an_earlier_one_changed_does_not_count():
    run = Run.of(instrument("cssrs"), {"thoughts": "no", "intent": "yes", "wish": "no", "behavior": "no"})

    assert "intent" not in run.given
    assert run.outcome().level == "none"


@pytest.mark.parametrize(
    ("points", "words", "level"),
    [
        (0, "Minimal", "none"), (4, "Minimal", "none"), (5, "Mild", "low"), (9, "Mild", "low"),
        (10, "Moderate", "moderate"), (14, "Moderate", "moderate"), (15, "Moderately severe", "high"),
        (19, "Moderately severe", "high"), (20, "Severe", "high"), (27, "Severe", "high"),
    ],
)  # fmt: skip
def test_the_depression_scale_scores_in_its_published_bands(points, words, level):
    questions = [each.id for each in instrument("phq9").questions][:9]
    given = {name: str(max(0, min(3, points - 3 * number))) for number, name in enumerate(questions)}
    run = Run.of(instrument("phq9"), given)

    assert (run.score, run.outcome().words, run.outcome().level) == (points, words, level)
    assert bool(run.alerts()) == (given["self_harm"] != "0")


def test_one_thought_of_self_harm_leads_to_the_suicide_screener_whatever_the_score():
    questions = [each.id for each in instrument("phq9").questions][:9]
    run = Run.of(instrument("phq9"), dict.fromkeys(questions, "0") | {"self_harm": "1"})

    assert run.outcome().level == "none"
    assert [each.run for each in run.alerts()] == ["cssrs"]


def test_a_scale_that_is_not_whole_has_no_score():
    assert Run.of(instrument("phq9"), {"interest": "3"}).score is None


def test_the_needs_list_says_what_is_urgent_and_may_be_left_empty():
    levels = [
        Run.of(instrument("needs"), given).outcome().level
        for given in ({}, {"food": "0"}, {"food": "1"}, {"food": "1", "housing": "2"}, {"money": "3"})
    ]

    assert levels == ["", "none", "low", "moderate", "high"]


def test_an_answer_that_a_question_does_not_offer_is_none():
    with pytest.raises(NoSuchAnswer):
        Run.of(instrument("cssrs"), {"wish": "maybe"})


def test_every_instrument_speaks_both_languages_and_says_what_to_do():
    for each in instruments().values():
        for question in each.questions:
            assert all(question.text[language] for language in definitions.LANGUAGES)
            assert all(
                answer.words[language] for answer in question.answers for language in definitions.LANGUAGES
            )
        assert all(outcome.actions for outcome in each.outcomes if outcome.level in ("high", "moderate"))


PLANTED = {
    "an answer that there is not": ({"results": [{"any": [{"a": ["maybe"]}]}]}, "names an answer"),
    "a question that comes later": ({"questions": [{"asked_if": {"b": ["yes"]}}]}, "not asked before"),
    "no last result": ({"results": [{"whole": True}]}, "doesn't fit every answer"),
    "an instrument that there is not": (
        {"alerts": [{"say": "run it", "any": [{"a": ["yes"]}], "run": "other"}]},
        "nothing is called",
    ),
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_file_that_contradicts_itself_is_refused(what):
    changed, says = PLANTED[what]
    words = {"en": "x", "es": "x"}
    said = {
        "slug": "one", "version": "1", "title": "One", "source": "", "kinds": [], "minutes": 1, "lead": words,
        "scales": {"yes_no": {"yes": words, "no": words}},
        "questions": [{"id": "a", "scale": "yes_no", "text": words} | changed.get("questions", [{}])[0]],
        "results": [{"level": "", "words": "", "say": ""} | changed.get("results", [{}])[0]],
        "alerts": changed.get("alerts", []),
    }  # fmt: skip
    read = definitions.read(said)

    with pytest.raises(Contradictory, match=says):
        definitions._check(read, {"one"})


# --- at the desk -----------------------------------------------------------------------------------

pytest_db = pytest.mark.django_db


@pytest.fixture
def subject(night, referral):
    return open_card(night, referral)[1]


def run_through(night, subject_id, slug, answers, **more):
    """Tap through an instrument, each page carrying what the page before did; the last answer's page."""
    given = {}
    for name, key in answers.items():
        given[f"q-{name}"] = key
        answer = night.browser(night.lind).post(
            reverse("clinical:run_screening", args=[subject_id, slug]), given | more
        )
    return answer


def kept(night):
    with access.opened(night.lind, "CAREMGT"):
        return list(Screening.objects.select_related("compartment__scope").order_by("created_at"))


HIGH = {"wish": "yes", "thoughts": "yes", "method": "no", "intent": "yes", "plan": "no", "behavior": "no"}


@pytest_db
def test_the_screener_is_kept_as_risk_and_its_result_is_a_plain_action(night, subject):
    answer = run_through(night, subject, "cssrs", HIGH)

    (screening,) = kept(night)
    page = night.get(night.lind, "screening", screening.pk).content.decode()
    assert answer["Location"] == reverse("clinical:screening", args=[screening.pk])
    assert (screening.level, screening.compartment.scope.segments) == ("high", ["MH", "RISK"])
    assert "Stay with the person" in page
    assert "Call your supervisor now" in page
    assert "some intention of acting on them" in page


@pytest_db
def test_the_result_stands_on_the_first_page_and_in_the_timeline(night, subject):
    run_through(night, subject, "cssrs", HIGH)

    first, timeline = (
        night.get(night.lind, page, subject).content.decode() for page in ("client", "timeline")
    )

    assert "High risk" in first
    assert "Stay with the person." in first
    assert "High risk" in timeline


@pytest_db
def test_one_question_stands_on_a_screen_and_back_takes_the_last_answer_away(night, subject):
    address = reverse("clinical:run_screening", args=[subject, "cssrs"])
    second = night.browser(night.lind).post(address, {"q-wish": "yes"}).content.decode()
    again = night.browser(night.lind).post(address, {"q-wish": "yes", "back": "yes"}).content.decode()

    assert "any thoughts about killing yourself" in second
    assert "wished you were dead" not in second
    assert 'name="q-wish" value="yes"' in second
    assert "wished you were dead" in again
    assert not kept(night)


@pytest_db
def test_it_can_be_asked_in_spanish(night, subject):
    page = night.post(night.lind, "run_screening", subject, "cssrs", language="es", again="yes")

    assert b"no existe" not in page.content
    assert "¿Ha deseado estar muerto(a)" in page.content.decode()


@pytest_db
def test_it_is_skipped_with_a_reason_and_never_without(night, subject):
    without = night.post(night.lind, "run_screening", subject, "cssrs", skip="yes").content.decode()
    before = kept(night)
    night.post(night.lind, "run_screening", subject, "cssrs", skip="yes", skipped="unsafe")

    (screening,) = kept(night)
    page = night.get(night.lind, "screening", screening.pk).content.decode()
    assert "Choose why it is skipped." in without
    assert not before
    assert (screening.skipped, screening.level, screening.answers) == ("unsafe", "", {})
    assert "Not run: not safe now" in page
    assert reverse("clinical:run_screening", args=[subject, "cssrs"]) in page


@pytest_db
def test_stopped_half_way_it_says_that_it_is_not_finished(night, subject):
    night.post(
        night.lind,
        "run_screening",
        subject,
        "cssrs",
        **{"q-wish": "yes", "skip": "yes", "skipped": "interrupted"},
    )

    (screening,) = kept(night)
    page = night.get(night.lind, "screening", screening.pk).content.decode()
    assert "At least: Low risk" in page
    assert "Not finished: the rest of the questions may raise this" in page


@pytest_db
def test_what_is_missing_is_named_and_what_was_answered_stays(night, subject):
    page = night.post(
        night.lind, "run_screening", subject, "phq9", **{"q-mood": "2", "answer": "yes"}
    ).content.decode()

    assert '<a href="#interest">' in page
    assert '<a href="#mood">' not in page
    assert '<a href="#difficulty">' not in page
    assert 'name="q-mood" value="2" checked' in page
    assert not kept(night)


@pytest_db
def test_the_depression_scale_is_mental_health_and_no_risk(night, subject):
    questions = [each.id for each in instrument("phq9").questions][:9]
    night.post(
        night.lind, "run_screening", subject, "phq9", answer="yes", remark="tired today",
        **{f"q-{name}": "1" for name in questions},
    )  # fmt: skip

    (screening,) = kept(night)
    page = night.get(night.lind, "screening", screening.pk).content.decode()
    assert screening.compartment.scope.segments == ["MH"]
    assert "9 of 27" in page
    assert "run the C-SSRS screener now" in page
    assert "tired today" in page


@pytest_db
def test_an_answer_that_is_none_asks_again_and_keeps_nothing(night, subject):
    page = night.post(night.lind, "run_screening", subject, "cssrs", **{"q-wish": "perhaps"})

    assert b"Choose one of the answers." in page.content
    assert not kept(night)


@pytest_db
def test_one_that_was_a_mistake_is_struck_and_stays(night, subject):
    run_through(night, subject, "cssrs", HIGH)
    (screening,) = kept(night)
    unsaid = night.post(night.lind, "strike_screening", screening.pk).content.decode()

    night.post(night.lind, "strike_screening", screening.pk, because="person")

    page = night.get(night.lind, "screening", screening.pk).content.decode()
    first = night.get(night.lind, "client", subject).content.decode()
    assert "Choose what was wrong." in unsaid
    assert "It is about somebody else" in page
    assert "counts for nothing" in page
    assert "Stay with the person." not in first.replace(page, "")


@pytest_db
@pytest.mark.parametrize("page", ["screenings", "run_screening", "screening", "strike_screening"])
def test_a_colleague_who_is_not_assigned_gets_the_404_of_a_made_up_id(night, subject, page):
    run_through(night, subject, "cssrs", HIGH)
    (screening,) = kept(night)
    ask = night.post if page == "strike_screening" else night.get
    more = ("cssrs",) if page == "run_screening" else ()
    real = screening.pk if page in ("screening", "strike_screening") else subject

    hidden, absent = (ask(night.varga, page, each, *more) for each in (real, uuid.uuid4()))

    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert night.get(night.lind, "run_screening", subject, "no-such-instrument").status_code == 404


@pytest_db
def test_the_same_screening_sent_twice_is_kept_once(night, subject):
    chosen = uuid.uuid4()
    for _ in range(2):
        with access.opened(night.lind, "CAREMGT"):
            services.keep_screening(
                subject_id=subject, program=night.program, by=night.lind, instrument=instrument("cssrs"),
                answers=HIGH, screening_id=chosen,
            )  # fmt: skip

    assert [each.pk for each in kept(night)] == [chosen]


@pytest_db
def test_a_screening_is_never_tied_to_somebody_elses_encounter(night, subject):
    other_encounter, _other = open_card(night, make_incident())

    answer = night.post(
        night.lind,
        "run_screening",
        subject,
        "cssrs",
        skip="yes",
        skipped="unsafe",
        encounter=str(other_encounter),
    )

    assert answer.status_code == 404
    assert not kept(night)
