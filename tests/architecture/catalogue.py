"""What PostgreSQL itself says about tables, policies and roles.

Each function reads the catalogue through the connection it is given, and so sees a table
or a policy that a test planted in its own transaction.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import psycopg

Connection = psycopg.Connection[tuple[object, ...]]
PLANS = ("gather", "walk")
ALL_VERBS = ("select", "insert", "update", "delete")
# Which policies a guarded table must have: verbs by kind of role.
RECORD = {"gather": ALL_VERBS, "walk": ALL_VERBS}
READ_BY_GRANTEES = {"gather": ("select",), "walk": ("select",), "system": ALL_VERBS}
SEALED = {"gather": ("select",), "walk": ("select",), "system": ("select", "insert"), "verifier": ("select",)}
OWN_TABLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "consent_compartment": READ_BY_GRANTEES,
    "consent_counter": {"gather": ("select",), "walk": ("select",), "owner": ALL_VERBS},
    "consent_grant": READ_BY_GRANTEES,
    "consent_officegrant": READ_BY_GRANTEES,
    "consent_assignment": READ_BY_GRANTEES,
    "consent_nextchange": {"system": ALL_VERBS},
    "consent_ledgerentry": {
        "gather": ("select",),
        "walk": ("select",),
        "system": ("insert",),
        "verifier": ("select",),
    },
    "consent_ledgerday": {"gather": ("select",), "walk": ("select",), "system": ("select", "insert")},
    "consent_checkpoint": SEALED,
    "consent_tile": SEALED,
    "consent_witnessedcheckpoint": SEALED,
    "consent_emergencyattempt": {"gather": ("select",), "walk": ("select",), "system": ("select", "insert")},
    "consent_emergencyalarm": {
        "gather": ("select", "update"),
        "walk": ("select", "update"),
        "system": ("select", "insert"),
    },
    "referrals_outboxenvelope": {
        "gather": ("select",),
        "walk": ("select",),
        "system": ("select", "insert"),
        "exchange": ("select", "update"),
    },
    "referrals_inboxenvelope": {
        "gather": ("select",),
        "walk": ("select",),
        "system": ("select", "update"),
        "exchange": ("select", "insert"),
    },
}
# Tables of the clinical side alone that are guarded and are nobody's record.
TABLES_OF_A_SIDE: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "clinical": {
        "clinical_searchtoken": dict.fromkeys(
            ("gather", "walk", "system"), ("select", "insert", "delete")
        ),
        "clinical_unmatched": {
            "gather": ("insert",), "walk": ("insert",), "system": ("select", "update", "delete"),
        },
    },
    "police": {},
}  # fmt: skip
# The exchange has no principal; it carries sealed envelopes and sees no other table.
CARRIED = ("referrals_outboxenvelope", "referrals_inboxenvelope")


@dataclass(frozen=True)
class Policy:
    table: str
    name: str
    verb: str
    roles: frozenset[str]
    is_permissive: bool
    using: str | None
    check: str | None


def policies(connection: Connection) -> list[Policy]:
    rows = connection.execute(
        "select tablename, policyname, lower(cmd), roles::text[], permissive = 'PERMISSIVE', qual, with_check "
        "from pg_policies where schemaname = 'public' and policyname <> 'oracle_reads'"
    )
    return [Policy(t, n, v, frozenset(r), p, q, c) for t, n, v, r, p, q, c in rows.fetchall()]  # type: ignore[misc, arg-type]


def unguarded(
    connection: Connection, side: str, wanted: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> Iterator[str]:
    """What the named tables lack of row-level security: enabled, forced, a policy per role and verb."""
    flags = {
        str(name): (enabled, forced)
        for name, enabled, forced in connection.execute(
            "select relname, relrowsecurity, relforcerowsecurity from pg_class "
            "where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
        ).fetchall()
    }
    held = policies(connection)
    for table, verbs_by_role in wanted.items():
        if table not in flags:
            yield f"{table} does not exist"
            continue
        enabled, forced = flags[table]
        if not enabled:
            yield f"{table} has row-level security not enabled"
        if not forced:
            yield f"{table} has row-level security not forced"
        here = [policy for policy in held if policy.table == table]
        for role, verbs in verbs_by_role.items():
            for verb in verbs:
                named = [p for p in here if f"{side}_{role}" in p.roles and p.verb in (verb, "all")]
                if len(named) != 1:
                    yield f"{table} has {len(named)} policies for {role} to {verb}, not one"
        yield from too_open(here, side)


def too_open(given: Iterable[Policy], side: str) -> Iterator[str]:
    """Policies that ask for nobody: for the login role or everybody, or without a signed principal."""
    for policy in given:
        label = f"policy {policy.name} of {policy.table}"
        for role in policy.roles & {"public", f"{side}_app"}:
            yield f"{label} is for {role}"
        if f"{side}_exchange" in policy.roles and policy.table not in CARRIED:
            yield f"{label} lets the exchange see more than envelopes"
        if policy.roles <= {f"{side}_verifier", f"{side}_owner", f"{side}_exchange"}:
            continue  # no principal: ledger alone, the policies' own functions, envelopes alone
        if policy.verb == "all":
            yield f"{label} is for all verbs at once"
        if policy.verb != "insert" and not asks_for_somebody(policy.using):
            yield f"{label} lets {policy.verb} without asking who"
        if policy.verb in ("insert", "update") and not asks_for_somebody(policy.check):
            yield f"{label} lets rows be written without asking who"


def asks_for_somebody(condition: str | None) -> bool:
    """Does a condition depend on the signed principal, and on nothing that outweighs it?

    PostgreSQL prints an ``or true`` as it stands, so that it can be looked for here.
    """
    if condition is None:
        return False
    text = " ".join(condition.lower().split())
    asks = "sec." in text or "consent_grant" in text
    return asks and " or true" not in text and "true or " not in text and "<>" not in text


def unequal_plans(connection: Connection, tables: Iterable[str], side: str) -> Iterator[str]:
    """Writes must be checked by the same words in both plans; only reading has two forms."""
    held = {(p.table, next(iter(p.roles)), p.verb): p for p in policies(connection) if len(p.roles) == 1}
    for table in tables:
        for verb in ("insert", "update", "delete"):
            one, other = (held.get((table, f"{side}_{plan}", verb)) for plan in PLANS)
            if (one and (one.using, one.check)) != (other and (other.using, other.check)):
                yield f"{table}: gather and walk differ in {verb}"


def without_true_scope(connection: Connection, tables: Iterable[str]) -> Iterator[str]:
    """A protected table whose copied scope_key no composite key holds to its compartment's."""
    for table in tables:
        row = connection.execute(
            "select count(*) from pg_constraint where contype = 'f' and convalidated and conrelid = %s::regclass "
            "and confrelid = 'consent_compartment'::regclass and array_length(conkey, 1) = 2",
            [table],
        ).fetchone()
        if row is None or row[0] != 1:
            yield f"{table} can hold a false scope_key"


SELECTED_BY = (
    "select replace(qual, tablename || '.', '') from pg_policies where tablename = %s and policyname = %s"
)


def opens_with_its_compartment(connection: Connection, table: str) -> bool:
    """Do the plan roles read the table by the very words by which they read the counters?"""
    return all(
        connection.execute(SELECTED_BY, [table, f"{plan}_select"]).fetchone()
        == connection.execute(SELECTED_BY, ["consent_counter", f"{plan}_select"]).fetchone()
        for plan in PLANS
    )


def counters_that_tell(connection: Connection, tables: Iterable[str]) -> Iterator[str]:
    """A table that opens to fewer than its compartment does and is counted by compartment all the same."""
    for table in tables:
        is_counted = len(list(without_counters(connection, [table]))) < len(COUNTED_ON)
        if is_counted and not opens_with_its_compartment(connection, table):
            yield f"{table} opens by other words than its counters"


COUNTED_ON = {"added": "insert", "removed": "delete", "moved": "update", "none": "truncate"}


def without_counters(connection: Connection, tables: Iterable[str]) -> Iterator[str]:
    """A protected table that could be written past its counters: a trigger too few, or one switched off."""
    for table in tables:
        rows = connection.execute(
            "select p.proname from pg_trigger t join pg_proc p on p.oid = t.tgfoid "
            "join pg_namespace n on n.oid = p.pronamespace and n.nspname = 'sec' "
            "where t.tgrelid = %s::regclass and t.tgenabled in ('O', 'A') and not t.tgisinternal",
            [table],
        ).fetchall()
        held = {str(name) for (name,) in rows}
        for event, verb in COUNTED_ON.items():
            if f"count_{event}" not in held:
                yield f"{table} is not counted on {verb}"


LETTERS = {
    "SELECT": "S", "INSERT": "I", "UPDATE": "U", "DELETE": "D",
    "TRUNCATE": "T", "REFERENCES": "R", "TRIGGER": "G",
}  # fmt: skip
PRIVILEGES = """
select r.role, case n.nspname when 'public' then c.relname else n.nspname || '.' || c.relname end, v.verb,
       has_table_privilege(r.role, c.oid, v.verb),
       v.verb in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') and has_any_column_privilege(r.role, c.oid,
         case when v.verb in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') then v.verb else 'SELECT' end)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace, unnest(%s::text[]) r(role), unnest(%s::text[]) v(verb)
 where c.relkind in ('r', 'p', 'v', 'm') and n.nspname in ('public', 'sec')
 order by 1, 2
"""


def privileges(connection: Connection, roles: Iterable[str]) -> dict[tuple[str, str], str]:
    """``{(role, table): "SIUD"}``: select, insert, update, delete, truncate (T), references (R), trigger (G).

    Lower case where only some columns are meant.
    """
    found: dict[tuple[str, str], str] = {}
    rows = connection.execute(PRIVILEGES, [list(roles), list(LETTERS)]).fetchall()
    for role, table, verb, whole, some_columns in rows:
        key, letter = (str(role), str(table)), LETTERS[str(verb)]
        found.setdefault(key, "")
        if whole or some_columns:
            found[key] += letter if whole else letter.lower()
    return {
        key: "".join(sorted(letters, key=lambda letter: "SIUDTRG".index(letter.upper())))
        for key, letters in found.items()
    }


def owned_by(connection: Connection, roles: Iterable[str]) -> list[str]:
    """What the roles own: databases, schemas, tables, functions, types."""
    rows = connection.execute(
        "select 'database ' || datname from pg_database where pg_get_userbyid(datdba) = any(%(roles)s) "
        "union all select 'schema ' || nspname from pg_namespace where pg_get_userbyid(nspowner) = any(%(roles)s) "
        "union all select 'table ' || relname from pg_class where pg_get_userbyid(relowner) = any(%(roles)s) "
        "union all select 'function ' || proname from pg_proc where pg_get_userbyid(proowner) = any(%(roles)s) "
        "union all select 'type ' || typname from pg_type where pg_get_userbyid(typowner) = any(%(roles)s)",
        {"roles": list(roles)},
    )
    return [str(row[0]) for row in rows.fetchall()]


def loose_functions(connection: Connection) -> Iterator[str]:
    """Functions that run as their owner, without a fixed search path or open to everybody."""
    for name, settings, open_to_all in connection.execute(
        "select p.oid::regprocedure::text, coalesce(p.proconfig, '{}'), "
        "exists (select 1 from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0) "
        "from pg_proc p join pg_namespace n on n.oid = p.pronamespace "
        "where p.prosecdef and n.nspname not in ('oracle', 'pg_catalog', 'information_schema')"
    ).fetchall():
        if not any(str(setting).startswith("search_path=") for setting in settings):  # type: ignore[attr-defined]
            yield f"{name} has no fixed search path"
        if open_to_all:
            yield f"{name} may be called by everybody"
