"""Clients, encounters, notes and hand-offs: what is protected."""

from django.apps import AppConfig


class ClinicalConfig(AppConfig):
    """The clinical side's own app; the police site does not install it."""

    name = "clinical"

    def ready(self) -> None:
        """Say what goes when a client's key is destroyed."""
        from clinical.dropin.services import forget as forget_desk
        from clinical.matching.services import forget as forget_pairs
        from clinical.search.index import forget as forget_tokens
        from consent import services

        services.when_forgotten(forget_desk)
        services.when_forgotten(forget_pairs)
        services.when_forgotten(forget_tokens)
