"""What both sites share. A side's own module names the side, its apps and its screens.

Every value that differs between machines is an environment variable, listed in
``docs/operations.md``; one that is missing stops the start with its name.
"""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.proxies import networks

BASE_DIR = Path(__file__).resolve().parent.parent.parent
STATE_DIR = Path(os.environ.get("STATE_DIR", BASE_DIR / ".bulkhead"))
HTTPS = os.environ.get("BULKHEAD_HTTPS", "0") == "1"


def required(name: str) -> str:
    """The environment variable ``name``, or a start-up error that names it."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"the environment variable {name} is not set (docs/operations.md)")
    return value


def database(name: str) -> dict[str, Any]:
    """Django's settings of the database whose URL stands in the variable ``name``.

    A task waits two seconds for a lock and ten for a statement; a page less (`config.database`);
    an owner's migration waits as long as it takes.
    """
    limits = "" if name.endswith("_OWNER") else "-c statement_timeout=10000 -c lock_timeout=2000"
    parsed = dj_database_url.parse(
        required(name), engine="config.database", conn_max_age=60, conn_health_checks=True
    )
    return parsed | {"OPTIONS": {"connect_timeout": 3, "options": limits}}


def database_of(side: str) -> dict[str, Any]:
    """The side's database: as the app role, or as the owner for migrations."""
    as_owner = os.environ.get("BULKHEAD_AS") == "owner"
    return database(f"DATABASE_URL_{side}_OWNER" if as_owner else f"DATABASE_URL_{side}")


def database_roles(side: str) -> dict[str, str]:
    """The PostgreSQL roles of a side, by what they are for (docs/operations.md)."""
    kinds = ("owner", "app", "gather", "walk", "system", "exchange", "verifier")
    return {kind: f"{side}_{kind}" for kind in kinds}


def wrapping_keys(side: str) -> list[str]:
    """The key files that this process may use: the one for new keys, and during a rotation the one before.

    With a key management service there need be none.
    """
    is_a_service = "KEY_WRAPPING" in os.environ
    newest = os.environ.get(f"WRAPPING_KEY_{side}", "") if is_a_service else required(f"WRAPPING_KEY_{side}")
    return [file for file in (newest, os.environ.get(f"WRAPPING_KEY_{side}_BEFORE", "")) if file]


def ledger_files(side: str) -> dict[str, str]:
    """What lies outside the database about the ledger; the sealer alone is given the first three."""
    return {
        "checkpoint_key": os.environ.get(f"CHECKPOINT_KEY_{side}", ""),
        "checkpoint_public": os.environ.get(f"CHECKPOINT_PUBLIC_{side}", ""),
        "witness": os.environ.get(f"WITNESS_FILE_{side}", ""),
        "witnessed": required("WITNESSED_FILE"),  # what this side keeps of the other's ledger
        "verdict": os.environ.get(f"VERDICT_FILE_{side}", ""),
    }


def cookie(name: str) -> str:
    """The cookie's name; behind HTTPS with the prefix that lets nobody but this host set it (RFC 6265bis)."""
    return f"__Host-{name}" if HTTPS else name


DEBUG = False
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")
TRUSTED_PROXIES = networks(os.environ.get("TRUSTED_PROXIES", ""))  # whose X-Forwarded-For is believed
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
WSGI_APPLICATION = "config.wsgi.application"
FIXTURE_DIRS: list[str] = []

SHARED_APPS = [
    "config",
    "consent",
    "referrals",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
]

# The order matters: whoever is asking is known before AccessMiddleware, the last, opens the
# request's one transaction; what sessions and log-ins write stands outside it and outlives a
# roll-back.
MIDDLEWARE = [
    "config.proxies.CallerMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "consent.middleware.NeutralHeadersMiddleware",
    "config.bodies.BodiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "consent.middleware.IdleLockMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "consent.middleware.AccessMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.shell",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Who has the keys that wrap keys: files, or a function of the city's own (docs/operations.md).
KEY_WRAPPING = os.environ.get("KEY_WRAPPING", "consent.keys.wrapping.from_files")

# Who is asking.
AUTH_USER_MODEL = "consent.Principal"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "consent.backend.GrantBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None  # guardian's anonymous user is nobody here
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # guardian's backend knows no validity; ours does

ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "consent.accounts.AccountAdapter"  # nobody signs up: accounts are given
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": False, "login_failed": False}  # django-axes counts, by account and address
ACCOUNT_FORMS = {"change_password": "consent.accounts.ChangePasswordForm"}
MFA_FORMS = {  # allauth counts in a cache; these count wrong codes as wrong passwords
    "authenticate": "consent.accounts.AuthenticateForm",
    "reauthenticate": "consent.accounts.ReauthenticateForm",
    "authenticate_webauthn": "consent.passkeys.AuthenticateForm",
    "reauthenticate_webauthn": "consent.passkeys.ReauthenticateForm",
    "login_webauthn": "consent.passkeys.LoginForm",
    "add_webauthn": "consent.passkeys.AddForm",
    "edit_webauthn": "consent.passkeys.EditForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours: a survivor's worker is never locked out for the night
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "consent.accounts.counted_name"
# never kept of a form that failed; a password is sometimes typed where the name belongs
AXES_SENSITIVE_PARAMETERS = ["password", "username", "login", "oldpassword", "password1", "password2", "code"]
AXES_ENABLE_ADMIN = False
AXES_HTTP_RESPONSE_CODE = 429

IDLE_LOCK_SECONDS = 30 * 60
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes; a larger body is refused with 413
FILE_UPLOAD_HANDLERS = ["config.bodies.NoFiles"]  # but where a page asks: consent.files.takes_files

LANGUAGE_CODE = "en-us"
TIME_ZONE = "America/New_York"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # no file leaves the database
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
}  # nothing about a person in a cache
EMAIL_BACKEND = (
    "django.core.mail.backends.dummy.EmailBackend"  # nothing is mailed, an error report least of all
)
MESSAGE_STORAGE = (
    "django.contrib.messages.storage.session.SessionStorage"  # a cookie would reach the other site
)
LAW_PACKS = ("us-federal", "us-pa")

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["consent.parsers.StrictJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["consent.access.Nobody"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.errors.problem",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}

# No value of a row, a form or an exception reaches a log: only our own messages, made of ids.
LOGGING_CONFIG = "config.logs.configure"
LOGGING: dict[str, Any] = {"version": 1}  # an empty one, and Django never calls the function

CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 300  # seconds; far below the broker's visibility timeout of an hour
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 3, "socket_connect_timeout": 3}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
