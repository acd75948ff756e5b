"""Machines get a token for a signed assertion, and for nothing else."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.utils import timezone

from referrals.partners.models import AccessToken, AssertionSeen, PartnerKey
from referrals.partners.services import keys, tokens
from tests import factories
from tests.referrals.machines import AUDIENCE, Machine, ask, form_of, make_machine, public_pem, rsa_key
from tests.shared_data import shared

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["ES384", "RS384"])
def machine(request) -> Machine:
    return make_machine(private=rsa_key() if request.param == "RS384" else None)


@pytest.fixture
def es384() -> Machine:
    return make_machine()


def test_a_signed_assertion_is_a_token_for_five_minutes(client, machine):
    response = ask(client, machine.assertion())

    assert response.status_code == 200
    body = response.json()
    assert set(body) == {"access_token", "token_type", "expires_in", "scope"}
    assert (body["token_type"], body["expires_in"]) == ("bearer", 300)
    assert "no-store" in response["Cache-Control"]
    assert "Set-Cookie" not in response
    kept = AccessToken.objects.get()
    assert kept.token_hash == tokens.hash_of(body["access_token"])
    assert body["access_token"] not in str(vars(kept))


def test_an_assertion_is_used_once(client, machine):
    assertion = machine.assertion()

    assert ask(client, assertion).status_code == 200
    assert_invalid_client(ask(client, assertion))


def test_another_assertion_with_a_used_jti_is_refused_for_its_client_only(client, es384):
    other = make_machine()
    assert ask(client, es384.assertion(jti="again")).status_code == 200

    assert_invalid_client(ask(client, es384.assertion(jti="again")))
    assert ask(client, other.assertion(jti="again")).status_code == 200


def assert_invalid_client(response):
    assert (response.status_code, response.json()) == (401, {"error": "invalid_client"})


def in_seconds(seconds):
    return int(time.time()) + seconds


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://other.example/token"},
        {"aud": "http://testserver/api/"},
        {"aud": None},
        {"aud": []},
        {"aud": ["https://other.example/token", AUDIENCE]},  # the other could use it here
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": 10**400},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 256},
        {"jti": "a\x00b"},
        {"sub": None},
        {"sub": "somebody-else"},
        {"iss": "somebody-else"},
        {"iss": None},
    ],
)
def test_an_assertion_with_a_wrong_claim_is_refused(client, es384, changes):
    assert_invalid_client(ask(client, signed(es384, changes)))
    assert not AssertionSeen.objects.exists()


def signed(machine, changes):
    """Signed as it is, also where a library would refuse to write it."""
    return jwt.PyJWS().encode(
        json.dumps(machine.claims(**changes)).encode(), machine.private, algorithm=machine.key.algorithm
    )


@pytest.mark.parametrize(
    ("claim", "seconds"), [("exp", -1), ("exp", 0), ("exp", 302), ("exp", 3600), ("iat", 40), ("nbf", 40)]
)
def test_an_assertion_out_of_its_time_is_refused(client, es384, claim, seconds):
    assert_invalid_client(ask(client, es384.assertion(**{claim: in_seconds(seconds)})))


@pytest.mark.parametrize("seconds", [2, 299])
def test_an_assertion_within_five_minutes_is_taken(client, es384, seconds):
    assert ask(client, es384.assertion(exp=in_seconds(seconds), iat=None)).status_code == 200


@pytest.mark.parametrize("algorithm", ["none", "HS256", "HS384", "ES256", "RS256", "PS384", "EdDSA"])
def test_another_algorithm_is_refused(client, es384, algorithm):
    payload = es384.claims()
    header = {"alg": algorithm, "typ": "JWT"}
    if algorithm.startswith("HS"):
        # the public key as if it were a secret: the old confusion
        secret = public_pem(es384.private).encode()
        digest = {"HS256": "sha256", "HS384": "sha384"}[algorithm]
        assertion = unsigned(header, payload, hmac_of(secret, digest))
    else:
        assertion = unsigned(header, payload, lambda _signed: b"" if algorithm == "none" else b"x" * 96)

    assert_invalid_client(ask(client, assertion))


def hmac_of(secret, digest):
    import hmac

    return lambda signed: hmac.new(secret, signed, digest).digest()


def unsigned(header, payload, sign):
    def part(value):
        return base64.urlsafe_b64encode(value).rstrip(b"=")

    signed = part(json.dumps(header).encode()) + b"." + part(json.dumps(payload).encode())
    return (signed + b"." + part(sign(signed))).decode()


def test_a_signature_by_another_key_is_refused(client, es384):
    stranger = ec.generate_private_key(ec.SECP384R1())

    assert_invalid_client(ask(client, jwt.encode(es384.claims(), stranger, algorithm="ES384")))


def test_a_key_that_the_assertion_brings_along_is_not_looked_at(client, es384):
    stranger = ec.generate_private_key(ec.SECP384R1())
    brought = jwt.algorithms.ECAlgorithm.to_jwk(stranger.public_key(), as_dict=True)
    headers = {"jwk": brought, "jku": "https://attacker.example/jwks.json"}

    assert_invalid_client(
        ask(client, jwt.encode(es384.claims(), stranger, algorithm="ES384", headers=headers))
    )


def test_a_critical_header_that_nobody_knows_is_refused(client, es384):
    assert_invalid_client(ask(client, es384.assertion(headers={"crit": ["exp"]})))


@pytest.mark.parametrize(
    "assertion", ["x", "a.b.c", "..", "é.é.é", "a." + "x" * 4000 + ".c", "[" * 4000 + "..", "\x00.\x00.\x00"]
)
def test_what_is_no_assertion_is_refused(client, es384, assertion):
    assert_invalid_client(ask(client, assertion))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"client_assertion_type": None}, "invalid_request"),
        (
            {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"},
            "invalid_request",
        ),
        ({"client_assertion": None}, "invalid_request"),
        ({"client_assertion": "x" * 9000}, "invalid_request"),
        ({"client_secret": "shared"}, "invalid_request"),
    ],
)
def test_a_form_that_is_not_the_one_described_is_refused(client, es384, changes, error):
    response = ask(client, es384.assertion(), **changes)

    assert (response.status_code, response.json()) == (400, {"error": error})


def test_a_repeated_field_or_a_second_way_to_prove_oneself_is_refused(client, es384):
    twice = urlencode(form_of(es384.assertion())) + "&grant_type=client_credentials"
    kind = "application/x-www-form-urlencoded"

    assert client.post("/api/token", twice, content_type=kind).json() == {"error": "invalid_request"}
    once = urlencode(form_of(es384.assertion()))
    basic = {"HTTP_AUTHORIZATION": "Basic Y2xpZW50OnNlY3JldA=="}
    assert client.post("/api/token", once, content_type=kind, **basic).status_code == 400
    assert client.post("/api/token", form_of("x"), content_type="application/json").status_code == 415
    assert client.get("/api/token").status_code == 405


def test_the_client_id_beside_the_assertion_must_be_its_own(client, es384):
    assert ask(client, es384.assertion(), client_id=es384.client_id).status_code == 200
    assert_invalid_client(ask(client, es384.assertion(), client_id="somebody-else"))


def test_a_machine_that_was_taken_back_gets_nothing_and_its_token_ends(client, es384):
    token = es384.token(client)
    assert tokens.key_behind(token, at=timezone.now()) == es384.key

    keys.deactivate(client_id=es384.client_id)

    assert tokens.key_behind(token, at=timezone.now()) is None
    assert_invalid_client(ask(client, es384.assertion()))


def test_a_token_ends_after_five_minutes(client, es384):
    token = es384.token(client)
    now = timezone.now()

    assert tokens.key_behind(token, at=now + timedelta(seconds=299)) == es384.key
    assert tokens.key_behind(token, at=now + timedelta(seconds=301)) is None


@pytest.mark.parametrize("token", ["", "x", "é", "x" * 5000, "\x00"])
def test_what_is_no_token_is_nobody(token):
    assert tokens.key_behind(token, at=timezone.now()) is None


def test_an_address_that_is_refused_too_often_waits(client, es384):
    for _each in range(tokens.REFUSALS_A_MINUTE):
        assert_invalid_client(ask(client, "x.y.z"))

    slowed = ask(client, es384.assertion())

    assert slowed.status_code == 429
    assert slowed["Retry-After"] == "60"
    assert not tokens.is_refused_too_often("127.0.0.1", at=timezone.now() + timedelta(seconds=61))
    assert not tokens.is_refused_too_often("10.0.0.9", at=timezone.now())


def test_expired_tokens_and_assertions_are_forgotten(client, es384):
    es384.token(client)
    later = timezone.now() + timedelta(hours=1)

    AccessToken.objects.update(expires_at=timezone.now())
    AssertionSeen.objects.update(expires_at=timezone.now())
    es384.token(client)

    assert AccessToken.objects.filter(expires_at__lt=later).count() == 1
    assert AssertionSeen.objects.count() == 1


def test_smart_clients_discover_the_endpoint(client):
    body = client.get("/.well-known/smart-configuration").json()

    assert body["token_endpoint"] == AUDIENCE
    assert body["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert body["token_endpoint_auth_signing_alg_values_supported"] == ["RS384", "ES384"]


def test_registering_again_changes_nothing_and_another_key_is_added():
    machine = make_machine()
    again = keys.register(
        organization=machine.organization, client_id=machine.client_id, public_key=public_pem(machine.private)
    )
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key(), as_dict=True) | {"kid": "second"}
    second = keys.register(
        organization=machine.organization,
        client_id=machine.client_id,
        public_key=json.dumps({"keys": [jwk]}),
    )

    assert again == machine.key
    assert second.principal == machine.principal
    assert set(second.jwk) == {"kty", "n", "e"}, "a private member was kept"
    assert not machine.principal.has_usable_password()


def test_a_client_id_of_another_organization_is_not_given_away():
    machine = make_machine()

    with pytest.raises(ValueError, match="another organization"):
        keys.register(
            organization=factories.make_organization("Somebody else"),
            client_id=machine.client_id,
            public_key=public_pem(machine.private),
        )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not a key",
        "{}",
        "[]",
        '{"keys": []}',
        '{"kty": "oct", "k": "c2hhcmVk"}',
        '{"kty": "EC", "crv": "P-384"}',
        "-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----",
        public_pem(ec.generate_private_key(ec.SECP256R1())),
        public_pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)),
    ],
)
def test_a_key_that_is_too_weak_or_none_is_refused(text):
    with pytest.raises(keys.UnusableKey):
        keys.public_jwk(text)


# The published examples of SMART App Launch. They expire in January 2015 at 22:01, more than five
# minutes after the instant that the cases name, so the clock stands later here.
CASES = json.loads(shared("data", "suites", "smart-backend", "cases.json").read_text())["cases"]
IN_TIME = datetime(2015, 1, 29, 21, 58, tzinfo=UTC)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_published_assertions_are_judged_as_published(case):
    client_id = "https://bili-monitor.example.com"
    principal = make_machine().principal
    for name in ("RS384", "ES384"):
        file = json.loads(shared("data", "suites", "smart-backend", f"{name}.public.json").read_text())
        for jwk in file["keys"]:
            kept, algorithm, key_id = keys.public_jwk(json.dumps(jwk))
            PartnerKey.objects.create(
                client_id=client_id,
                organization=principal.employer,
                principal=principal,
                key_id=key_id,
                algorithm=algorithm,
                jwk=kept,
            )
    at = timezone.now() if case["as_of"] == "now" else IN_TIME

    def judged():
        try:
            tokens.verify(case["assertion"], audience=case["audience"], at=at)
        except tokens.TokenError:
            return "refused"
        return "accepted"

    wanted = {
        "accepted once": ["accepted", "refused"],
        "refused": ["refused", "refused"],
        "refused the second time": ["accepted", "refused"],
    }[case["expect"]]
    assert [judged(), judged()] == wanted
