"""The bearer token, as Django REST framework wants to hear of it."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request


class BearerAuthentication(BaseAuthentication):
    """Whoever `PartnerTokenMiddleware` found behind the token; sessions count for nothing here."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The machine and its key, or nobody."""
        key = getattr(request._request, "partner_key", None)
        return (key.principal, key) if key is not None else None

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return "Bearer"
