"""The database's functions and the policies of consent's own tables, as SQL for a migration."""

from django.conf import settings

from consent import counting
from consent.rls import enable, gather_form, policy, roles, system_policies, walk_form

SEC = """
create schema sec;
create table sec.key (one smallint primary key default 1 check (one = 1), bytes bytea not null);

-- The signed principal of this transaction: {{who, purpose}}, or null when there is none.
create function sec.token() returns text[] language plpgsql stable security definer
set search_path = pg_catalog, sec as $$
declare
  said text := nullif(current_setting('app.token', true), '');
  parts text[];
  signing bytea;
begin
  if said is null then return null; end if;
  parts := string_to_array(said, '|');
  select k.bytes into signing from sec.key k;
  if signing is null or array_length(parts, 1) is distinct from 4 or encode(sha256(signing || sha256(signing ||
     convert_to(parts[1] || '|' || parts[2] || '|' || parts[3], 'UTF8'))), 'hex') <> parts[4] then
    raise insufficient_privilege using message = 'the principal is not signed';
  end if;
  if parts[3]::bigint <= extract(epoch from clock_timestamp()) then return null; end if;
  return parts[1:2];
end $$;

create function sec.purpose() returns text language plpgsql stable security definer
set search_path = pg_catalog, sec as $$ begin return (sec.token())[2]; end $$;

create function sec.system() returns text language plpgsql stable security definer
set search_path = pg_catalog, sec as $$
declare who text := (sec.token())[1];
begin return case when who like 's:%' then substr(who, 3) end; end $$;

-- The principal's id; an inactive one is nobody.
create function sec.principal() returns bigint language plpgsql stable security definer
set search_path = pg_catalog, sec as $$
declare who text := (sec.token())[1]; found bigint;
begin
  if who is null or who not like 'p:%' then return null; end if;
  select p.id into found from public.consent_principal p
   where p.id = substr(who, 3)::bigint and p.is_active;
  return found;
end $$;

create function sec.holds(names text[]) returns boolean language plpgsql stable security definer
set search_path = pg_catalog, sec as $$
begin return exists (
  select 1 from public.consent_membership m join public.auth_group r on r.id = m.role_id
   where m.principal_id = sec.principal() and r.name = any(names)
     and m.begins_at <= now() and (m.ends_at is null or m.ends_at > now())); end $$;

-- Programs in which the principal holds one of these offices.
create function sec.programs(names text[]) returns bigint[] language plpgsql stable security definer
set search_path = pg_catalog, sec as $$
begin return coalesce((select array_agg(distinct m.program_id)
    from public.consent_membership m join public.auth_group r on r.id = m.role_id
   where m.principal_id = sec.principal() and r.name = any(names)
     and m.begins_at <= now() and (m.ends_at is null or m.ends_at > now())), '{{}}'); end $$;

create function sec.office_keys(must_write boolean) returns smallint[] language plpgsql stable security definer
set search_path = pg_catalog, sec as $$
declare me bigint := sec.principal(); why text := sec.purpose();
begin
  if me is null then return '{{}}'; end if;
  return coalesce((select array_agg(distinct o.content_object_id)
    from public.consent_officegrant o
    join public.consent_scope s on s.id = o.content_object_id
    join public.consent_membership m on m.role_id = o.group_id and m.program_id = s.program_id
   where m.principal_id = me{civilians_only} and why = any(o.purposes) and (o.writes or not must_write)
     and m.begins_at <= now() and (m.ends_at is null or m.ends_at > now())
     and o.valid_from <= now() and o.valid_until > now()), '{{}}');
end $$;

create function sec.my_keys() returns smallint[] language plpgsql stable security definer
set search_path = pg_catalog, sec as $$ begin return sec.office_keys(false); end $$;

create function sec.my_write_keys() returns smallint[] language plpgsql stable security definer
set search_path = pg_catalog, sec as $$ begin return sec.office_keys(true); end $$;

create function sec.refuse_change() returns trigger language plpgsql as $$
begin raise insufficient_privilege using message = tg_table_name || ' is append-only'; end $$;

revoke all on all functions in schema sec from public;
grant usage on schema sec to {app}, {gather}, {walk}, {system};
grant execute on all functions in schema sec to {app}, {gather}, {walk}, {system};
"""

# On the clinical side an office opens nothing for somebody whose employer is a criminal justice
# agency, or unknown (`eng.role.dual`).
CIVILIANS_ONLY = """ and exists (
     select 1 from public.consent_principal p join public.consent_organization e on e.id = p.employer_id
      where p.id = me and not e.is_criminal_justice_agency)"""
SUPERVISES = "array['clinical supervisor', 'program manager', 'privacy officer']"
READS_THE_LEDGER = "array['compliance officer', 'privacy officer']"


def sec_statements() -> str:
    """The functions that the policies call; owned by the owner, who alone reads the key."""
    return SEC.format(civilians_only=CIVILIANS_ONLY if settings.SIDE == "clinical" else "", **roles())


def counting_functions() -> list[str]:
    """What keeps the counters, run as the owner by triggers alone; written so that it may be installed again."""
    r = roles()
    return [
        counting.FUNCTIONS,
        *(f"revoke all on function {each} from public" for each in counting.OF_THE_TRIGGERS),
        *(f"revoke all on function {each} from public" for each in counting.OF_THE_LISTS),
        *(
            f"grant execute on function {each} to {r['gather']}, {r['walk']}"
            for each in counting.OF_THE_LISTS
        ),
    ]


def counter_policies() -> list[str]:
    """The counters' own door: the plan roles read those of what they may open, the triggers' owner writes."""
    r, table = roles(), counting.TABLE
    everybody = ", ".join(r[role] for role in ("app", "gather", "walk", "system"))
    true_scope = (
        f"alter table {table} add constraint {table}_scope_is_true foreign key (compartment_id, scope_key) "
        "references consent_compartment (id, scope_id) on update cascade on delete cascade"
    )
    statements = [
        *enable(table),
        f"revoke all on {table} from {everybody}",
        f"grant select on {table} to {r['gather']}, {r['walk']}",
        # a sum over a great scope reads the key's index alone
        f"alter table {table} drop constraint {table}_pkey",
        f"alter table {table} add primary key (kind, compartment_id) include (records)",
        true_scope,
        policy(table, "gather_select", "gather", "select", using=gather_form(table)),
        policy(table, "walk_select", "walk", "select", using=walk_form(table)),
    ]
    for verb in ("select", "insert", "update", "delete"):
        using = "" if verb == "insert" else "true"
        check = "true" if verb in ("insert", "update") else ""
        statements.append(policy(table, f"owner_{verb}", "owner", verb, using=using, check=check))
    return statements


def append_only(table: str, *roles_that_lose: str) -> list[str]:
    """Rows are only added: no right to change them, and a trigger for whoever has it all the same."""
    return [
        f"revoke update, delete, truncate on {table} from {', '.join(roles_that_lose)}",
        (
            f"create trigger {table}_append_only before update or delete on {table} "
            "for each row execute function sec.refuse_change()"
        ),
        (
            f"create trigger {table}_no_truncate before truncate on {table} "
            "for each statement execute function sec.refuse_change()"
        ),
    ]


def own_policies() -> list[str]:
    """Compartments, grants, offices' grants, assignments and the ledger."""
    statements = [statement for table in OWN_TABLES for statement in enable(table)]
    for role in ("gather", "walk"):
        statements += _what_principals_see(role)
    return [
        *statements,
        *_what_each_plan_sees_of_grants(),
        *_what_the_database_reads_itself(),
        *_what_system_tasks_do(),
        *append_only("consent_ledgerentry", *_users()),
        *_a_consent_is_signed_once(),
    ]


OWN_TABLES = (
    "consent_compartment", "consent_grant", "consent_officegrant", "consent_assignment", "consent_ledgerentry",
)  # fmt: skip


# The system tasks that look up whose compartment it is, beside the one that makes them.
LOOKERS = (
    "system:ledger", "system:intake", "system:import", "system:partners", "system:matching", "system:index",
    "system:emergency", "system:keys", "system:counts", "system:labels",
)  # fmt: skip


def _users() -> tuple[str, ...]:
    """The roles that the site works under."""
    r = roles()
    return (r["app"], r["gather"], r["walk"], r["system"])


def _what_principals_see(role: str) -> list[str]:
    """What is granted to them, who is on their clients' care teams, and the ledger if that is their office."""
    granted = walk_form("consent_compartment", compartment="id", scope="scope_id")
    mine = (
        "principal_id = (select sec.principal()) or "
        f"program_id = any((select sec.programs({SUPERVISES}))::bigint[])"
    )
    seen = {
        "consent_compartment": granted,
        "consent_assignment": mine,
        "consent_ledgerentry": f"(select sec.holds({READS_THE_LEDGER}))",
        "consent_officegrant": "(select sec.principal()) is not null",
    }
    return [policy(table, f"{role}_select", role, "select", using=which) for table, which in seen.items()]


def _what_each_plan_sees_of_grants() -> list[str]:
    """The principal's own, found by grantee or by compartment (``+ 0`` keeps it so)."""
    own = "user_id = (select sec.principal())"
    own_by_compartment = "user_id + 0 = (select sec.principal())"
    return [
        policy("consent_grant", "gather_select", "gather", "select", using=own),
        policy("consent_grant", "walk_select", "walk", "select", using=own_by_compartment),
    ]


def _what_the_database_reads_itself() -> list[str]:
    """The policies' own functions run as the owner, who is under FORCE as well; the verifier reads the ledger."""
    verifier = roles()["verifier"]
    return [
        policy("consent_officegrant", "owner_select", "owner", "select", using="true"),
        policy("consent_ledgerentry", "verifier_select", "verifier", "select", using="true"),
        f"grant usage on schema public to {verifier}",
        f"grant select on consent_ledgerentry to {verifier}",
    ]


def _what_system_tasks_do() -> list[str]:
    """Grants are one task's to write; the others look up whose compartment it is, and add to the ledger."""
    grants = {"system:grants": "select insert update delete"}
    rights = {
        "consent_compartment": grants | dict.fromkeys(LOOKERS, "select"),
        "consent_grant": grants,
        "consent_officegrant": grants | {"system:ledger": "select"},
        "consent_assignment": grants,
        "consent_ledgerentry": {"system:ledger": "insert"},
    }
    return [statement for table, tasks in rights.items() for statement in system_policies(table, tasks)]


def _a_consent_is_signed_once() -> list[str]:
    """Only its revocation is written later."""
    r = roles()
    later = "revoked_at, revoked_how, revoked_by_id"
    return [
        f"revoke update, delete, truncate on consent_consent from {', '.join(_users())}",
        f"grant update ({later}) on consent_consent to {r['gather']}, {r['walk']}, {r['system']}",
    ]


def policies_of_standing_facts() -> list[str]:
    """When a client is due says when somebody comes of age: the task's alone. A restriction only ends later."""
    r = roles()
    everything = {"system:grants": "select insert update delete"}
    return [
        *enable("consent_nextchange"),
        *system_policies("consent_nextchange", everything),
        # a limit toward own staff closes the compartment that it lies in to those who could end it
        *system_policies("consent_restriction", {"system:grants": "update"}),
        f"revoke update, delete, truncate on consent_restriction from {', '.join(_users())}",
        f"grant update (ends_at) on consent_restriction to {r['gather']}, {r['walk']}, {r['system']}",
    ]


def receipt_policies() -> list[str]:
    """Two tasks read the ledger: one counts its finished days, one decides its receipts again.

    The second reads the forms that a receipt names, and writes nothing but that it did.
    """
    ledger, day, form = "consent_ledgerentry", "consent_ledgerday", "consent_consent"
    counting, replay = "(select sec.system()) = 'system:counting'", "(select sec.system()) = 'system:replay'"
    reader = f"(select sec.holds({READS_THE_LEDGER}))"
    app, gather, walk, system = _users()
    return [
        *enable(day),
        f"revoke all on {day} from {app}, {gather}, {walk}, {system}",
        f"grant select on {day} to {gather}, {walk}",
        f"grant select, insert on {day} to {system}",
        policy(day, "gather_select", "gather", "select", using=reader),
        policy(day, "walk_select", "walk", "select", using=reader),
        *system_policies(day, {"system:counting": "select insert"}),
        policy(ledger, "counting_select", "system", "select", using=counting),
        policy(ledger, "replay_select", "system", "select", using=replay),
        policy(form, "replay_select", "system", "select", using=replay),
    ]


SEALED = ("consent_checkpoint", "consent_tile")
WITNESSED = "consent_witnessedcheckpoint"


def number_of_entries() -> list[str]:
    """Each entry's number, given by the database as it is inserted; no role can choose or change it."""
    return [
        "alter table consent_ledgerentry add column number bigint generated always as identity",
        "create unique index ledger_number on consent_ledgerentry (number)",
        "alter table consent_tile alter column hashes set storage external",
    ]


def sealing_policies() -> list[str]:
    """The sealer alone adds checkpoints; the ledger's readers and the verifier read them; nobody changes one."""
    r, reads = roles(), f"(select sec.holds({READS_THE_LEDGER}))"
    statements = []
    for table in (*SEALED, WITNESSED):
        statements += [
            *enable(table),
            f"revoke all on {table} from {', '.join(_users())}",
            f"grant select on {table} to {r['gather']}, {r['walk']}, {r['system']}, {r['verifier']}",
            f"grant insert on {table} to {r['system']}",
            policy(table, "gather_select", "gather", "select", using=reads),
            policy(table, "walk_select", "walk", "select", using=reads),
            policy(table, "verifier_select", "verifier", "select", using="true"),
            *append_only(table, *_users()),
        ]
    rights = {
        "consent_checkpoint": {"system:sealer": "select insert", "system:witness": "select"},
        "consent_tile": {"system:sealer": "select insert"},
        WITNESSED: {"system:intake": "select insert", "system:witness": "select"},
    }
    statements += [s for table, tasks in rights.items() for s in system_policies(table, tasks)]
    sealer = "(select sec.system()) = 'system:sealer'"
    return [*statements, policy("consent_ledgerentry", "sealer_select", "system", "select", using=sealer)]
