"""`make run`: bring database and static files up to date, then become the web server.

Beside it runs one worker for background tasks (`worker.py`)."""

import hashlib
import io
import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
CPUS = os.cpu_count() or 1
WORKERS = str(min(2, CPUS))  # enough for a team on one SQLite file; each takes about 100 MB
THREADS = str(min(8, 2 * CPUS))  # of each worker, for requests that wait; each keeps a connection


def main() -> None:
    host = os.environ.get("BIND", "127.0.0.1")
    port = wanted_port()
    refuse_a_taken_port(host, port)
    address = f"http://127.0.0.1:{port}"
    os.environ.setdefault("SITE_URL", address)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path.insert(0, str(ROOT))
    prepare()
    start_task_worker()
    say(f"\nShortlist: {os.environ['SITE_URL']}/  (Ctrl-C stops it)\n")
    serve(host, port)


def wanted_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        sys.exit(f"PORT is a number from 1 to 65535, not {text!r}.")
    return int(text)


def refuse_a_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family)) as probe:
        # As servers do: the last one's closing connections are no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(
                f"Port {port} cannot be used ({error.strerror}). "
                "Stop what runs there, or take another: make run PORT=8001"
            )


def prepare() -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    django.setup()
    say("Database: bringing the tables up to date")
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    load_catalogue(settings.BASE_DIR / "fixtures")
    collect_static_files(Path(settings.STATIC_ROOT), settings.VAR_DIR / "static.stamp")
    tell_how_to_become_maintainer()


def tell_how_to_become_maintainer() -> None:
    from django.core.management import call_command

    answer = io.StringIO()
    call_command("maintainer_link", "--if-none", stdout=answer)
    if (link := answer.getvalue().strip()).startswith("http"):
        say(f"\nNo maintainer yet. Who opens this link first, within a day, becomes one:\n  {link}")
    else:
        command = f"SITE_URL={os.environ['SITE_URL']} .venv/bin/python manage.py maintainer_link"
        say(f"\nFor a link that makes another maintainer: {command}")


def load_catalogue(folder: Path) -> None:
    """Load the fixtures into an empty library; one that holds anything of theirs is left alone."""
    from django.core.management import call_command

    from config.fixtures import ACCOUNTS, CONTENTS

    files = [path for name in CONTENTS if (path := folder / name).exists()]
    labels = {label for labels in CONTENTS.values() for label in labels} - {ACCOUNTS}
    if not files or any(map(has_rows, labels)):
        return
    say("Catalogue: loading the first issues, papers, prizes and lists")
    call_command("loaddata", *map(str, files), verbosity=0)
    call_command("suggest_duplicates", stdout=io.StringIO())


def has_rows(label: str) -> bool:
    from django.apps import apps

    return apps.get_model(label)._base_manager.exists()


def collect_static_files(target: Path, stamp: Path) -> None:
    """Hash and compress the static files again only when one of them has changed."""
    from django.core.management import call_command

    state = state_of_static_files()
    up_to_date = (target / "staticfiles.json").exists() and stamp.exists()
    if up_to_date and stamp.read_text() == state:
        return
    say("Static files: collecting")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(state)


def state_of_static_files() -> str:
    from django.contrib.staticfiles.finders import get_finders

    lines = []
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            lines.append(f"{path} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def say(text: str) -> None:
    print(text, flush=True)


def start_task_worker() -> None:
    """One worker for background tasks, which ends with this process, whatever becomes of it."""
    if (os.environ.get("TASK_WORKER") or "on").lower() in ("off", "0", "no", "false"):
        return
    program = [sys.executable, str(ROOT / "scripts" / "worker.py"), str(os.getpid())]
    # In a session of its own: Ctrl-C ends the server, and the server's end the worker.
    subprocess.Popen(program, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True)


def serve(host: str, port: int) -> NoReturn:
    """Replace this process, so that Ctrl-C and SIGTERM reach the server itself."""
    os.chdir(ROOT)
    arguments = ["--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"]
    arguments += ["--workers", os.environ.get("WORKERS") or WORKERS]
    arguments += ["--blocking-threads", os.environ.get("THREADS") or THREADS]
    arguments += ["--log-level", "warning"]
    program = [sys.executable, "-m", "granian", *arguments, "config.wsgi:application"]
    os.execv(sys.executable, program)


if __name__ == "__main__":
    main()
