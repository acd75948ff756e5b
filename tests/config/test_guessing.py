"""Whoever guesses, at whatever secret and however it is asked, is stopped after five wrong ones; on both sites."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db
ROLE = {"clinical": "social worker", "police": "officer"}[settings.SIDE]
PROGRAM = {"clinical": "CO-RESPONSE", "police": "ZONE1"}[settings.SIDE]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WRONG = "not the password"


@pytest.fixture
def lind():
    return factories.make_principal("lind", role=ROLE, program=factories.make_program(PROGRAM))


@pytest.fixture
def with_totp(lind):
    totp.TOTP.activate(lind, SECRET)
    Authenticator.objects.update(created_at="2026-01-01T00:00:00Z")
    return lind


def sign_in(client, username="lind", password=factories.PASSWORD, **headers):
    return client.post(reverse("account_login"), {"login": username, "password": password}, **headers)


def code_now():
    return totp.format_hotp_value(totp.hotp_value(SECRET, int(time.time()) // 30))


def half_way_in(client):
    """The password was right; the code is asked for."""
    assert sign_in(client)["Location"].startswith(reverse("mfa_authenticate"))
    return client


def say(client, code):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def until_stopped(attempt):
    """How many attempts are answered before the first 429."""
    for number in range(settings.AXES_FAILURE_LIMIT + 3):
        if attempt().status_code == 429:
            return number
    raise AssertionError("nobody stopped it")


@pytest.mark.parametrize("spellings", [("lind", "Lind", "LIND", "lInd", "liNd"), ("lind", "lınd", "LıND")])
def test_another_spelling_of_the_name_is_no_new_account_to_guess_at(lind, spellings):
    """The name is looked up without regard to case; the lock looked at it as it was typed."""
    for number in range(settings.AXES_FAILURE_LIMIT):
        sign_in(Client(), username=spellings[number % len(spellings)], password=WRONG)

    assert [sign_in(Client(), username=each).status_code for each in spellings] == [429] * len(spellings)


@pytest.mark.parametrize(
    "headers", [{"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}, {"HTTP_ACCEPT": "application/json"}]
)
def test_a_guess_that_is_sent_by_a_script_is_counted_as_well(lind, headers):
    """Such a form is refused with 400, and a refusal used to take its own count back."""
    assert until_stopped(lambda: sign_in(Client(), password=WRONG, **headers)) < settings.AXES_FAILURE_LIMIT


def test_codes_of_a_second_factor_are_not_guessed(with_totp):
    client = half_way_in(Client())

    assert until_stopped(lambda: say(client, "000000")) < settings.AXES_FAILURE_LIMIT
    assert say(client, code_now()).status_code == 429
    assert sign_in(Client()).status_code == 429


def test_a_code_is_used_once(with_totp):
    one, another = half_way_in(Client()), half_way_in(Client())
    if (left := 30 - time.time() % 30) < 3:
        time.sleep(left)  # the next code comes before this one was used twice
    code = code_now()

    first, again = say(one, code), say(another, code)

    assert first.status_code == 302
    assert again.status_code == 200
    assert "_auth_user_id" not in again.client.session


def test_a_borrowed_session_does_not_find_out_the_password(lind):
    client = Client()
    client.force_login(lind)
    new = {"password1": "a-new-long-passphrase", "password2": "a-new-long-passphrase"}
    form = {"oldpassword": WRONG} | new

    assert (
        until_stopped(lambda: client.post(reverse("account_change_password"), form))
        < settings.AXES_FAILURE_LIMIT
    )
    lind.refresh_from_db()
    assert lind.check_password(factories.PASSWORD)


def test_what_was_guessed_is_not_written_down(with_totp):
    client = half_way_in(Client())
    say(client, "123123")
    sign_in(Client(), password="Marguerite-the-secret")
    signed_in = Client()
    signed_in.force_login(with_totp)
    signed_in.post(reverse("account_change_password"), {"oldpassword": "Marguerite-the-secret"})

    kept = str(list(AccessAttempt.objects.values()))
    assert "Marguerite" not in kept
    assert "123123" not in kept
