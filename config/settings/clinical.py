"""The clinical site: care, consent, the ledger of what left, and the partners' API."""

import os

from celery.schedules import crontab

from config.settings.base import *  # noqa: F403
from config.settings.base import MIDDLEWARE as SHARED_MIDDLEWARE
from config.settings.base import (
    SHARED_APPS,
    STATE_DIR,
    cookie,
    database_of,
    database_roles,
    ledger_files,
    required,
    wrapping_keys,
)

SIDE = "clinical"
OTHER_SIDE = "police"
SECRET_KEY = required("SECRET_KEY_CLINICAL")
DATABASES = {"default": database_of("CLINICAL")}
DATABASE_ROLES = database_roles("clinical")
PRINCIPAL_KEY_FILE = required("PRINCIPAL_KEY_CLINICAL")
PSEUDONYM_KEY_FILE = required("PSEUDONYM_KEY_CLINICAL")
SEALING_KEY_FILE = required("SEALING_KEY_CLINICAL")
KEYS_URL = required("KEYS_URL")  # a database of its own, never in the data's backup
WRAPPING_KEY_FILES = wrapping_keys("CLINICAL")
# What phones keep without a signal is sealed to the first; during a change the one before still opens.
PHONE_KEY_FILES = [
    file for file in (required("PHONE_KEY_CLINICAL"), os.environ.get("PHONE_KEY_CLINICAL_BEFORE", "")) if file
]
OTHER_SIDES_PUBLIC_KEY_FILE = required("SEALING_PUBLIC_POLICE")
LEDGER_FILES = ledger_files("CLINICAL")
CELERY_BROKER_URL = required("BROKER_URL_CLINICAL")

INSTALLED_APPS = [*SHARED_APPS, "rest_framework", "drf_spectacular", "referrals.partners", "clinical"]
# Whose token it is has to be known before anybody without a session is sent to sign in.
_SIGNED_IN = SHARED_MIDDLEWARE.index("consent.middleware.IdleLockMiddleware") + 1
MIDDLEWARE = [
    *SHARED_MIDDLEWARE[:_SIGNED_IN],
    "referrals.partners.middleware.PartnerTokenMiddleware",
    *SHARED_MIDDLEWARE[_SIGNED_IN:],
]
# Official words that a release must carry (55 Pa. Code 5100.34(d); 35 P.S. 7607), by obligation:
# "OBL-PA-MH-STMT", "OBL-PA-HIV-STMT". While one is empty, what needs it is refused.
STATE_STATEMENTS: dict[str, str] = {}
ROOT_URLCONF = "config.urls.clinical"
STATIC_ROOT = STATE_DIR / "static" / SIDE
SESSION_COOKIE_NAME = cookie("clinical_session")
CSRF_COOKIE_NAME = cookie("clinical_csrf")

CELERY_BEAT_SCHEDULE = {
    "tell of the ledger": {
        "task": "referrals.tasks.tell_checkpoint",
        "schedule": crontab(minute="3"),
        "options": {"expires": 1800},
    },
    "compare new clients": {
        "task": "clinical.matching.tasks.match_waiting_clients",
        "schedule": 15.0,
        "options": {"expires": 30},
    },
    "alarm overdue emergency reviews": {
        "task": "clinical.emergency.tasks.alarm_overdue_emergency_reviews",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    # every hour, so that no night is missed; what is built already is left alone
    "build the days of the drop-in desk": {
        "task": "clinical.dropin.tasks.build_service_days",
        "schedule": 3600.0,
        "options": {"expires": 1800},
    },
    "open the inbox": {"task": "referrals.tasks.open_inbox", "schedule": 1.0, "options": {"expires": 30}},
    "renew the grants": {"task": "consent.tasks.renew_grants", "schedule": 2.0, "options": {"expires": 30}},
    "count the ledger's days": {
        "task": "consent.tasks.count_ledger_days",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Bulkhead partner API",
    "DESCRIPTION": (
        "Referrals to a partner organization. Every read is decided again; a referral whose basis "
        "has ended answers like one that never was."
    ),
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
}

NAVIGATION = [
    {"label": "Tonight", "url_name": "clinical:tonight", "roles": ["social worker", "peer", "case manager"]},
    {
        "label": "Work list",
        "url_name": "clinical:work",
        "roles": ["social worker", "peer", "case manager", "clinical supervisor"],
    },
    {
        "label": "Clients",
        "url_name": "clinical:clients",
        "roles": ["social worker", "peer", "case manager", "clinical supervisor"],
    },
    {
        "label": "Episodes",
        "url_name": "clinical:episodes",
        "roles": ["social worker", "peer", "case manager", "clinical supervisor"],
    },
    {
        "label": "Referrals",
        "url_name": "clinical:handoffs",
        "roles": ["social worker", "peer", "case manager", "clinical supervisor"],
    },
    {
        "label": "Outreach",
        "url_name": "clinical:outreach",
        "places": [
            "clinical:desks",
            "clinical:groups",
            "clinical:events",
            "clinical:slips",
            "clinical:my_time",
        ],
        "roles": ["social worker", "peer", "case manager", "clinical supervisor"],
    },
    {
        "label": "Emergency",
        "url_name": "clinical:emergency",
        "roles": ["social worker", "peer", "case manager", "clinical supervisor"],
    },
    {
        "label": "Out alone",
        "url_name": "clinical:out_alone",
        "roles": ["clinical supervisor", "program manager"],
    },
    {"label": "Refer", "url_name": "clinical:refer_in", "roles": ["referrer"]},
    {
        "label": "Reviews",
        "url_name": "clinical:emergency_reviews",
        "roles": ["clinical supervisor", "program manager", "privacy officer"],
    },
    {
        "label": "Matching",
        "url_name": "clinical:pairs",
        "roles": ["clinical supervisor", "privacy officer"],
    },
    {
        "label": "Complaints",
        "url_name": "clinical:complaints",
        "roles": ["clinical supervisor", "program manager", "privacy officer"],
    },
    {"label": "Labels", "url_name": "clinical:lowerings", "roles": ["clinical supervisor"]},
    {"label": "Ledger", "url_name": "clinical:ledger", "roles": ["compliance officer", "privacy officer"]},
    {"label": "Post-box", "url_name": "clinical:postbox", "roles": ["privacy officer"]},
    {
        "label": "Programs",
        "url_name": "clinical:programs",
        "roles": ["compliance officer", "privacy officer", "program manager", "clinical supervisor"],
    },
    {
        "label": "Ask the engine",
        "url_name": "clinical:bench",
        "roles": ["privacy officer", "clinical supervisor", "program manager"],
    },
]
