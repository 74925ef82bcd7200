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

from playwright._impl._driver import compute_driver_executable  # noqa: E402

from tests.chromium import find_chromium, runs  # noqa: E402

AGAIN = {"TEST_ONLY": "database", "HYPOTHESIS_PROFILE": "brief"}
# Whole folders of which nothing is tried again: not even read.
NOT_AGAIN = ("accounts", "browser", "markup", "newsletter/reader", "prizes/reader")


def main(arguments: list[str]) -> int:
    ensure_browser()
    # What needs no database, or comes out the same on any, is tried on the first one alone.
    first, *others = wanted_databases()
    outcomes = [run_pytest(first, arguments)]
    left_out = [f"--ignore=tests/{folder}" for folder in NOT_AGAIN]
    outcomes += [run_pytest(other, [*arguments, *left_out], **AGAIN) for other in others]
    return max(outcomes)


def wanted_databases() -> list[str]:
    if os.environ.get("TEST_POSTGRES", "").lower() == "off":
        return ["sqlite"]
    return ["sqlite", "postgres"]


def run_pytest(database: str, arguments: list[str], **environment: str) -> int:
    print(f"\nThe tests on {database}", flush=True)
    # More than one a core: tests wait for browsers, servers and disks two fifths of their time.
    workers = os.environ.get("TEST_WORKERS") or str(min(3 * (os.cpu_count() or 2) // 2, 8))
    # Neighbours stay together, with what they have set up; who is done early helps the others.
    spread = ["-n", workers, "--dist", "worksteal"]
    command = [sys.executable, "-m", "pytest", *spread, *arguments]
    env = {**os.environ, "TEST_DATABASE": database, **environment}
    return subprocess.run(command, env=env).returncode


def ensure_browser() -> None:
    """Find a Chromium and what drives it, or install them: as root on Debian, or by Playwright."""
    if driver_runs() and find_chromium():
        return
    print("No Chromium, or not all it needs: installing that for the browser tests …", flush=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install_with_apt()
    if not driver_runs():
        sys.exit(
            "Missing: what Playwright's driver needs to run, most likely libatomic "
            "(on Debian and Ubuntu: apt-get install libatomic1)."
        )
    if not find_chromium():
        install_with_playwright()
    if not find_chromium():
        sys.exit(
            "Missing: Chromium, for the tests in a browser. It could be installed neither as the\n"
            "distribution's package (that takes root) nor by Playwright (that takes its download\n"
            "servers). Install one (on Debian: apt-get install chromium) or set CHROME to its path."
        )


def driver_runs() -> bool:
    node, _ = compute_driver_executable()
    return runs(node)


def install_with_apt() -> None:
    packages = ["libatomic1", *([] if find_chromium() else ["chromium"])]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-qq"], install):
        subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def install_with_playwright() -> None:
    as_root = ["--with-deps"] if os.geteuid() == 0 and shutil.which("apt-get") else []
    command = [sys.executable, "-m", "playwright", "install", *as_root, "chromium"]
    subprocess.run(command, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
