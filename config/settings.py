"""One settings file. What differs between machines comes from the environment (docs/operations.md).

With nothing set it is safe: debug off, HTTPS assumed, hosts limited to this machine. `SITE_URL` is
the one address readers use; an `http://` one (as `make run` sets) turns the HTTPS-only parts off.
"""

import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def secret_key() -> str:
    """The key from the environment, or one made on the first run and kept in `var/`."""
    if key := env.str("SECRET_KEY", default=""):
        return key
    path = VAR_DIR / "secret_key"
    if path.exists():
        return path.read_text().strip()
    # Linked into place whole, so that two processes starting at once agree on one key.
    draft = VAR_DIR / f".secret_key.{secrets.token_hex(8)}"
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(64))
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
    key = path.read_text().strip()
    if len(key) < 50:
        raise ImproperlyConfigured(f"{path} holds no usable key; delete it to have a new one made.")
    return key


SECRET_KEY = secret_key()
DEBUG = env.bool("DEBUG", default=False)

SITE_URL = env.str("SITE_URL", default="https://localhost").rstrip("/")
SITE_NAME = env.str("SITE_NAME", default="Shortlist")
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname, "localhost", "127.0.0.1", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Applications -----------------------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "config.apps.ShortlistAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_ox",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "accounts",
    "api",
    "fulltext",
    "imports",
    "papers",
    "newsletter",
    "prizes",
    "readinglists",
    "search",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "config.middleware.security_headers",
    "config.middleware.known_methods",
    "config.page_cache.anonymous_pages",
    "config.compression.TaggedGZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.private_pages",
    "accounts.middleware.own_time_zone",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
                "config.appearance.appearance",
            ],
        },
    }
]

# --- Database ---------------------------------------------------------------------------------
DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'shortlist.sqlite3'}")
}
DATABASES["default"].setdefault("CONN_MAX_AGE", env.int("CONN_MAX_AGE", default=600))
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A deferred transaction that turns to writing cannot wait for the lock: two thirds of
    # concurrent edits failed with it. `synchronous=FULL`
    # also survives a power cut, three times slower. The cache is each connection's own, and filled
    # as needed; SQLite's 2 MB hold less than the pages one search of a million papers reads.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command=(
            "PRAGMA journal_mode=WAL;"
            f"PRAGMA synchronous={env.str('SQLITE_SYNCHRONOUS', default='NORMAL')};"
            f"PRAGMA cache_size=-{env.int('SQLITE_CACHE_KIB', default=16_384)};"
        ),
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache ------------------------------------------------------------------------------------
# "default" is shared by all processes: limits on sign-in and API are promises, counted once.
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": env.str("CACHE_URL"),
            "KEY_PREFIX": "shortlist",
        }
        if env.str("CACHE_URL", default="")
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "shared_cache",
            # Far above what limits need: a full table drops counts, and with them the limits.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    ),
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=300)

# --- Accounts ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SIGN_UP = env.str("SIGN_UP", default="open")  # open, invitation or closed
if SIGN_UP not in {"open", "invitation", "closed"}:
    raise ImproperlyConfigured("SIGN_UP is one of: open, invitation, closed.")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.AddEmailForm",
    "login": "accounts.forms.SignInForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "signup": "accounts.forms.SignUpForm",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
# "mandatory" is also what lets sign-up answer the same for an address that has an account.
ACCOUNT_EMAIL_VERIFICATION = env.str("EMAIL_VERIFICATION", default="mandatory")
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "accounts.second_factor.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # clocks differ by half a minute
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False
# Whether maintainers need a second factor to enter the admin (config/admin.py). Off only where
# nobody else can listen: plain http on this very machine.
REQUIRE_STAFF_MFA = env.bool(
    "REQUIRE_STAFF_MFA",
    default=HTTPS or urlsplit(SITE_URL).hostname not in {"localhost", "127.0.0.1", "::1"},
)

# --- Mail -------------------------------------------------------------------------------------
# Without SMTP_HOST a site on https hands its mail to this machine's own mail server; a local one
# on http puts it into a folder under var/, to be read there.
SMTP_HOST = env.str("SMTP_HOST", default="")
if SMTP_HOST or HTTPS:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": SMTP_HOST or "localhost",
                "port": env.int("SMTP_PORT", default=587 if SMTP_HOST else 25),
                "username": env.str("SMTP_USER", default=""),
                "password": env.str("SMTP_PASSWORD", default=""),
                "use_tls": env.bool("SMTP_TLS", default=bool(SMTP_HOST)),
                "timeout": 10,
            },
        }
    }
else:
    MAILERS = {
        "default": {
            "BACKEND": "config.mail.EmailBackend",
            "OPTIONS": {"file_path": str(VAR_DIR / "mail")},
        }
    }
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <noreply@{urlsplit(SITE_URL).hostname}>"
)

# --- Security ---------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],
}
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_FAILURE_VIEW = "config.handlers.csrf_failure"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# A thousand lines, or all items of a long list, are chosen by a tick each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000

# --- Background tasks -------------------------------------------------------------------------
# Our code knows `django.tasks` alone; which backend keeps them is said here. In the database a task
# commits with the rows it is about. Any worker takes up what a killed one had begun, once that has
# not renewed its lock for so long: every task is safe to repeat.
TASKS = {
    "default": {
        "BACKEND": "django_ox.backend.OxBackend",
        "OPTIONS": {
            "LOCK_TIMEOUT": env.int("TASK_LOCK_TIMEOUT", default=60),
            # Over two hours for what fails: a mail server may be away. A worker that is killed
            # takes one attempt from what it was at, and the next begins with just that.
            "MAX_ATTEMPTS": 20,
            # Put into the queue by whichever worker is there at the time (UTC), once; a time
            # missed by all of them is made up for, also by a worker started from cron.
            "SCHEDULES": {
                "clean-up": {"task": "config.tasks.clean_up", "cron": "17 3 * * *"},
                "complete": {"task": "papers.tasks.complete_waiting", "cron": "*/15 * * * *"},
                "look-again": {"task": "papers.tasks.look_again", "cron": "41 2 * * *"},
                "reminders": {"task": "prizes.tasks.send_reminders", "cron": "*/5 * * * *"},
                "trash": {"task": "readinglists.tasks.empty_trash", "cron": "23 4 * * *"},
                "duplicates": {"task": "papers.tasks.suggest_duplicates", "cron": "47 3 * * *"},
            },
        },
    }
}
# After so many seconds /readyz says that tasks are late.
TASK_MAX_WAIT = env.int("TASK_MAX_WAIT", default=900)

# --- Completing papers from public services (arXiv, Crossref, OpenAlex) -------------------------
# "asked": when somebody asks for it, or adds a paper by its identifier; "nightly": also what was
# not looked up for long, some hundred papers a night; "off": the site sends no request to anybody.
ENRICH = env.str("ENRICH", default="asked")
if ENRICH not in {"asked", "nightly", "off"}:
    raise ImproperlyConfigured("ENRICH is one of: asked, nightly, off.")
# The services want to know whom to write to, and answer faster if they do.
ENRICH_MAILTO = env.str("ENRICH_MAILTO", default="")
OPENALEX_API_KEY = env.str("OPENALEX_API_KEY", default="")

# --- Languages, time, files -------------------------------------------------------------------
LANGUAGE_CODE = "en"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.authentication.HasScope"],
    "DEFAULT_RENDERER_CLASSES": [
        "api.renderers.JSONRenderer",
        "api.renderers.JSONLinesRenderer",
        "api.renderers.CSVRenderer",
    ],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.RateLimit"],
    "DEFAULT_SCHEMA_CLASS": "api.described.Described",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "api.errors.problem_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": "format",
}
API_RATE_LIMITS = {
    "anonymous": env.str("API_RATE_ANONYMOUS", default="120/60"),  # requests / seconds
    "user": env.str("API_RATE_USER", default="600/60"),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Shortlist API",
    "DESCRIPTION": (
        "Reading needs no key. To write, or for higher limits, make a token on your "
        "[account page](/accounts/tokens/) and send it as `Authorization: Bearer rl_…`. "
        "Collections come in pages, with `next` and `previous`; every answer has an `ETag`, and "
        "what changes or deletes a thing of a list sends it back as `If-Match`. Mistakes are "
        "answered with `application/problem+json`, which names the field. "
        "[Back to the site](/)"
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.describe_answers",
    ],
    "ENUM_NAME_OVERRIDES": {
        "PaperKind": "papers.models.Paper.Kind",
        "EntryKind": "newsletter.models.Entry.Kind",
        "PrizeKind": "prizes.models.Prize.Kind",
        "DeadlineKind": "prizes.models.Deadline.Kind",
        "PrizeStatus": "prizes.status.PrizeStatus",
        "ListRole": "readinglists.models.Role",
        "GivenRole": "readinglists.sharing.members.ROLES",
        "NoteAudience": "readinglists.models.Audience",
        "ReadingProgress": "readinglists.models.ReadingState.State",
        "ListVisibility": "readinglists.models.ReadingList.Visibility",
        "DeadlineStatus": "prizes.status.Status",
        "ImportState": "imports.models.ImportRun.State",
        "ImportOutcome": "imports.models.ImportRow.Outcome",
        "TrackingStage": "prizes.models.Tracking.Stage",
        "CompletionState": "papers.models.Completion.State",
    },
}

# --- Logs -------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "config.logs.MaskingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # It logs every address it asks, with the key in it.
    "loggers": {"httpx2": {"level": "WARNING"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
}
