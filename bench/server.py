"""The production server with one worker, its CPU time, and a client that keeps its connection."""

import http.client
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measured:
    """CPU seconds of the server's process tree and requests a second, for one request."""

    cpu: float
    rate: float


class Server:
    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = os.environ | environment
        self.port = free_port()

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1"]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--log-level", "error"]
        self.process = subprocess.Popen([*command, "config.wsgi:application"], env=self.environment)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self._wait()
        return self

    def __exit__(self, *exception: object) -> None:
        self.connection.close()
        self.process.terminate()
        self.process.wait(30)

    def _wait(self) -> None:
        for _ in range(150):
            try:
                self.get("/bench/static/")
            except OSError:
                self.connection.close()
                time.sleep(0.2)
            else:
                return
        raise RuntimeError("the server did not start within 30 seconds")

    def get(self, path: str, headers: dict[str, str] | None = None) -> bytes:
        headers = {"Accept-Encoding": "gzip"} | (headers or {})
        self.connection.request("GET", path, headers=headers)
        response = self.connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status} {body[:200]!r}")
        return body

    def measure(self, path: str, times: int, headers: dict[str, str] | None = None) -> Measured:
        before, started = cpu_of_tree(self.process.pid), time.perf_counter()
        for _ in range(times):
            self.get(path, headers)
        took = time.perf_counter() - started
        return Measured((cpu_of_tree(self.process.pid) - before) / times, times / took)


def cpu_of_tree(root: int) -> float:
    """CPU seconds that a process and all below it have used so far (Linux)."""
    children: dict[int, list[int]] = {}
    used: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(") ")[2].split()
        except OSError:
            continue  # it ended meanwhile
        pid = int(stat.parent.name)
        children.setdefault(int(fields[1]), []).append(pid)
        used[pid] = int(fields[11]) + int(fields[12])
    total, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        total += used.get(pid, 0)
        waiting += children.get(pid, [])
    return total / TICKS


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]
