"""How the API's description names the way callers prove who they are."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension

from referrals.partners.services.tokens import SCOPE


class BearerScheme(OpenApiAuthenticationExtension):
    """OAuth 2.0 client credentials with a signed assertion (SMART Backend Services)."""

    target_class = "referrals.partners.api.authentication.BearerAuthentication"
    name = "backendServices"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """The scheme."""
        return {
            "type": "oauth2",
            "description": (
                "A bearer token of five minutes from `/api/token`, for a client assertion signed with "
                "RS384 or ES384 by a registered key (RFC 7523, private_key_jwt). There are no shared secrets."
            ),
            "flows": {
                "clientCredentials": {
                    "tokenUrl": "/api/token",
                    "scopes": {SCOPE: "Read and answer the referrals made to the client's organization"},
                }
            },
        }

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        """Every protected operation needs the one scope."""
        return {self.name: [SCOPE]}


class StrictBody(OpenApiSerializerExtension):
    """A body with exactly its fields says so."""

    target_class = "referrals.partners.api.serializers.Strict"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """The body as described, and nothing else."""
        described = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**described, "additionalProperties": False}
