"""Clients, encounters, notes and hand-offs: what is protected."""

from django.apps import AppConfig


class ClinicalConfig(AppConfig):
    """The clinical side's own app; the police site does not install it."""

    name = "clinical"
