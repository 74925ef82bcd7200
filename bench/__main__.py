"""`make bench`: the table of PERFORMANCE.md, as ratios within one run.

python -m bench [--papers 100000] [--rounds 5] [--database sqlite|postgres|both]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.server import Server
from tests.postgres import Cluster

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    arguments = parser.parse_args()
    chosen = {"both": ["sqlite", "postgres"]}.get(arguments.database, [arguments.database])
    print(f"{arguments.papers:,} papers, medians of {arguments.rounds} interleaved rounds\n")
    print("| row | what | goal | " + " | ".join(chosen) + " |")
    print("| --- | --- | --- |" + " --- |" * len(chosen))
    columns = [dict(run(name, arguments.papers, arguments.rounds)) for name in chosen]
    for row in columns[0]:
        print(f"| {row} | " + " | ".join(column[row] for column in columns) + " |")


def run(database: str, papers: int, rounds: int) -> Iterator[tuple[str, str]]:
    """Each row's number, name and goal, and what was measured."""
    with tempfile.TemporaryDirectory() as folder, database_url(database, folder) as url:
        environment = {
            "DATABASE_URL": url,
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "SITE_URL": "http://127.0.0.1",
            "LOG_LEVEL": "ERROR",
        }
        manage("migrate", "--verbosity=0", environment=environment)
        manage("createcachetable", environment=environment)
        manage("collectstatic", "--noinput", "--verbosity=0", environment=environment)
        # The import first, into a database of its own size.
        inside = subprocess.run(
            [sys.executable, "-m", "bench.inside", "import"],
            cwd=ROOT, env=os.environ | environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        yield "9 | unchanged re-import against the first import | ≥ 5 ×", inside.stdout.strip()
        manage("seed_demo", "--papers", str(papers), environment=environment)
        if database == "postgres":
            manage("shell", "--no-imports", "-c", ANALYZE, environment=environment)
        yield from over_http(environment, rounds)
        inside = subprocess.run(
            [sys.executable, "-m", "bench.inside", "pages"],
            cwd=ROOT,
            env=os.environ | environment | {"PAGE_CACHE_SECONDS": "0"},
            check=True,
            capture_output=True,
            text=True,
        )
        for line in inside.stdout.strip().splitlines():
            row, _, measured = line.partition("\t")
            yield row, measured


ANALYZE = "from django.db import connection; connection.cursor().execute('ANALYZE')"


def over_http(environment: dict[str, str], rounds: int) -> Iterator[tuple[str, str]]:
    page, listing = "/issues/demo-digest-0/", "/papers/"
    api = "/api/v1/papers/?kind=paper&page_size=100"
    token = issue_token(environment)
    headers = {"Authorization": f"Bearer {token}"}
    with Server(environment) as cached:
        cached.get(page)
        pairs = interleaved(cached, rounds, 300, (page, None), ("/bench/static/", None))
    kept, static = pairs
    rate = median(a.rate / b.rate for a, b in zip(kept, static, strict=True))
    yield "1 | cached anonymous page against a static response | ≥ 0.85 ×", f"{rate:.2f} ×"
    with Server(environment | {"PAGE_CACHE_SECONDS": "0"}) as server:
        for row, path, yardstick, sent in (
            ("2 | page of 50 papers, cache off, against its bare JSON | ≤ 8 × CPU",
             listing, "/bench/list/", None),
            ("3 | API page of 100 with filter and token against its bare view | ≤ 1.3 × CPU",
             api, "/bench/api/?kind=paper", headers),
        ):  # fmt: skip
            ours, bare = interleaved(server, rounds, 40, (path, sent), (yardstick, None))
            ratio = median(a.cpu / b.cpu for a, b in zip(ours, bare, strict=True))
            cost = median(a.cpu for a in ours) * 1000
            yield row, f"{ratio:.2f} × ({cost:.1f} ms)"
        yield from of_lists(server, environment, rounds)


def of_lists(server: Server, environment: dict[str, str], rounds: int) -> Iterator[tuple[str, str]]:
    """Row 11: a list of two thousand items against one of fifty; its file by the item."""
    made = subprocess.run(
        [sys.executable, "-m", "bench.lists"],
        cwd=ROOT, env=os.environ | environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    lists = json.loads(made.stdout)
    owner = {"Cookie": lists["session"]}
    for who, sent in (("stranger", None), ("owner", owner)):
        long, short = interleaved(server, rounds, 40, (lists["long"], sent), (lists["short"], sent))
        ratio = median(a.cpu / b.cpu for a, b in zip(long, short, strict=True))
        costs = (median(each.cpu for each in pages) * 1000 for pages in (long, short))
        row = f"11 | list of 2,000 items against one of 50, cache off, {who} | ≤ 2 × CPU"
        yield row, "{:.2f} × ({:.1f} ms, {:.1f} ms)".format(ratio, *costs)


def interleaved(server: Server, rounds: int, times: int, *requests) -> list[list]:
    """Each request measured in every round, after one warm-up each."""
    for path, headers in requests:
        server.measure(path, 10, headers)
    results: list[list] = [[] for _ in requests]
    for _ in range(rounds):
        for place, (path, headers) in enumerate(requests):
            results[place].append(server.measure(path, times, headers))
    return results


def issue_token(environment: dict[str, str]) -> str:
    code = (
        "from accounts.models import ApiToken, User;"
        "user = User.objects.create_user('bench');"
        "print(ApiToken.issue(user, 'bench', ['papers:read'])[1])"
    )
    return manage("shell", "--no-imports", "-c", code, environment=environment).strip()


def manage(*command: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *command],
        env=os.environ | environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return done.stdout


@contextmanager
def database_url(kind: str, folder: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/bench.sqlite3"
        return
    cluster = Cluster.start()
    try:
        yield cluster.url
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
