"""Two taps on one button, and two who need the same person at once; each in a transaction that really commits."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from consent import access
from consent.models import Grant
from consent.services import emergency, emergency_budget
from consent.services.emergency import NotReviewable
from tests import factories
from tests.consent import emergencies
from tests.consent.emergencies import make_subject, open_for, rows_of, seen_by

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.side("clinical")]
ROUNDS = 25 if os.environ.get("BULKHEAD_DEEP") == "1" else 3
NOW = timezone.now


@pytest.fixture
def scene():
    return emergencies.make_scene()


def at_once(*works):
    """Run them together; what each gave back, or the error that it met."""
    start = threading.Barrier(len(works))

    def run(work):
        try:
            start.wait(timeout=10)
            return work()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result(timeout=60) for each in [pool.submit(run, work) for work in works]]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_taps_open_it_once(scene, _round):
    openings = at_once(*[lambda: open_for(scene.lind, scene.sam)] * 2)

    assert sorted(str(each.outcome) for each in openings) == ["opened", "running"]
    assert len(rows_of(scene.sam)) == 1
    assert {subject for subject, _segments in seen_by(scene.lind)} == {scene.sam}


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_people_open_it_beside_each_other(scene, _round):
    cleo = factories.make_principal(role="social worker", program=scene.crisis)

    openings = at_once(lambda: open_for(scene.lind, scene.sam), lambda: open_for(cleo, scene.sam))

    assert [str(each.outcome) for each in openings] == ["opened", "opened"]
    assert seen_by(scene.lind) == seen_by(cleo) != set()


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_attempts_share_what_is_left_of_the_budget(scene, _round):
    for _ in range(emergency_budget.RUNNING_AT_ONCE - 1):
        open_for(scene.lind, make_subject(scene.crisis))

    openings = at_once(lambda: open_for(scene.lind, scene.sam), lambda: open_for(scene.lind, scene.robin))

    assert sorted(str(each.outcome) for each in openings) == ["opened", "stopped"]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_ended_while_it_is_asked_for_again_it_is_ended(scene, _round):
    """Either the new attempt meets the old one, which then ends, or it comes after and is a new one."""
    row = open_for(scene.lind, scene.sam).accesses[0]

    def end():
        with access.opened(scene.lind, "ETREAT"):
            return emergency.end_emergency(row, by=scene.lind, at=NOW())

    ended, opening = at_once(end, lambda: open_for(scene.lind, scene.sam))

    assert ended is True
    running = [each for each in rows_of(scene.sam) if each.is_running(NOW())]
    assert bool(running) is (opening.outcome == "opened")
    assert bool(seen_by(scene.lind)) is bool(running)
    with access.opened("system:grants", "HOPERAT"):
        last = {grant.valid_until for grant in Grant.objects.filter(user=scene.lind, valid_until__gt=NOW())}
    assert last == {each.ends_at for each in running}


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_reviewers_one_is_told_that_the_other_was_first(scene, _round):
    row = open_for(scene.lind, scene.sam, at=NOW() - timedelta(hours=2)).accesses[0]

    def review(by, verdict):
        with access.opened(by, "HCOMPL"):
            emergency.review_emergency(row, by=by, verdict=verdict, note="Looked at all of it", at=NOW())

    met = at_once(lambda: review(scene.varga, "appropriate"), lambda: review(scene.ash, "not_appropriate"))

    assert sorted(type(each).__name__ for each in met) == ["NoneType", "NotReviewable"]
    assert isinstance(met[0] or met[1], NotReviewable)
    kept = rows_of(scene.sam)[0]
    assert (kept.reviewer, kept.verdict) in [(scene.varga, "appropriate"), (scene.ash, "not_appropriate")]
