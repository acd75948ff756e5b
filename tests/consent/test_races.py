"""Two who change a client's facts at the same time: whoever comes last works with what the other left.

Each race is run by two threads with a connection of their own, which really commit. One of them
is held back at its start or in the middle, so that every order is tried, and then none is.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product

import pytest
from django.db import connection, connections
from django.utils import timezone

from consent import access, services
from consent.models import Assignment, Consent, Grant, Membership, Restriction
from consent.services.renewal import renew_due_grants
from tests.consent.standing_worlds import StandingWorld

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.side("clinical"),
]
DAY = timedelta(days=1)
ROUNDS = 25 if os.environ.get("BULKHEAD_DEEP") == "1" else 3
AHEAD = 0.02  # seconds; about as long as a recomputation takes
# how long the first and the second wait before they begin, and, once begun, before they change anything
STAGGERS = [
    pytest.param(waits, id="-".join(f"{wait * 1000:.0f}" for wait in waits))
    for waits in product((0, AHEAD), repeat=4)
    if waits.count(0) >= 2
]


@pytest.fixture
def world():
    world = StandingWorld(now=timezone.now())
    world.determined((world.now - 30 * DAY, None))
    return world


def as_grants(work: Callable[[], None], wait: float, hold: float) -> Callable[[threading.Barrier], None]:
    """``work`` in a transaction of ``system:grants`` that has begun ``hold`` seconds before the work."""

    def run(start: threading.Barrier) -> None:
        try:
            start.wait(timeout=10)
            pause(wait)
            with access.opened("system:grants", "HOPERAT"):
                with connection.cursor() as cursor:
                    cursor.execute("select now()")  # the transaction has begun, and its clock stands
                pause(hold)
                work()
        finally:
            connections.close_all()

    return run


def pause(seconds: float) -> None:
    threading.Event().wait(seconds)


def race(first, second, waits=(0, 0, 0, 0)):
    """Run both at once, and let every error out."""
    start = threading.Barrier(2)
    wait_1, wait_2, hold_1, hold_2 = waits
    with ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(as_grants(first, wait_1, hold_1), start),
            pool.submit(as_grants(second, wait_2, hold_2), start),
        ]
        for each in runs:
            each.result(timeout=30)


def open_now(world):
    """Who has an open grant on Sam by the database's clock, in a transaction that begins now."""
    with access.opened("system:grants", "HOPERAT"):
        with connection.cursor() as cursor:
            cursor.execute("select now()")
            (now,) = cursor.fetchone()
        rows = Grant.objects.filter(content_object__subject_id=world.sam)
        found = {each.user_id for each in rows if each.valid_from <= now < each.valid_until}
    assert found == {user for _compartment, user in world.decided(now)}
    return found


def signed(world):
    """A form that the clinic's machine reads by; written by hand, as ``system:grants`` may not."""
    now = timezone.now()
    return world.consented((now - DAY, now + DAY))


def revoke(world, consent):
    """As the worker at the desk does it: by somebody who has the form open."""

    def work():
        context = access.current()
        with access.opened(world.clerk, "CAREMGT"):
            services.revoke_consent(
                consent=Consent.objects.get(pk=consent.pk), how="oral", by=world.clerk, at=timezone.now()
            )
        assert access.current() is context

    return work


def assign(world):
    return lambda: services.assign(subject_id=world.sam, program=world.program, principal=world.lind)


@pytest.mark.parametrize("waits", STAGGERS)
def test_an_assignment_never_revives_what_a_revocation_closed(world, waits):
    office = world.office((world.now - DAY, None))
    for _ in range(ROUNDS):
        consent = signed(world)
        world.recompute()
        assert world.machine.pk in open_now(world)

        race(assign(world), revoke(world, consent), waits)

        assert open_now(world) == {world.lind.pk}
        with access.opened("system:grants", "HOPERAT"):
            services.end_assignment(Assignment.objects.get(subject_id=world.sam, ends_at=None))
    assert office.ends_at is None


@pytest.mark.parametrize("waits", STAGGERS)
def test_of_two_revocations_the_first_counts_and_nothing_opens(world, waits):
    for _ in range(ROUNDS):
        consent, other = signed(world), signed(world)
        world.recompute()

        race(revoke(world, consent), revoke(world, consent), waits)
        stands = stamp(world, consent)
        race(revoke(world, consent), revoke(world, other), waits)

        assert stamp(world, consent) == stands
        assert open_now(world) == set()


def stamp(world, consent):
    with access.opened("system:grants", "HOPERAT"):
        found = Consent.objects.get(pk=consent.pk)
    assert found.revoked_at is not None
    return found.revoked_at, found.revoked_how


@pytest.mark.parametrize("waits", STAGGERS)
def test_an_assignment_opens_nothing_under_a_restriction_agreed_to_meanwhile(world, waits):
    world.office((world.now - DAY, None))
    for _ in range(ROUNDS):
        race(assign(world), restrict(world), waits)

        assert open_now(world) == set()
        with access.opened("system:grants", "HOPERAT"):
            services.end_assignment(Assignment.objects.get(subject_id=world.sam, ends_at=None))
        with access.opened(world.clerk, "CAREMGT"):
            services.end_restriction(Restriction.objects.get(ends_at=None))


def restrict(world):
    def work():
        with access.opened(world.clerk, "CAREMGT"):
            world.restricted((timezone.now(), None), "own_workforce")
            services.recompute_grants(world.sam)

    return work


@pytest.mark.parametrize("waits", STAGGERS)
def test_an_assignment_outlives_no_office_that_ends_meanwhile(world, waits):
    for _ in range(ROUNDS):
        office = world.office((timezone.now() - DAY, None))

        race(assign(world), lambda held=office.pk: end_office(held), waits)

        assert open_now(world) == set()
        with access.opened("system:grants", "HOPERAT"):
            services.end_assignment(Assignment.objects.get(subject_id=world.sam, ends_at=None))


def end_office(pk):
    services.end_office(membership=Membership.objects.get(pk=pk))


def test_a_new_client_is_not_missed_by_a_determination_redrawn_meanwhile(world):
    world.office((world.now - DAY, None))
    world.assigned((world.now - DAY, None))
    for number in range(ROUNDS):
        fresh = StandingWorld(now=world.now, program=world.program)
        fresh.office((fresh.now - DAY, None))

        def redraw(number=number):
            services.lock_shared_facts()
            world.determined(
                (timezone.now(), None), hipaa_legal="covered_component" if number % 2 else "not_covered"
            )
            services.recompute_program(world.program)

        race(assign(fresh), redraw)

        assert open_now(fresh) == ({fresh.lind.pk} if number % 2 else set())


def test_many_hands_at_once_leave_what_the_facts_say(world):
    """Assigning, revoking, ending and restricting by six at once, again and again."""
    world.office((world.now - DAY, None))
    for _ in range(4):
        consents = [signed(world) for _ in range(2)]
        world.recompute()
        works = [
            assign(world),
            assign(world),
            *(revoke(world, each) for each in consents),
            restrict(world),
            sweep,
        ]
        start = threading.Barrier(len(works))
        with ThreadPoolExecutor(len(works)) as pool:
            for each in [pool.submit(as_grants(work, 0, 0), start) for work in works]:
                each.result(timeout=60)

        assert open_now(world) == set()
        with access.opened("system:grants", "HOPERAT"):
            services.end_assignment(Assignment.objects.get(subject_id=world.sam, ends_at=None))
        with access.opened(world.clerk, "CAREMGT"):
            services.end_restriction(Restriction.objects.get(ends_at=None))


def sweep():
    renew_due_grants()
