"""The benchmark of revocations sends what the product sends."""

import ast
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent import access, services
from consent.models import Consent
from tests.consent.standing_worlds import StandingWorld, database_now
from tests.shared_data import REPOSITORY

pytestmark = [pytest.mark.django_db, pytest.mark.side("clinical")]
ADAPTER = REPOSITORY / "tests" / "bench" / "job_c.py"  # its imports belong to the benchmark


def in_the_benchmark(name):
    """The statement of that name, read without importing the adapter."""
    for node in ast.parse(ADAPTER.read_text()).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == name:
            return ast.literal_eval(node.value)
    raise LookupError(name)


def form(statement):
    """The statement without its values."""
    plain = re.sub(r"'[^']*'::\w+|'[^']*'|%s(::\w+)?|\b\d+\b", "?", statement)
    return re.sub(r"\s+", " ", plain).strip()


def test_a_revocation_sends_the_statements_that_the_benchmark_measures():
    now = database_now()
    world = StandingWorld(now=now)
    world.determined((now - timedelta(days=30), None))
    signed = world.consented((now - timedelta(days=1), now + timedelta(days=1)))
    world.recompute()

    with CaptureQueriesContext(connection) as queries, access.opened(world.clerk, "CAREMGT"):
        consent = Consent.objects.get(pk=signed.pk)
        services.revoke_consent(consent=consent, how="oral", by=world.clerk, at=now)
    sent = [form(each["sql"]) for each in queries.captured_queries]

    assert form(in_the_benchmark("END")) in sent
    assert form(in_the_benchmark("MARK")) in sent
    assert form(in_the_benchmark("LOCK")) in sent
    assert sum("UPDATE ? SET" in each or 'UPDATE "consent_grant"' in each for each in sent) == 1
    assert sent.index(form(in_the_benchmark("END"))) > sent.index(form(in_the_benchmark("MARK")))
