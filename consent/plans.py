"""Which of the two query plans reads a list, and counting without reading: chosen here and nowhere else.

Both plans see the same rows (`consent.rls`). *Gather* starts from the compartments that
somebody may open and costs about 2 µs for each row that they hold; *walk* goes through the
list in its order and costs about 1 µs for each row that it passes, seen or not. They cross
near 5 √N visible rows of N. What names its rows, or one client, is looked up row by row, and
so by the walk's policies; writes too. Whatever is none of these is read as the request began:
its cost is bounded by what somebody may open, and never by the whole table.

A walk takes for granted that somebody who may see much sees some of the newest. Where that
is wrong it would pass a million rows, so it goes about 20,000 rows far, to a milestone that is
kept outside row-level security (`consent.counting`), and what it didn't find is gathered.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum
from django.db.models.expressions import Col
from django.db.models.lookups import Exact, In
from django.db.models.sql.where import AND

from consent import access

LEAST = 500  # visible rows; below that both plans are quick
PER_ROOT = 5  # visible rows for each √N; a great scope is not counted out, only looked at that far
NAMES = frozenset({"subject_id", "compartment"})  # a condition on these means few rows, whoever asks
REACH = 20  # marks, of a thousand rows each

IN_SIGHT = """
select seen.number, seen.is_dense, case when seen.is_dense then sec.milestone(%(kind)s, %(since)s, %(reach)s, %(newer)s) end
  from (select number, coalesce(number > most, true) as is_dense
          from sec.in_sight(%(kind)s, %(least)s, %(per_root)s)) as seen
"""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a list is read: by which role, and, for a walk, the instant at which it gives up; ``None``: at the end.

    ``number`` is that of all rows of the model that the asker may see, where it had to be known.
    """

    role: str
    edge: datetime | None = None
    number: int | None = None


def plan_for(rows: QuerySet[Any], *, since: datetime | str, newer: bool = False) -> Plan:
    """The plan for a list that begins at ``since``, by the number of its model's rows that the asker may see."""
    if access.current().plan == access.SYSTEM:
        return Plan(role=access.SYSTEM)
    if names_its_rows(rows):
        return Plan(role=access.WALK)
    access.read_by(access.GATHER)
    with connection.cursor() as cursor:
        cursor.execute(
            IN_SIGHT,
            {
                "kind": rows.model._meta.db_table, "since": since, "newer": newer,
                "least": LEAST, "per_root": PER_ROOT, "reach": REACH,
            },
        )  # fmt: skip
        number, is_dense, edge = cursor.fetchone()
    number = number if rows.model.is_counted else None
    return Plan(role=access.WALK if is_dense else access.GATHER, edge=edge, number=number)


def number_of_all(model: Any) -> int:
    """How many rows of ``model`` the asker may see: from the counters of the compartments that are open."""
    from consent.models import Counter

    access.read_by(access.GATHER)
    counted = Counter.objects.filter(kind=model._meta.db_table).aggregate(rows=Sum("records"))
    return int(counted["rows"] or 0)


def put_on_for(rows: QuerySet[Any]) -> None:
    """Put on the role that reads ``rows``: the walk's for what names its rows, otherwise as it was begun."""
    access.read_by(access.WALK if names_its_rows(rows) else access.current().plan)


def names_its_rows(rows: QuerySet[Any]) -> bool:
    """Is the query about rows of these ids, about these clients, or about what belongs to one row?"""
    where = rows.query.where
    return where.connector == AND and not where.negated and any(map(_names_some, where.children))


def _names_some(condition: Any) -> bool:
    if not isinstance(condition, (Exact, In)) or not isinstance(condition.lhs, Col):
        return False
    field = condition.lhs.target
    return bool(field.primary_key) or field.name in NAMES or hasattr(field.related_model, "listed_by")


def is_whole(rows: QuerySet[Any]) -> bool:
    """Does the query take all rows of its model, so that counters know their number?"""
    query = rows.query
    return not (
        query.where
        or query.is_sliced
        or query.distinct
        or query.combinator
        or query.annotations
        or query.extra
    )
