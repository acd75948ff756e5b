"""Behind a proxy of our own the caller is seen; nobody else's word about the caller counts."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from config.proxies import caller, networks
from consent.models import LedgerEntry
from tests import factories

OURS = networks("10.0.0.0/8, 192.0.2.1,2001:db8::/32")
ROLE = {"clinical": "social worker", "police": "officer"}[settings.SIDE]
PROGRAM = {"clinical": "CO-RESPONSE", "police": "ZONE1"}[settings.SIDE]
ABSENT = {"clinical": f"/clients/{uuid4()}/", "police": f"/incidents/{uuid4()}/"}[settings.SIDE]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.7", "198.51.100.4", "198.51.100.4"),
        ("10.0.0.7", "203.0.113.9, 198.51.100.4", "198.51.100.4"),  # the left one is the caller's own claim
        ("10.0.0.7", "203.0.113.9,10.1.1.1, 192.0.2.1", "203.0.113.9"),  # through three of ours
        ("198.51.100.4", "203.0.113.9", "198.51.100.4"),  # a stranger's word
        ("198.51.100.4", "10.0.0.7", "198.51.100.4"),
        ("192.0.2.2", "203.0.113.9", "192.0.2.2"),  # a neighbour of our proxy
        ("10.0.0.7", "", "10.0.0.7"),
        ("10.0.0.7", "203.0.113.9, unknown", "10.0.0.7"),  # nobody reads on past a word
        ("10.0.0.7", "203.0.113.9,", "10.0.0.7"),
        ("10.0.0.7", "203.0.113.9:4711", "10.0.0.7"),
        ("10.0.0.7", "' or 1=1 --", "10.0.0.7"),
        ("10.0.0.7", "10.0.0.8, 10.0.0.9", "10.0.0.8"),  # somebody within
        ("::ffff:10.0.0.7", "::ffff:198.51.100.4", "198.51.100.4"),
        ("2001:db8::1", "2001:DB9:0::9", "2001:db9::9"),
        ("", "203.0.113.9", ""),  # a socket file has no address
    ],
)
def test_the_right_most_address_that_is_not_ours_called(peer, forwarded, expected):
    assert caller(peer, forwarded, OURS) == expected


def test_without_a_list_nobody_is_believed():
    assert networks("") == networks(" , ") == ()
    assert caller("10.0.0.7", "198.51.100.4", ()) == "10.0.0.7"
    assert settings.TRUSTED_PROXIES == ()


@pytest.mark.parametrize("text", ["proxy.example.org", "10.0.0.0/33", "10.0.0.7/8", "10.0.0.1 10.0.0.2"])
def test_a_list_that_cannot_be_read_stops_the_start(text):
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
        networks(text)


def test_the_middleware_stands_before_everything():
    assert settings.MIDDLEWARE[0] == "config.proxies.CallerMiddleware"


@pytest.fixture
def behind_a_proxy(settings):
    settings.TRUSTED_PROXIES = OURS
    return Client(REMOTE_ADDR="10.0.0.7")


@pytest.mark.django_db
def test_the_ledger_names_the_caller_and_not_the_proxy(behind_a_proxy, written):
    lind = factories.make_principal("lind", role=ROLE, program=factories.make_program(PROGRAM))
    behind_a_proxy.force_login(lind)

    answer = behind_a_proxy.get(ABSENT, headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.4"})

    assert answer.status_code == 404
    assert {entry.source_address for entry in written} == {"198.51.100.4"}


@pytest.fixture
def written(monkeypatch):
    """What was written to the ledger, seen on its way."""
    entries = []
    insert = LedgerEntry.objects.bulk_create
    monkeypatch.setattr(LedgerEntry.objects, "bulk_create", lambda rows: entries.extend(rows) or insert(rows))
    return entries


@pytest.mark.django_db
def test_wrong_passwords_are_counted_for_the_caller_whatever_the_caller_claims(behind_a_proxy):
    factories.make_principal("lind", role=ROLE, program=factories.make_program(PROGRAM))

    for number in range(settings.AXES_FAILURE_LIMIT):
        sign_in(behind_a_proxy, "not the password", f"203.0.113.{number}, 198.51.100.4")

    assert sign_in(behind_a_proxy, factories.PASSWORD, "203.0.113.99, 198.51.100.4").status_code == 429
    assert sign_in(behind_a_proxy, factories.PASSWORD, "198.51.100.5").status_code == 302


@pytest.mark.django_db
def test_a_stranger_cannot_have_wrong_passwords_counted_for_somebody_else(settings):
    settings.TRUSTED_PROXIES = OURS
    factories.make_principal("lind", role=ROLE, program=factories.make_program(PROGRAM))
    stranger = Client(REMOTE_ADDR="198.51.100.4")

    for number in range(settings.AXES_FAILURE_LIMIT):
        sign_in(stranger, "not the password", f"203.0.113.{number}")

    assert sign_in(stranger, factories.PASSWORD, "203.0.113.99").status_code == 429
    assert sign_in(Client(REMOTE_ADDR="203.0.113.0"), factories.PASSWORD, "").status_code == 302


def sign_in(client, password, forwarded):
    return client.post(
        reverse("account_login"),
        {"login": "lind", "password": password},
        headers={"X-Forwarded-For": forwarded},
    )
