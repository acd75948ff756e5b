"""The oracle of answers lets a ledgered, granted read pass and finds every planted leak."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from consent.models import Grant, LedgerEntry
from tests import factories
from tests.oracle import peephole, urls
from tests.oracle.responses import Leak, ResponseOracle, received

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.oracle.urls")]


@pytest.fixture
def cast():
    return factories.make_cast(purposes=["TREAT"])


@pytest.fixture
def consent(cast):
    urls.REMEMBERED[:] = []
    made = factories.make_consent(cast.compartment, by=cast.lind)
    urls.REMEMBERED[:] = [made.capacity_note]
    return made


def client_of(principal):
    client = Client()
    client.force_login(principal, backend="consent.backend.GrantBackend")
    return client


def test_a_read_through_the_one_door_passes_and_is_ledgered(cast, consent):
    answer = client_of(cast.lind).get("/honest/")

    assert consent.capacity_note in answer.content.decode()
    entries = peephole.ledger_of(answer.wsgi_request.access_context.gathering.request_id)
    assert [(entry.action, entry.outcome) for entry in entries] == [("read", "served")]


def test_somebody_without_a_grant_gets_nothing(cast, consent):
    assert client_of(cast.varga).get("/honest/").content == b""


def test_a_read_past_the_ledger_is_found(cast, consent):
    with pytest.raises(Leak, match="no ledger entry"):
        client_of(cast.lind).get("/past_the_ledger/")


def test_a_forgotten_filter_shows_only_what_was_granted(cast, consent):
    assert client_of(cast.lind).get("/forgotten_filter/").content == b"1"
    assert client_of(cast.varga).get("/forgotten_filter/").content == b"0"


@pytest.mark.parametrize("page", ["from_memory", "in_a_header", "in_an_address"])
def test_a_value_left_over_from_another_request_is_found(cast, consent, page):
    with pytest.raises(Leak):
        client_of(cast.varga).get(f"/{page}/")


def test_a_value_told_to_nobody_is_found(consent):
    with pytest.raises(Leak, match="as nobody"):
        Client().get("/from_memory/")


def test_the_body_of_a_404_is_read_like_any_other(cast, consent):
    with pytest.raises(Leak):
        client_of(cast.lind).get("/not_found/")


def test_a_grant_that_has_ended_permits_no_more(cast, consent):
    with pytest.raises(Leak, match="no grant opens"):
        ResponseOracle().look_into(answer_after_the_grant_ended(cast))


def answer_after_the_grant_ended(cast):
    answer = client_of(cast.lind).get("/honest/")
    with factories.access.opened("system:grants", "HOPERAT"):
        Grant.objects.filter(user=cast.lind).update(valid_until=timezone.now() - timedelta(seconds=1))
    return answer


def test_an_ordinary_404_and_the_log_in_hold_no_canary(cast, consent):
    missing = client_of(cast.varga).get("/nothing/")

    assert missing.status_code == 404
    assert b"CNRY" not in received(missing)


def test_the_ledger_names_a_subject_by_pseudonym_and_holds_no_canary(cast, consent):
    client_of(cast.lind).get("/honest/")

    with factories.access.opened(cast.oduya, "HCOMPL"):
        rows = list(LedgerEntry.objects.values())
    if settings.SIDE == "clinical":  # the police ledger's desk is on the clinical side
        assert rows
    assert str(cast.sam) not in str(rows)
    assert "CNRY" not in str(rows)
