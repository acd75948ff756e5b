"""Wiring: which handler of which app takes an envelope that arrives."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.conf import settings


class WiringConfig(AppConfig):
    """Config as an app: its commands, its templates, and the handlers of arriving envelopes."""

    name = "config"

    def ready(self) -> None:
        """Let each side's app, where it is installed, take its envelopes; both take each other's checkpoints."""
        if settings.SIDE != "exchange":
            from referrals import services as post_box  # its models load with the apps

            post_box.register(post_box.CheckpointTold, post_box.checkpoint_told)
        for label, module in (("clinical", "clinical.handlers"), ("policecore", "policecore.handlers")):
            if apps.is_installed(label):
                import_module(module).register()
