"""Bulkhead in job A of the benchmark: is this open to them, for that purpose, now, and why?

**What this is.** A pack for the benchmark alone. Job A has rules of its own (a table of roles, care
teams, consents as bit masks, restrictions by organization) that no law of the product contains, so
they are written down here once, as the product keeps its answers: *grants*. One is a grantee, the
segments and purposes it opens, from when to when, the rule or consent it rests on, and the citation.
They are derived for one client on first touch, from the rows in PostgreSQL, and kept in the process.

**What it is not.** The product asks for a permission once or twice in a request and reads the grants'
rows in the request's own transaction (`consent.selectors.what_opens`), behind row-level security: it
keeps nothing in the process, and needs no freshness but the database's. This measures what
deciding through grants costs once they are at hand. The whole law's own cost is `tests/bench/law.py`.

**Freshness.** An epoch of eight bytes in memory that processes of one machine share is read at
every decision; whoever changes a fact raises it after the commit, and every client is derived anew.
"""

import mmap
from collections import defaultdict
from typing import Any, Final

from cb.core import connect
from cb.world import PART2, ROLE, TEAM0, TPO

Question = tuple[int, int, int, int, int]  # principal, client, segment, purpose, instant
SEGMENTS, PURPOSES = 5, 6
CITES: Final = {
    "inactive": "45 CFR 164.308(a)(3)(ii)(C)",
    "emergency": "42 CFR 2.51",
    "restriction": "45 CFR 164.522(a)",
    "role": "45 CFR 164.514(d)(2)",
    "care_team": "45 CFR 164.506(c)",
    "consent": "42 CFR 2.31",
    "no_basis": "45 CFR 164.502(a); 42 CFR 2.13(a)",
}
Answer = tuple[bool, str, int, str]  # open, reason, id of the consent, citation
INACTIVE, EMERGENCY, RESTRICTION, ROLE_GATE, CARE_TEAM, NO_BASIS = (
    (name in ("emergency", "care_team"), name, 0, CITES[name])
    for name in ("inactive", "emergency", "restriction", "role", "care_team", "no_basis")
)  # fmt: skip


def bits(segments: int, purposes: int) -> int:
    """One bit for each pair of a segment and a purpose."""
    pairs = ((s, u) for s in range(SEGMENTS) for u in range(PURPOSES))
    return sum(1 << s * PURPOSES + u for s, u in pairs if segments >> s & 1 and purposes >> u & 1)


TEAM_OPENS: Final = bits(0b11111 & ~(1 << PART2), TPO)
ROLE_OPENS: Final = [sum(bits(table[u], 1 << u) for u in range(PURPOSES)) for table in ROLE]


class Client:
    """What stands about one client, as grants by grantee; bars apart, because they name organizations."""

    __slots__ = ("broken", "grants", "limits", "teams")

    def __init__(self) -> None:
        self.teams: frozenset[int] = frozenset()
        # by grantee: segment × purpose bits, from, until, and the answer that it gives
        self.grants: dict[int, tuple[tuple[int, int, int, Answer], ...]] = {}
        self.limits: dict[int, int] = {}  # organization -> segments
        self.broken: dict[int, int] = {}  # principal -> until


class ProductA:
    """The contestant."""

    name = "Bulkhead: grants at hand, epoch read each time"

    def setup(self, world: Any) -> None:
        """Read who is who; clients are read when somebody asks about them."""
        self.connection = connect("job_a")
        self.shared = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("Q")
        self.epoch = self.shared[0]
        self.clients: dict[int, Client] = {}
        grantees = defaultdict(set)
        for principal, grantee in self.connection.execute("select principal, grantee from grantee_of"):
            grantees[principal].add(grantee)
        rows = self.connection.execute("select id, active, org, role from principal order by id").fetchall()
        self.principals = [
            (active, org, ROLE_OPENS[role], frozenset(grantees[id_])) for id_, active, org, role in rows
        ]
        self.decide = self._decider()

    def changed(self) -> None:
        """What a writer calls after its commit."""
        self.shared[0] += 1

    def _decider(self) -> Any:
        """The hot path, over names of its own so that a look-up is one step."""
        shared, clients, principals, touch = self.shared, self.clients, self.principals, self._touch

        def decide(question: Question) -> Answer:
            if shared[0] != self.epoch:
                clients.clear()
                self.epoch = shared[0]
            principal, about, segment, purpose, at = question
            client = clients.get(about) or touch(about)
            active, organization, role, grantees = principals[principal]
            if not active:
                return INACTIVE
            if purpose == 0 and client.broken and client.broken.get(principal, 0) > at:
                return EMERGENCY
            if client.limits and client.limits.get(organization, 0) >> segment & 1:
                return RESTRICTION
            wanted = 1 << segment * PURPOSES + purpose
            if not role & wanted:
                return ROLE_GATE
            if TEAM_OPENS & wanted and not grantees.isdisjoint(client.teams):
                return CARE_TEAM
            grants = client.grants
            for grantee in grants.keys() & grantees:
                for opens, begins, ends, answer in grants[grantee]:
                    if opens & wanted and begins <= at < ends:
                        return answer
            return NO_BASIS

        return decide

    def _touch(self, about: int) -> Client:
        """Derive the client's grants from the rows that stand now."""
        client, one = Client(), (about,)
        ask = self.connection.execute
        client.teams = frozenset(
            TEAM0 + team for (team,) in ask("select team from client_team where client = %s", one)
        )
        grants = defaultdict(list)
        for id_, grantee, segments, purposes, begins, ends in ask(
            "select id, grantee, segmask, purmask, valid_from, least(valid_to, coalesce(revoked_at, valid_to)) "
            "from consent where client = %s order by id",
            one,
        ):
            answer = (True, "consent", id_, CITES["consent"])
            grants[grantee].append((bits(segments, purposes), begins, ends, answer))
        client.grants = {grantee: tuple(found) for grantee, found in grants.items()}
        client.limits = dict(ask("select org, segmask from restriction where client = %s", one).fetchall())
        client.broken = dict(
            ask("select principal, expires from breakglass where client = %s", one).fetchall()
        )
        self.clients[about] = client
        return client
