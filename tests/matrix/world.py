"""Who comes to the matrix, and what lies behind the addresses: the same of everything for every segment.

Each principal is one way of standing to a record; the table says what a route is for, this file who is who, and
`tests.matrix.expected` puts the two together without asking the product.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from consent.models import Compartment, Principal, Program
from tests import factories

# What kind of record: one compartment each, with a subject and one row of every model of its own.
SEGMENTS = {
    "clinical": (
        ("MH",),
        ("SUDP2",),
        ("SUDP2N",),
        ("PSYNOTE",),
        ("HIV",),
        ("VSP",),
        ("CASE",),
        ("DEM", "MH"),
    ),
    # kinds that no office of the city opens by itself
    "police": (("BLOT",), ("JUV",)),
}


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """One way of standing: which roles, whether signed in, and what opens the record.

    Attributes:
        reads, writes: Does a grant or an office open the records of the matrix, and let write?
        signed_in: False for who has no session, a locked or a dead one.
    """

    name: str
    browser: Client
    roles: frozenset[str] = frozenset()
    reads: bool = False
    writes: bool = False
    signed_in: bool = True
    is_locked: bool = False
    token_lives: bool = False
    new_token: Callable[[], str] | None = None


@dataclass
class World:
    """The records by segment and kind, and everybody who asks."""

    people: list[Somebody] = field(default_factory=list)
    ids: dict[tuple[tuple[str, ...], str], uuid.UUID] = field(default_factory=dict)
    by_role: dict[str, uuid.UUID] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a grant stands at the moment of asking."""

    name: str
    opens: bool
    writes: bool = True
    grant: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def always(cls) -> "Standing":
        return cls(name="granted", opens=True)

    @classmethod
    def never(cls) -> "Standing":
        return cls(name="never granted", opens=False, grant={"none": True})


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def standings(purpose: str = "") -> Iterator[Standing]:
    """Every way in which a grant may stand; for ``purpose`` alone, or for whatever care is."""
    now = timezone.now()
    for_ = {"purposes": [purpose]} if purpose else {}
    yield Standing(name="granted", opens=True, grant=for_)
    yield Standing(name="granted to read", opens=True, writes=False, grant=for_ | {"writes": False})
    yield Standing(name="granted until in an hour", opens=True, grant=for_ | {"valid_until": now + HOUR})
    yield Standing(name="granted from in an hour", opens=False, grant=for_ | {"valid_from": now + HOUR})
    yield Standing(name="granted until an hour ago", opens=False, grant=for_ | {"valid_until": now - HOUR})
    yield Standing(name="granted for another purpose", opens=False, grant={"purposes": ["HRESCH"]})
    yield Standing.never()


def browser_of(principal: Principal) -> Client:
    """A signed-in browser that reports a fault of the site as an answer."""
    browser = Client(raise_request_exception=False)
    browser.force_login(principal, backend="consent.backend.GrantBackend")
    return browser


def locked(browser: Client) -> Client:
    """The same browser, thirty-one idle minutes later."""
    session = browser.session
    session["last_seen"] = int((timezone.now() - timedelta(minutes=31)).timestamp())
    session.save()
    return browser


def grant_all(principal: Principal, compartments: list[Compartment], standing: Standing) -> None:
    """Open all of them in that way."""
    if standing.grant.get("none"):
        return
    for compartment in compartments:
        factories.grant(principal, compartment, **standing.grant)


def make_compartments(program: Program) -> list[Compartment]:
    """One for each kind of record, about somebody else each."""
    return [
        factories.make_compartment(program=program, segments=segments) for segments in SEGMENTS[settings.SIDE]
    ]


def office(role: str, compartments: list[Compartment], **more: Any) -> None:
    """Let the office open every scope of the matrix."""
    for compartment in compartments:
        factories.grant_to_office(role, compartment.scope, **more)


def make_world(build: Callable[[World], None]) -> World:
    """Nobody, and whoever the side's own module brings."""
    world = World()
    build(world)
    world.people.append(
        Somebody(name="nobody", browser=Client(raise_request_exception=False), signed_in=False)
    )
    return world


def deactivated(principal: Principal) -> Client:
    """A browser whose person's account was switched off after signing in."""
    browser = browser_of(principal)
    principal.is_active = False
    principal.save(update_fields=["is_active"])
    return browser
