"""Whatever is sent to whichever page: it is an answer, a form's complaint or a refusal, never a fault of the site."""

import re
import uuid
from functools import lru_cache
from urllib.parse import quote, urlencode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, URLResolver, get_resolver, resolve, reverse

from tests import factories
from tests.config.pages import TYPED, Page
from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.django_db
# Refused or mended before any page reads it: sent in all places at once.
BROKEN = {"NUL": b"a\0b", "a lone surrogate": b"a\xed\xa0\x80b", "no UTF-8": b"\xff\xfe\xc0"}
# Comes through to the page: sent in each field alone, the others as they should be.
STRANGE = {
    "bidi and markup": "a\u202e<!--{{ x }}%s\"'\\".encode(),
    "long": b"x" * 20_000,
    "a number beyond numbers": b"9" * 5000,
    "an id of hyphens": b"-" * 36,
}
FIELDS_ALONE = 12  # of each form: the long ones ask the same kind of thing again and again
TRIED = set()  # forms of a kind and views that a visitor before has sent odd values to
STRANGE_DAYS = (b"0001-01-01", b"9999-12-31", b"-4713-01-01")
STRANGE_JSON = (b'{"id":"x"}', b"[" * 5_000, b'{"a":"\\ud800"}', b"NaN")
NO_ID = b"00000000-0000-0000-0000-000000000000"
BEYOND_THE_CALENDAR = (b"0001-01-01T00:00:00+23:59_" + NO_ID, b"9999-12-31T23:59:59.999999-23:59_" + NO_ID)
CURSORS = ("older", "after")
READ_BY_NAME = re.compile(r"(?:GET|POST)(?:\.get|\.getlist)?[\[(]\"(\w+)\"")


@lru_cache
def names_that_views_read():
    """Every parameter that a view takes past a form."""
    folders = ("clinical" if settings.SIDE == "clinical" else "policecore", "config", "consent")
    files = [file for folder in folders for file in (REPOSITORY / folder).rglob("*.py")]
    found = {name for file in files for name in READ_BY_NAME.findall(file.read_text())}
    return sorted(found | {"next", "locked"})


def addresses_without_arguments():
    """All pages that are named without an id."""

    def walk(resolver, prefix=""):
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
                yield from walk(entry, inner)
            elif entry.name:
                yield prefix + entry.name

    for name in walk(get_resolver()):
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue


@pytest.fixture
def fast_passwords(settings):
    """So many wrong passwords are said here that the slow hash would be the whole test."""
    factories.hashed_password()  # worked out once for all tests, and not with the hash of these
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def signed_in(principal):
    browser = Client(raise_request_exception=False)
    principal.set_password(factories.PASSWORD)
    principal.save()
    browser.post(reverse("account_login"), {"login": principal.username, "password": factories.PASSWORD})
    browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    return browser


def anybody():
    return Client(raise_request_exception=False)


def half_way_in():
    """Somebody whose password was right and whose code is asked for."""
    somebody = factories.make_principal("halfway")
    totp.TOTP.activate(somebody, "JBSWY3DPEHPK3PXP")
    assert Authenticator.objects.filter(user=somebody).exists()
    return signed_in(somebody)


def of_the_city(name):
    def browser():
        from tests.policecore import stage

        city = stage.make_city()
        stage.make_call()
        return signed_in(getattr(city, name))

    return browser


def of_the_night(name):
    def browser():
        from tests.clinical import stage

        night = stage.make_night()
        stage.open_card(night, stage.make_referral(stage.canaries_of("odd")))
        stage.arrive(stage.make_incident())
        others = {
            "medic": lambda: factories.make_principal(role="referrer", program=night.program),
        }
        return signed_in(others[name]() if name in others else getattr(night, name))

    return browser


VISITORS = {"anybody": anybody, "half way in": half_way_in} | {
    "clinical": {name: of_the_night(name) for name in ("lind", "oduya", "medic")},
    "police": {name: of_the_city(name) for name in ("lind", "oduya", "analyst")},
}[settings.SIDE]
SOMEBODY = VISITORS["lind"]


def view_of(address):
    try:
        return resolve(address).view_name
    except Resolver404:
        return ""


def crawl(browser):
    """One page of each view that the browser finds, and one form of each kind."""
    pages, forms, waiting, seen, fetched = {}, {}, list(addresses_without_arguments()), set(), set()
    while waiting:
        address = waiting.pop(0)
        view = view_of(address)
        if not view or view in seen or view == "account_logout" or address in fetched:
            continue
        fetched.add(address)
        if sum(view_of(each) == view for each in fetched) > 3:
            continue  # enough was tried: one list leads to many of a kind that only redirect
        answer = browser.get(address)
        assert answer.status_code < 500, address
        if answer.status_code == 302:
            waiting.append(answer["Location"].partition("?")[0])
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        seen.add(view)
        pages[view] = address
        page = Page(address, answer.content.decode())
        waiting += page.links
        for form in page.forms:
            kind = (view_of(form.action), form.method, tuple(sorted(form.fields)))
            if kind[0] != "account_logout":
                forms.setdefault(kind, form)
    return pages, forms


def send(browser, method, address, fields):
    told = urlencode(fields)
    if method == "get":
        return browser.generic("GET", address, QUERY_STRING=told)
    return browser.post(address, told, content_type="application/x-www-form-urlencoded")


def attempts(browser):
    """Every form and page that nobody before has tried, with odd values: ``(what, status)``."""
    pages, forms = crawl(browser)
    assert pages
    for kind, form in forms.items():
        if kind in TRIED:
            continue
        TRIED.add(kind)
        tries = [
            form.fields | {name: value}
            for number, (name, usual) in enumerate(list(form.fields.items())[:FIELDS_ALONE])
            for value in odd(name, usual, number)
        ]
        tries += [dict.fromkeys([*form.fields, "more"], value) for value in BROKEN.values()]
        for fields in tries:
            answer = send(browser, form.method, form.action, fields)
            yield f"{form.method} {form.action} {short(fields)}", answer
    for view, address in pages.items():
        if view in TRIED:
            continue
        TRIED.add(view)
        tries = [
            dict.fromkeys(names_that_views_read(), value)
            for value in (BROKEN["NUL"], *(STRANGE[kind] for kind in ("bidi and markup", "an id of hyphens")))
        ]
        for fields in tries:
            yield f"post {address} {short(fields)}", send(browser, "post", address, fields)
        tries += [{name: value} for name in CURSORS for value in BEYOND_THE_CALENDAR]
        for fields in tries:
            yield f"get {address} {short(fields)}", send(browser, "get", address, fields)


def odd(name, usual, number):
    """The odd values for a field: two by turns of those for any, days and JSON where they are asked for."""
    strange, turn = list(STRANGE.values()), number % 2
    days = STRANGE_DAYS if usual == TYPED["date"] else ()
    return [*strange[turn::2], *days, *(STRANGE_JSON if name == "credential" else ())]


def short(fields):
    return {name: value[:20] for name, value in fields.items()}


@pytest.mark.parametrize("visitor", VISITORS)
def test_an_odd_value_in_any_field_or_parameter_is_no_fault(visitor, fast_passwords):
    told = [(what, answer.status_code) for what, answer in attempts(VISITORS[visitor]())]

    assert len(told) > 25 or visitor != next(iter(VISITORS))
    assert not [each for each in told if each[1] >= 500]


@pytest.mark.parametrize("value", [*BROKEN.values(), *STRANGE.values()], ids=[*BROKEN, *STRANGE])
def test_an_odd_path_is_no_fault(value):
    browser, piece = SOMEBODY(), quote(value)
    for view in set(re.findall(r"[\w-]+/", " ".join(addresses_without_arguments()))):
        for path in (f"/{view}{piece}/", f"/{piece}/{view}"):
            assert browser.get(path).status_code < 500, path[:80]
            assert browser.post(path).status_code < 500, path[:80]


@pytest.mark.parametrize("size", [1_000_000, 2_400_000, 3_000_000])
def test_megabytes_in_a_field_are_no_fault(size):
    for browser in (anybody(), SOMEBODY()):
        for address in (reverse("account_login"), reverse("account_change_password"), "/"):
            assert browser.post(address, {"login": "x" * size, "oldpassword": "x"}).status_code < 500


@pytest.mark.parametrize("number", ["0", "9" * 30, "9" * 5000], ids=len)
def test_a_number_in_a_path_has_no_size_that_faults(number):
    browser = SOMEBODY()

    for page in ("remove", "edit"):
        assert browser.get(f"/account/2fa/webauthn/keys/{number}/{page}/").status_code < 500


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "hex", "idna", "latin-1", "no-such"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_an_encoding_that_smuggles_is_refused(kind, charset):
    somebody = SOMEBODY()
    body = '--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n+2AA-\r\n--x--\r\n'

    for browser in (Client(raise_request_exception=False), somebody):
        for address in addresses_without_arguments():
            answer = browser.generic("POST", address, body, content_type=f"{kind}; charset={charset}")
            assert answer.status_code in (400, 415), address


@pytest.mark.parametrize(
    "cookie", ['"\\000aaaaaaaaaaaa"', '"\\377\\355\\240\\200aaaa"', "x" * 100_000, "=;=", "[" * 9000]
)
@pytest.mark.parametrize("name", ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "MESSAGES"])
def test_an_odd_cookie_is_no_fault(name, cookie):
    name = getattr(settings, name, "messages")
    browser = Client(raise_request_exception=False, headers={"cookie": f"{name}={cookie}; other={cookie}"})

    for address in addresses_without_arguments():
        assert browser.get(address).status_code < 500, address
        assert browser.post(address).status_code < 500, address


@pytest.mark.parametrize(
    "value", ["\xff\xfe", "x" * 100_000, "Bearer \xff", "Bearer " + "." * 9000, "Basic Og==", ""]
)
@pytest.mark.parametrize(
    "header", ["authorization", "accept", "user-agent", "accept-language", "x-forwarded-for"]
)
def test_an_odd_header_is_no_fault(header, value):
    browser = Client(raise_request_exception=False, headers={header: value})

    for address in addresses_without_arguments():
        assert browser.get(address).status_code < 500, address
    form = {"login": f"nobody-{uuid.uuid4()}", "password": "wrong"}
    assert browser.post(reverse("account_login"), form).status_code < 500
