"""Which database a test run uses, decided before Django reads its settings.

`TEST_DATABASE=sqlite` (the default) is a real file in a folder of the run's own, so that WAL,
immediate transactions, threads and processes behave as on the site. `TEST_DATABASE=postgres` is
`TEST_DATABASE_URL`, or else a server that the run starts itself and stops at its end.
"""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.postgres import Cluster, PostgresUnavailable

SETTINGS = Path(__file__).parent.parent / "config" / "settings.py"


def prepare_environment() -> Path:
    """Point the settings at this run's own folder and database; the folder is returned."""
    folder = run_folder()
    # What this machine's environment says about a site must not change a test's outcome.
    for name in re.findall(r"""env\.\w+\(\s*["']([A-Z_]+)""", SETTINGS.read_text()):
        os.environ.pop(name, None)
    os.environ["SITE_URL"] = "http://testserver"
    os.environ["VAR_DIR"] = str(folder)
    os.environ["DATABASE_URL"] = base_url(folder)
    return folder


def run_folder() -> Path:
    """One folder for the run, made by its first process and inherited by the xdist workers."""
    if known := os.environ.get("SHORTLIST_TEST_FOLDER"):
        return Path(known)
    folder = Path(tempfile.mkdtemp(prefix="shortlist-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["SHORTLIST_TEST_FOLDER"] = str(folder)
    return folder


def base_url(folder: Path) -> str:
    choice = os.environ.get("TEST_DATABASE", "sqlite")
    if choice == "sqlite":
        return f"sqlite:///{folder / 'site.sqlite3'}"
    if choice != "postgres":
        raise pytest.UsageError(f"TEST_DATABASE is sqlite or postgres, not {choice!r}.")
    if "TEST_DATABASE_URL" not in os.environ:
        try:
            cluster = Cluster.start()
        except PostgresUnavailable as error:
            raise pytest.UsageError(str(error)) from error
        atexit.register(cluster.stop)
        os.environ["TEST_DATABASE_URL"] = cluster.url
    return os.environ["TEST_DATABASE_URL"]


def url_of(settings: dict) -> str:
    """The `DATABASE_URL` of a Django connection, for a process that a test starts."""
    if settings["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{settings['NAME']}"
    user, password = quote(settings["USER"], safe=""), quote(settings["PASSWORD"], safe="")
    place = f"{settings['HOST']}:{settings['PORT']}" if settings["PORT"] else settings["HOST"]
    host = settings.get("OPTIONS", {}).get("host")
    query = f"?{urlencode({'host': host})}" if host else ""
    return f"postgres://{user}:{password}@{place}/{settings['NAME']}{query}"
