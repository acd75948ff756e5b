"""Passkeys and security keys: what a browser sends about one is read strictly, before anything believes it."""

import struct
from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import UnsupportedAlgorithm
from django import forms
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException

from consent.accounts import Counted
from consent.parsers import StrictJSONParser
from consent.texts import LineField

# What the readers of CBOR and of keys raise at bytes that are none.
ODD = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
    UnsupportedAlgorithm, struct.error,
)  # fmt: skip
Found = TypeVar("Found")
REFUSED = _("The key was not recognized. Try again, or use another way.")


class CredentialField(forms.CharField):
    """The browser's answer about a key, as strict JSON of the shape that WebAuthn gives it."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Key"), max_length=100_000, **kwargs)

    def clean(self, value: Any) -> dict[str, Any]:
        """The answer as a mapping."""
        text = super().clean(value)
        try:
            found = StrictJSONParser().parse(BytesIO(text.encode()))
        except (APIException, UnicodeEncodeError):
            raise forms.ValidationError(REFUSED, code="odd") from None
        results = found.get("clientExtensionResults", {}) if isinstance(found, dict) and found else None
        if not isinstance(results, dict) or not isinstance(results.get("credProps", {}), dict):
            raise forms.ValidationError(REFUSED, code="odd")
        return found

    def bound_data(self, data: Any, initial: Any) -> str:
        """An answer holds for one question: it is not shown again."""
        return ""


def understood(check: Callable[[], Found]) -> Found:
    """What ``check`` returns; bytes that nobody can read are a wrong key, no fault of ours."""
    try:
        return check()
    except forms.ValidationError:
        raise
    except ODD:
        raise forms.ValidationError(REFUSED, code="odd") from None


class LoginForm(webauthn.LoginWebAuthnForm):
    """A passkey in place of name and password. Whose it is, it says itself, so nobody is locked out by it."""

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        """The key, if it is one that somebody here has."""
        return understood(super().clean_credential)


class _SecondStep(Counted):
    """A key of somebody who is known by name: a wrong one counts like a wrong password."""

    def clean_credential(self) -> Authenticator:
        """The key, if it is that person's."""
        return self.count(lambda: understood(super(_SecondStep, self).clean_credential))  # type: ignore[misc]


class AuthenticateForm(_SecondStep, webauthn.AuthenticateWebAuthnForm):
    """A key as the second step while signing in."""

    credential = CredentialField()


class ReauthenticateForm(_SecondStep, webauthn.ReauthenticateWebAuthnForm):
    """A key once more, before something that matters."""

    credential = CredentialField()


class AddForm(webauthn.AddWebAuthnForm):
    """A new key and what to call it."""

    name = LineField(label=_("Name"), max_length=100, required=False)
    credential = CredentialField()

    def clean(self) -> dict[str, Any]:
        """The key, if it is a whole one."""
        return understood(super().clean)


class EditForm(webauthn.EditWebAuthnForm):
    """Another name for a key."""

    name = LineField(label=_("Name"), max_length=100)
