"""Whatever changes a client's standing facts changes the grants in the same transaction."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from consent import access, services
from consent.models import NextChange, Restriction
from consent.services import renewal
from consent.services.offices import recompute_colleague
from consent.tasks import renew_grants
from tests import factories
from tests.consent.standing_worlds import StandingWorld, database_now

pytestmark = [pytest.mark.django_db, pytest.mark.side("clinical")]
DAY = timedelta(days=1)


@pytest.fixture
def world():
    now = database_now()
    world = StandingWorld(now=now)
    world.determined((now - 30 * DAY, None))
    world.office((now - DAY, None))
    world.assigned((now - DAY, None))
    world.recompute()
    assert is_open(world)
    return world


def is_open(world):
    return (world.note.pk, world.lind.pk) in world.granted(database_now())


def test_a_restriction_closes_at_once_and_its_end_opens_again(world):
    clerk = factories.make_principal(role="social worker", program=world.program)
    with access.opened(clerk, "CAREMGT"):
        services.assign(subject_id=world.sam, program=world.program, principal=clerk)
        restriction = services.agree_restriction(
            subject_id=world.sam, program=world.program, segments=["MH"], by=clerk, recipients=["own_workforce"]
        )  # fmt: skip
    assert not is_open(world)

    for at in (None, database_now() + DAY):  # the second one changes nothing
        with access.opened(clerk, "CAREMGT"):
            assert not Restriction.objects.filter(pk=restriction.pk, ends_at=None).exists()
            services.end_restriction(restriction, at=at)

    assert is_open(world)
    with access.opened("system:grants", "HOPERAT"):
        assert Restriction.objects.get(pk=restriction.pk).ends_at < database_now() + DAY / 2


def test_a_restriction_is_only_ended_never_rewritten(world):
    restriction = world.restricted((world.now, None), "health_plan")
    restriction.segments = []
    with pytest.raises(DatabaseError), access.opened(world.clerk, "CAREMGT"), transaction.atomic():
        restriction.save(update_fields=["segments"])


def test_birth_and_death_are_kept_once_and_asked_for_from_then_on(world):
    """45 CFR 164.502(g)(3): at eighteen the parent's form is void."""
    world.consented((world.now - DAY, world.now + 90 * DAY), signer="parent")
    child, grown = (world.now.date() - years * 366 * DAY for years in (10, 40))
    with access.opened(world.lind, "CAREMGT"):
        services.keep_life_dates(compartment=world.note, born_on=child, died_on=None)
    assert (world.release.pk, world.machine.pk) in world.granted(database_now())

    with access.opened(world.lind, "CAREMGT"):
        services.keep_life_dates(compartment=world.note, born_on=grown, died_on=world.now.date())
        assert services.died_on(world.note) == world.now.date()

    assert (world.release.pk, world.machine.pk) not in world.granted(database_now())
    with pytest.raises(ValueError, match="before being born"), access.opened(world.lind, "CAREMGT"):
        services.keep_life_dates(compartment=world.note, born_on=child, died_on=grown)


def test_what_reaches_several_clients_reaches_each_of_them(world):
    others = [StandingWorld(now=world.now, program=world.program) for _ in range(2)]
    for each in others:
        each.office((each.now - DAY, None))
        each.assigned((each.now - DAY, None))
        each.recompute()
    for change in (lock_out, pay_by_the_police):
        undo = change(world.lind)
        with access.opened("system:grants", "HOPERAT"):
            assert recompute_colleague(world.lind) == 1
        assert not is_open(world)
        undo()
        with access.opened("system:grants", "HOPERAT"):
            recompute_colleague(world.lind)
        assert is_open(world)

    with access.opened("system:grants", "HOPERAT"):
        assert services.recompute_program(world.program) >= 3


def lock_out(principal):
    principal.is_active = False
    principal.save(update_fields=["is_active"])

    def undo():
        principal.is_active = True
        principal.save(update_fields=["is_active"])

    return undo


def pay_by_the_police(principal):
    employer = principal.employer
    employer.is_criminal_justice_agency = True
    employer.save()

    def undo():
        employer.is_criminal_justice_agency = False
        employer.save()

    return undo


def test_a_machine_locked_out_loses_what_was_released_to_it(world):
    world.consented((world.now - DAY, world.now + DAY))
    world.recompute()
    assert (world.release.pk, world.machine.pk) in world.granted(database_now())

    world.machine.is_active = False
    world.machine.save()
    with access.opened("system:grants", "HOPERAT"):
        services.recompute_organization(world.clinic)

    assert (world.release.pk, world.machine.pk) not in world.granted(database_now())


def test_the_sweeps_task_and_command_renew_what_is_due_and_again_nothing(world):
    world.consented((world.now - DAY, world.now + 9 * DAY))  # nobody recomputed
    with access.opened("system:grants", "HOPERAT"):
        NextChange.objects.update_or_create(subject_id=world.sam, defaults={"at": world.now - DAY})

    renew_grants()

    assert (world.release.pk, world.machine.pk) in world.granted(database_now())
    out = io.StringIO()
    call_command("renew_grants", stdout=out)
    call_command("renew_grants", "--all", stdout=out)
    assert out.getvalue().splitlines()[0].endswith(": 0")
    assert int(out.getvalue().splitlines()[1].rsplit(" ", 1)[1]) >= 1


def test_one_client_that_cannot_be_recomputed_keeps_nobody_waiting(world, monkeypatch, caplog):
    other = StandingWorld(now=world.now, program=world.program)
    other.consented((other.now - DAY, other.now + 9 * DAY))
    real = renewal.recompute_grants

    def fails_for_sam(subject_id):
        if subject_id == world.sam:
            raise RuntimeError("Sam's own words")
        real(subject_id)

    monkeypatch.setattr(renewal, "recompute_grants", fails_for_sam)
    with access.opened("system:grants", "HOPERAT"):
        for each, days in ((world, 2), (other, 1)):
            at = world.now - days * DAY
            NextChange.objects.update_or_create(subject_id=each.sam, defaults={"at": at})

    assert renewal.renew_due_grants() == 1

    assert (other.release.pk, other.machine.pk) in other.granted(database_now())
    assert "RuntimeError" in caplog.text
    assert "own words" not in caplog.text
