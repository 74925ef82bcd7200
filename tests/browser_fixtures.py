"""A real Chromium for tests, which takes note of everything a page may not do.

A page opened here fails its test if the console shows an error, the content security policy was
violated, a script failed, a request got an error or would have left the site's own origin.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    Response,
    Route,
    expect,
    sync_playwright,
)

from tests.chromium import find_chromium

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
LOCAL_SCHEMES = ("data:", "blob:", "about:")
# A limit for what hangs, not a measure: cores are shared, and a large page takes its time.
PATIENCE_MS = 60_000
BROWSER_FIXTURES = {"page", "open_page", "browser"}
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", event => console.error(
  `CSP: ${event.effectiveDirective} blocked ${event.blockedURI} ${event.sample}`));
"""

OpenPage = Callable[..., Page]
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = find_chromium()
    if path is None:
        pytest.fail("No Chromium runs here: install Debian's `chromium` or set CHROME to one.")
    return path


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread until the session ends; Django would take
    # every query after it for one from asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with (
        tempfile.TemporaryDirectory(
            prefix="shortlist-chromium-", ignore_cleanup_errors=True
        ) as home,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium_path,
            args=list(FLAGS),
            env={**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home},
        )
        yield browser
        browser.close()


class Complaints(list[str]):
    """What the pages of one test did that they may not; a test that provokes it may clear it."""

    def __init__(self, origin: str) -> None:
        super().__init__()
        self.origin = origin

    def watch(self, page: Page) -> None:
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.append(f"script failed: {error}"))
        page.on("response", self.check)

    def hear(self, message: ConsoleMessage) -> None:
        # Chromium's own line for a failed request; `check` judges those, with their address.
        failed_request = message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not failed_request:
            self.append(f"console {message.type}: {message.text}")

    def check(self, response: Response) -> None:
        """A page that was asked for may be a 404; what it loads may not."""
        if response.status >= 400 and not response.request.is_navigation_request():
            self.append(f"{response.status} for {response.url}")

    def is_home(self, request: Request) -> bool:
        return request.url.startswith((f"{self.origin}/", *LOCAL_SCHEMES))

    def guard(self, route: Route) -> None:
        if self.is_home(route.request):
            route.continue_()
        else:
            self.append(f"left the origin: {route.request.url}")
            route.abort()


@pytest.fixture
def complaints(live_server: Any) -> Complaints:
    return Complaints(live_server.url)


@pytest.fixture
def open_page(browser: Browser, live_server: Any, complaints: Complaints) -> Iterator[OpenPage]:
    """Opens pages of the live server, each in a profile of its own.

    Takes Playwright's context options (`viewport`, `color_scheme`, `java_script_enabled`, …) and
    `user`, who is then signed in.
    """
    contexts = []

    def open_page(*, user: Any = None, **options: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, locale="en-GB", **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.route("**/*", complaints.guard)
        context.add_init_script(REPORT_VIOLATIONS)
        if user is not None:
            client = Client()
            client.force_login(user)
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}]
            )
        page = context.new_page()
        complaints.watch(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """Where pictures go: `SCREENSHOTS=<folder>` keeps them to be looked at."""
    kept = os.environ.get("SCREENSHOTS")
    folder = Path(kept) if kept else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    return folder
