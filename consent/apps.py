"""The app that answers: may this be told to them, for that purpose, now?"""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Principals, compartments, grants, consents and the ledger."""

    name = "consent"
    default = True


class BareConsentConfig(AppConfig):
    """The engine's commands alone: no models, no database (`manage.py decide`)."""

    name = "consent"
    label = "consent_bare"

    def import_models(self) -> None:
        """Load none: the engine is pure Python, and its command touches no row."""
        self.models = {}
