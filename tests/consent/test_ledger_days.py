"""Counts of what went out: finished days once, the rest as it stands, and always the number of rows."""

import random
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent import access
from consent.ledger.entry import canonical_bytes, leaf_hash
from consent.models import LedgerDay, LedgerEntry
from consent.selectors import ledger
from consent.services.ledger_days import count_finished_days
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
RECIPIENTS, GROUNDS = ("clinic", "court"), ("p2.consent.tpo", "hipaa.512e.order", "hipaa.auth.164.508")


def entry(dice, **more):
    values = {
        "at": NOW - timedelta(seconds=dice.randrange(20 * 86400)), "request_id": uuid.uuid4(), "side": "clinical",
        "actor": "a", "action": "refer", "outcome": "done", "subject": f"s{dice.randrange(9)}",
        "recipient": dice.choice(RECIPIENTS), "ground": dice.choice(GROUNDS),
        "is_disclosure": dice.random() < 0.8, "is_accountable": dice.random() < 0.4,
    } | more  # fmt: skip
    made = LedgerEntry(**values)
    made.canonical = canonical_bytes(made.content())
    made.leaf_hash = leaf_hash(made.canonical)
    return made


@pytest.fixture
def rows():
    dice = random.Random(11)
    made = [entry(dice) for _ in range(400)]
    made += [
        entry(dice, at=NOW.replace(hour=0) - timedelta(days=each), is_disclosure=True) for each in range(5)
    ]
    with access.opened("system:ledger", "HCOMPL"):
        LedgerEntry.objects.bulk_create(made)
    return [each for each in made if each.is_disclosure]


def numbers(rows):
    """The counts of random periods, as the selector says and as the rows are."""
    dice = random.Random(5)
    for _ in range(150):
        since = NOW - timedelta(seconds=dice.randrange(20 * 86400))
        if dice.random() < 0.4:
            since = since.replace(hour=0, minute=0, second=0)
        until = since + timedelta(seconds=dice.randrange(9 * 86400))
        about = {"recipient": dice.choice(("", *RECIPIENTS)), "ground": dice.choice(("", *GROUNDS))}
        number = ledger.number_of_disclosures(**about, since=since, until=until)
        there = [
            each
            for each in rows
            if since <= each.at < until
            and all(value in ("", getattr(each, name)) for name, value in about.items())
        ]
        yield number, len(there)


def reading():
    return access.opened("system:counting", "HCOMPL")


def test_a_number_is_the_number_of_rows_before_and_after_days_are_counted(rows):
    with reading():
        uncounted = list(numbers(rows))
    days = count_finished_days(NOW)
    with reading():
        counted = list(numbers(rows))

    assert days == 20
    assert any(there for _number, there in counted)
    for number, there in (*uncounted, *counted):
        assert number == there


def test_a_day_is_counted_once_and_only_when_it_is_over_and_settled(rows):
    midnight = NOW.replace(hour=0, minute=0)
    count_finished_days(midnight + timedelta(minutes=59))
    with reading():
        before = LedgerDay.objects.count()

    assert count_finished_days(midnight + timedelta(minutes=59)) == 0
    assert count_finished_days(midnight + timedelta(minutes=60)) == 1
    assert count_finished_days(NOW) == 0
    with reading():
        assert LedgerDay.objects.count() > before
        assert not LedgerDay.objects.filter(day=NOW.date()).exists()


def test_a_count_does_not_look_at_the_days_that_are_counted(rows):
    count_finished_days(NOW)
    with reading(), CaptureQueriesContext(connection) as queries:
        ledger.number_of_disclosures(
            recipient="clinic", since=NOW.replace(hour=0) - timedelta(days=9), until=NOW.replace(hour=0)
        )

    assert not [each for each in queries if "consent_ledgerentry" in each["sql"]]


def test_an_accounting_holds_six_years_and_what_is_accountable_alone(rows):
    subject = "s3"
    old = entry(
        random.Random(1),
        subject=subject,
        is_accountable=True,
        at=NOW.replace(year=2020) - timedelta(seconds=1),
    )
    with access.opened("system:ledger", "HCOMPL"):
        LedgerEntry.objects.bulk_create([old])
    with reading():
        told = {each.pk for each in ledger.accounting_of(subject, until=NOW)}
        every = {each.pk for each in LedgerEntry.objects.filter(subject=subject, is_accountable=True)}

    assert told == every - {old.pk}
    assert told


@pytest.mark.side("clinical")
def test_only_who_reads_the_ledger_sees_its_counts(rows):
    count_finished_days(NOW)
    officer = factories.make_principal(role="compliance officer", program=factories.make_program())
    worker = factories.make_principal(role="social worker", program=factories.make_program())

    with access.opened(officer, "HCOMPL"):
        assert LedgerDay.objects.exists()
    with access.opened(worker, "HCOMPL"):
        assert not LedgerDay.objects.exists()
