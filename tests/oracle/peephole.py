"""What the oracle may see that no role of the product may: ledger and grants, whoever asks.

Functions of the owner in the test databases alone, so that the oracle reads the same
transaction that a test runs in, and depends on none of the product's own reading code.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from psycopg import sql

# Only the owner, who is under FORCE like everybody else, needs a policy for it.
TABLES = ("consent_grant", "consent_officegrant", "consent_compartment", "consent_ledgerentry")
OWNERS_POLICY = "oracle_reads"

FUNCTIONS = """
create schema oracle;
create function oracle.ledger(request uuid)
returns table (actor text, action text, outcome text, purpose text, subject text)
language sql stable security definer set search_path = public, pg_catalog as $$
  select actor, action, outcome, purpose, subject from consent_ledgerentry where request_id = request $$;
create function oracle.ledger_text(request uuid) returns text
language sql stable security definer set search_path = public, pg_catalog as $$
  select string_agg(to_jsonb(e)::text || encode(e.canonical, 'escape'), ' ')
    from consent_ledgerentry e where request_id = request $$;
create function oracle.grants(principal bigint)
returns table (compartment bigint, purposes text[], is_valid boolean)
language sql stable security definer set search_path = public, pg_catalog as $$
  select content_object_id, purposes::text[], valid_from <= now() and now() < valid_until
    from consent_grant where user_id = principal
  union all
  select c.id, o.purposes::text[], o.valid_from <= now() and now() < o.valid_until
    from consent_membership m
    join consent_scope s on s.program_id = m.program_id
    join consent_officegrant o on o.content_object_id = s.id and o.group_id = m.role_id
    join consent_compartment c on c.scope_id = s.id
   where m.principal_id = principal and m.begins_at <= now() and (m.ends_at is null or now() < m.ends_at) $$;
"""


def cut(owner: "psycopg.Connection[tuple[Any, ...]]", side: str) -> None:
    """Make the peephole in a template database; ``owner`` is a connection of the side's owner."""
    owner.execute(FUNCTIONS)
    for table in TABLES:
        owner.execute(
            sql.SQL("create policy {} on {} for select to {} using (true)").format(
                sql.Identifier(OWNERS_POLICY), sql.Identifier(table), sql.Identifier(f"{side}_owner")
            )
        )
    users = sql.SQL(", ").join(
        sql.Identifier(f"{side}_{role}") for role in ("app", "gather", "walk", "system")
    )
    owner.execute(sql.SQL("grant usage on schema oracle to {}").format(users))
    owner.execute(sql.SQL("grant execute on all functions in schema oracle to {}").format(users))


@dataclass(frozen=True, slots=True)
class Noted:
    """The part of a ledger entry that the oracle judges by."""

    actor: str
    action: str
    outcome: str
    purpose: str
    subject: str


def ledger_of(request_id: UUID) -> list[Noted]:
    """The entries that a request left."""
    with connection.cursor() as cursor:
        cursor.execute("select * from oracle.ledger(%s)", [request_id])
        return [Noted(*row) for row in cursor.fetchall()]


def text_of_ledger(request_id: UUID) -> str:
    """All columns of those entries, canonical bytes included, as one text."""
    with connection.cursor() as cursor:
        cursor.execute("select oracle.ledger_text(%s)", [request_id])
        return cursor.fetchone()[0] or ""


def opened_to(principal_id: int, purpose: str) -> Iterator[int]:
    """The compartments that a valid grant, or an office's, opens to a principal for a purpose."""
    with connection.cursor() as cursor:
        cursor.execute("select compartment, purposes, is_valid from oracle.grants(%s)", [principal_id])
        for compartment, purposes, is_valid in cursor.fetchall():
            if is_valid and purpose in purposes:
                yield compartment
