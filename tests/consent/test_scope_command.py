"""`manage.py scope explain` says why, why not, until when and what is missing; and no name."""

import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from consent import access, services
from consent.models import LedgerEntry
from consent.services.ledger import pseudonym
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
    return world


def explain(principal, client, *more):
    out = io.StringIO()
    call_command("scope", "explain", str(principal), str(client), *more, stdout=out)
    return out.getvalue()


def compartments(principal, client):
    return json.loads(explain(principal, client, "--json"))["compartments"]


def test_it_names_purposes_basis_and_end_of_what_is_open(world):
    end = world.now + 3 * DAY
    world.assigned((world.now - DAY, end))
    world.recompute()

    note = next(each for each in compartments(world.lind.username, world.sam) if not each["released_to"])

    assert note["is_open"]
    (through,) = note["through"]
    assert through["until"] == end.isoformat()
    assert "TREAT" in through["purposes"]
    assert any("45 CFR 164.506(c)" in line["cite"] for line in through["basis"])
    table = explain(world.lind.uid, world.sam)
    assert "OPEN    CO-RESPONSE: MH" in table
    assert end.isoformat() in table
    assert "45 CFR 164.506(c)" in " ".join(table.split())


def test_it_names_what_is_missing_and_what_would_change_it(world):
    world.recompute()

    note = next(each for each in compartments(world.lind.username, world.sam) if not each["released_to"])

    assert not note["is_open"]
    assert note["missing"][0]["what"] == "not on the client's care team in the program"
    table = explain(world.lind.username, world.sam)
    assert "MH: fact assigned_to_subject" in " ".join(table.split())


def test_it_names_the_rule_that_bars(world):
    world.assigned((world.now - DAY, None))
    world.restricted((world.now - DAY, None), "own_workforce")
    world.recompute()

    told = json.loads(explain(world.lind.username, world.sam, "--json"))

    note = next(each for each in told["compartments"] if not each["released_to"])
    assert not note["is_open"]
    assert note["missing"][-1]["barred_by"]
    assert told["restrictions"][0]["segments"] == ["MH"]
    assert note["missing"][-1]["barred_by"][0] in explain(world.lind.username, world.sam)


def test_it_says_through_which_office_something_is_open(world):
    supervisor = factories.make_principal(role="clinical supervisor", program=world.program)
    with access.opened("system:grants", "HOPERAT"):
        services.open_office(program=world.program, segments=("MH",), role="clinical supervisor")

    note = next(each for each in compartments(supervisor.username, world.sam) if not each["released_to"])

    assert [each["role"] for each in note["through"]] == ["clinical supervisor"]
    assert "the office of clinical supervisor" in explain(supervisor.username, world.sam)


def test_a_release_is_explained_to_its_recipient_and_to_others(world):
    consent = world.consented((world.now - DAY, world.now + DAY))
    world.recompute()

    release = next(each for each in compartments(world.machine.username, world.sam) if each["released_to"])
    other = next(each for each in compartments(world.lind.username, world.sam) if each["released_to"])

    assert {"consent": str(consent.pk)} in release["through"][0]["basis"]
    assert other["missing"] == [{"what": "it was released to another organization"}]


def test_somebody_locked_or_paid_by_the_police_is_told_apart(world):
    world.assigned((world.now - DAY, None))
    world.lind.employer = factories.make_organization(
        "Bureau", kind="law_enforcement", is_criminal_justice_agency=True
    )
    world.lind.is_active = False
    world.lind.save()
    world.recompute()

    table = explain(world.lind.username, world.sam)

    assert "the account is locked" in table
    assert "the law takes them for a recipient" in table
    assert "OPEN" not in table


@pytest.mark.parametrize("client", [uuid4(), "no-id"])
def test_a_made_up_client_is_said_to_be_none(world, client):
    with pytest.raises(CommandError, match="no client has that id"):
        explain(world.lind.username, client)


def test_an_unknown_principal_is_said_to_be_none(world):
    for nobody in ("nobody.here", uuid4()):
        with pytest.raises(CommandError, match="no principal has that username or uid"):
            explain(nobody, world.sam)


def test_it_prints_no_name_and_leaves_an_entry(world):
    world.lind.full_name = "Rosalind Canary"
    world.lind.save()
    world.assigned((world.now - DAY, None))
    world.recompute()

    printed = explain(world.lind.uid, world.sam) + explain(world.lind.uid, world.sam, "--json")

    assert "Canary" not in printed
    assert world.clinic.name not in printed
    oduya = factories.make_principal("oduya", role="compliance officer", program=world.program)
    with access.opened(oduya, "HCOMPL"):
        entry = LedgerEntry.objects.filter(action="explain").latest("at")
    assert entry.subject == pseudonym(world.sam)
    assert entry.actor == "system:grants"
    assert str(world.lind.uid) in str(entry.resources)
