"""What a page costs the database: a fixed number of statements, however much it shows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinical.clients.overview import PANELS
from clinical.clients.timeline import KINDS
from tests.clinical.stage import make_incident, open_card

pytestmark = pytest.mark.django_db(transaction=True)
OF_THE_ORACLE = "oracle."
# Beside these, two statements say who asks and who writes the ledger; BEGIN and COMMIT are counted.
LIST = 10
# A client's pages ask once for each part of the record that they show, and never once for each thing in it.
RECORD, EACH_PART = 10, 1


def statements(night, page, *args):
    """The statements of one page, once the session is warm."""
    night.get(night.lind, page, *args)
    with CaptureQueriesContext(connection) as queries:
        assert night.get(night.lind, page, *args).status_code == 200
    return [each["sql"] for each in queries if OF_THE_ORACLE not in each["sql"]]


@pytest.fixture
def few(night):
    return [open_card(night, make_incident()) for _ in range(2)]


def test_a_list_asks_no_more_when_it_is_longer(night, few):
    short = statements(night, "clients")
    for _ in range(12):
        open_card(night, make_incident())
    longer = statements(night, "clients")

    assert len(longer) == len(short) <= LIST, "\n".join(longer)
    assert sum(sql.lower().startswith('insert into "consent_ledgerentry"') for sql in longer) == 1


def test_a_record_asks_no_more_when_it_holds_more(night, few):
    (encounter_id, subject_id), _other = few
    night.post(night.lind, "note", encounter_id, body="a note", compartment="usual")
    parts = {"client": len(KINDS) + len(PANELS), "timeline": len(KINDS)}
    short = {page: statements(night, page, subject_id) for page in parts}
    for number in range(8):
        night.post(night.lind, "note", encounter_id, body=f"note {number}", compartment="usual")
    longer = {page: statements(night, page, subject_id) for page in parts}

    for page, number in parts.items():
        most = RECORD + EACH_PART * number
        assert len(longer[page]) == len(short[page]) <= most, "\n".join(longer[page])


def test_a_page_alone_writes_nothing_to_the_session(night, few):
    assert not [sql for sql in statements(night, "clients") if sql.startswith('UPDATE "django_session"')]
