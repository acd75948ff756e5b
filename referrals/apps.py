"""The post-box between the sides, and the way to partners."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """Installed on both sides and in the exchange; knows clients by opaque id only."""

    name = "referrals"
