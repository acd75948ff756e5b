"""Below ``/api/`` a session is nobody: only a token says who asks."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone

from referrals.partners.services import tokens

API, TOKEN_PATH = "/api/", "/api/token"
PREFIX = "bearer "


class PartnerTokenMiddleware:
    """Makes the machine behind a bearer token the request's principal, and slows down who guesses.

    Stands before `AccessMiddleware`, whose transaction a refusal rolls back: the count of
    refusals outlives it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(API):
            return self.get_response(request)
        request.user = AnonymousUser()
        if request.path == TOKEN_PATH:
            return self._token(request)
        said = request.headers.get("Authorization", "")
        key = None
        if said[: len(PREFIX)].lower() == PREFIX:
            key = tokens.key_behind(said[len(PREFIX) :].strip(), at=timezone.now())
        if key is not None:
            request.user = key.principal
            request.authentication = "assertion"  # type: ignore[attr-defined]
            request.client_application = key.client_id[:64]  # type: ignore[attr-defined]
            request.partner_key = key  # type: ignore[attr-defined]
        return self.get_response(request)

    def _token(self, request: HttpRequest) -> HttpResponseBase:
        address = request.META.get("REMOTE_ADDR") or None
        if tokens.is_refused_too_often(address, at=timezone.now()):
            body = {"type": "about:blank", "title": "Too many requests", "status": 429}
            return JsonResponse(
                body, status=429, content_type="application/problem+json", headers={"Retry-After": "60"}
            )
        response = self.get_response(request)
        if response.status_code in (400, 401):
            tokens.note_refusal(address, at=timezone.now())
        return response
