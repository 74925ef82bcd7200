"""Row 5 of PERFORMANCE.md: what a search costs, and how good its order is.

python -m bench.search SMALL_DATABASE_URL LARGE_DATABASE_URL

Both hold `seed_demo` papers; the larger one's costs are told as ratios too. CPU is that of this
process and of its PostgreSQL backend (Linux).
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import mean, median, median_high
from typing import Any

ROUNDS = 9
SAMPLE = 2_000  # titles
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    small, large = (json.loads(run(url)) for url in sys.argv[1:3])
    print(f"{small['papers']:,} and {large['papers']:,} papers\n")
    print("| search | hits | small | large | ratio | overlap@20 |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, measured in large["searches"].items():
        before = small["searches"][name]["cpu"] * 1000
        after = measured["cpu"] * 1000
        print(
            f"| {name} | {measured['hits']:,} | {before:.1f} ms | {after:.1f} ms "
            f"| {after / before:.1f} × | {measured['overlap']:.2f} |"
        )
    for size in (small, large):
        print(f"\nExact title first, {size['papers']:,} papers: {size['first']:.2%} of {SAMPLE:,}")


def run(url: str) -> str:
    environment = os.environ | {"DATABASE_URL": url, "LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "bench.search", "inside"]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def inside() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from papers.models import Paper

    papers = Paper.objects.count()
    measured = {name: measure(queries) for name, queries in chosen(papers).items()}
    measured["two words, all"] = [
        each for own in measured.values() for each in own if len(each["words"]) == 2
    ]
    found = {name: summed_up(own) for name, own in measured.items()}
    print(json.dumps({"papers": papers, "searches": found, "first": titles_first()}))


def chosen(papers: int) -> dict[str, list[list[str]]]:
    """Words by the part of all papers that hold them: a fixed rule, a few of each."""
    from fulltext.models import Term

    def near(share: float, count: int) -> list[str]:
        terms = Term.objects.filter(documents__gte=share * papers, word__regex="^[a-z]+$")
        return list(terms.order_by("documents", "word").values_list("word", flat=True)[:count])

    frequent, some, rare = near(0.35, 4), near(0.04, 4), near(0.0006, 4)
    return {
        "rare": [[word] for word in rare],
        "4 %": [[word] for word in some],
        "35 %": [[word] for word in frequent],
        "two of 35 %": [frequent[:2], frequent[2:]],
        "two of 4 %": [some[:2], some[2:]],
        "35 % and 4 %": [[a, b] for a, b in zip(frequent, some, strict=True)],
        "35 % and rare": [[a, b] for a, b in zip(frequent, rare, strict=True)],
    }


def measure(queries: list[list[str]]) -> list[dict[str, Any]]:
    measured = []
    for words in queries:
        keys = first_page(words)
        cpu = median(cpu_of(words) for _ in range(ROUNDS))
        full, hits = fully_ranked(expression_of(words))
        overlap = len(set(keys) & set(full)) / max(1, len(full))
        measured.append({"words": words, "cpu": cpu, "overlap": overlap, "hits": hits})
    return measured


def summed_up(measured: list[dict[str, Any]]) -> dict[str, float]:
    return {
        "cpu": median(each["cpu"] for each in measured),
        "overlap": mean(each["overlap"] for each in measured),
        "hits": median_high(each["hits"] for each in measured),
    }


def expression_of(words: list[str]):
    from fulltext.expressions import And, Word

    return And(tuple(map(Word, words)))


def first_page(words: list[str]) -> list[int]:
    """The keys of a page of twenty papers, as the search of the site reads them to be shown: with
    count and highlights."""
    from django.contrib.auth.models import AnonymousUser

    from fulltext.query.reading import read_query
    from search.finding import Search
    from search.places import Asker

    query = read_query(" ".join(words))
    assert query, f"{words} ask for nothing"
    search = Search(query, {}, "paper", Asker(AnonymousUser()), is_counted=False)
    return [hit.key for hit in search.hits(search.ranked().keys[:20])]


def cpu_of(words: list[str]) -> float:
    backend = backend_cpu()
    before = time.process_time()
    first_page(words)
    return time.process_time() - before + backend_cpu() - backend


def backend_cpu() -> float:
    """CPU seconds of the PostgreSQL process that serves us; 0 where there is none."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    # Nanoseconds: the ticks of /proc/PID/stat are as long as a search.
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def fully_ranked(expression) -> tuple[list[int], int]:
    """The best twenty of all hits, however long that takes, and how many there are."""
    from django.db.models.expressions import RawSQL

    from fulltext.databases import index
    from fulltext.numbering import bounds
    from fulltext.ranking import search_for
    from fulltext.registry import kind_named
    from papers.models import Paper

    kind = kind_named("paper")
    search = search_for("paper", expression, Paper.objects.all())
    base = bounds(kind)[0]
    rows = Paper.objects.filter(pk__in=RawSQL(*index().all_within(search.match, bounds(kind))))
    numbers = [base + pk for pk in rows.order_by("pk").values_list("pk", flat=True)]
    best: list[tuple[float, int]] = []
    for start in range(0, len(numbers), 5_000):
        scored = search.scored(numbers[start : start + 5_000])
        best += [(score, number) for number, score in scored]
        best = sorted(best, reverse=True)[:20]
    return [number - base for _, number in best], len(numbers)


def titles_first() -> float:
    """How often the paper whose whole title is asked for comes first, of an even sample."""
    from django.contrib.auth.models import AnonymousUser

    from fulltext import engine
    from papers.models import Paper

    visible = Paper.objects.visible_to(AnonymousUser())
    last = visible.order_by("-pk").values_list("pk", flat=True)[0]
    keys = range(1, last + 1, max(1, last // SAMPLE))
    titles = dict(visible.filter(pk__in=list(keys)).values_list("pk", "title"))
    first = 0
    for title in titles.values():
        ranking = engine.ranked("paper", expression_of(title.split()), visible, 1)
        first += visible.filter(pk__in=ranking.keys, title=title).exists()
    return first / len(titles)


if __name__ == "__main__":
    inside() if sys.argv[1:] == ["inside"] else main()
