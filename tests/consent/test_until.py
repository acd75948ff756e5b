"""A grant lasts exactly as long as the answer does, and what begins later opens by itself."""

import os
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import pytest
from django.contrib.postgres.functions import TransactionNow
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent import access, services
from consent.engine import forms
from consent.models import Compartment, Grant, NextChange
from consent.models.compartments import FOR_GOOD
from consent.services.renewal import renew_due_grants
from consent.services.standing import age_on
from tests import factories
from tests.consent.standing_worlds import MICROSECOND, StandingWorld, database_now

pytestmark = [pytest.mark.django_db, pytest.mark.side("clinical")]
DAY = timedelta(days=1)


@pytest.fixture
def now():
    return database_now()


@pytest.fixture
def world(now):
    return StandingWorld(now=now)


def next_change(world):
    with access.opened("system:grants", "HOPERAT"):
        row = NextChange.objects.filter(pk=world.sam).first()
    return row.at if row else None


def until(world, principal):
    return next((each.valid_until for each in world.grants() if each.user_id == principal.pk), None)


def at_work(world, now):
    world.determined((now - 30 * DAY, None))
    world.office((now - DAY, None))
    world.assigned((now - DAY, None))


def test_what_nothing_ends_lasts_until_further_notice(world, now):
    at_work(world, now)
    world.recompute()

    assert until(world, world.lind) == FOR_GOOD
    assert next_change(world) is None


def ended_office(world, at):
    world.office((world.now - DAY, at))


def ended_assignment(world, at):
    world.assigned((world.now - DAY, at))


@pytest.mark.parametrize("missing", [ended_office, ended_assignment])
def test_a_grant_ends_with_the_office_and_with_the_assignment(world, now, missing):
    end = now + 3 * DAY
    world.determined((now - 30 * DAY, None))
    for each in (ended_office, ended_assignment):
        each(world, end if each is missing else None)

    world.recompute()

    assert until(world, world.lind) == end == next_change(world)
    assert world.decided(end - MICROSECOND) == world.granted(end - MICROSECOND) != {}
    assert world.decided(end) == world.granted(end) == {}


def test_a_bar_that_begins_later_ends_the_grant_when_it_begins(world, now):
    at_work(world, now)
    begins, ends = now + 7 * DAY, now + 14 * DAY
    world.restricted((begins, ends), "own_workforce")

    world.recompute()

    assert until(world, world.lind) == begins == next_change(world)
    assert world.decided(begins - MICROSECOND)
    assert not world.decided(begins)
    world.recompute(begins)
    assert world.granted(begins) == {}
    assert next_change(world) == ends
    world.recompute(ends)
    assert world.granted(ends) == world.decided(ends) != {}


def test_a_second_consent_keeps_open_what_the_first_no_longer_covers(world, now):
    world.determined((now - 30 * DAY, None))
    first = world.consented((now - DAY, now + 5 * DAY))
    second = world.consented((now - DAY, now + 9 * DAY))

    world.recompute()

    assert until(world, world.machine) == now + 9 * DAY
    assert next_change(world) == now + 5 * DAY  # the basis changes, the answer doesn't
    world.recompute(now + 5 * DAY)
    (grant,) = world.grants()
    assert {"consent": str(second.pk)} in grant.basis
    assert {"consent": str(first.pk)} not in grant.basis


def test_a_consent_that_begins_later_is_opened_by_the_sweep_and_once(world, now):
    world.determined((now - 30 * DAY, None))
    begins = now + DAY
    world.consented((begins, now + 9 * DAY))
    world.recompute()
    assert world.grants() == []
    assert next_change(world) == begins
    assert renew_due_grants() == 0

    with access.opened("system:grants", "HOPERAT"):  # the day comes
        NextChange.objects.filter(pk=world.sam).update(at=now)
    moved = world.consented((now - timedelta(minutes=1), now + 9 * DAY))

    assert renew_due_grants() == 1
    (grant,) = world.grants()
    assert {"consent": str(moved.pk)} in grant.basis
    assert renew_due_grants() == 0


def test_a_parents_form_ends_on_the_day_the_child_comes_of_age(world, now):
    """45 CFR 164.502(g)(3): the parent signs for a minor, and for nobody else."""
    birthday = now.astimezone(forms.LOCAL_TIME).date() + 20 * DAY
    world.determined((now - 30 * DAY, None))
    world.lived(birthday.replace(year=birthday.year - 18))
    world.consented((now - DAY, now + 90 * DAY), signer="parent")

    world.recompute()

    midnight = datetime.combine(birthday, time.min, forms.LOCAL_TIME)
    assert until(world, world.machine) == midnight
    assert world.decided(midnight - MICROSECOND)
    assert not world.decided(midnight)


def test_somebody_born_on_the_29th_of_february_comes_of_age_on_the_1st_of_march():
    assert age_on(date(2026, 2, 28), date(2008, 2, 29)) == 17
    assert age_on(date(2026, 3, 1), date(2008, 2, 29)) == 18
    assert age_on(date(2028, 2, 29), date(2008, 2, 29)) == 20


def test_a_client_with_more_dates_than_are_looked_at_is_looked_at_again(world, now):
    at_work(world, now)
    for number in range(70):  # each begins and ends, and changes nothing for own staff
        world.restricted((now + number * DAY, now + number * DAY + DAY / 2), "health_plan")

    world.recompute()

    assert now + 20 * DAY < until(world, world.lind) < now + 70 * DAY
    assert next_change(world) == until(world, world.lind)
    world.recompute(next_change(world))
    assert world.granted(next_change(world) - MICROSECOND) == world.decided(now)


# --- the rows and the engine, at every boundary ----------------------------------------------------

OFFSETS = st.integers(-6, 6)


@st.composite
def spans(draw):
    begins = draw(OFFSETS)
    length = draw(st.one_of(st.none(), st.integers(1, 6)))
    return begins, None if length is None else begins + length


@st.composite
def worlds(draw):
    """Days from now at which things begin and end; few, so that they meet."""
    return {
        "determined": draw(st.lists(st.tuples(spans(), st.booleans()), max_size=2)),
        "office": draw(st.lists(spans(), min_size=1, max_size=2)),
        "elsewhere": draw(st.lists(spans(), max_size=1)),
        "assigned": draw(spans()),
        "consented": draw(
            st.lists(
                st.tuples(spans(), st.one_of(st.none(), OFFSETS), st.sampled_from(["patient", "parent"])),
                max_size=3,
            )
        ),
        "restricted": draw(
            st.lists(
                st.tuples(spans(), st.sampled_from([(), ("treating_provider_ce",), ("own_workforce",)])),
                max_size=2,
            )
        ),
        "agreed": draw(st.lists(spans(), max_size=1)),
        "comes_of_age_in": draw(st.one_of(st.none(), OFFSETS)),
    }


def build(drawn, now):
    """The world, and every instant at which something in it begins or ends."""
    world, instants = StandingWorld(now=now), set()

    def span(days):
        found = tuple(None if each is None else now + each * DAY for each in days)
        instants.update(each for each in found if each is not None)
        return found

    for days, is_known in drawn["determined"]:
        statuses = {} if is_known else {"mhpa_facility": "undetermined", "p2_status": "undetermined"}
        world.determined(span(days), **statuses)
    for number, days in enumerate(drawn["office"]):
        begins, ends = span(days)
        world.office((begins + number * MICROSECOND, ends and ends + number * MICROSECOND))
        instants.update(each + number * MICROSECOND for each in (begins, ends) if each is not None)
    for days in drawn["elsewhere"]:
        world.office(span(days), role="clinical supervisor", program=factories.make_program("PINS"))
    world.assigned(span(drawn["assigned"]))
    for days, revoked, signer in drawn["consented"]:
        revoked_at = None if revoked is None else span((revoked, None))[0]
        world.consented(span(days), revoked_at=revoked_at, signer=signer)
    for days, recipients in drawn["restricted"]:
        world.restricted(span(days), *recipients)
    for days in drawn["agreed"]:
        world.agreed(span(days))
    if drawn["comes_of_age_in"] is not None:
        birthday = now.astimezone(forms.LOCAL_TIME).date() + drawn["comes_of_age_in"] * DAY
        world.lived(date(birthday.year - 18, birthday.month, min(birthday.day, 28)))
        on_the_day = date(birthday.year, birthday.month, min(birthday.day, 28))
        instants.add(datetime.combine(on_the_day, time.min, forms.LOCAL_TIME))
    return world, sorted(instants)


@contextmanager
def undone():
    """Nothing of an example stays for the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


FEW = settings(
    max_examples=1000 if os.environ.get("BULKHEAD_DEEP") == "1" else 40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@FEW
@given(drawn=worlds())
def test_at_every_boundary_the_rows_open_what_the_engine_lets_open(drawn):
    with undone():
        now = database_now()
        world, instants = build(drawn, now)
        boundaries = [each + step * MICROSECOND for each in instants for step in (-1, 0, 1)]
        world.recompute()
        looked_at = now
        for at in sorted(each for each in {now, *boundaries} if each >= now):
            due = next_change(world)
            # between two sweeps nothing is open that the engine wouldn't open
            assert all(
                purposes <= world.decided(at).get(key, set()) for key, purposes in world.granted(at).items()
            )
            if due is not None and due <= at:
                assert due > looked_at
                world.recompute(at)
                looked_at = at
            assert world.granted(at) == world.decided(at), at


@FEW
@given(drawn=worlds(), data=st.data())
def test_recomputing_again_or_in_another_order_changes_nothing(drawn, data):
    with undone():
        now = database_now()
        world, _instants = build(drawn, now)
        others = [StandingWorld(now=now, program=world.program) for _ in range(2)]
        for each in others:
            each.assigned((now - DAY, None))
        order = data.draw(st.permutations([world, *others]))
        for each in order:
            each.recompute()
        before = [rows_of(each) for each in (world, *others)]

        for each in data.draw(st.permutations([world, world, *others])):
            each.recompute()

        assert [rows_of(each) for each in (world, *others)] == before


def rows_of(world):
    found = Grant.objects.filter(content_object__subject_id=world.sam).order_by("pk")
    with access.opened("system:grants", "HOPERAT"):
        return [*found.values()], NextChange.objects.filter(pk=world.sam).values().first()


@pytest.mark.parametrize("plan", ["gather", "walk"])
@pytest.mark.parametrize(
    ("field", "step", "is_open"),
    [("valid_until", 0, False), ("valid_until", 1, True), ("valid_from", 0, True), ("valid_from", 1, False)],
)
def test_the_database_reads_the_same_interval_to_the_microsecond(world, now, plan, field, step, is_open):
    """Within one transaction the database's clock stands still."""
    at_work(world, now)
    world.recompute()
    with access.opened("system:grants", "TREAT"):
        instant = TransactionNow() + timedelta(microseconds=step)
        Grant.objects.filter(user=world.lind).update(**{field: instant})
    with access.opened(world.lind, "TREAT", plan=plan):
        seen = Compartment.objects.filter(pk=world.note.pk).exists()

    assert seen is is_open
    assert world.note.pk in {key[0] for key in world.granted(now)} or not is_open


def test_an_office_opens_by_itself_when_counsel_determines_it_later(world, now):
    supervisor = factories.make_principal(role="clinical supervisor", program=world.program)
    world.determined((now - 30 * DAY, now + 2 * DAY), hipaa_legal="not_covered")
    world.determined((now + 2 * DAY, None))
    with access.opened("system:grants", "HOPERAT"):
        office = services.open_office(program=world.program, segments=("MH",), role="clinical supervisor")

    assert office is not None
    assert office.changes_at == now + 2 * DAY

    with access.opened("system:grants", "HOPERAT"):
        type(world.determined((now + 9 * DAY, None))).objects.filter(begins_at=now + 2 * DAY).update(
            begins_at=now - DAY
        )
        type(office).objects.update(changes_at=now)
    renew_due_grants()

    with access.opened(supervisor, "TREAT"):
        assert Compartment.objects.filter(pk=world.note.pk).exists()


def test_an_office_that_was_closed_stays_closed(world, now):
    supervisor = factories.make_principal(role="clinical supervisor", program=world.program)
    world.determined((now - 30 * DAY, None))
    with access.opened("system:grants", "HOPERAT"):
        office = services.open_office(program=world.program, segments=("MH",), role="clinical supervisor")
        services.close_offices(type(office).objects.filter(pk=office.pk))
    renew_due_grants()

    with access.opened(supervisor, "TREAT"):
        assert not Compartment.objects.filter(pk=world.note.pk).exists()
