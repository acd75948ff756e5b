"""The API's views: a token, what is new, one referral, and the answers to it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import exceptions, parsers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consent.access import HasRole
from consent.paging import CURSOR
from referrals.partners import selectors, services
from referrals.partners.api import examples
from referrals.partners.api import serializers as forms
from referrals.partners.api.authentication import BearerAuthentication
from referrals.partners.models import Release
from referrals.partners.services import tokens
from referrals.partners.services.releases import COORDINATION

PROBLEM = "application/problem+json"
ALWAYS = {
    (status, PROBLEM): forms.Problem for status in (401, 404, 406, 503)
}  # what every protected operation may answer
BODY = {
    (400, PROBLEM): forms.InvalidBody,
    (409, PROBLEM): forms.Problem,
    (413, PROBLEM): forms.Problem,
    (415, PROBLEM): forms.Problem,
}


class StatusConflict(exceptions.APIException):
    """The answer doesn't fit the referral's status."""

    status_code = 409


class PartnerView(APIView):
    """Machines of partners, with a token; for everybody else there is nothing here."""

    authentication_classes = (BearerAuthentication,)
    permission_classes = (HasRole,)
    roles = ("partner machine",)
    purpose = COORDINATION


class ReferralList(PartnerView):
    """What is new."""

    http_method_names = ("get",)

    @extend_schema(
        operation_id="list_referrals",
        summary="What is new",
        description=(
            "The referrals that you may read, by last change, the oldest first, fifty a page. Ask with `since` "
            "(the last `changed_at` you saw, less a minute: an entry may come twice, and has the same id), then "
            "follow `next` as `cursor`. A referral whose basis has ended is no longer there."
        ),
        parameters=[
            OpenApiParameter("since", datetime, description="Changed at or after; with an offset."),
            OpenApiParameter(
                "cursor",
                {"type": "string", "pattern": f"^{CURSOR}$"},
                description="The `next` of the page before.",
            ),
        ],
        responses={200: forms.ReferralPage, (400, PROBLEM): forms.InvalidBody, **ALWAYS},
        examples=[examples.NEW],
    )
    def get(self, request: Request) -> Response:
        """Answer with a page."""
        asked = request.query_params
        if set(asked) - {"since", "cursor"} or any(len(values) > 1 for _name, values in asked.lists()):
            raise exceptions.ValidationError({"query": ["unknown or repeated parameter"]})
        query = forms.ListQuery(data=asked.dict())
        query.is_valid(raise_exception=True)
        try:
            page = selectors.releases_for(request.user, **query.validated_data)
        except selectors.BadCursor:
            raise exceptions.ValidationError({"cursor": ["not a cursor"]}) from None
        return Response(forms.ReferralPage({"results": page.rows, "next": page.older or None}).data)


class ReferralDetail(PartnerView):
    """One referral."""

    http_method_names = ("get",)

    @extend_schema(
        operation_id="read_referral",
        summary="One referral, with its release",
        description=(
            "The release as it was frozen, if it may still be told to you: that is decided at each read. "
            "Otherwise, and for an id that never was, the same 404. Reading it the first time sets `received`."
        ),
        responses={200: forms.Referral, **ALWAYS},
        examples=[examples.UNDER_PART_2],
    )
    def get(self, request: Request, referral_id: UUID) -> Response:
        """Decide, and answer."""
        release = services.read(referral_id, by=request.user)
        return Response(forms.Referral(release).data)


class AnswerView(PartnerView):
    """An answer to a referral; decided like a read, and the same twice is one."""

    http_method_names = ("post",)
    body: ClassVar[type[forms.Strict]] = forms.Nothing

    def answer(self, referral_id: UUID, values: dict[str, Any]) -> Release:
        """Write the answer."""
        raise NotImplementedError

    def post(self, request: Request, referral_id: UUID) -> Response:
        """Check the body, write the answer."""
        body = self.body(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            release = self.answer(referral_id, dict(body.validated_data))
        except services.Conflict:
            raise StatusConflict from None
        return Response(forms.ReferralStatus(release).data)


def _describes(
    name: str, summary: str, body: type | None, example: dict[str, str] | None = None
) -> Callable[[Any], Any]:
    return extend_schema(
        operation_id=f"{name}_referral",
        summary=summary,
        request=body,
        responses={200: forms.ReferralStatus, **BODY, **ALWAYS},
        examples=[OpenApiExample(name, request_only=True, value=example)] if example else [],
    )


class Accept(AnswerView):
    """You take it."""

    @_describes("accept", "Take the referral", None)
    def post(self, request: Request, referral_id: UUID) -> Response:
        """Accepted."""
        return super().post(request, referral_id)

    def answer(self, referral_id: UUID, values: dict[str, Any]) -> Release:
        """Accept."""
        return services.accept(referral_id, by=self.request.user)


class Start(AnswerView):
    """You have begun."""

    @_describes("start", "Say that you have begun", None)
    def post(self, request: Request, referral_id: UUID) -> Response:
        """In progress."""
        return super().post(request, referral_id)

    def answer(self, referral_id: UUID, values: dict[str, Any]) -> Release:
        """Start."""
        return services.start(referral_id, by=self.request.user)


class Complete(AnswerView):
    """You are done."""

    body = forms.CompleteBody

    @_describes(
        "complete",
        "Close the referral with its outcome",
        forms.CompleteBody,
        {"outcome": "enrolled", "legal_basis": "client consent"},
    )
    def post(self, request: Request, referral_id: UUID) -> Response:
        """Completed."""
        return super().post(request, referral_id)

    def answer(self, referral_id: UUID, values: dict[str, Any]) -> Release:
        """Complete."""
        return services.complete(referral_id, by=self.request.user, **values)


class Reject(AnswerView):
    """You don't take it."""

    body = forms.RejectBody

    @_describes(
        "reject", "Decline the referral, with the reason", forms.RejectBody, {"reason": "no capacity"}
    )
    def post(self, request: Request, referral_id: UUID) -> Response:
        """Rejected."""
        return super().post(request, referral_id)

    def answer(self, referral_id: UUID, values: dict[str, Any]) -> Release:
        """Reject."""
        return services.reject(referral_id, by=self.request.user, **values)


class TokenView(APIView):
    """The token endpoint."""

    http_method_names = ("post",)
    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (parsers.FormParser,)

    @extend_schema(
        operation_id="token",
        summary="A token for a signed assertion",
        description=(
            "SMART Backend Services: sign a JWT with your registered key (RS384 or ES384; `iss` and `sub` your "
            "client id, `aud` this address, `exp` at most five minutes ahead, a `jti` never used before) and "
            "post it as a form. After twenty refusals in a minute an address waits."
        ),
        auth=[],
        request={"application/x-www-form-urlencoded": forms.TokenForm},
        responses={
            200: forms.Token,
            400: forms.TokenRefused,
            401: forms.TokenRefused,
            (413, PROBLEM): forms.Problem,
            (415, PROBLEM): forms.Problem,
            (429, PROBLEM): forms.Problem,
            (503, PROBLEM): forms.Problem,
        },
    )
    def post(self, request: Request) -> Response:
        """Check the assertion, give a token."""
        try:
            token = tokens.issue(
                self._parameters(request),
                audience=request.build_absolute_uri(reverse("partners:token")),
                at=timezone.now(),
            )
        except tokens.TokenError as error:
            status = 401 if error.code == "invalid_client" else 400
            return Response({"error": error.code}, status=status, headers={"Pragma": "no-cache"})
        body = {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": tokens.TOKEN_SECONDS,
            "scope": tokens.SCOPE,
        }
        return Response(body, headers={"Pragma": "no-cache"})

    @staticmethod
    def _parameters(request: Request) -> dict[str, str]:
        """The form's fields, each once; an Authorization header would be a second way to prove oneself."""
        data = request.data
        repeated = isinstance(data, QueryDict) and any(len(values) > 1 for _name, values in data.lists())
        if repeated or request.headers.get("Authorization"):
            raise tokens.TokenError("invalid_request")
        return {name: str(data[name]) for name in data}


class SmartConfigurationView(APIView):
    """Discovery (SMART App Launch, conformance)."""

    http_method_names = ("get",)
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """Where the token endpoint is and what it takes."""
        body = {
            "token_endpoint": request.build_absolute_uri(reverse("partners:token")),
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": list(tokens.ALGORITHMS),
            "scopes_supported": [tokens.SCOPE],
            "capabilities": ["client-confidential-asymmetric"],
        }
        return Response(forms.SmartConfiguration(body).data)
