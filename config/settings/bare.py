"""Settings for commands that need no database, no keys and no environment (`manage.py decide`)."""

import secrets

SECRET_KEY = secrets.token_urlsafe()  # signs nothing; Django asks for one
INSTALLED_APPS = ["consent.apps.BareConsentConfig"]
DATABASES: dict[str, dict[str, str]] = {}
USE_TZ = True
TIME_ZONE = "America/New_York"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
