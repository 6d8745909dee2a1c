"""Settings: read from the environment, sound without any.

Two profiles. `practice` (the default) runs on one PC over plain HTTP with made-up data;
`real` is strict: HTTPS, secure cookies, no practice data, keys outside the data folder.
"""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(os.environ.get("SANXIAO_DATA", BASE_DIR / "var")).resolve()
TOWNS_DIR = BASE_DIR / "towns"
BUILD_DIR = BASE_DIR / "build"
PROFILE = os.environ.get("SANXIAO_PROFILE", "practice")
if PROFILE not in ("practice", "real"):
    raise ImproperlyConfigured(f"SANXIAO_PROFILE must be 'practice' or 'real', not {PROFILE!r}.")
REAL = PROFILE == "real"

DATA_DIR.mkdir(parents=True, exist_ok=True)
KEY_DIR = Path(os.environ.get("SANXIAO_KEYS", DATA_DIR / "keys")).resolve()
BLOB_DIR = DATA_DIR / "blobs"
FONT_DIRS = [DATA_DIR / "fonts", BUILD_DIR / "fonts"]


def _secret(name: str) -> str:
    """The secret kept in KEY_DIR under `name`; made once, readable by its owner alone."""
    path = KEY_DIR / name
    if not path.exists():
        KEY_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
            out.write(os.urandom(48).hex())
    return path.read_text().strip()


SECRET_KEY = _secret("session")
DEBUG = os.environ.get("SANXIAO_DEBUG") == "1" and not REAL
HOSTS = [h for h in os.environ.get("SANXIAO_HOSTS", "").split(",") if h]
ALLOWED_HOSTS = HOSTS or (["localhost"] if REAL else ["*"])
PUBLIC_BASE_URL = os.environ.get("SANXIAO_URL", "http://127.0.0.1:8000").rstrip("/")
# The public page /tip/ may stand on a host of its own: there nothing else answers, here it leads over to it.
TIP_BASE_URL = os.environ.get("SANXIAO_TIP_URL", "").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL] if REAL else []


def _networks(said: str) -> list[IPv4Network | IPv6Network]:
    """'127.0.0.1, 10.0.0.0/24' as networks."""
    try:
        return [ip_network(each.strip()) for each in said.split(",") if each.strip()]
    except ValueError as error:
        raise ImproperlyConfigured(f"SANXIAO_PROXIES: {error}") from error


# Reverse proxies of ours: what they say of an address (X-Forwarded-For) is believed, and nobody else's word.
PROXIES = _networks(os.environ.get("SANXIAO_PROXIES", ""))

ROOMS = [
    "office", "docket", "papers", "keeping", "archive", "risk", "survey", "zones", "field", "inspection", "sources",
    "guidance", "sampling", "lookback", "licensing", "enforcement", "tips", "joint", "publicity", "campaign", "funds",
    "reports", "oversight", "web",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_q",
    *[f"sanxiao.{room}" for room in ROOMS],
]

MIDDLEWARE = [
    "sanxiao.web.middleware.tips_apart",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sanxiao.web.middleware.idle_end",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "sanxiao.web.urls"
WSGI_APPLICATION = "sanxiao.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "sanxiao.web.templatetags.shell",
                "sanxiao.docket.templatetags.docket",
                "sanxiao.archive.templatetags.archive",
                "django.templatetags.l10n",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "sanxiao.web.shell.frame",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'sanxiao.sqlite3'}", conn_max_age=60
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE + WAL + a long wait: without them most parallel writes fail with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
        "PRAGMA secure_delete=ON;PRAGMA cache_size=-32000;PRAGMA temp_store=MEMORY;"
        "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=67108864",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "office.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "sanxiao.office.passwords.ThreeOfFourClasses"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

# Failed sign-ins are counted per name *and* address: a guesser elsewhere slows only himself,
# the officer at her own desk is never locked out by him.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "sanxiao.docket.limits.asker"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "sanxiao.web.views.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_MINUTES = 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = REAL
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = REAL
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if REAL else None
SECURE_HSTS_SECONDS = 31_536_000 if REAL else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = REAL
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FILES = 110  # ODK Collect sends up to 100 files at once, the answers and a mark beside them
FILE_UPLOAD_PERMISSIONS = 0o600
MAX_UPLOAD_BYTES = 20 * 1024 * 1024

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
PRODUCT_NAME = _("食品三小专项整治")

STATIC_URL = "/static/"
STATIC_ROOT = BUILD_DIR / "static"
STATICFILES_DIRS: list[Path] = []
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 31_536_000  # names carry a hash of their content

Q_CLUSTER = {
    "name": "sanxiao",
    "orm": "default",
    "workers": 1,
    "timeout": 1800,
    "retry": 2400,
    "max_attempts": 2,
    "catch_up": False,
    "poll": 1,
    "label": "jobs",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # The address of a phone holds its key; no log may.
    # Nothing may tell when somebody was on the public tip page: such lines are left out or lose what they tell.
    "filters": {"no_keys": {"()": "sanxiao.web.logs.NoKeys"}, "no_tips": {"()": "sanxiao.web.logs.NoTips"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["no_keys", "no_tips"]}},
    "loggers": {
        "django.request": {"filters": ["no_keys", "no_tips"]},
        "django.security": {"filters": ["no_keys", "no_tips"]},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
