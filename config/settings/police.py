"""The police site: incidents, referrals out, and what was released to a named unit.

It knows no clinical address, no clinical table and no clinical credential.
"""

from celery.schedules import crontab

from config.settings.base import *  # noqa: F403
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

SIDE = "police"
OTHER_SIDE = "clinical"
SECRET_KEY = required("SECRET_KEY_POLICE")
DATABASES = {"default": database_of("POLICE")}
DATABASE_ROLES = database_roles("police")
PRINCIPAL_KEY_FILE = required("PRINCIPAL_KEY_POLICE")
PSEUDONYM_KEY_FILE = required("PSEUDONYM_KEY_POLICE")
SEALING_KEY_FILE = required("SEALING_KEY_POLICE")
KEYS_URL = required("KEYS_URL")  # a database of its own, never in the data's backup
WRAPPING_KEY_FILES = wrapping_keys("POLICE")
OTHER_SIDES_PUBLIC_KEY_FILE = required("SEALING_PUBLIC_CLINICAL")
LEDGER_FILES = ledger_files("POLICE")
CELERY_BROKER_URL = required("BROKER_URL_POLICE")

INSTALLED_APPS = [*SHARED_APPS, "policecore"]
ROOT_URLCONF = "config.urls.police"
STATIC_ROOT = STATE_DIR / "static" / SIDE
SESSION_COOKIE_NAME = cookie("police_session")
CSRF_COOKIE_NAME = cookie("police_csrf")

CELERY_BEAT_SCHEDULE = {
    "tell of the ledger": {
        "task": "referrals.tasks.tell_checkpoint",
        "schedule": crontab(minute="3"),
        "options": {"expires": 1800},
    },
    "open the inbox": {"task": "referrals.tasks.open_inbox", "schedule": 1.0, "options": {"expires": 30}},
    "renew the grants": {"task": "consent.tasks.renew_grants", "schedule": 2.0, "options": {"expires": 30}},
    "send the counts of calls": {
        "task": "policecore.tasks.send_counts",
        "schedule": 10.0,
        "options": {"expires": 300},
    },
    "count the ledger's days": {
        "task": "consent.tasks.count_ledger_days",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
}

NAVIGATION = [
    {"label": "Triage", "url_name": "policecore:triage_list", "roles": ["triage clinician"]},
    {
        "label": "Incidents",
        "url_name": "policecore:incidents",
        "roles": ["officer", "police supervisor", "analyst", "triage clinician"],
    },
    {"label": "My referrals", "url_name": "policecore:referrals", "roles": ["officer", "police supervisor"]},
    {
        "label": "Triage counts",
        "url_name": "policecore:triage_counts",
        "roles": ["police supervisor", "analyst", "triage clinician"],
    },
    {"label": "Import", "url_name": "policecore:quarantine", "roles": ["police supervisor", "analyst"]},
]
