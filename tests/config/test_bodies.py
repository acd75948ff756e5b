"""A file comes where a page asks for one and nowhere else, and no form is longer than a form is."""

import base64
import io
import tempfile

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from config import bodies
from tests import factories

pytestmark = pytest.mark.django_db
BOUNDARY = "x-y"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


@pytest.fixture
def browser():
    return Client(raise_request_exception=False)


@pytest.fixture
def kept(monkeypatch, tmp_path):
    """What lies in the temporary folder afterwards."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", str(tmp_path))
    return lambda: list(tmp_path.iterdir())


def part(name, content, more=""):
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{content}\r\n'


def send(browser, *parts, address="account_login"):
    body = "".join(parts) + f"--{BOUNDARY}--\r\n"
    return browser.post(reverse(address), body, content_type=MULTIPART)


@pytest.mark.parametrize("size", [0, 1, 100_000, 6_000_000])
def test_a_file_that_nobody_asked_for_is_refused_before_it_is_kept(browser, kept, size):
    file = SimpleUploadedFile("holiday.png", b"x" * size, content_type="image/png")

    answer = browser.post(reverse("account_login"), {"login": "lind", "password": "x", "picture": file})

    assert answer.status_code == 413
    assert not kept()


def test_somebody_signed_in_gives_no_file_either(browser, kept):
    role, program = {"clinical": ("social worker", "POST"), "police": ("officer", "ZONE1")}[settings.SIDE]
    somebody = factories.make_principal(role=role, program=factories.make_program(program))
    browser.force_login(somebody, backend="consent.backend.GrantBackend")

    answer = browser.post("/", {"picture": SimpleUploadedFile("a.txt", b"x")})

    assert answer.status_code == 413
    assert not kept()


def test_a_form_in_parts_without_a_file_is_read(browser):
    answer = send(browser, part("login", "nobody"), part("password", "wrong"))

    assert answer.status_code == 200
    assert b'value="nobody"' in answer.content


def test_texts_in_parts_are_limited_together_and_what_stands_around_them_counts(browser):
    third = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 3

    assert send(browser, *(part(f"text{number}", "x" * third) for number in range(4))).status_code == 413
    assert send(browser, "x" * 3 * third + "xxxx\r\n", part("login", "x")).status_code == 413
    assert send(browser, *(part(f"text{number}", "") for number in range(2000))).status_code == 400


def test_a_part_that_is_unpacked_is_limited_by_what_it_holds(browser):
    coded = base64.b64encode(b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE).decode()

    assert send(browser, part("login", coded, "\r\nContent-Transfer-Encoding: base64")).status_code == 413


def asked_for(monkeypatch, most_bytes):
    """The sign-in page, as if it asked for files."""
    monkeypatch.setattr(bodies, "bytes_taken", lambda view: most_bytes)


def received(rf_post):
    """What the site made of the request's files: how long each is, and in what kind of hands it is held."""
    found = []

    def remember(request):
        found.extend((name, file.size, type(file.file)) for name, file in request.FILES.items())
        return HttpResponse()

    bodies.BodiesMiddleware(remember)(rf_post)
    return found


def with_files(*sizes):
    files = {f"picture{n}": SimpleUploadedFile("a.png", b"x" * size) for n, size in enumerate(sizes)}
    return RequestFactory().post(reverse("account_login"), {"login": "lind"} | files)


def test_a_page_that_asks_for_files_gets_them_in_memory_and_no_disk_sees_them(monkeypatch, kept):
    asked_for(monkeypatch, 4_000_000)

    found = received(with_files(3_900_000, 10))

    assert found == [("picture0", 3_900_000, io.BytesIO), ("picture1", 10, io.BytesIO)]
    assert not kept()


@pytest.mark.parametrize("sizes", [(101,), (60, 60), (1,) * 11])
def test_files_that_are_too_long_together_or_too_many_are_refused(monkeypatch, sizes):
    asked_for(monkeypatch, 100)

    with pytest.raises(RequestDataTooBig):
        received(with_files(*sizes))


def test_a_body_is_measured_before_it_is_read(monkeypatch):
    asked_for(monkeypatch, 100)
    request = with_files(10)
    request.META["CONTENT_LENGTH"] = str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 101)

    with pytest.raises(RequestDataTooBig, match="body"):
        received(request)
