"""The site's settings, with what a test run must not share with a site or pay for at every test."""

# ruff: noqa: F403, F405, E402
from tests.database import prepare_environment

FOLDER = prepare_environment()

from config.settings import *

# A file, not memory: live servers, threads and started processes see the same database.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(FOLDER / "test.sqlite3")}

# Hashing is meant to be slow on a site; here it would be most of the run.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]

# The manifest exists after `collectstatic` only; templates are tested without it.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns about a folder that is not there

# Tests of the admin are about the admin; tests/accounts turns the second factor on.
REQUIRE_STAFF_MFA = False

# Tests take their rows back, and with them the version a kept page is filed under.
PAGE_CACHE_SECONDS = 0

# A task runs where it is enqueued; tests/config/test_tasks.py has real workers.
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}

# No test asks anybody; tests/papers/enrichment has services of its own.
ENRICH = "off"
