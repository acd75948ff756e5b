"""How many rows of each kind a compartment holds, kept by the statement that writes them.

A count over a million rows takes a second, one over the compartments that somebody may
open takes milliseconds. Triggers keep the counters in the writing transaction, for whoever
writes, the table's owner too; the counters lie behind row-level security of the same
meaning as the rows they count, because a count of what is hidden would tell.

The same triggers keep *marks*: of every thousandth row, roughly, the minute by which its list
is ordered. They bound how far a walk through a list goes before it gives up
(`consent.plans`); no role reads them, and `sec.milestone` tells a minute and nothing else.

A counter is a row that its compartment's writers take turns on until they commit; there is
none for a whole program, on which all of its staff would wait for each other.
"""

TABLE = "consent_counter"
EVERY = 1000  # rows to a mark

FUNCTIONS = f"""
create table if not exists sec.mark (kind text not null, at timestamptz not null);
create index if not exists mark_at on sec.mark (kind, at);

-- One mark for every {EVERY} rows, by chance, so that nobody waits for a common number.
create or replace function sec.count_added() returns trigger language plpgsql security definer
set search_path = pg_catalog as $$
declare marks int := floor((select count(*) from added) / {EVERY}.0 + random());
begin
  insert into public.{TABLE} as c (compartment_id, kind, scope_key, records)
  select a.compartment_id, tg_table_name, min(a.scope_key), count(*) from added a
   group by a.compartment_id order by a.compartment_id
  on conflict (compartment_id, kind) do update set records = c.records + excluded.records;
  if marks > 0 then
    execute format('insert into sec.mark select $1, date_trunc(''minute'', %I) from added order by random() limit $2', tg_argv[0])
      using tg_table_name, marks;
  end if;
  return null;
end $$;

create or replace function sec.count_removed() returns trigger language plpgsql security definer
set search_path = pg_catalog as $$
begin
  perform 1 from public.{TABLE} c
   where c.kind = tg_table_name and c.compartment_id in (select r.compartment_id from removed r)
   order by c.compartment_id for update;
  update public.{TABLE} c set records = c.records - gone.records
    from (select r.compartment_id, count(*) records from removed r group by r.compartment_id) gone
   where c.compartment_id = gone.compartment_id and c.kind = tg_table_name;
  return null;
end $$;

-- Row by row, and only for a row that really moves: most changes move none and pay nothing.
create or replace function sec.count_moved() returns trigger language plpgsql security definer
set search_path = pg_catalog as $$
begin
  perform 1 from public.{TABLE} c
   where c.kind = tg_table_name and c.compartment_id in (old.compartment_id, new.compartment_id)
   order by c.compartment_id for update;
  update public.{TABLE} c set records = c.records - 1
   where c.compartment_id = old.compartment_id and c.kind = tg_table_name;
  insert into public.{TABLE} as c (compartment_id, kind, scope_key, records)
  values (new.compartment_id, tg_table_name, new.scope_key, 1)
  on conflict (compartment_id, kind) do update set records = c.records + 1;
  return null;
end $$;

create or replace function sec.count_none() returns trigger language plpgsql security definer
set search_path = pg_catalog as $$
begin
  delete from public.{TABLE} where kind = tg_table_name;
  delete from sec.mark where kind = tg_table_name;
  return null;
end $$;

-- How many rows of a kind the asker may see, and how many are many: ``number`` is null where grants and scopes
-- alone are more than that, and nothing more was counted. Run by who asks, under the gather role's policies.
create or replace function sec.in_sight(kind text, at_least int, per_root int, out most int, out number bigint)
language plpgsql stable set search_path = pg_catalog as $$
declare keys smallint[] := sec.my_keys(); open int;
begin
  select greatest(at_least, ceil(per_root * sqrt(greatest(t.reltuples, 0))))::int into most
    from pg_class t where t.oid = ('public.' || kind)::regclass;
  select count(*) into open from (
    select 1 from public.consent_grant g where g.valid_from <= now() and g.valid_until > now() limit most + 1) each_one;
  if open <= most and cardinality(keys) > 0 then
    open := open + (select count(*) from (
      select 1 from public.consent_compartment c where c.scope_id = any(keys) limit most + 1) each_one);
  end if;
  if open <= most then
    select coalesce(sum(c.records), 0) into number from public.{TABLE} c where c.kind = in_sight.kind;
  end if;
end $$;

-- The minute of the row that is about {EVERY} * nth rows from an instant, older or newer; null past the end.
create or replace function sec.milestone(kind text, since timestamptz, nth int, newer boolean)
returns timestamptz language plpgsql stable security definer set search_path = pg_catalog as $$
declare found timestamptz;
begin
  if newer then
    select m.at into found from sec.mark m where m.kind = milestone.kind and m.at > since
     order by m.at offset nth limit 1;
  else
    select m.at into found from sec.mark m where m.kind = milestone.kind and m.at < since
     order by m.at desc offset nth limit 1;
  end if;
  return found;
end $$;
"""


# What the triggers call is theirs alone; how far a walk may go is told to the two roles that read lists.
OF_THE_TRIGGERS = ("sec.count_added()", "sec.count_removed()", "sec.count_moved()", "sec.count_none()")
OF_THE_LISTS = ("sec.in_sight(text, int, int)", "sec.milestone(text, timestamptz, int, boolean)")


def triggers(table: str, listed_by: str = "created_at") -> list[str]:
    """What keeps the counters of one protected table."""
    return [
        (
            f"create or replace trigger {table}_count_added after insert on {table} "
            f"referencing new table as added for each statement execute function sec.count_added('{listed_by}')"
        ),
        (
            f"create or replace trigger {table}_count_removed after delete on {table} "
            "referencing old table as removed for each statement execute function sec.count_removed()"
        ),
        (
            f"create or replace trigger {table}_count_moved after update of compartment_id on {table} "
            "for each row when (old.compartment_id <> new.compartment_id) execute function sec.count_moved()"
        ),
        (
            f"create or replace trigger {table}_count_none after truncate on {table} "
            "for each statement execute function sec.count_none()"
        ),
    ]


def recount(table: str) -> list[str]:
    """Count the rows that were there before their counters; for the length of the transaction unforced.

    The table is locked by the change of its own definition, so nobody reads it meanwhile.
    """
    return [
        f"alter table {table} no force row level security",
        f"delete from {TABLE} where kind = '{table}'",
        (
            f"insert into {TABLE} (compartment_id, kind, scope_key, records) "
            f"select compartment_id, '{table}', min(scope_key), count(*) from {table} group by compartment_id"
        ),
        f"alter table {table} force row level security",
    ]
