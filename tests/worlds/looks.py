"""What a principal gets in a world, by every way there is; each says where it differs from the reference."""

import random
import uuid
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from consent import access, paging, plans, selectors
from consent.models import Compartment as CompartmentRow
from consent.models import Principal as PrincipalRow
from tests.worlds import reference
from tests.worlds.builder import ALWAYS, PROTECTED, at
from tests.worlds.facts import PURPOSES, Principal, World

PLANS = ("gather", "walk")
Listed = Any


def become(who: Principal, purpose: str, plan: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('app.token', %s, true), set_config('role', %s, true)",
            [access.signed(f"p:{who.id}", purpose), settings.DATABASE_ROLES[plan]],
        )


def rows(statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall()) if cursor.description else []


def differences(world: World, now: Any, chance: random.Random) -> Iterator[str]:
    """Every look of every principal, each for one purpose."""
    kinds = sorted({row.kind for row in world.rows} | {ALWAYS})
    for who in world.principals:
        purpose = chance.choice(PURPOSES)
        label = f"world {world.seed}, principal {who.id} for {purpose}"
        opened = reference.opened(world, settings.SIDE, who, purpose)
        written = reference.opened(world, settings.SIDE, who, purpose, writes=True)
        for plan in PLANS:
            become(who, purpose, plan)
            for fault in (
                *raw_rows(world, kinds, opened), *raw_counters(world, kinds, opened),
                *raw_changes(world, opened, written),
            ):  # fmt: skip
                yield f"{label} by {plan}: {fault}"
        for fault in raw_writes(world, now, who, purpose, opened, written, chance):
            yield f"{label}: {fault}"
        for fault in through_the_door(world, now, who, purpose, opened, chance):
            yield f"{label}: {fault}"


def raw_rows(world: World, kinds: list[str], opened: set[int]) -> Iterator[str]:
    """What a careless query in the role gets: nothing but what the reference opens."""
    found = rows(" union all ".join(f"select '{kind}', id from {kind}" for kind in kinds))
    for kind in kinds:
        got = sorted(id_ for name, id_ in found if name == kind)
        want = sorted(reference.seen(world, opened, kind))
        if got != want:
            yield f"select from {kind}: {len(got)} rows, not {len(want)}, or others"
    got = {id_ for (id_,) in rows("select id from consent_compartment")}
    if got != opened:
        yield f"compartments: {sorted(got ^ opened)}"


def raw_counters(world: World, kinds: list[str], opened: set[int]) -> Iterator[str]:
    """Counters show no more compartments than rows do, and add up."""
    found = dict(rows("select kind, sum(records)::int from consent_counter group by kind"))
    want = {kind: len(reference.seen(world, opened, kind)) for kind in kinds}
    if {kind: n for kind, n in found.items() if n} != {kind: n for kind, n in want.items() if n}:
        yield f"counters say {found}, not {want}"


def raw_changes(world: World, opened: set[int], written: set[int]) -> Iterator[str]:
    """Updates and deletions touch what is seen and may be written, whatever their condition."""
    want = sorted(reference.seen(world, opened & written, ALWAYS))
    for verb in (f"update {ALWAYS} set created_at = created_at", f"delete from {ALWAYS}"):
        try:
            with transaction.atomic():
                got = sorted(id_ for (id_,) in rows(f"{verb} returning id"))
                transaction.set_rollback(True)
        except DatabaseError as refused:
            yield f"{verb}: refused, {type(refused).__name__}"
            continue
        if got != want:
            yield f"{verb}: {len(got)} rows, not {len(want)}, or others"


INSERT = (
    (
        f"insert into {ALWAYS} (id, compartment_id, scope_key, created_at, subject_id, segments, recipients, agreed_at, "
        "agreed_by_id, program_id) values (%s, %s, %s, %s, %s, '{{x}}', '{{}}', now(), %s, %s)"
    )
    .replace("{{", "{")
    .replace("}}", "}")
)


def raw_writes(
    world: World,
    now: Any,
    who: Principal,
    purpose: str,
    opened: set[int],
    written: set[int],
    chance: random.Random,
) -> Iterator[str]:
    """A row put into a compartment, and one moved there: allowed where it may be written, in both roles."""
    read_only = [each for each in world.compartments if each.id in opened - written]
    mine = [row for row in world.rows_of(ALWAYS) if row.compartment in opened & written]
    for compartment in [chance.choice(world.compartments), *read_only[:2]]:
        for plan in PLANS:
            become(who, purpose, plan)
            values = [
                uuid.UUID(int=chance.getrandbits(128)), compartment.id, compartment.scope, at(now, 0),
                compartment.subject, who.id, world.programs[0],
            ]  # fmt: skip
            if _is_done(INSERT, values) is not (compartment.id in written):
                yield f"insert into compartment {compartment.id} by {plan}"
            move = f"update {ALWAYS} set compartment_id = %s, scope_key = %s where id = %s"
            if mine and compartment.id not in written:
                if _is_done(move, [compartment.id, compartment.scope, mine[0].id]):
                    yield f"move into compartment {compartment.id} by {plan}"


def _is_done(statement: str, values: list[Any]) -> bool:
    """Did a row change? Taken back at once."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            transaction.set_rollback(True)
            return bool(cursor.rowcount)
    except DatabaseError:
        return False


def through_the_door(
    world: World,
    now: Any,
    who: Principal,
    purpose: str,
    opened: set[int],
    chance: random.Random,
) -> Iterator[str]:
    """Lists, pages, counts and checks as the product's own code has them."""
    asker = PrincipalRow.objects.select_related("employer").get(pk=who.id)
    want = reference.seen(world, opened, ALWAYS)
    dense = chance.random() < 0.5  # each list by either plan
    with patch.object(plans, "LEAST", 0 if dense else 500), patch.object(plans, "PER_ROOT", 0):
        access.begin(access.context_for(asker, purpose, plan=chance.choice(PLANS)))
        try:
            yield from _lists(want, chance)
            yield from _checks(world, now, asker, who, purpose, chance)
        finally:
            access.end()


def _lists(want: list[uuid.UUID], chance: random.Random) -> Iterator[str]:
    listed: Listed = PROTECTED[ALWAYS].objects.all()
    if (got := [row.pk for row in listed.newest_first()]) != want:
        yield f"list: {len(got)} rows, not {len(want)}, or in another order"
    if (number := listed.count()) != len(want):
        yield f"count: {number}, not {len(want)}"
    if (number := listed.filter(segments__contains=["x"]).count()) != len(want):
        yield f"count of a condition: {number}, not {len(want)}"
    if listed.exists() is not bool(want):
        yield "exists"
    size = chance.randint(1, 5)
    asked, walked = paging.Asked(size=size), []
    while True:
        page = paging.page_of(listed, asked)
        walked += [row.pk for row in page.rows]
        if page.older and len(page.rows) != size:
            yield f"a page of {len(page.rows)} rows before the last, not of {size}"
        if not page.older or len(walked) > len(want):
            break
        asked = paging.Asked(place=paging.Place.read(page.older), size=size)
    if walked != want:
        yield f"pages of {size}: {len(walked)} rows, not {len(want)}, or in another order"


def _checks(
    world: World, now: Any, asker: PrincipalRow, who: Principal, purpose: str, chance: random.Random
) -> Iterator[str]:
    for compartment in chance.sample(world.compartments, min(2, len(world.compartments))):
        writes = chance.random() < 0.5
        want = reference.may_open(world, settings.SIDE, who, compartment, purpose, writes=writes)
        row = CompartmentRow(
            pk=compartment.id, subject_id=compartment.subject, scope_id=compartment.scope,
            recipient_id=compartment.recipient,
        )  # fmt: skip
        if selectors.may_open(asker, row, purpose=purpose, at=now, writes=writes) is not want:
            yield f"may_open of compartment {compartment.id}, writes {writes}: not {want}"
