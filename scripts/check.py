"""`make check`: everything that can be said about the code without running its tests."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = "fixtures/ml_safety_newsletter.jsonl"
PYTHON = sys.executable
BIN = Path(PYTHON).parent

Check = tuple[str, list[str | Path], dict[str, str]]


def main() -> int:
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory(prefix="shortlist-check-") as folder:
        failed = [name for name, command, env in checks(folder) if not passes(name, command, env)]
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed.", flush=True)
    return 1 if failed else 0


def checks(folder: str) -> Iterator[Check]:
    manage: list[str | Path] = [PYTHON, "manage.py"]
    strict: list[str | Path] = [PYTHON, "-W", "error", "manage.py"]
    here = clean_environment(folder)
    # The settings as they are shipped: only what each site has to say for itself is said.
    shipped = {
        **here,
        "SECRET_KEY": "made-up-for-this-check-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
        "SITE_URL": "https://shortlist.example",
        "ALLOWED_HOSTS": "shortlist.example",
    }
    yield "format", [BIN / "ruff", "format", "--check", "."], here
    yield "lint", [BIN / "ruff", "check", "."], here
    yield "types", [BIN / "mypy", "."], here
    if templates := sorted(Path("templates").rglob("*.html")):
        yield "templates", [BIN / "djade", "--target-version", "6.1", "--check", *templates], here
    yield "migrations", [*manage, "makemigrations", "--check", "--dry-run"], here
    deploy: list[str | Path] = ["check", "--deploy", "--fail-level", "WARNING"]
    yield "deployment", [*strict, *deploy], shipped
    yield "fixtures", [*manage, "build_fixtures", "--check", CATALOGUE], here
    schema: list[str | Path] = ["spectacular", "--validate", "--fail-on-warn"]
    yield "API schema", [*manage, *schema, "--file", Path(folder) / "schema.yml"], here


def clean_environment(folder: str) -> dict[str, str]:
    """Nothing of this machine's site: a folder and a database of its own, and no settings."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    return {**env, "VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/check.sqlite3"}


def passes(name: str, command: list[str | Path], env: dict[str, str]) -> bool:
    print(f"\n{name}: {' '.join(str(word) for word in command[:6])}", flush=True)
    return subprocess.run(command, env=env, stdin=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
