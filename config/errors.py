"""One answer for each kind of failure, the same bytes whatever is behind it (RFC 9457 for the API)."""

import sys
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from rest_framework import exceptions
from rest_framework.response import Response

from consent.keys.errors import KeysUnavailable
from consent.middleware import unavailable

TITLES = {
    400: "Bad request", 401: "Unauthorized", 403: "Not found", 404: "Not found", 405: "Method not allowed",
    406: "Not acceptable", 409: "Conflict", 413: "Too large", 415: "Unsupported media type",
    429: "Too many requests", 500: "Server error", 503: "Service unavailable",
}  # fmt: skip


def _page(request: HttpRequest, status: int) -> HttpResponse:
    """The constant page of a status; an API client gets the constant JSON."""
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": TITLES[status], "status": status}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 where the body was too large."""
    too_big = isinstance(exception or sys.exc_info()[1], RequestDataTooBig)
    return _page(request, 413 if too_big else 400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The one 404: hidden, absent and not allowed are the same answer."""
    return _page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that came from elsewhere, or after the session ended."""
    return _page(request, 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; a database or keys that can't be had are a 503 instead."""
    if isinstance(sys.exc_info()[1], DatabaseError | InterfaceError | KeysUnavailable):
        return unavailable(request)
    return _page(request, 500)


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's errors as problem details: title and status, and for a bad body the places, never the values."""
    if isinstance(error, Http404 | PermissionDenied | exceptions.PermissionDenied | exceptions.NotFound):
        return _problem(404, {})
    if isinstance(error, exceptions.ValidationError):
        return _problem(400, {"errors": _places(error.detail)})
    if isinstance(error, exceptions.APIException):
        headers = {"WWW-Authenticate": "Bearer"} if error.status_code == 401 else {}
        return _problem(error.status_code, {}, headers)
    return None  # Django's own handlers answer


def _problem(status: int, more: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    body = {"type": "about:blank", "title": TITLES.get(status, "Error"), "status": status} | more
    return Response(body, status=status, content_type="application/problem+json", headers=headers)


def _places(detail: Any, at: str = "") -> list[dict[str, str]]:
    """``[{"pointer": "/field", "code": "required"}]``: where and what kind, without echoing what was sent."""
    if isinstance(detail, dict):
        return [place for key, value in detail.items() for place in _places(value, f"{at}/{key}")]
    if isinstance(detail, list):
        return [place for value in detail for place in _places(value, at)]
    return [{"pointer": at or "/", "code": str(getattr(detail, "code", "invalid"))}]
