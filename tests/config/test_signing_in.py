"""Signing in, being locked, and the answers that tell nothing; on both sites."""

import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import identify_hasher
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories

pytestmark = pytest.mark.django_db
ROLE = {"clinical": "social worker", "police": "officer"}[settings.SIDE]
PROGRAM = {"clinical": "CO-RESPONSE", "police": "ZONE1"}[settings.SIDE]


@pytest.fixture
def lind():
    return factories.make_principal("lind", role=ROLE, program=factories.make_program(PROGRAM))


def sign_in(client, username="lind", password=factories.PASSWORD):
    return client.post(reverse("account_login"), {"login": username, "password": password})


def test_a_right_password_signs_in_and_a_wrong_one_and_an_unknown_name_read_alike(lind):
    wrong = sign_in(Client(), password="not the password")
    unknown = sign_in(Client(), username="nobody-here", password="not the password")

    assert sign_in(Client()).status_code == 302
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.content.count(b"usa-error-message") == unknown.content.count(b"usa-error-message")
    assert "_auth_user_id" not in wrong.client.session


def test_passwords_are_kept_with_argon2(lind):
    assert identify_hasher(lind.password).algorithm == "argon2"


def test_after_five_wrong_passwords_the_right_one_waits_for_that_address_alone(lind):
    guesser = Client(REMOTE_ADDR="192.0.2.7")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(guesser, password="not the password")

    assert answer.status_code == 429
    assert sign_in(guesser).status_code == 429
    assert sign_in(Client(REMOTE_ADDR="192.0.2.8")).status_code == 302


def test_every_page_but_sign_in_and_health_sends_a_stranger_to_sign_in():
    answer = Client().get("/")

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    assert Client().get("/health/").content.startswith(b"ok\n")


@pytest.mark.parametrize(("idle", "is_locked"), [(-1, False), (0, True), (1, True)])
def test_thirty_idle_minutes_lock_the_site_and_signing_in_goes_back(lind, idle, is_locked):
    client = Client()
    client.force_login(lind)
    client.get("/health/")
    session = client.session
    session["last_seen"] = int(time.time()) - settings.IDLE_LOCK_SECONDS - idle
    session.save()

    answer = client.get(reverse("account_change_password"))

    assert (answer.status_code == 302) is is_locked
    if is_locked:
        assert answer["Location"] == f"{reverse('account_login')}?next={reverse('account_change_password')}"
        assert "_auth_user_id" not in client.session
        assert b"Locked after 30" in client.get(answer["Location"]).content


def test_a_session_whose_first_page_comes_late_is_locked_too_and_none_outlives_its_day(lind):
    client = Client()
    client.force_login(lind)
    lind.last_login = timezone.now() - timedelta(seconds=settings.IDLE_LOCK_SECONDS)
    lind.save()
    assert client.get(reverse("account_change_password"))["Location"].startswith(reverse("account_login"))

    client.force_login(lind)
    client.get("/health/")
    lind.last_login = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    lind.save()
    assert client.get(reverse("account_change_password"))["Location"].startswith(reverse("account_login"))


def test_a_head_request_has_the_headers_of_the_page_and_no_body():
    head, page = Client().head(reverse("account_login")), Client().get(reverse("account_login"))

    assert head.content == b""
    assert head["Content-Type"] == page["Content-Type"]
    assert int(head["Content-Length"]) > 1000


def test_a_deactivated_principal_is_signed_out_with_the_next_request(lind):
    client = Client()
    client.force_login(lind)
    lind.is_active = False
    lind.save()

    assert client.get("/")["Location"].startswith(reverse("account_login"))


def test_nobody_signs_up_and_nobody_asks_for_a_password_by_mail():
    for path in ("/account/signup/", "/account/password/reset/", "/admin/", "/admin/login/"):
        assert Client().get(path).status_code in (302, 404)
        assert Client().get(path, follow=True).status_code in (200, 404)
    client = Client()
    assert client.post("/account/signup/", {"username": "me"}).status_code == 404


def test_second_factors_can_be_added(lind):
    client = Client()
    sign_in(client)

    page = client.get(reverse("mfa_index"))
    sent_to = client.get(reverse("mfa_activate_totp"))  # a change of factors asks for the password again
    client.post(sent_to["Location"], {"password": factories.PASSWORD})

    assert page.status_code == 200
    assert reverse("mfa_activate_totp") in page.content.decode()
    assert sent_to["Location"].startswith(reverse("account_reauthenticate"))
    assert b"<svg" in client.get(reverse("mfa_activate_totp")).content


def test_a_page_that_is_not_there_is_one_constant_answer(lind):
    client = Client()
    client.force_login(lind)

    answers = {client.get(path).content for path in ("/no/such/page/", "/nor/this/", "/clients/0/")}

    assert len(answers) == 1


def test_pages_are_kept_by_nobody_and_run_only_our_own_code(lind):
    answer = Client().get(reverse("account_login"))

    assert answer["Cache-Control"] == "no-store, private"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


def test_a_form_from_elsewhere_is_refused(lind):
    client = Client(enforce_csrf_checks=True)

    assert sign_in(client).status_code == 403
