"""`make test`: the whole suite on SQLite and on PostgreSQL, in a real browser where it needs one.

Further arguments go to pytest. The last line is pytest's own; the exit status is 0 only if both
runs passed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.chromium import find_chromium  # noqa: E402


def main(arguments: list[str]) -> int:
    ensure_chromium()
    outcomes = [run_pytest(database, arguments) for database in wanted_databases()]
    return max(outcomes)


def wanted_databases() -> list[str]:
    if os.environ.get("TEST_POSTGRES", "").lower() == "off":
        return ["sqlite"]
    return ["sqlite", "postgres"]


def run_pytest(database: str, arguments: list[str]) -> int:
    print(f"\nThe tests on {database}", flush=True)
    workers = os.environ.get("TEST_WORKERS") or str(min(os.cpu_count() or 2, 8))
    command = [sys.executable, "-m", "pytest", "-n", workers, *arguments]
    return subprocess.run(command, env={**os.environ, "TEST_DATABASE": database}).returncode


def ensure_chromium() -> None:
    """Find a Chromium or install one: the distribution's as root on Debian, else Playwright's."""
    if find_chromium():
        return
    print("No Chromium here; installing one for the browser tests …", flush=True)
    for install in (install_with_apt, install_with_playwright):
        install()
        if find_chromium():
            return
    sys.exit(
        "Missing: Chromium, for the tests in a browser. It could be installed neither as the\n"
        "distribution's package (that takes root) nor by Playwright (that takes its download\n"
        "servers). Install one (on Debian: apt-get install chromium), or set CHROME to its path."
    )


def install_with_apt() -> None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    for command in (["apt-get", "update", "-qq"], install):
        subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def install_with_playwright() -> None:
    as_root = ["--with-deps"] if os.geteuid() == 0 and shutil.which("apt-get") else []
    command = [sys.executable, "-m", "playwright", "install", *as_root, "chromium"]
    subprocess.run(command, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
