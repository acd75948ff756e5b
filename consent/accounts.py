"""How people sign in: accounts are given by the program, nobody makes their own."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """allauth's log-in without its sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No."""
        return False
