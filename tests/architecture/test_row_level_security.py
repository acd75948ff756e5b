"""What a careless or a hostile query meets in the database, with no Python in its way."""

import hashlib
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from consent import access
from consent.models import Consent
from tests import factories

SIDE = settings.SIDE
PLANS = ("gather", "walk")
SEEN = "select count(*) from consent_consent"


@pytest.fixture(scope="module")
def cast(database, django_db_blocker):
    """Committed, because other log-ins look at it; every look below is rolled back."""
    with django_db_blocker.unblock():
        cast = factories.make_cast(purposes=["TREAT"])
        factories.make_consent(cast.compartment, by=cast.lind)
        factories.make_compartment(program=factories.make_program("OTHER"), segments=["MH"])
        with access.opened(cast.lind, "TREAT"):
            list(Consent.objects.all())  # leaves a ledger entry
        yield cast
        database.copy()


@pytest.fixture
def app(database, cast):
    """The site's own log-in, as an injected statement would find it."""
    with database.login("app") as connection, connection.transaction(force_rollback=True):
        yield connection


@pytest.fixture
def owner(database, cast):
    with database.login("owner") as connection, connection.transaction(force_rollback=True):
        yield connection


def become(app, token, plan="walk"):
    app.execute("select set_config('app.token', %s, true)", [token])
    app.execute("select set_config('role', %s, true)", [f"{SIDE}_{plan}"])


def count(connection, statement=SEEN):
    return connection.execute(statement).fetchone()[0]


def signed_with(key, text):
    return f"{text}|{hashlib.sha256(key + hashlib.sha256(key + text.encode()).digest()).hexdigest()}"


@pytest.mark.parametrize("plan", PLANS)
def test_a_grantee_sees_the_row_and_a_colleague_without_a_grant_none(app, cast, plan):
    become(app, access.signed(f"p:{cast.lind.pk}", "TREAT"), plan)
    assert count(app) == 1

    become(app, access.signed(f"p:{cast.varga.pk}", "TREAT"), plan)
    assert count(app) == 0


@pytest.mark.parametrize("plan", PLANS)
def test_the_same_grantee_sees_nothing_for_a_purpose_the_grant_does_not_name(app, cast, plan):
    become(app, access.signed(f"p:{cast.lind.pk}", "HPAYMT"), plan)

    assert count(app) == 0


def test_without_a_context_there_is_nothing(app):
    assert count(app) == 0
    for table in ("consent_compartment", "consent_grant", "consent_assignment", "consent_ledgerentry"):
        assert count(app, f"select count(*) from {table}") == 0, table


@pytest.mark.parametrize("plan", [*PLANS, "system"])
@pytest.mark.parametrize(
    "token", ["", "p:1", "p:1|TREAT|9999999999|", "s:system:grants|HOPERAT|9999999999|00"]
)
def test_a_token_that_nobody_signed_opens_nothing(app, plan, token):
    become(app, token, plan)

    with suppress(psycopg.errors.InsufficientPrivilege):  # refused, or nothing there
        assert count(app) == 0


def test_a_token_signed_with_another_key_is_refused(app, cast):
    become(app, signed_with(b"guessed", f"p:{cast.lind.pk}|TREAT|9999999999"))

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        count(app)


def test_a_token_that_has_run_out_opens_nothing(app, cast):
    key = Path(settings.PRINCIPAL_KEY_FILE).read_bytes().strip()
    become(app, signed_with(key, f"p:{cast.lind.pk}|TREAT|{int(time.time()) - 1}"))

    assert count(app) == 0


def test_somebody_who_was_deactivated_sees_nothing(app, cast):
    app.execute("update consent_principal set is_active = false where id = %s", [cast.lind.pk])
    become(app, access.signed(f"p:{cast.lind.pk}", "TREAT"))

    assert count(app) == 0


def test_nobody_reads_the_key_that_signs(app):
    for role in ("app", *PLANS, "system"):
        app.execute("select set_config('role', %s, true)", [f"{SIDE}_{role}"])
        with pytest.raises(psycopg.errors.InsufficientPrivilege), app.transaction():
            app.execute("select * from sec.key")


def test_nobody_becomes_the_owner(app):
    for role in (f"{SIDE}_owner", f"{SIDE}_verifier", f"{SIDE}_exchange", f"{settings.OTHER_SIDE}_app"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), app.transaction():
            app.execute("select set_config('role', %s, true)", [role])


@pytest.mark.parametrize("statement", [
    "update consent_ledgerentry set actor = 'x'",
    "delete from consent_ledgerentry",
    "truncate consent_ledgerentry",
    "update consent_consent set witness = 'x'",
    "delete from consent_consent",
    "alter table consent_consent disable row level security",
    "drop policy walk_select on consent_consent",
    "create function public.f() returns int language sql as 'select 1'",
    "set session authorization postgres",
])  # fmt: skip
def test_what_is_only_added_is_never_changed(app, cast, statement):
    become(app, access.signed(f"p:{cast.lind.pk}", "TREAT"))

    with pytest.raises(psycopg.Error) as refused, app.transaction():
        app.execute(statement)

    assert refused.value.sqlstate in {"42501", "22023"}


@pytest.mark.parametrize(
    "statement",
    [
        "update consent_ledgerentry set actor = 'x'",
        "delete from consent_ledgerentry",
        "truncate consent_ledgerentry",
    ],
)
def test_even_the_owner_changes_no_ledger_entry(owner, statement):
    owner.execute("alter table consent_ledgerentry no force row level security")
    assert (
        count(owner, "select count(*) from consent_ledgerentry") >= 1
    )  # or the row triggers had nothing to refuse

    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        owner.execute(statement)


def test_a_grantee_writes_no_row_into_another_compartment_under_a_false_scope(app, owner, cast):
    with owner.transaction(force_rollback=True):  # lets go of the table before the other log-in comes
        owner.execute("alter table consent_compartment no force row level security")
        other, their_scope = owner.execute(
            "select id, scope_id from consent_compartment where id <> %s", [cast.compartment.pk]
        ).fetchone()
    become(app, access.signed(f"p:{cast.lind.pk}", "TREAT"))
    copy = (
        "insert into consent_consent select (jsonb_populate_record(c, jsonb_build_object("
        "'id', gen_random_uuid(), 'compartment_id', %s::bigint, 'scope_key', %s::int))).* from consent_consent c"
    )

    for scope in (their_scope, cast.compartment.scope_id):
        with pytest.raises(psycopg.Error) as refused, app.transaction():
            app.execute(copy, [other, scope])
        assert refused.value.sqlstate in {"42501", "23503"}


def test_the_verifier_reads_the_ledger_and_nothing_else(database, cast):
    with database.login("verifier") as verifier:
        assert count(verifier, "select count(*) from consent_ledgerentry") >= 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            verifier.execute(SEEN)
