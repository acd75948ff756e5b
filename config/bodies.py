"""What a request may bring at all: text in UTF-8, no longer than a form is, and files where a page asks."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponseBase, UnreadablePostError
from django.urls import Resolver404, resolve

from consent.files import bytes_taken

NUL = "\0"
MOST_FILES = 10


class NoFiles(FileUploadHandler):
    """Refuses a file before a byte of it is kept: the page didn't ask for one."""

    def new_file(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse it."""
        raise RequestDataTooBig("a file where nobody asked for one")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> NoReturn:
        """Never reached."""
        raise RequestDataTooBig

    def file_complete(self, file_size: int) -> None:
        """No file."""


class FilesInMemory(FileUploadHandler):
    """Keeps a few files that a page asked for, in memory alone: none of them touches a disk."""

    def __init__(self, request: HttpRequest, most_bytes: int) -> None:
        super().__init__(request)
        self.left, self.files_left = most_bytes, MOST_FILES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin the next one."""
        super().new_file(*args, **kwargs)
        self.files_left -= 1
        if self.files_left < 0:
            raise RequestDataTooBig("more files than a page asks for")
        self.file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a piece, as long as all of them together are no more than the page takes."""
        self.left -= len(raw_data)
        if self.left < 0:
            raise RequestDataTooBig("the files are too long")
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file, from its beginning."""
        self.file.seek(0)
        return InMemoryUploadedFile(
            file=self.file, field_name=self.field_name, name=self.file_name, size=file_size,
            content_type=self.content_type, charset=self.charset, content_type_extra=self.content_type_extra,
        )  # fmt: skip


class BodiesMiddleware:
    """Refuses what no browser sends from our pages, before anybody reads it: 400, or 413 for what is too long.

    A NUL can stand in no text of PostgreSQL; another encoding can smuggle lone
    surrogates in. Both would fail as late as in the database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        takes = _bytes_of_files(request)
        if takes:
            request.upload_handlers = [FilesInMemory(request, takes)]
        _check_length(request, takes)
        _check_encoding(request)
        if any(NUL in text for text in (*request.COOKIES, *request.COOKIES.values())):
            raise BadRequest("a NUL in a cookie")
        if not request.path.startswith(
            "/api/"
        ):  # which reads strictly by itself, and answers in its own words
            _check_form(request)
        return self.get_response(request)


def _bytes_of_files(request: HttpRequest) -> int:
    """How much the page at that address takes in files; nothing where there is no such page."""
    if request.method != "POST" or request.content_type != "multipart/form-data":
        return 0
    try:
        return bytes_taken(resolve(request.path_info).func)
    except Resolver404:
        return 0


def _check_length(request: HttpRequest, takes: int) -> None:
    """Django measures a form's fields; this measures what stands around them too."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE + takes:
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
