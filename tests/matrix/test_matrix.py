"""Every address × method × way of standing × kind of record, against a table that asks nothing of the product.

The canary oracle looks into each answer besides: whatever the status says, no field leaves that is not open.
"""

import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from importlib import import_module
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from consent import access
from consent.models import Grant
from consent.roles import ROLES_OF_SIDE
from tests.matrix.expected import expected
from tests.matrix.routes import METHODS, Route, Row, routes, table, written
from tests.matrix.world import HOUR, SEGMENTS, Somebody, World, make_world

LEAST_CASES = {"clinical": 10_000, "police": 1_500}
FIRST, *OTHERS = SEGMENTS[settings.SIDE]  # kinds of record
NO_NUMBER = 999_999_999  # of whatever is numbered
MASKED = re.compile(
    rb'(name="csrfmiddlewaretoken" value=")[^"]*|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|nonce-[\w=+/-]+'
)
ASKED: Counter[str] = Counter()
ABSENT: dict[tuple[str, str], tuple[int, bytes]] = {}  # what isn't there, by who asked and how
TOKENS: dict[str, str] = {}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all cases; each case is rolled back, and the whole at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world(import_module(f"tests.matrix.{settings.SIDE}_world").build)
        transaction.set_rollback(True)


def test_the_table_names_every_address_and_no_other():
    said, _words = written()
    named = {route.name for route in table()}

    assert {route.name for route in routes()} == named
    assert {name for name in said if "*" not in name} <= named


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.name)
def test_an_address_answers_as_the_table_says(route: Route, world: World, django_db_blocker: Any):
    row, wrong = table()[route], []
    ABSENT.clear()
    with django_db_blocker.unblock():
        renew_tokens(world)
        for method, who, segments, is_there in cases(row, world):
            wrong += differences(world, row, who, method, segments, is_there)

    assert not wrong, "\n".join(wrong[:40])


def test_the_matrix_is_as_large_as_it_is_meant_to_be():
    if len(ASKED) < len(routes()):
        pytest.skip("only some of the addresses were asked")
    assert ASKED.total() >= LEAST_CASES[settings.SIDE]
    assert all(ASKED[f"{route.name} good"] for route in routes() if needs_a_good_case(table()[route]))


PLANTED = {  # a guard that was forgotten, and an address that tells it
    "clinical": ("clinical:ledger", "clinical:encounter"),
    "police": ("policecore:quarantine", "policecore:incident"),
}


def test_a_forgotten_role_and_a_forgotten_grant_are_found(
    world: World, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
):
    by_role, by_grant = (
        next(row for route, row in table().items() if route.name == name) for name in PLANTED[settings.SIDE]
    )
    everything = frozenset(ROLES_OF_SIDE[settings.SIDE])

    with django_db_blocker.unblock():
        ABSENT.clear()
        renew_tokens(world)
        assert not found(by_role, world)
        with monkeypatch.context() as patched:
            patched.setattr("consent.access.roles_of", lambda _principal: everything)
            assert found(by_role, world)
        assert not found(by_grant, world)
        with transaction.atomic():
            open_everything()
            assert found(by_grant, world)
            transaction.set_rollback(True)


def open_everything() -> None:
    """Every grant there is, whenever and for whatever it was given, holds now: as if the policies forgot to ask."""
    now = timezone.now()
    with access.opened("system:grants", "HOPERAT"):
        Grant.objects.update(
            valid_from=now - HOUR, valid_until=now + HOUR, purposes=["CAREMGT", "X-REFERRAL-IN"]
        )


def found(row: Row, world: World) -> list[str]:
    """What is wrong with the address for everybody who reads it."""
    return [
        wrong
        for method, who, segments, is_there in cases(row, world)
        if method == "GET"
        for wrong in differences(world, row, who, method, segments, is_there)
    ]


def renew_tokens(world: World) -> None:
    """A token lives five minutes, the matrix takes longer."""
    TOKENS.update({who.name: who.new_token() for who in world.people if who.new_token})


def needs_a_good_case(row: Row) -> bool:
    """Is there a cell in which somebody gets what they came for?"""
    return not set(row.methods) <= set(row.elsewhere) and bool(row.methods)


def cases(row: Row, world: World) -> Iterator[tuple[str, Somebody, tuple[str, ...], bool]]:
    """Each combination in which another answer is conceivable, and samples that move on where none is.

    Everybody whom the page is for asks for what is there and what isn't; each kind of record is asked for by whoever
    may see it, and by turns by those who may not. Of those whom it isn't for, one of each sort. A method that the
    page doesn't know is refused before anybody looks who asks: by turns. HEAD is GET without the body.
    """
    sorts = list({(who.roles if who.signed_in else who.name): who for who in reversed(world.people)}.values())
    turn = count(sum(row.route.name.encode()))
    for method in METHODS:
        if method not in row.methods:
            yield from ((method, who, FIRST, True) for who in by_turns(sorts, 4, turn))
            continue
        for who in world.people if method != "HEAD" else sorts:
            if row.who & who.roles or "signed in" in row.who:
                kinds = by_turns(OTHERS, len(OTHERS) if who.reads else 2, turn) if method != "HEAD" else []
            elif who in sorts:
                kinds = []
            else:
                continue
            yield method, who, FIRST, True
            if row.object:
                yield method, who, FIRST, False
                yield from ((method, who, kind, True) for kind in kinds)


def by_turns(among: list[Any], number: int, turn: Iterator[int]) -> list[Any]:
    """So many of them, beginning where the turn is."""
    if not among:
        return []
    start = next(turn) * number
    return [among[(start + step) % len(among)] for step in range(min(number, len(among)))]


def differences(
    world: World, row: Row, who: Somebody, method: str, segments: tuple[str, ...], is_there: bool
) -> list[str]:
    """What is wrong with the answer; nothing, if it is right."""
    right = expected(row, who, method, is_there=is_there)
    if method in row.elsewhere and right.statuses == row.methods.get(method):
        return []
    status, body = ask(who, method, address(world, row, segments, is_there=is_there))
    ASKED[row.route.name] += 1
    cell = f"{method} {row.route.name} of {'+'.join(segments) if is_there else 'nobody'} by {who.name}"
    if status not in right.statuses:
        return [f"{cell}: {status}, and it should be {' or '.join(map(str, right.statuses))}"]
    ASKED[f"{row.route.name} good"] += right.statuses == row.methods.get(method)
    if right.as_if_absent and row.object and is_there:
        if (who.name, method) not in ABSENT:
            ABSENT[who.name, method] = ask(who, method, address(world, row, segments, is_there=False))
        if (status, body) != ABSENT[who.name, method]:
            return [f"{cell}: not the answer of what isn't there"]
    return []


def address(world: World, row: Row, segments: tuple[str, ...], *, is_there: bool) -> str:
    """The address with the ids of that kind of record, or with made-up ones."""
    own = world.ids.get((segments, row.object)) or world.by_role.get(row.object)
    values: dict[str, UUID | int] = {}
    for argument in row.route.arguments:
        of_role = world.by_role.get(argument.removesuffix("_id"))
        named = own if argument == row.route.arguments[0] and row.object else of_role
        if argument in row.route.numbers:
            values[argument] = NO_NUMBER
            continue
        values[argument] = (named if is_there or argument != row.route.arguments[0] else None) or uuid4()
    return reverse(row.route.name, kwargs=values)


def ask(who: Somebody, method: str, path: str) -> tuple[int, bytes]:
    """The answer's status and body without what differs each time; nothing of the request is kept."""
    cookies, headers = deepcopy(who.browser.cookies), {}
    if who.name in TOKENS:
        headers["HTTP_AUTHORIZATION"] = f"Bearer {TOKENS[who.name]}"
    with transaction.atomic():
        body = (
            {"data": b"{}", "content_type": "application/json"} if method == "POST" and who.new_token else {}
        )
        answer = getattr(who.browser, method.lower())(path, **body, **headers)
        transaction.set_rollback(True)
    who.browser.cookies = cookies
    return answer.status_code, MASKED.sub(b"", answer.content)
