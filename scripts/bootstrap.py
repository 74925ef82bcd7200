#!/usr/bin/env python3
"""Sets up what the project needs, all inside this folder, and runs one of its commands.

    python3 scripts/bootstrap.py run|test|trial|bench|check|sync [ARGUMENT...]

Needs any Python from 3.9 with pip, nothing else; the Makefile calls it. It gets uv, finds a Python
that is new enough or has uv download one, installs what uv.lock says into .venv, and hands over.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
OLDEST_PYTHON = (3, 12)
OLDEST_UV = (0, 13)
# A Python without these was built on a machine that lacked their libraries; Django needs them.
PROBE = "import ctypes, sqlite3, ssl, sys; print('%d.%d' % sys.version_info[:2])"
TASKS = {
    "run": ["scripts/serve.py"],
    "test": ["scripts/run_tests.py"],
    "trial": ["scripts/run_trial.py"],
    "bench": ["-m", "bench"],
    "check": ["scripts/check.py"],
    "sync": ["-c", "print('Everything is installed.')"],
}
RUN_ONLY = ["--no-dev", "--inexact"]  # inexact: what `make test` installed may stay


def main(arguments: list[str]) -> None:
    if not arguments or arguments[0] not in TASKS:
        sys.exit(f"Say what to do: {', '.join(TASKS)}.")
    os.chdir(ROOT)
    env = house_environment(os.environ)
    uv = find_uv(env) or install_uv(env)
    sync(uv, find_python(env), RUN_ONLY if arguments[0] == "run" else [], env)
    python = str(VENV / "bin" / "python")
    sys.stdout.flush()
    os.execve(python, [python, *TASKS[arguments[0]], *arguments[1:]], env)


def house_environment(environ) -> dict[str, str]:
    """The caller's environment, with every place that tools write to moved into this folder."""
    foreign = {"VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"}
    env = {name: value for name, value in environ.items() if name not in foreign}
    if not env.get("HOME"):
        env.pop("HOME", None)  # an empty one would mean the current folder to some tools
    env["UV_PROJECT_ENVIRONMENT"] = str(VENV)
    env.setdefault("UV_CACHE_DIR", str(ROOT / ".cache" / "uv"))
    env.setdefault("UV_PYTHON_INSTALL_DIR", str(TOOLS / "python"))
    env.setdefault("UV_SYSTEM_CERTS", "1")  # a company mirror's certificate lies in the system
    env.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(ROOT / ".cache" / "ms-playwright"))
    # Compiled once and kept beside its source: a process starts in a third of the time.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env.update(PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PIP_ROOT_USER_ACTION="ignore")
    return env


def find_uv(env: dict[str, str]) -> str | None:
    """A uv that runs and is new enough: a version manager's shim on the PATH may do neither."""
    for uv in [str(TOOLS / "bin" / "uv"), *on_path("uv", env)]:
        version = version_in(output_of([uv, "--version"], env))
        if version and version >= OLDEST_UV:
            return uv
    return None


def install_uv(env: dict[str, str]) -> str:
    """Have pip put uv into .tools, which no distribution's protection of its own Python forbids."""
    print("Getting uv, which installs the rest …", flush=True)
    pip = find_pip(env)
    if pip is None:
        sys.exit(
            f"Missing: pip. {sys.executable} has none and cannot make an environment with one.\n"
            "Install it (on Debian and Ubuntu: apt-get install python3-pip) or put uv on the PATH."
        )
    options = ["--quiet", "--no-cache-dir", "--disable-pip-version-check", "--upgrade"]
    target = ["install", *options, "--target", str(TOOLS), "uv"]
    done = subprocess.run([*pip, *target], env=env, stdin=subprocess.DEVNULL)
    uv = str(TOOLS / "bin" / "uv")
    if done.returncode or output_of([uv, "--version"], env) is None:
        sys.exit(
            "Missing: uv. pip could not install it; its own words stand above. It needs a package\n"
            "index it can reach, or put a uv of version "
            f"{'.'.join(map(str, OLDEST_UV))} or newer on the PATH."
        )
    return uv


def find_pip(env: dict[str, str]) -> list[str] | None:
    for python in dict.fromkeys([sys.executable, *on_path("python3", env)]):
        if output_of([python, "-m", "pip", "--version"], env) is not None:
            return [python, "-m", "pip"]
    # A Python without pip can still bring one along for environments it makes.
    made = output_of([sys.executable, "-m", "venv", str(TOOLS / "pip")], env)
    return None if made is None else [str(TOOLS / "pip" / "bin" / "python"), "-m", "pip"]


def find_python(env: dict[str, str]) -> str | None:
    """A Python to build on: the one asked for, the one in use, the pinned version, any new one."""
    asked = [env[name] for name in ("PYTHON", "UV_PYTHON") if env.get(name)]
    for python in [*filter(None, map(shutil.which, asked)), str(VENV / "bin" / "python")]:
        if is_new_enough(version_of(python, env)):
            return python
    pinned = version_in((ROOT / ".python-version").read_text())
    other = None
    for python in dict.fromkeys(installed_pythons(env)):
        version = version_of(python, env)
        if version == pinned:
            return python
        other = other or (python if is_new_enough(version) else None)
    return other


def installed_pythons(env: dict[str, str]) -> list[str]:
    """Every Python worth a try: this one, the PATH's, inactive pyenv versions, uv's own."""
    names = ["python3.13", "python3.12", "python3.14", "python3", "python"]
    home = Path(env.get("HOME") or os.path.expanduser("~"))
    pyenvs = [Path(env["PYENV_ROOT"])] if env.get("PYENV_ROOT") else []
    pyenvs += [Path(folder).parent for folder in path_of(env) if folder.endswith("/shims")]
    folders = [pyenv / "versions" for pyenv in [*pyenvs, home / ".pyenv"]]
    folders += [Path(env["UV_PYTHON_INSTALL_DIR"]), home / ".local/share/uv/python"]
    managed = [str(path) for folder in folders for path in matches(folder, "*/bin/python3")]
    return [sys.executable, *(python for name in names for python in on_path(name, env)), *managed]


def sync(uv: str, python: str | None, selection: list[str], env: dict[str, str]) -> None:
    command = [uv, "sync", "--frozen", *selection]
    if python is None:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        print(f"No Python {wanted} or newer is installed here; uv tries to get one …", flush=True)
        env = {**env, "UV_PYTHON_PREFERENCE": "only-managed"}  # no shim that fails when called
    else:
        command += ["--python", python]
    command += ["--quiet"] if VENV.exists() else []
    if subprocess.run(command, env=env, stdin=subprocess.DEVNULL).returncode == 0:
        return
    if python is None and not (VENV / "bin" / "python").exists():
        sys.exit(
            f"Missing: Python {wanted} or newer, with its sqlite3 and ssl modules. None was found\n"
            "on the PATH, in pyenv or among uv's own, and uv could not download one (see above).\n"
            "Install one and run this again, or name it: make run PYTHON=/path/to/python3.13"
        )
    sys.exit(
        "The packages of uv.lock could not be installed; uv's own words stand above.\n"
        "They come from the Python Package Index, which has to be reachable the first time."
    )


def path_of(env: dict[str, str]) -> list[str]:
    return env.get("PATH", os.defpath).split(os.pathsep)


def on_path(name: str, env: dict[str, str]) -> list[str]:
    """Every program of this name on the PATH: the first one may be a shim that does not work."""
    return [found for folder in path_of(env) if (found := shutil.which(name, path=folder or "."))]


def matches(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern), reverse=True)
    except OSError:  # a folder that this user may not look into
        return []


def version_of(python: str, env: dict[str, str]) -> tuple[int, ...] | None:
    return version_in(output_of([python, "-c", PROBE], env))


def is_new_enough(version: tuple[int, ...] | None) -> bool:
    return version is not None and version >= OLDEST_PYTHON


def version_in(text: str | None) -> tuple[int, ...] | None:
    """The first `major.minor` in a program's answer."""
    found = re.search(r"(\d+)\.(\d+)", text or "")
    return (int(found[1]), int(found[2])) if found else None


def output_of(command: list[str], env: dict[str, str]) -> str | None:
    """What a program prints; None if it is missing, fails or hangs."""
    try:
        done = subprocess.run(
            command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 else None


if __name__ == "__main__":
    main(sys.argv[1:])
