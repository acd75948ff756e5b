"""The tables of the keys database, made by its owner; every statement may run again.

Its login role adds keys, wraps them anew and destroys them, and can't take a row away or
bring a destroyed key back: triggers refuse that to the owner as well.
"""

from typing import Any

import psycopg
from psycopg import sql

TABLES = """
create table if not exists wrapping_key (
  id text primary key check (length(id) between 1 and 64),
  is_current boolean not null,
  made_at timestamptz not null default now(),
  retired_at timestamptz,
  constraint wrapping_key_current_is_not_retired check (not (is_current and retired_at is not null)));
create unique index if not exists wrapping_key_one_current on wrapping_key (is_current) where is_current;

-- subject: HMAC of the client's id. A row without a key and never retired says: destroyed, for good.
create table if not exists data_key (
  id uuid primary key,
  subject text not null,
  wrapped bytea,
  wrapping_id text not null references wrapping_key,
  made_at timestamptz not null default now(),
  retired_at timestamptz,
  destroyed_at timestamptz,
  constraint data_key_is_there_until_destroyed check ((wrapped is null) = (destroyed_at is not null)));
create unique index if not exists data_key_one_in_use on data_key (subject) where retired_at is null;
create index if not exists data_key_subject on data_key (subject);
create index if not exists data_key_wrapping on data_key (wrapping_id) where wrapped is not null;

create table if not exists index_key (
  unit text primary key,
  wrapped bytea not null,
  wrapping_id text not null references wrapping_key,
  made_at timestamptz not null default now());

create table if not exists audit (
  number bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  action text not null check (action in ('destroy', 'renew', 'retire', 'rotate', 'rotated', 'prepare')),
  subject text not null default '',
  basis text not null default '',
  keys integer not null default 0,
  wrapping_id text not null default '');

create or replace function refuse_change() returns trigger language plpgsql as $$
begin raise insufficient_privilege using message = tg_table_name || ' keeps its rows'; end $$;

create or replace function keep_destroyed() returns trigger language plpgsql as $$
begin
  if old.destroyed_at is not null or new.id <> old.id or new.subject <> old.subject
     or (old.retired_at is not null and new.retired_at is null) then
    raise insufficient_privilege using message = 'a destroyed or retired key stays so';
  end if;
  return new;
end $$;
"""
TRIGGERS = (
    ("data_key", "before update", "row", "keep_destroyed"),
    ("data_key", "before delete", "row", "refuse_change"),
    ("data_key", "before truncate", "statement", "refuse_change"),
    ("audit", "before update or delete", "row", "refuse_change"),
    ("audit", "before truncate", "statement", "refuse_change"),
    ("index_key", "before delete", "row", "refuse_change"),
    ("index_key", "before truncate", "statement", "refuse_change"),
)
RIGHTS = (
    "select, insert, update (is_current, retired_at) on wrapping_key",
    "select, insert, update (wrapped, wrapping_id, retired_at, destroyed_at) on data_key",
    "select, insert, update (wrapped, wrapping_id) on index_key",
    "select, insert on audit",
)


def install(owner: psycopg.Connection[Any], login: str) -> None:
    """Make what is missing, as the database's owner, and give the login role its rights.

    Args:
        login: The role in ``KEYS_URL``.
    """
    role = sql.Identifier(login)
    with owner.transaction():
        owner.execute("revoke all on schema public from public")
        owner.execute(sql.SQL("grant usage on schema public to {}").format(role))
        owner.execute(TABLES)
        for number, (table, when, each, function) in enumerate(TRIGGERS):
            owner.execute(
                sql.SQL("create or replace trigger {} {} on {} for each {} execute function {}()").format(
                    sql.Identifier(f"{table}_kept_{number}"),
                    sql.SQL(when),
                    sql.Identifier(table),
                    sql.SQL(each),
                    sql.Identifier(function),
                )
            )
        for right in RIGHTS:
            owner.execute(sql.SQL("grant {} to {}").format(sql.SQL(right), role))
