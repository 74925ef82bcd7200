"""Where a Chromium lies that really runs."""

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_chromium() -> str | None:
    """The browser named by `CHROME`, on the `PATH`, or fetched by Playwright; None without any."""
    named = os.environ.get("CHROME")
    candidates = [named, *map(shutil.which, NAMES), *downloaded_by_playwright()]
    return next((path for path in candidates if path and runs(path)), None)


def downloaded_by_playwright() -> list[str]:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "~/.cache/ms-playwright")).expanduser()
    return [str(path) for path in sorted(folder.glob("chromium-*/*/chrome"), reverse=True)]


def runs(path: str) -> bool:
    """Whether it starts: a `chromium-browser` can be a mere hint to install something else."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0
