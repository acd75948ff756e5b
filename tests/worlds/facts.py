"""A random world: who is there, what offices they hold, what is granted, and which rows lie where.

Plain values without Django. Instants are microseconds from the transaction's own ``now()``,
drawn mostly from its two neighbours and itself, because faults live at boundaries.
"""

import random
import uuid
from dataclasses import dataclass, field

EDGES = (-1, 0, 1)
FIRST_ID = 1_000_000
FAR = 10**9  # about a quarter of an hour
PURPOSES = ("TREAT", "CAREMGT", "HPAYMT", "X-REFERRAL-IN")
ROLES = {
    "clinical": ("social worker", "clinical supervisor", "program manager", "partner machine"),
    "police": ("officer", "police supervisor", "analyst"),
}


@dataclass(frozen=True, kw_only=True)
class Organization:
    id: int
    is_criminal_justice_agency: bool


@dataclass(frozen=True, kw_only=True)
class Scope:
    id: int
    program: int
    segment: str


@dataclass(frozen=True, kw_only=True)
class Membership:
    principal: int
    role: str
    program: int
    begins: int
    ends: int | None


@dataclass(frozen=True, kw_only=True)
class Principal:
    id: int
    employer: int | None
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class Compartment:
    id: int
    subject: uuid.UUID
    scope: int
    recipient: int | None


@dataclass(frozen=True, kw_only=True)
class Grant:
    """To a principal on a compartment, or to an office (``role``) on a scope."""

    on: int
    principal: int | None = None
    role: str = ""
    purposes: tuple[str, ...]
    writes: bool
    begins: int
    ends: int


@dataclass(frozen=True, kw_only=True)
class Row:
    id: uuid.UUID
    kind: str
    compartment: int
    created: int


@dataclass(kw_only=True)
class World:
    seed: int
    organizations: list[Organization] = field(default_factory=list)
    programs: list[int] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    principals: list[Principal] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    compartments: list[Compartment] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    office_grants: list[Grant] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def rows_of(self, kind: str) -> list[Row]:
        return [row for row in self.rows if row.kind == kind]

    def scope(self, id_: int) -> Scope:
        return next(scope for scope in self.scopes if scope.id == id_)

    def compartment(self, id_: int) -> Compartment:
        return next(each for each in self.compartments if each.id == id_)


def interval(chance: random.Random) -> tuple[int, int]:
    """A beginning and an end, the end not before it; often one of them is now, or next to it."""
    begins = chance.choice((-FAR, -FAR, -FAR, *EDGES, FAR))
    ends = chance.choice((FAR, FAR, *EDGES, -FAR))
    return min(begins, ends), max(begins, ends)


def some(chance: random.Random, values: tuple[str, ...]) -> tuple[str, ...]:
    """At least one of ``values``."""
    return tuple(chance.sample(values, chance.randint(1, len(values))))


def make_world(seed: int, side: str, kinds: dict[str, int]) -> World:
    """The world of that seed: the same one each time.

    Args:
        kinds: The kinds of rows there are, each with the most that one compartment holds.
    """
    chance = random.Random(seed)
    world = World(seed=seed)
    ids = iter(range(FIRST_ID, FIRST_ID + 10_000))
    world.organizations = [
        Organization(id=next(ids), is_criminal_justice_agency=is_agency) for is_agency in (False, True, False)
    ]
    world.programs = [next(ids) for _ in range(2)]
    world.scopes = [
        Scope(id=index, program=chance.choice(world.programs), segment=f"SEGMENT-{index}")
        for index in range(30_001, 30_001 + chance.randint(2, 4))
    ]
    employers = [each.id for each in world.organizations]
    world.principals = [
        Principal(
            id=next(ids),
            employer=chance.choice((employers[0], employers[0], *employers, None)),
            is_active=chance.random() < 0.85,
        )
        for _ in range(4)
    ]
    _fill_offices(world, chance, ROLES[side])
    _fill_compartments(world, chance, ids)
    _fill_rows(world, chance, kinds)
    return world


def _fill_offices(world: World, chance: random.Random, roles: tuple[str, ...]) -> None:
    for principal in world.principals:
        for role in chance.sample(roles, chance.randint(0, 3)):
            begins, ends = interval(chance)
            world.memberships.append(
                Membership(
                    principal=principal.id,
                    role=role,
                    program=chance.choice(world.programs),
                    begins=begins,
                    ends=None if chance.random() < 0.3 or begins == ends else ends,
                )
            )
    for scope in world.scopes:
        for role in chance.sample(roles, chance.randint(1, 3)):
            begins, ends = interval(chance)
            world.office_grants.append(
                Grant(
                    on=scope.id, role=role, purposes=some(chance, PURPOSES), writes=chance.random() < 0.35,
                    begins=begins, ends=ends,
                )
            )  # fmt: skip


def _fill_compartments(world: World, chance: random.Random, ids: "iter[int]") -> None:  # type: ignore[valid-type]
    subjects = [uuid.UUID(int=chance.getrandbits(128)) for _ in range(3)]
    taken = set()
    for _ in range(7):
        recipient = chance.choice((None, None, None, world.organizations[2].id))
        key = (chance.choice(subjects), chance.choice(world.scopes).id, recipient)
        if key not in taken:
            taken.add(key)
            subject, scope, recipient = key
            world.compartments.append(
                Compartment(id=next(ids), subject=subject, scope=scope, recipient=recipient)
            )
    for compartment in world.compartments:
        for principal in world.principals:
            if chance.random() < 0.35:
                begins, ends = interval(chance)
                world.grants.append(
                    Grant(
                        on=compartment.id, principal=principal.id, purposes=some(chance, PURPOSES),
                        writes=chance.random() < 0.5, begins=begins, ends=ends,
                    )
                )  # fmt: skip


def _fill_rows(world: World, chance: random.Random, kinds: dict[str, int]) -> None:
    for compartment in world.compartments:
        for kind, most in kinds.items():
            for _ in range(chance.randint(0, most)):
                world.rows.append(
                    Row(
                        id=uuid.UUID(int=chance.getrandbits(128)), kind=kind, compartment=compartment.id,
                        created=-chance.randint(1, 4) * FAR,  # few instants, so that rows share them
                    )
                )  # fmt: skip
