"""The partners' part of referrals: installed on the clinical side only, whose tables it has."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Keys and tokens of partners' machines, releases, and what became of referrals."""

    name = "referrals.partners"
    label = "partners"

    def ready(self) -> None:
        """Let the API's description know how callers prove who they are."""
        from referrals.partners.api import openapi  # noqa: F401
