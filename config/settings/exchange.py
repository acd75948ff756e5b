"""The exchange: the only process that can open both databases, and it moves sealed envelopes only.

Its roles may read and mark the outboxes and add to the inboxes, nothing else; it holds no key
that opens an envelope.
"""

import secrets

from config.settings.base import *  # noqa: F403
from config.settings.base import database, database_roles, required

SIDE = "exchange"
SECRET_KEY = secrets.token_urlsafe()  # signs nothing: no sessions, no pages
DATABASES = {
    "default": database("DATABASE_URL_CLINICAL_EXCHANGE"),
    "police": database("DATABASE_URL_POLICE_EXCHANGE"),
}
DATABASE_ROLES = database_roles("exchange")
CELERY_BROKER_URL = required("BROKER_URL_EXCHANGE")

INSTALLED_APPS = [
    "config",
    "consent",
    "referrals",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "guardian",
]
ROOT_URLCONF = "config.urls.nothing"
MIDDLEWARE: list[str] = []

CELERY_BEAT_SCHEDULE = {
    "copy the envelopes": {
        "task": "referrals.tasks.copy_envelopes",
        "schedule": 1.0,
        "options": {"expires": 30},
    },
}
