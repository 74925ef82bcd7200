import sys
from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from papers.enrichment.runs import (
    LAST_WEEK,
    RECENT,
    TRY_AGAIN,
    Result,
    complete_papers,
    not_looked_up_since,
)
from papers.identifiers import identify
from papers.models import Completion, Identifier, Paper

SOMETHING_IS_LEFT = 2
SHOWN = 20


class Command(BaseCommand):
    help = "Complete papers from arXiv, Crossref and OpenAlex; stopped, it goes on where it was."

    def add_arguments(self, parser):
        parser.add_argument(
            "papers",
            nargs="*",
            metavar="PAPER",
            help="citation keys, arXiv ids or DOIs; without any, all not looked up for --days",
        )
        parser.add_argument("--dry-run", action="store_true", help="show changes, save none")
        parser.add_argument("--days", type=int, default=30, help="default: %(default)s")
        parser.add_argument("--limit", type=int, metavar="N", help="at most so many papers")
        parser.add_argument(
            "--refresh", action="store_true", help="ask again what was answered this week"
        )

    def handle(self, *, papers, dry_run, days, limit, refresh, **options):
        if settings.ENRICH == "off":
            raise CommandError("Completing papers is turned off (ENRICH=off).")
        if not 0 <= days <= 36500 or (limit is not None and limit < 1):
            raise CommandError("--days is from 0 to 36500, --limit at least 1.")
        ids = [find(name) for name in papers] if papers else self.waiting(days, limit)
        counts: Counter[str] = Counter()
        failures: list[str] = []
        max_age = RECENT if refresh else LAST_WEEK
        with tqdm(
            total=len(ids), unit=" papers", file=sys.stderr, disable=None, leave=False
        ) as bar:
            for result in complete_papers(ids[:limit], max_age=max_age, save=not dry_run):
                counts[result.outcome] += 1
                bar.update()
                if dry_run:
                    self.show(result)
                if result.detail:
                    failures.append(f"paper {result.paper}: {result.detail}")
        self.tell(counts, failures, dry_run=dry_run)
        if any(counts[outcome] for outcome in TRY_AGAIN):
            sys.exit(SOMETHING_IS_LEFT)

    def waiting(self, days: int, limit: int | None) -> list[int]:
        """What somebody asked for first, then what was not looked up for long."""
        asked = Completion.objects.due().values_list("paper", flat=True)
        papers = not_looked_up_since(timezone.now() - timedelta(days=days))
        others = papers.values_list("pk", flat=True)
        return list(dict.fromkeys([*asked[:limit], *others[:limit]]))[:limit]

    def show(self, result: Result) -> None:
        with tqdm.external_write_mode():
            for name, before, after in result.changes.made:
                self.stdout.write(f"paper {result.paper}: {name}: {before!r} -> {after!r}")
            for line in result.changes.conflicts:
                self.stdout.write(f"paper {result.paper}: to review: {line}")

    def tell(self, counts: Counter[str], failures: list[str], *, dry_run: bool) -> None:
        for line in failures[:SHOWN]:
            self.stderr.write(line)
        if len(failures) > SHOWN:
            self.stderr.write(f"and {len(failures) - SHOWN} more")
        told = " ".join(f"{name} {counts[name]}" for name in Completion.Outcome.values)
        self.stdout.write(f"{'dry run, nothing saved: ' * dry_run}{told}")


def find(name: str) -> int:
    """The paper of a citation key, an arXiv id or a DOI."""
    identity = identify(name)
    named = Identifier.objects.filter(
        scheme=identity.scheme if identity else "", value=identity.value if identity else ""
    ).values("paper")
    papers = Paper.objects.filter(merged_into=None)
    found = papers.filter(citation_key=name) | papers.filter(pk__in=named)
    if (paper := found.first()) is None:
        raise CommandError(f"There is no paper {name!r}.")
    return paper.pk
