"""The exchange's role can carry, and do nothing else."""

import uuid

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import ProgrammingError, transaction
from django.utils import timezone

from consent import access
from referrals.models import InboxEnvelope

SIDE = django_settings.SIDE
COLUMNS = """
select c.relname, a.attname, v.verb
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 cross join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('REFERENCES')) v(verb)
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
   and has_column_privilege(%s, c.oid, a.attnum, v.verb)
"""
MAY = (
    {
        ("referrals_outboxenvelope", column, "SELECT")
        for column in ("sequence", "envelope_id", "subject_id", "sealed", "sent_at", "copied_at")
    }
    | {
        ("referrals_outboxenvelope", "copied_at", "UPDATE"),
        ("referrals_inboxenvelope", "id", "SELECT"),
    }
    | {
        ("referrals_inboxenvelope", column, "INSERT")
        for column in ("id", "subject_id", "sequence", "sealed", "sent_at")
    }
)
INSERT = "insert into referrals_inboxenvelope (id, subject_id, sequence, sealed, sent_at) values (%s, %s, 1, 'x', %s)"


@pytest.fixture
def exchange(database):
    with database.login("exchange") as connection, connection.transaction(force_rollback=True):
        yield connection


def test_the_exchange_has_these_rights_and_no_others(database):
    with database.login("owner") as owner:
        held = {tuple(row) for row in owner.execute(COLUMNS, [f"{SIDE}_exchange"]).fetchall()}

    assert held == MAY


@pytest.mark.parametrize(
    "statement",
    [
        "select kind from referrals_outboxenvelope",
        "select * from referrals_outboxenvelope",
        "update referrals_outboxenvelope set sealed = 'x'",
        "update referrals_outboxenvelope set subject_id = gen_random_uuid()",
        (
            "insert into referrals_outboxenvelope (envelope_id, subject_id, kind, sealed, sent_at) "
            "values (gen_random_uuid(), gen_random_uuid(), 'k', 'x', now())"
        ),
        "delete from referrals_outboxenvelope",
        "truncate referrals_outboxenvelope",
        "select sealed from referrals_inboxenvelope",
        "select state from referrals_inboxenvelope",
        "update referrals_inboxenvelope set state = 'opened'",
        "update referrals_inboxenvelope set sealed = 'x'",
        (
            "insert into referrals_inboxenvelope (id, subject_id, sequence, sealed, sent_at, state) "
            "values (gen_random_uuid(), gen_random_uuid(), 1, 'x', now(), 'opened')"
        ),
        "delete from referrals_inboxenvelope",
        "select * from consent_compartment",
        "select * from consent_principal",
        "select * from consent_ledgerentry",
        "select bytes from sec.key",
        "create table own (id int)",
        "create temporary table own (id int)",
        f"set role {SIDE}_system",
        f"set role {SIDE}_app",
    ],
)
def test_the_exchange_is_refused(exchange, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        exchange.execute(statement)


def test_what_has_arrived_stays_as_it_came(exchange):
    envelope_id = uuid.uuid4()
    exchange.execute(INSERT, [envelope_id, uuid.uuid4(), timezone.now()])
    again = exchange.execute(INSERT + " on conflict do nothing", [envelope_id, uuid.uuid4(), timezone.now()])

    assert again.rowcount == 0


@pytest.mark.parametrize("role", ["app", "gather", "walk", "system"])
def test_no_role_of_the_site_changes_what_was_sealed(database, role):
    with database.login("owner") as owner:
        for table in ("referrals_outboxenvelope", "referrals_inboxenvelope"):
            (may,) = owner.execute(
                "select has_column_privilege(%s, %s, 'sealed', 'UPDATE')", [f"{SIDE}_{role}", table]
            ).fetchone()
            assert may == (role == "system" and table == "referrals_inboxenvelope")
            (may,) = owner.execute(
                "select has_table_privilege(%s, %s, 'DELETE')", [f"{SIDE}_{role}", table]
            ).fetchone()
            assert not may


def test_whoever_opens_the_inbox_can_empty_an_envelope_and_write_nothing_into_it(transactional_db, database):
    envelope_id = uuid.uuid4()
    with database.login("exchange") as carrier:
        carrier.execute(INSERT, [envelope_id, uuid.uuid4(), timezone.now()])

    with access.opened("system:intake", "X-REFERRAL-IN"):
        envelope = InboxEnvelope.objects.filter(pk=envelope_id)
        with pytest.raises(ProgrammingError), transaction.atomic():
            envelope.update(sealed=b"something else")
        assert envelope.update(sealed=b"") == 1
