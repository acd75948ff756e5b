"""The one statement that looks for tokens, in a form that no planner turns around.

It goes from what opens to the asker, compartment by compartment and scope by scope, and looks in
each for the tokens: ``offset 0`` keeps each look a look of its own. A row that is hidden is in none of them, so
it is never met, whatever plan PostgreSQL finds cheapest. Left to row-level security alone the
answer is the same, and yet tells: an index is then read by token, meets the hidden row, and only
then works out the lists of what opens, half a millisecond that a name which nobody has does not cost.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from consent import access

FOUND = """
with asked (part, token, score) as (
  select * from unnest(%(parts)s::smallint[], %(tokens)s::bigint[], %(scores)s::smallint[])),
every_token as materialized (select array_agg(distinct token) as tokens from asked),
found as (
  select t.client_id, t.token
    from (select g.content_object_id as id from consent_grant g
           where g.valid_from <= now() and g.valid_until > now() and (select sec.purpose()) = any(g.purposes)) mine,
         lateral (select s.client_id, s.token from clinical_searchtoken s
                   where s.compartment_id = mine.id and s.token = any((select tokens from every_token)::bigint[])
                  offset 0) t
  union all
  select t.client_id, t.token
    from unnest((select sec.my_keys())::smallint[]) as mine (id),
         lateral (select s.client_id, s.token from clinical_searchtoken s
                   where s.scope_key = mine.id and s.token = any((select tokens from every_token)::bigint[])
                  offset 0) t),
best as (
  select f.client_id, a.part, max(a.score) as score
    from found f join asked a on a.token = f.token group by f.client_id, a.part)
select client_id, sum(score)::int as score from best
 group by client_id
having count(*) = %(number)s
   and (%(score)s::int is null or sum(score) < %(score)s or (sum(score) = %(score)s and client_id > %(last)s::uuid))
 order by 2 desc, 1
 limit %(size)s
"""
Parts = Sequence[Mapping[int, int]]  # of each thing that was said: its tokens, and how good each is


def arguments(parts: Parts, *, size: int, after: tuple[int, UUID] | None = None) -> dict[str, Any]:
    """The values of `FOUND`."""
    rows = [
        (part, token, score) for part, tokens in enumerate(parts) for token, score in sorted(tokens.items())
    ]
    score, last = after or (None, None)
    return {
        "parts": [row[0] for row in rows],
        "tokens": [row[1] for row in rows],
        "scores": [row[2] for row in rows],
        "number": len(parts),
        "size": size,
        "score": score,
        "last": last,
    }


def best_first(parts: Parts, *, size: int, after: tuple[int, UUID] | None = None) -> list[tuple[UUID, int]]:
    """The clients, with their scores, who have a token of each part, among those that open to who asks.

    Args:
        after: Score and id of the last one shown before.
    """
    access.current()
    access.read_by(access.GATHER)
    with connection.cursor() as cursor:
        cursor.execute(FOUND, arguments(parts, size=size, after=after))
        return [(client_id, score) for client_id, score in cursor.fetchall()]
