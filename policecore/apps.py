"""Incidents, officers and calls for service: the side that asks."""

from django.apps import AppConfig


class PolicecoreConfig(AppConfig):
    """The police side's own app; the clinical site does not install it."""

    name = "policecore"
