"""Job B of the benchmark sends what the product's own lists send."""

import ast

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinical.models import Note
from consent import access, plans
from tests import factories
from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.django_db
ADAPTER = REPOSITORY / "tests" / "bench" / "job_b.py"  # its imports belong to the benchmark


def constants():
    """The adapter's statements, read from its source."""
    found = {}
    for node in ast.parse(ADAPTER.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            found[node.targets[0].id] = node.value.value
    return found


def test_page_and_number_are_those_that_django_sends():
    cast, said = factories.make_cast(), constants()
    with access.opened(cast.lind, "TREAT"), CaptureQueriesContext(connection) as queries:
        list(Note.objects.newest_first()[:50])
        Note.objects.count()
        list(Note.objects.filter(created_at__gt="2026-11-25T00:00:00Z").newest_first()[:50])
        sent = [each["sql"] for each in queries]

    assert said["PAGE"].format(where="") in sent
    assert said["NUMBER"].replace("%s", "'clinical_note'") in sent
    since = said["SINCE"].replace("%s", "'2026-11-25 00:00:00+00:00'::timestamptz")
    assert said["PAGE"].format(where=since) in sent


def test_the_plan_is_asked_for_by_the_products_own_statement():
    source = ADAPTER.read_text()

    assert "self.plans.IN_SIGHT" in source
    assert hasattr(plans, "IN_SIGHT")
