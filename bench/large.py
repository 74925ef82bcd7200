"""Rows 4 and 6 of PERFORMANCE.md over a database that is there already, of whatever size.

python -m bench.large DATABASE_URL [--part 50000] [--row 990000] [--long 200000]

CPU is that of this process and of its PostgreSQL backend (Linux).
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import batched
from statistics import median
from typing import Any

from bench.search import backend_cpu

ROUNDS = 5
PAGES = 15


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.large", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--part", type=int, default=50_000, help="papers exported a round")
    parser.add_argument("--row", type=int, default=990_000, help="how deep a page is read")
    parser.add_argument("--long", type=int, default=200_000, help="papers exported for the memory")
    asked = parser.parse_args()
    given = {"DATABASE_URL": asked.url, "LOG_LEVEL": "ERROR", "SITE_URL": "http://127.0.0.1"}
    given |= {"DJANGO_SETTINGS_MODULE": "bench.settings", "PAGE_CACHE_SECONDS": "0"}
    command = [sys.executable, "-m", "bench.large", "inside", json.dumps(vars(asked))]
    subprocess.run(command, env=os.environ | given, check=True)


def inside(part: int, row: int, long: int, **_: object) -> None:
    import django

    django.setup()

    from papers.models import Paper

    print(f"{Paper.objects.count():,} papers\n")
    get("/api/v1/papers/?page_size=50")  # what is loaded once is not counted
    deep, first = deep_page(row), "/api/v1/papers/?page_size=50"
    pairs = [(cpu(lambda: get(deep)), cpu(lambda: get(first))) for _ in range(PAGES)]
    tell(f"6 | page at row {row:,} against the first", pairs)
    check_the_yardstick()
    pairs = [
        (cpu(lambda: drain(exported(part))), cpu(lambda: drain(aggregated(part))))
        for _ in range(ROUNDS)
    ]
    tell(f"4 | JSONL of {part:,} papers against the database's own JSON", pairs)
    tell_memory(long)


def tell(name: str, pairs: list[tuple[float, float]]) -> None:
    ratio = median(ours / bare for ours, bare in pairs)
    ours, bare = (median(column) * 1000 for column in zip(*pairs, strict=True))
    print(f"{name} | {ratio:.2f} × ({ours:,.1f} ms, {bare:,.1f} ms)", flush=True)


def cpu(action: Callable[[], object]) -> float:
    backend, before = backend_cpu(), time.process_time()
    action()
    return time.process_time() - before + backend_cpu() - backend


@cache
def client() -> Any:
    from django.test import Client

    return Client(SERVER_NAME="127.0.0.1")


def get(path: str) -> Any:
    response = client().get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response


def deep_page(row: int) -> str:
    """The page after so many rows: its cursor is made from the twenty before it alone."""
    from django.contrib.auth.models import AnonymousUser

    from api.keyset import Key, Ordering, keyset_page
    from papers.models import Paper
    from papers.viewsets import PaperViewSet

    visible = Paper.objects.visible_to(AnonymousUser())
    keys = list(visible.newest_first().values_list("pk", flat=True)[row - 20 : row + 1])
    ordering = Ordering.read("-published", PaperViewSet.orderings, Key("id"))
    page = keyset_page(Paper.objects.filter(pk__in=keys), ordering, None, 20)
    return f"/api/v1/papers/?page_size=50&cursor={page.next}"


def exported(count: int) -> Iterator[bytes]:
    """The export as it streams, until there are so many lines."""
    response = get("/papers/export/?format=jsonl")
    for part in response.streaming_content:
        yield part
        count -= part.count(b"\n")
        if count <= 0:
            return


def aggregated(count: int) -> Iterator[str]:
    """The same papers in the same order, their lines written by the database."""
    from django.db import connection

    sql = SQL[connection.vendor].replace("?", str(count))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("BEGIN")
            cursor.execute(f"DECLARE lines NO SCROLL CURSOR FOR {sql}")
            while cursor.execute("FETCH 500 FROM lines") or True:
                rows = cursor.fetchall()
                if not rows:
                    break
                yield from (row[0] for row in rows)
            cursor.execute("COMMIT")
        else:
            cursor.execute(sql)
            for rows in batched(iter(cursor.fetchone, None), 500):
                yield from (row[0] for row in rows)


def check_the_yardstick(count: int = 200) -> None:
    """It says what the export says: the database may leave out no work."""
    ours = b"".join(exported(count)).splitlines()[:count]
    bare = aggregated(count)
    for mine, its in zip(map(json.loads, ours), map(json.loads, bare), strict=True):
        its["is_retracted"] = bool(its["is_retracted"])
        for name in RELATED:
            its[name] = its[name] or []
        assert mine.pop("web_url").startswith(its.pop("web_url"))
        assert mine == its, (mine, its)


def drain(lines: Iterator[bytes] | Iterator[str]) -> int:
    return sum(map(len, lines))


def tell_memory(count: int) -> None:
    """The peak after a tenth of so many lines, and after all of them."""
    read, peak = 0, 0.0
    for part in exported(count):
        read += part.count(b"\n")
        if not peak and read >= count // 10:
            peak = peak_memory()
    print(
        f"4 | memory of the export | {peak:,.0f} MB after {count // 10:,} lines, "
        f"{peak_memory():,.0f} MB after {read:,}"
    )


def peak_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# All that the export says of a paper, but that its address holds no title.
DATE = "CAST(p.published_order AS text)"
YEAR, MONTH, DAY = f"substr({DATE}, 1, 4)", f"substr({DATE}, 5, 2)", f"substr({DATE}, 7, 2)"
FULL_DATE = f"{YEAR} || '-' || {MONTH} || '-' || {DAY}"
PLAIN = ("id", "kind", "title", "title_source", "citation_key")
OPTIONAL = (
    *("venue", "abstract", "url", "pdf_url", "code_url", "editor_note"),
    *("retraction_note", "retraction_url"),
)
MEMBERS = {
    **{name: f"p.{name}" for name in PLAIN},
    **{name: f"nullif(p.{name}, '')" for name in OPTIONAL},
    "published": (
        "CASE WHEN p.published_year IS NULL THEN NULL "
        f"WHEN p.published_month IS NULL THEN {YEAR} "
        f"WHEN p.published_day IS NULL THEN {YEAR} || '-' || {MONTH} ELSE {FULL_DATE} END"
    ),
    "published_on": f"CASE WHEN p.published_day > 0 THEN {FULL_DATE} END",
    "is_retracted": "p.retraction_note > ''",
    "mention_count": (
        "(SELECT count(*) FROM newsletter_link l JOIN newsletter_issue s ON s.id = l.issue_id "
        "JOIN newsletter_publication u ON u.id = s.publication_id "
        "WHERE l.paper_id = p.id AND l.withdrawn_at IS NULL AND s.withdrawn_at IS NULL "
        "AND NOT s.is_hidden AND NOT u.is_hidden)"
    ),
    "web_url": "'http://127.0.0.1/papers/' || p.id || '/'",
}
# What stands for one of them, and the rows in their order.
RELATED = {
    "authors": (
        "{make}('name', r.name, 'orcid', r.orcid)",
        "SELECT a.name_as_printed AS name, w.orcid AS orcid FROM papers_authorship a "
        "LEFT JOIN papers_author w ON w.id = a.author_id "
        "WHERE a.paper_id = p.id ORDER BY a.position",
    ),
    "identifiers": (
        "{make}('scheme', r.scheme, 'value', r.value)",
        "SELECT i.scheme, i.value FROM papers_identifier i WHERE i.paper_id = p.id ORDER BY 1, 2",
    ),
    "topics": (
        "r.slug",
        "SELECT t.slug FROM papers_paper_topics f JOIN papers_topic t ON t.id = f.topic_id "
        "WHERE f.paper_id = p.id ORDER BY 1",
    ),
}


def aggregate(make: str, group: str) -> str:
    parts = [f"'{name}', {value}" for name, value in MEMBERS.items()]
    parts += [
        f"'{name}', (SELECT {group}({value.format(make=make)}) FROM ({rows}) r)"
        for name, (value, rows) in RELATED.items()
    ]
    return (
        f"SELECT {make}({', '.join(parts)}) FROM papers_paper p "
        "WHERE p.merged_into_id IS NULL AND NOT p.is_hidden "
        "ORDER BY p.published_order DESC, p.id DESC LIMIT ?"
    )


# As text: psycopg would read JSON again.
SQL = {
    "sqlite": aggregate("json_object", "json_group_array"),
    "postgresql": aggregate("json_build_object", "json_agg").replace(
        ") FROM papers_paper", ")::text FROM papers_paper"
    ),
}


if __name__ == "__main__":
    inside(**json.loads(sys.argv[2])) if sys.argv[1] == "inside" else main()
