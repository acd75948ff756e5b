"""How people sign in: accounts are given by the program, nobody makes their own, and nobody guesses."""

import time
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm as AccountChangePasswordForm
from allauth.core import context
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

Found = TypeVar("Found")


class AccountAdapter(DefaultAccountAdapter):
    """allauth's log-in without its sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No."""
        return False


def counted_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str | None:
    """The name that wrong passwords are counted under: one for all spellings that find the same account.

    Accounts are found without regard to case. Names that differ and are counted
    together do no harm; one account counted under several names could be guessed at.
    """
    said = (credentials or request.POST).get("username")
    return unicodedata.normalize("NFKC", str(said)).upper().casefold() if said else None


class Counted:
    """A form with a secret that could be guessed: a wrong one counts like a wrong password."""

    user: Any

    def count(self, check: Callable[[], Found]) -> Found:
        """What ``check`` returns; its refusal is counted, and after too many nothing is checked any more."""
        request, credentials = context.request, {"username": self.user.get_username()}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out, request.axes_credentials = True, credentials
            raise forms.ValidationError("locked")  # the answer is a 429 in its place
        try:
            return check()
        except forms.ValidationError:
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            raise


class ChangePasswordForm(Counted, AccountChangePasswordForm):
    """A new password, for whoever knows the present one."""

    def clean_oldpassword(self) -> str:
        """The present password, if it is the right one."""
        return self.count(super().clean_oldpassword)


class _CodeOnce(Counted):
    """A code of a second factor: not guessed, and used once.

    allauth keeps both counts in a cache, and this product has none. A factor that was
    used in this period of its clock has to wait for the next code.
    """

    authenticator: Authenticator

    def clean_code(self) -> str:
        """The code, if it is right and new."""
        return self.count(self._new_code)

    def _new_code(self) -> str:
        factors = Authenticator.objects.select_for_update().filter(
            user=self.user, type=Authenticator.Type.TOTP
        )
        used = {factor.pk: _period(_last_used(factor)) for factor in factors}  # a second request waits here
        now = _period(time.time())
        code: str = super().clean_code()  # type: ignore[misc]
        if used.get(self.authenticator.pk, 0) >= now:
            raise forms.ValidationError("This code was used. Wait for the next one.", code="used")
        return code


def _last_used(factor: Authenticator) -> float:
    """When a code of ``factor`` was taken last; its first one made it."""
    return float((factor.last_used_at or factor.created_at).timestamp())


def _period(instant: float) -> int:
    return int(instant) // int(mfa_settings.TOTP_PERIOD)


class AuthenticateForm(_CodeOnce, mfa.AuthenticateForm):
    """The second factor while signing in."""


class ReauthenticateForm(_CodeOnce, mfa.ReauthenticateForm):
    """The second factor once more, before something that matters."""
