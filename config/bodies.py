"""What a request may bring at all: text in UTF-8, no longer than a form is, and no files."""

from collections.abc import Callable
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponseBase, UnreadablePostError

NUL = "\0"


class NoFiles(FileUploadHandler):
    """Refuses a file before a byte of it is kept: no page asks for one."""

    def new_file(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse it."""
        raise RequestDataTooBig("a file where nobody asked for one")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> NoReturn:
        """Never reached."""
        raise RequestDataTooBig

    def file_complete(self, file_size: int) -> None:
        """No file."""


class BodiesMiddleware:
    """Refuses what no browser sends from our pages, before anybody reads it: 400, or 413 for what is too long.

    A NUL can stand in no text of PostgreSQL; another encoding can smuggle lone
    surrogates in. Both would fail as late as in the database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        _check_length(request)
        _check_encoding(request)
        if any(NUL in text for text in (*request.COOKIES, *request.COOKIES.values())):
            raise BadRequest("a NUL in a cookie")
        if not request.path.startswith(
            "/api/"
        ):  # which reads strictly by itself, and answers in its own words
            _check_form(request)
        return self.get_response(request)


def _check_length(request: HttpRequest) -> None:
    """Django measures a form's fields; this measures what stands around them too."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise RequestDataTooBig("the body is too long")


def _check_encoding(request: HttpRequest) -> None:
    charset = (request.content_params or {}).get("charset", "utf-8")
    if charset.lower().replace("_", "-") not in ("utf-8", "utf8", "us-ascii"):
        raise BadRequest("an encoding other than UTF-8")


def _check_form(request: HttpRequest) -> None:
    try:
        forms = (request.GET, request.POST)
    except UnreadablePostError:
        raise BadRequest("the body broke off") from None
    for form in forms:
        for name, values in form.lists():
            if NUL in name or any(NUL in value for value in values):
                raise BadRequest("a NUL in an address or a form")
