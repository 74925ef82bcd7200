"""The site in a process that can be killed and is back at once.

Django is loaded once, in a process that serves nothing and opens no database. Each life of the
server is a fork of it, listening on the same socket; killing one takes all its threads and
connections with it, whatever they were at. Run as a program: it says its port, then for every
line it reads it starts a life and says its process id.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

ROOT = Path(__file__).resolve().parents[3]
# More than write at once: none is turned away while the server is down.
WAITING = 128
# So many requests are worked on at once, as the production server's few threads do; the others wait
# for a thread, and not all of them for SQLite's one writer, which lets nobody in by turn.
AT_ONCE = 4


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    free_threads = threading.BoundedSemaphore(AT_ONCE)

    def process_request_thread(self, *arguments: Any) -> None:
        from django.db import connections

        with self.free_threads:
            super().process_request_thread(*arguments)
            connections.close_all()


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        pass


class Site:
    """Starts and kills lives of the server, from the test's side."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__],
            env={**environment, "API_RATE_USER": "1000000/60", "API_RATE_ANONYMOUS": "1000000/60"},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self._said())
        self.life: int | None = None

    def _said(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the server's process ended"
        return line

    def start(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.life = int(self._said())

    def kill(self) -> None:
        assert self.life is not None
        os.kill(self.life, signal.SIGKILL)
        self.life = None

    def close(self) -> None:
        if self.life is not None:
            self.kill()
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)
        assert self.process.stdout is not None
        self.process.stdout.close()


def serve_for_ever(listening: socket.socket, application: Any) -> None:
    server = Server(listening.getsockname(), Quiet, bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    server.server_name, server.server_port = listening.getsockname()
    server.setup_environ()
    server.set_app(application)
    server.serve_forever()


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from config.wsgi import application

    warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are nobody's to wait for
    listening = socket.create_server(("127.0.0.1", 0), backlog=WAITING)
    say(listening.getsockname()[1])
    for _ in sys.stdin:
        life = os.fork()
        if not life:
            die_with_the_parent()
            serve_for_ever(listening, application)
        say(life)


def die_with_the_parent() -> None:
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def warm_up() -> None:
    """Load what a first request loads, and leave no connection open for the lives to share."""
    from django.db import connections
    from django.test import Client

    Client().get("/api/v1/lists/")
    connections.close_all()


def say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
