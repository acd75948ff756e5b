"""What a browser says about a key is read strictly: odd, deep or broken, it is a wrong key and no fault."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from fido2 import cbor
from fido2.utils import websafe_encode

from config.local.environment import of_site
from consent.passkeys import EditForm
from tests import factories
from tests.config import site

pytestmark = pytest.mark.django_db


def coded(value):
    return websafe_encode(value)


def answer(**changes):
    """The answer of an authenticator, whole in shape; its key is nobody's."""
    client = {"type": "webauthn.get", "challenge": coded(b"x" * 32), "origin": "http://localhost"}
    response = {
        "clientDataJSON": coded(json.dumps(client).encode()),
        "authenticatorData": coded(bytes(32) + b"\x05" + bytes(4)),
        "signature": coded(b"x" * 70),
        "userHandle": coded(b"1"),
    }
    found = {"id": coded(b"key"), "rawId": coded(b"key"), "type": "public-key", "clientExtensionResults": {}}
    return found | {"response": response | changes.pop("response", {})} | changes


KEY = b"\x41" + bytes(4) + bytes(16) + b"\x00\x01k"  # attested: flags, counter, maker, one byte of an id
ODD = [
    "", "null", "[]", "{}", "1", '"x"', "NaN", '{"id":"x"}', '{"id":"x","id":"y"}', '{"id":"\\u0000"}', '{"a":"\\ud800"}',
    "[" * 50_000, '{"a":' * 20_000, "{" + '"a":{' * 40 + "}" * 41, "\ufeff{}", "9" * 6000,
    *(
        json.dumps(each)
        for each in (
            answer(),
            answer(id="other"),
            answer(type="wrong"),
            answer(type=None),
            answer(rawId=1),
            answer(rawId="€"),
            answer() | {"response": None},
            answer() | {"response": []},
            answer(clientExtensionResults=[]),
            answer(clientExtensionResults={"credProps": "x"}),
            answer(response={"clientDataJSON": coded(b"[]")}),
            answer(response={"clientDataJSON": coded(b"[" * 20_000)}),
            answer(response={"clientDataJSON": coded(b'{"type":1}')}),
            answer(response={"clientDataJSON": coded(b"\xff")}),
            answer(response={"authenticatorData": coded(b"")}),
            answer(response={"authenticatorData": coded(bytes(32) + KEY)}),
            answer(response={"authenticatorData": coded(bytes(32) + KEY + b"\xff")}),
            answer(response={"authenticatorData": coded(bytes(32) + KEY + b"\x81" * 20_000)}),
            answer(response={"authenticatorData": coded(bytes(32) + KEY + cbor.encode({1: 99}))}),
            answer(response={"authenticatorData": coded(bytes(32) + b"\x85" + bytes(4) + b"\x1b")}),
            answer(response={"signature": {}}),
            answer(response={"userHandle": coded(b"\0")}),
            answer(response={"userHandle": coded(b"9" * 5000)}),
            answer(response={"userHandle": coded(b"-1")}),
            answer(response={"userHandle": coded("²".encode())}),
            answer(response={"userHandle": None}),
            answer(response={"attestationObject": coded(b"\xa0")}),
            answer(response={"attestationObject": coded(cbor.encode({"fmt": "none", "attStmt": {}, "authData": b""}))}),
            answer(response={"attestationObject": coded(b"\x81" * 20_000)}),
        )
    ),
]  # fmt: skip


@pytest.fixture
def lind():
    role, program = {"clinical": ("social worker", "POST"), "police": ("officer", "ZONE1")}[settings.SIDE]
    return factories.make_principal("lind", role=role, program=factories.make_program(program))


def signed_in(principal):
    """Signed in, or half way in; and, as whoever adds a key has to, asked for the password again."""
    browser = Client()
    browser.post(reverse("account_login"), {"login": principal.username, "password": factories.PASSWORD})
    browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    return browser


@pytest.fixture
def half_way_in(lind):
    totp.TOTP.activate(lind, "JBSWY3DPEHPK3PXP")
    return signed_in(lind)


@pytest.mark.parametrize("said", ODD, ids=range(len(ODD)))
def test_to_somebody_unknown_it_is_a_key_that_was_not_recognized(said):
    browser = Client()
    browser.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})

    told = browser.post(reverse("mfa_login_webauthn"), {"credential": said})

    assert told["Location"] == reverse("account_login")
    assert list(get_messages(told.wsgi_request))


def complains(browser, page, said):
    browser.get(reverse(page))
    told = browser.post(reverse(page), {"credential": said, "name": "phone"})
    return told.status_code == 200 and b"data-error-summary" in told.content


@pytest.mark.parametrize("said", ODD, ids=range(len(ODD)))
def test_as_a_second_step_and_as_a_new_key_it_is_a_complaint_of_the_form(said, lind, monkeypatch):
    monkeypatch.setattr(settings, "AXES_FAILURE_LIMIT", 50)
    assert complains(signed_in(lind), "mfa_add_webauthn", said)
    totp.TOTP.activate(lind, "JBSWY3DPEHPK3PXP")
    assert complains(signed_in(lind), "mfa_authenticate", said)
    assert not Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()


def test_wrong_keys_of_a_second_step_are_counted_like_wrong_passwords(half_way_in):
    codes = []
    for _ in range(settings.AXES_FAILURE_LIMIT + 1):
        half_way_in.get(reverse("mfa_authenticate"))
        codes.append(
            half_way_in.post(reverse("mfa_authenticate"), {"credential": json.dumps(answer())}).status_code
        )

    assert codes[0] == 200
    assert codes[-1] == 429


def test_a_key_is_not_named_with_what_hides(lind):
    key = Authenticator(user=lind, type=Authenticator.Type.WEBAUTHN, data={"name": "phone", "credential": {}})

    assert not EditForm({"name": "my \u202ekey"}, instance=key).is_valid()
    assert not EditForm({"name": "x" * 1000}, instance=key).is_valid()
    assert EditForm({"name": "my key"}, instance=key).is_valid()


@pytest.mark.side("clinical")
def test_the_addresses_that_the_demonstration_prints_can_have_passkeys(tmp_path):
    """A browser makes no passkey for an IP address; a name that the site doesn't know it by is refused."""
    installation = site.installation_of_this_run(tmp_path)

    for side in ("clinical", "police"):
        host = installation.url(side).removeprefix("http://").partition(":")[0]
        assert host == "localhost"
        assert host in of_site(installation, side)["ALLOWED_HOSTS"].split(",")
