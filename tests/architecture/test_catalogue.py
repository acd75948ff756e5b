"""The database guards itself: what its own catalogue says about tables, policies and roles."""

import psycopg
import pytest
from django.apps import apps
from django.conf import settings

from tests.architecture import catalogue
from tests.architecture.models import protected_models

SIDE = settings.SIDE
OTHER = settings.OTHER_SIDE
USED_BY_THE_SITE = ("app", "gather", "walk", "system")
EVERY_ROLE = (*USED_BY_THE_SITE, "exchange", "verifier")
RECORDS = sorted(model._meta.db_table for model in protected_models(apps.get_models()))
OF_THIS_SIDE = dict(catalogue.OWN_TABLES) | dict(catalogue.TABLES_OF_A_SIDE[SIDE])
BLIND = sorted(catalogue.TABLES_OF_A_SIDE[SIDE])
COUNTED = sorted(m._meta.db_table for m in protected_models(apps.get_models()) if m.is_counted)
GUARDED = dict.fromkeys(RECORDS, catalogue.RECORD) | OF_THIS_SIDE

# What differs from "the site reads and writes rows": role -> privileges, by table.
NOBODY: dict[str, str] = dict.fromkeys(EVERY_ROLE, "")
SITE = dict.fromkeys(USED_BY_THE_SITE, "SIUD") | {"exchange": "", "verifier": ""}
EXPECTED = {
    "sec.key": NOBODY,
    # counters are written by triggers alone; their marks are read by nobody
    "sec.mark": NOBODY,
    "consent_counter": NOBODY | {"gather": "S", "walk": "S"},
    "consent_ledgerentry": dict.fromkeys(USED_BY_THE_SITE, "SI") | {"exchange": "", "verifier": "S"},
    # the site reads finished days' counts, and one task adds them
    "consent_ledgerday": NOBODY | {"gather": "S", "walk": "S", "system": "SI"},
    **dict.fromkeys(
        ("consent_checkpoint", "consent_tile", "consent_witnessedcheckpoint"),
        NOBODY | {"gather": "S", "walk": "S", "system": "SI", "verifier": "S"},
    ),
    "referrals_outboxenvelope": NOBODY | {"gather": "s", "walk": "s", "system": "sI", "exchange": "su"},
    "referrals_inboxenvelope": NOBODY | {"gather": "s", "walk": "s", "system": "Su", "exchange": "si"},
    # what went out is frozen: the site reads it, the release and its answers are written by system tasks
    "partners_release": NOBODY | {"app": "S", "gather": "S", "walk": "S", "system": "SIu"},
    "partners_partnerreferral": NOBODY | {"app": "S", "gather": "S", "walk": "SI", "system": "Su"},
    "partners_partneranswer": NOBODY | {"app": "S", "gather": "S", "walk": "S", "system": "SI"},
    # a picture of a signed paper is only added
    "clinical_signedpaper": NOBODY | dict.fromkeys(USED_BY_THE_SITE, "SI") | {"system": "SIu"},
    # what was agreed to is only ended later
    "consent_restriction": SITE | {"app": "SI", "gather": "SIu", "walk": "SIu", "system": "SIu"},
    # an emergency is opened, ended and reviewed by its task; whose it is reads it like any record
    "consent_emergencyaccess": NOBODY | {"app": "S", "gather": "S", "walk": "S", "system": "SIu"},
    "consent_emergencyattempt": NOBODY | {"gather": "S", "walk": "S", "system": "SI"},
    "consent_emergencyalarm": NOBODY | {"gather": "Su", "walk": "Su", "system": "SI"},
    "consent_consent": SITE | {"app": "SI", "gather": "SIu", "walk": "SIu", "system": "SIu"},
}


@pytest.fixture
def owner(database):
    """The owner's connection, in a transaction that is rolled back: for looking, and for planting."""
    with database.login("owner") as connection, connection.transaction(force_rollback=True):
        yield connection


def listed(breaches):
    return "\n".join(breaches)


def test_every_guarded_table_has_its_policies(owner):
    breaches = list(catalogue.unguarded(owner, SIDE, GUARDED))

    assert RECORDS
    assert not breaches, listed(breaches)


def test_both_plans_write_by_the_same_words(owner):
    breaches = list(catalogue.unequal_plans(owner, GUARDED, SIDE))

    assert not breaches, listed(breaches)


def test_no_protected_row_can_lie_about_its_scope(owner):
    breaches = list(catalogue.without_true_scope(owner, [*RECORDS, *BLIND]))

    assert not breaches, listed(breaches)


def test_no_other_table_has_a_policy_for_everybody(owner):
    breaches = list(catalogue.too_open(catalogue.policies(owner), SIDE))

    assert not breaches, listed(breaches)


def test_every_protected_table_that_opens_with_its_compartment_counts_its_rows(owner):
    whole = [table for table in RECORDS if catalogue.opens_with_its_compartment(owner, table)]
    breaches = list(catalogue.without_counters(owner, whole))

    assert whole == COUNTED
    assert not breaches, listed(breaches)


def test_no_counter_tells_more_than_its_rows(owner):
    breaches = list(catalogue.counters_that_tell(owner, RECORDS))

    assert not breaches, listed(breaches)


@pytest.mark.parametrize("plan", catalogue.PLANS)
def test_a_table_that_was_narrowed_and_is_counted_still_is_found(owner, plan):
    narrow = f"alter policy {plan}_select on {COUNTED[0]} using (scope_key = any((select sec.my_keys())::smallint[]))"
    owner.execute(narrow)

    assert len(list(catalogue.counters_that_tell(owner, RECORDS))) == 1


@pytest.mark.parametrize("event", ["added", "removed", "moved", "none"])
def test_a_counter_that_is_off_or_gone_is_found(owner, event):
    for statement in (
        f"alter table {COUNTED[0]} disable trigger {COUNTED[0]}_count_{event}",
        f"drop trigger {COUNTED[0]}_count_{event} on {COUNTED[0]}",
    ):
        owner.execute(statement)
        assert len(list(catalogue.without_counters(owner, COUNTED))) == 1, statement


T = RECORDS[0]
PLANTED = [
    f"alter table {T} disable row level security",
    f"alter table {T} no force row level security",
    *[f"drop policy {plan}_{verb} on {T}" for plan in ("gather", "walk") for verb in catalogue.ALL_VERBS],
    f"create policy more on {T} for select to {SIDE}_walk using ((select sec.principal()) is not null)",
    f"create policy more on {T} for select to {SIDE}_app using ((select sec.principal()) is not null)",
    f"create policy more on {T} for select to public using ((select sec.principal()) is not null)",
    f"create policy more on {T} for all to {SIDE}_system using ((select sec.system()) = 'system:x')",
    f"create policy more on {T} for select to {SIDE}_exchange using (true)",
    f"alter policy walk_select on {T} using (true)",
    f"alter policy gather_select on {T} using (scope_key > 0)",
    f"alter policy walk_select on {T} using (scope_key = any((select sec.my_keys())::smallint[]) or true)",
    f"alter policy walk_select on {T} using (scope_key <> all((select sec.my_keys())::smallint[]))",
    f"alter policy walk_insert on {T} with check (true)",
    f"alter policy walk_update on {T} with check (true)",
    f"alter policy walk_delete on {T} using (true)",
    *[
        f"drop policy {role}_{verb} on {table}"
        for table, verbs_by_role in OF_THIS_SIDE.items()
        for role, verbs in verbs_by_role.items()
        for verb in verbs
    ],
    *[f"alter table {table} no force row level security" for table in OF_THIS_SIDE],
]


@pytest.mark.parametrize("statement", PLANTED)
def test_a_hole_in_the_policies_is_found(owner, statement):
    owner.execute(statement)

    assert list(catalogue.unguarded(owner, SIDE, GUARDED))


def test_a_protected_table_without_a_migration_of_its_door_is_found(owner):
    owner.execute(f"create table planted (like {T} including all)")

    breaches = listed(catalogue.unguarded(owner, SIDE, {"planted": catalogue.RECORD}))

    assert "planted has row-level security not enabled" in breaches
    assert "planted has row-level security not forced" in breaches
    assert "planted has 0 policies for walk to select" in breaches
    assert list(catalogue.without_true_scope(owner, ["planted"]))


def test_plans_that_differ_are_found(owner):
    owner.execute(
        f"alter policy walk_delete on {T} using (scope_key = any((select sec.my_keys())::smallint[]))"
    )

    assert list(catalogue.unequal_plans(owner, [T], SIDE))


def test_each_role_has_the_privileges_written_here(owner):
    found = catalogue.privileges(owner, [f"{SIDE}_{role}" for role in EVERY_ROLE])

    differing = [
        f"{role} has {held or 'nothing'} on {table}, not {wanted or 'nothing'}"
        for (role, table), held in found.items()
        if held != (wanted := EXPECTED.get(table, SITE)[role.removeprefix(f"{SIDE}_")])
    ]
    assert not differing, listed(differing)


def test_the_other_side_has_no_privilege_here(owner):
    found = catalogue.privileges(owner, [f"{OTHER}_{role}" for role in ("owner", *EVERY_ROLE)])

    assert not {key: held for key, held in found.items() if held}


@pytest.mark.parametrize("privilege", ["truncate", "references", "trigger"])
def test_a_privilege_too_many_is_found(owner, privilege):
    owner.execute(f"grant {privilege} on {T} to {SIDE}_app")

    assert set(catalogue.privileges(owner, [f"{SIDE}_app"])[(f"{SIDE}_app", T)]) & set("TRG")


def test_only_the_owner_owns_anything(owner):
    others = [f"{SIDE}_{role}" for role in EVERY_ROLE]

    assert catalogue.owned_by(owner, others) == []
    assert catalogue.owned_by(owner, [f"{SIDE}_owner"])


def test_no_role_is_above_the_policies(owner):
    rows = owner.execute(
        "select rolname from pg_roles where rolname ~ %s "
        "and (rolsuper or rolbypassrls or rolcreaterole or rolreplication or rolinherit)",
        [f"^({SIDE}|{OTHER})_"],
    ).fetchall()

    assert rows == []


def test_the_plan_roles_cannot_log_in(owner):
    rows = owner.execute(
        "select rolname from pg_roles where rolcanlogin and rolname = any(%s)",
        [[f"{SIDE}_{role}" for role in ("gather", "walk", "system")]],
    ).fetchall()

    assert rows == []


def test_the_app_role_is_a_member_of_its_plans_and_of_nothing_else(owner):
    rows = owner.execute(
        "select m.rolname, r.rolname from pg_auth_members a join pg_roles r on r.oid = a.roleid "
        "join pg_roles m on m.oid = a.member where m.rolname ~ %s",
        [f"^({SIDE}|{OTHER})_"],
    ).fetchall()

    wanted = {
        (f"{side}_app", f"{side}_{plan}") for side in (SIDE, OTHER) for plan in ("gather", "walk", "system")
    }
    assert set(rows) == wanted


def test_only_this_sides_logins_may_connect(owner):
    roles = owner.execute("select rolname from pg_roles where rolcanlogin and not rolsuper").fetchall()
    may_connect = {
        str(role)
        for (role,) in roles
        if owner.execute(
            "select has_database_privilege(%s, current_database(), 'connect')", [role]
        ).fetchone()[0]
    }

    assert {role for role in may_connect if role.startswith((SIDE, OTHER))} == {
        f"{SIDE}_{login}" for login in ("owner", "app", "exchange", "verifier")
    }


@pytest.mark.parametrize("database_of_every_cluster", ["postgres", "template1", OTHER])
@pytest.mark.parametrize("role", ["owner", "app", "exchange", "verifier"])
def test_no_login_has_business_in_another_database(owner, role, database_of_every_cluster):
    asked = "select has_database_privilege(%s, %s, 'connect')"

    assert owner.execute(asked, [f"{SIDE}_{role}", database_of_every_cluster]).fetchone() == (False,)


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_nobody_but_the_owner_makes_anything(owner, role):
    asked = (
        "select has_schema_privilege(%(role)s, 'public', 'create'), has_schema_privilege(%(role)s, 'sec', 'create'), "
        "has_database_privilege(%(role)s, current_database(), 'create'), "
        "has_database_privilege(%(role)s, current_database(), 'temp')"
    )

    assert owner.execute(asked, {"role": f"{SIDE}_{role}"}).fetchone() == (False, False, False, False)


def test_functions_that_run_as_the_owner_are_closed_and_pinned(owner):
    breaches = list(catalogue.loose_functions(owner))

    assert not breaches, listed(breaches)


def test_a_loose_function_is_found(owner):
    owner.execute("create function public.loose() returns int language sql security definer as 'select 1'")

    assert len(list(catalogue.loose_functions(owner))) == 2


def test_there_is_no_view_and_no_way_into_another_database(owner):
    views = owner.execute(
        "select relname from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace"
    )
    ways = owner.execute(
        "select extname from pg_extension where extname in ('dblink', 'postgres_fdw', 'file_fdw')"
    )

    assert views.fetchall() == []
    assert ways.fetchall() == []


def test_the_servers_log_is_told_to_carry_no_value(owner):
    wanted = {
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length_on_error": "0",
        "log_statement": "none",
    }

    for name, value in wanted.items():
        assert owner.execute("select current_setting(%s)", [name]).fetchone() == (value,), name


def test_the_app_role_cannot_empty_a_table(database):
    with database.login("app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(f"truncate {T}")
