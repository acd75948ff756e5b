"""A test database of the worlds' own, in which the owner's function puts them down."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings

DEEP = os.environ.get("BULKHEAD_DEEP") == "1"
WORLDS = 10_000 if DEEP else 1_000


@pytest.fixture(scope="module")
def stage(database: Any, django_db_blocker: Any) -> Iterator[Any]:
    """The database, prepared; a fresh copy afterwards."""
    from tests.worlds import builder

    with django_db_blocker.unblock():
        with database.login("owner") as owner:
            builder.prepare(owner)
        yield database
        database.copy()


@contextmanager
def standing(seed: int, kinds: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any, Any]]:
    """The world of ``seed`` in a transaction that is rolled back: the world, ``now()``, and chance for looks.

    Its rows are of ``kinds``, or of one that every world has and two by chance.
    """
    import random

    from django.db import transaction

    from tests.worlds import builder
    from tests.worlds.facts import make_world

    chance = random.Random(f"looks {seed}")
    others = chance.sample([kind for kind in builder.KINDS if kind != builder.ALWAYS], 2)
    chosen = kinds or (builder.ALWAYS, *others)
    most = {kind: builder.most_in_a_compartment(kind) for kind in chosen}
    world = make_world(seed, settings.SIDE, most)
    with transaction.atomic():
        now = builder.build(world)
        yield world, now, chance
        transaction.set_rollback(True)


def faults(seeds: Any, most: int = 5) -> list[str]:
    """Where the product and the reference differ, over these worlds; at most so many."""
    from tests.worlds import looks

    found: list[str] = []
    for seed in seeds:
        with standing(seed) as (world, now, chance):
            for fault in looks.differences(world, now, chance):
                found.append(fault)
                if len(found) >= most:
                    return found
    return found
