"""The API's forms. Whatever a body holds beyond its form is refused, so that nothing is lost in silence."""

from typing import Any

from rest_framework import serializers

from referrals.partners.models import LegalBasis, Outcome, RejectReason, TaskStatus


class Strict(serializers.Serializer):
    """A body with exactly these fields."""

    def to_internal_value(self, data: Any) -> Any:
        """The values; an unknown field is an error at its place."""
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {"body": [serializers.ErrorDetail("unknown field", "unknown")]}
                )
        return super().to_internal_value(data)


class Nothing(Strict):
    """An empty body, or ``{}``."""


class CompleteBody(Strict):
    """How it ended. Without a legal basis of your own only *closed* is kept."""

    outcome = serializers.ChoiceField(choices=Outcome.choices)
    legal_basis = serializers.ChoiceField(
        choices=LegalBasis.choices,
        required=False,
        help_text="What lets you tell us: your own law. Without it only `closed` is kept.",
    )


class RejectBody(Strict):
    """Why you don't take it."""

    reason = serializers.ChoiceField(choices=RejectReason.choices)


class ListQuery(serializers.Serializer):
    """What the list can be asked with."""

    since = serializers.DateTimeField(required=False)
    cursor = serializers.CharField(required=False, max_length=200)


class ReferralStatus(serializers.Serializer):
    """A referral's place in its course; FHIR Task status words."""

    id = serializers.UUIDField(source="pk")
    status = serializers.ChoiceField(choices=TaskStatus.choices)
    authored_at = serializers.DateTimeField(source="created_at")
    changed_at = serializers.DateTimeField()


class ReferralPage(serializers.Serializer):
    """What is new. There is no total: it would count what can't be seen."""

    results = ReferralStatus(many=True)
    next = serializers.CharField(allow_null=True, help_text="The cursor of the next page, or null.")


class Notice(serializers.Serializer):
    """Words that the law attaches to what was released; keep them with it."""

    code = serializers.CharField()
    text = serializers.CharField()


class ConsentScope(serializers.Serializer):
    """What a consent behind the release covers (42 CFR 2.32(b))."""

    form = serializers.CharField()
    segments = serializers.ListField(child=serializers.CharField())
    purposes = serializers.ListField(child=serializers.CharField())
    signed_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    end_event = serializers.CharField(allow_blank=True)


class Basis(serializers.Serializer):
    """A rule that permits the release, with its citation."""

    rule = serializers.CharField()
    cite = serializers.CharField()


class ReferralProgram(serializers.Serializer):
    """The program that refers."""

    code = serializers.CharField(source="slug")
    name = serializers.CharField()


class Referral(ReferralStatus):
    """A referral with its release: frozen when it was made, decided again at each read."""

    program = ReferralProgram()
    purpose = serializers.CharField()
    segments = serializers.ListField(child=serializers.CharField())
    content = serializers.DictField(
        child=serializers.DictField(), help_text="By segment: the fields that were permitted, and no others."
    )
    notices = Notice(many=True)
    consent_scope = ConsentScope(many=True)
    basis = Basis(many=True)
    obligations = serializers.ListField(child=serializers.CharField())


class Problem(serializers.Serializer):
    """RFC 9457 problem details; a 404 is the same for what is hidden and what never was."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()


class Place(serializers.Serializer):
    """Where a body is wrong, and how; never what it held."""

    pointer = serializers.CharField()
    code = serializers.CharField()


class InvalidBody(Problem):
    """A 400 with the places."""

    errors = Place(many=True, required=False)


class TokenForm(serializers.Serializer):
    """The token request's form fields."""

    grant_type = serializers.ChoiceField(choices=["client_credentials"])
    client_assertion_type = serializers.ChoiceField(
        choices=["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]
    )
    client_assertion = serializers.CharField(max_length=8192, help_text="The signed JWT (RS384 or ES384).")
    scope = serializers.CharField(required=False)


class Token(serializers.Serializer):
    """A token of five minutes."""

    access_token = serializers.CharField()
    token_type = serializers.ChoiceField(choices=["bearer"])
    expires_in = serializers.IntegerField()
    scope = serializers.CharField()


class TokenRefused(serializers.Serializer):
    """An error of RFC 6749, section 5.2."""

    error = serializers.ChoiceField(choices=["invalid_request", "invalid_client", "unsupported_grant_type"])


class SmartConfiguration(serializers.Serializer):
    """What SMART clients discover."""

    token_endpoint = serializers.URLField()
    grant_types_supported = serializers.ListField(child=serializers.CharField())
    token_endpoint_auth_methods_supported = serializers.ListField(child=serializers.CharField())
    token_endpoint_auth_signing_alg_values_supported = serializers.ListField(child=serializers.CharField())
    scopes_supported = serializers.ListField(child=serializers.CharField())
    capabilities = serializers.ListField(child=serializers.CharField())
