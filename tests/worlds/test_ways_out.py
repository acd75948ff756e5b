"""Search, suggestions, export and the partners' list tell of nobody else than the check opens, over random worlds."""

import csv
import io
import random
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from consent import access
from consent.models import Grant, LegalUnit, Membership, Principal
from consent.models import Program as ProgramRow
from tests.worlds import builder, reference
from tests.worlds.conftest import DEEP, standing

pytestmark = pytest.mark.side("clinical")
AT_ONCE, WORLDS = 10, 600 if DEEP else 60
PURPOSE = "CAREMGT"
# Names that sound like no other of them.
NAMES = (
    "Abara",
    "Dolgin",
    "Ferrum",
    "Hutchley",
    "Kimsey",
    "Lowmark",
    "Newbold",
    "Pastorek",
    "Ruskin",
    "Tavish",
)


def put_clients(world: Any, now: Any) -> dict[str, int]:
    """A client with a name of their own in each compartment: the compartment's id by name."""
    from clinical.models import Client

    scribe = Principal.objects.create(username="scribe", employer_id=world.organizations[0].id)
    rows = [
        {
            "id": 9_000_000 + each.id, "content_object_id": each.id, "user_id": scribe.pk, "purposes": [PURPOSE],
            "basis": [], "writes": True, "valid_from": builder.at(now, -1), "valid_until": builder.at(now, 10**9),
            "permission_id": builder._permission(),
        }
        for each in world.compartments
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "select worlds.fill(%s::jsonb)",
            [builder.json.dumps([{"table": Grant._meta.db_table, "rows": rows}])],
        )
    named = {}
    with access.opened(scribe, PURPOSE):
        for name, each in zip(NAMES, world.compartments, strict=False):
            unit = LegalUnit.objects.get(pk=world.programs[0])
            compartment = builder.Compartment.objects.select_related("scope__program").get(pk=each.id)
            Client.objects.create(compartment=compartment, unit=unit, family_name=name, given_name="Una")
            named[name] = each.id
    return named


def office_of_care(principal: Principal, world: Any) -> None:
    """Whoever comes to the pages holds an office; here one that no grant was made to."""
    from django.contrib.auth.models import Group

    Membership.objects.get_or_create(
        principal=principal, role=Group.objects.get(name="case manager"),
        program=ProgramRow.objects.get(pk=world.programs[0]),
    )  # fmt: skip


def ways_out(principal: Principal, named: dict[str, int]) -> dict[str, set[str]]:
    """Which of the names each way out tells."""
    from clinical.search import selectors, words

    browser = Browser()
    browser.force_login(principal, backend="consent.backend.GrantBackend")
    exported = browser.post(reverse("clinical:export_clients"))
    lines = list(csv.reader(io.StringIO(exported.content.decode("utf-8-sig"))))[1:]
    listed, address = set(), reverse("clinical:clients") + "?rows=2"
    while address:
        page = browser.get(address)
        listed |= {name for name in NAMES if name.encode() in page.content}
        address = (
            page.context["links"]["older"] and reverse("clinical:clients") + page.context["links"]["older"]
        )
    found = set()
    with access.opened(principal, PURPOSE):
        for name in named:
            answer = selectors.clients_found(principal, words.Said(words=(name.lower(),)))
            found |= {each.family_name for each in answer.clients}
    return {
        "list": listed,
        "export": {line[0].removeprefix("Una ") for line in lines},
        "search": found,
        "suggestions": {name for name in named if f">Una {name}<" in _suggested(browser, name)},
    }


def _suggested(browser: Browser, name: str) -> str:
    return browser.post(reverse("clinical:suggest"), {"said": name}).content.decode()


@pytest.mark.parametrize("first", range(0, WORLDS, AT_ONCE))
def test_each_way_out_tells_the_clients_that_the_check_opens(stage, first):
    told = 0
    for seed in range(first, first + AT_ONCE):
        with standing(seed, kinds=(builder.ALWAYS,)) as (world, now, chance):
            named = put_clients(world, now)
            active = [each for each in world.principals if each.is_active]
            for who in chance.sample(active, min(2, len(active))):
                principal = Principal.objects.select_related("employer").get(pk=who.id)
                office_of_care(principal, world)
                opened = reference.opened(world, settings.SIDE, who, PURPOSE)
                want = {name for name, compartment in named.items() if compartment in opened}
                told += len(want)
                for way, names in ways_out(principal, named).items():
                    assert names == want, f"world {seed}, principal {who.id}: {way}"
    assert told


@pytest.mark.parametrize("first", range(0, WORLDS, AT_ONCE))
def test_the_partners_list_is_what_the_check_opens_of_its_own_organization(stage, first, monkeypatch):
    from referrals.partners import selectors

    monkeypatch.setattr(selectors, "PAGE", 2)
    for seed in range(10_000 + first, 10_000 + first + AT_ONCE):
        with standing(seed, kinds=("partners_release",)) as (world, _now, _chance):
            for who in world.principals:
                principal = Principal.objects.select_related("employer").get(pk=who.id)
                opened = reference.opened(world, settings.SIDE, who, PURPOSE)
                own = who.employer == world.organizations[0].id  # whose releases these are
                want = reference.seen(world, opened, "partners_release")[::-1] if own else []
                assert listed_to(principal, selectors) == want, f"world {seed}, principal {who.id}"


def listed_to(principal: Principal, selectors: Any) -> list[Any]:
    found: list[Any] = []
    page = SimpleNamespace(older="")
    access.begin(access.context_for(principal, PURPOSE, plan=random.choice(("gather", "walk"))))
    try:
        while True:
            page = selectors.releases_for(principal, cursor=page.older)
            found += [row.pk for row in page.rows]
            if not page.older:
                return found
    finally:
        access.end()
