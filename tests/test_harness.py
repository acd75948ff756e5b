"""The harness itself: whose rights tests have, and what one leaves to the next."""

import threading

import pytest
from django.conf import settings
from django.db import connection, connections

from consent.models import Organization
from tests.oracle.canary import Place, World
from tests.oracle.responses import Leak

NAME = "left behind by a test"


def in_another_thread(do):
    """What ``do`` returns or raises on a connection of its own."""
    came = []

    def run():
        try:
            came.append(do())
        except Exception as error:
            came.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return came[0]


@pytest.mark.django_db
def test_tests_come_as_the_app_role_to_a_database_of_their_own():
    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_database()")
        user, database = cursor.fetchone()

    assert user == f"{settings.SIDE}_app"
    assert database.startswith(f"test_{settings.SIDE}_")


@pytest.mark.django_db(transaction=True)
def test_what_a_test_commits_another_thread_sees():
    Organization.objects.create(name=NAME, kind="city")

    assert in_another_thread(lambda: Organization.objects.filter(name=NAME).count()) == 1


@pytest.mark.django_db(transaction=True)
def test_and_the_next_test_does_not():
    assert not Organization.objects.filter(name=NAME).exists()


@pytest.mark.django_db(transaction=True)
def test_writes_are_watched_on_every_threads_connection():
    canary = World().token(Place(segment="DEM", record="harness", field="name"))

    outcome = in_another_thread(lambda: Organization.objects.create(name=canary, kind="city"))

    assert isinstance(outcome, Leak)


def test_only_the_tests_of_this_side_are_collected(request):
    marks = [item.get_closest_marker("side") for item in request.session.items]

    assert {mark.args for mark in marks if mark is not None} <= {(settings.SIDE,)}
    folders = {item.path.relative_to(request.config.rootpath).parts[1] for item in request.session.items}
    assert not folders & ({"policecore"} if settings.SIDE == "clinical" else {"clinical"})
