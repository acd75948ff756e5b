"""Wiring: which handler of which app takes an envelope that arrives."""

from importlib import import_module

from django.apps import AppConfig, apps


class WiringConfig(AppConfig):
    """Config as an app: its commands, its templates, and the handlers of arriving envelopes."""

    name = "config"

    def ready(self) -> None:
        """Let each side's app, where it is installed, take its envelopes."""
        for label, module in (("clinical", "clinical.handlers"), ("policecore", "policecore.handlers")):
            if apps.is_installed(label):
                import_module(module).register()
