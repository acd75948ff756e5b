"""Who may open what, said a second time: slow, row by row, from the words of the design alone.

Shares no code with the product. A grant holds from its beginning to just before its end, for
the purposes it names; one that doesn't say so lets nobody write. An office opens what its
role was granted on a scope, in the scope's own program, while it is held; on the clinical side
it opens nothing for somebody whose employer is a criminal justice agency, or unknown.
Nobody inactive opens anything.
"""

import uuid

from tests.worlds.facts import Compartment, Grant, Principal, World

NOW = 0


def holds(begins: int, ends: int | None) -> bool:
    return begins <= NOW and (ends is None or ends > NOW)


def serves(grant: Grant, purpose: str, *, writes: bool) -> bool:
    is_for_it = purpose in grant.purposes and (grant.writes or not writes)
    return is_for_it and holds(grant.begins, grant.ends)


def may_open(
    world: World, side: str, who: Principal, what: Compartment, purpose: str, *, writes: bool = False
) -> bool:
    if not who.is_active:
        return False
    for grant in world.grants:
        if (grant.principal, grant.on) == (who.id, what.id) and serves(grant, purpose, writes=writes):
            return True
    if side == "clinical":
        civil = {org.id for org in world.organizations if not org.is_criminal_justice_agency}
        if who.employer not in civil:
            return False
    for office in world.memberships:
        if office.principal != who.id or not holds(office.begins, office.ends):
            continue
        if office.program != world.scope(what.scope).program:
            continue
        for grant in world.office_grants:
            if (grant.role, grant.on) == (office.role, what.scope) and serves(grant, purpose, writes=writes):
                return True
    return False


def opened(world: World, side: str, who: Principal, purpose: str, *, writes: bool = False) -> set[int]:
    """The ids of the compartments."""
    return {
        each.id for each in world.compartments if may_open(world, side, who, each, purpose, writes=writes)
    }


def seen(world: World, compartments: set[int], kind: str) -> list[uuid.UUID]:
    """The rows in those compartments, in the order of their list: newest first, then the greatest id."""
    rows = [row for row in world.rows_of(kind) if row.compartment in compartments]
    return [row.id for row in sorted(rows, key=lambda row: (row.created, row.id), reverse=True)]
