"""Synthetic load for benchmarks and trials: the same rows for the same numbers, every time."""

import random
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import accumulate, batched, groupby

from django.db import transaction

from api.changes import record
from api.models import Change
from config.demo_lists import add_lists
from fulltext.indexing import gathering
from newsletter.models import Entry, Issue, Link, Publication
from papers.models import Author, Authorship, Identifier, Paper, Topic
from prizes.models import Announcement, Deadline, Prize

BATCH = 1_000
PAPERS_AN_ISSUE = 200
PAPERS_A_PRIZE = 500
SYLLABLES = "al an ar be co de el en er fi ga in ka lo ma ne or pa ra se ti un ve zo"
NAMESPACE = uuid.UUID("0d3f5e4e-6f0f-5e9a-8a1c-70d6d3f0a9b4")


class Words:
    """A vocabulary whose words occur as words do: the n-th most frequent 1/n as often (Zipf)."""

    SIZE = 20_000

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    @cached_property
    def vocabulary(self) -> list[str]:
        seen: dict[str, None] = {}
        while len(seen) < self.SIZE:
            count = self.chance.choice((2, 3, 3, 4))
            seen["".join(self.chance.choices(SYLLABLES.split(), k=count))] = None
        return list(seen)

    @cached_property
    def weights(self) -> list[float]:
        return list(accumulate(1 / rank for rank in range(1, self.SIZE + 1)))

    def some(self, count: int) -> list[str]:
        return self.chance.choices(self.vocabulary, cum_weights=self.weights, k=count)

    def sentence(self, count: int) -> str:
        return " ".join(self.some(count)).capitalize()


class Demo:
    """Fills a database with demo papers, the issues that mention them, prizes and lists."""

    def __init__(
        self,
        papers: int,
        lists: int,
        progress: Callable[[int], object],
        *,
        are_mentioned: bool = True,
    ) -> None:
        self.are_mentioned = are_mentioned
        self.papers = papers
        self.lists = lists
        self.progress = progress
        self.chance = random.Random(20260101)  # noqa: S311 - repeatable, no secret
        self.words = Words(self.chance)
        self.start = Paper.objects.filter(citation_key__startswith="demo").count()

    def fill(self) -> None:
        self.topics = self._topics()
        self.authors = self._authors()
        self.publication = self._publication()
        for numbers in batched(range(self.start, self.start + self.papers), BATCH):
            with transaction.atomic(), gathering():
                self._add_papers(numbers)
            self.progress(len(numbers))
        with transaction.atomic(), gathering():
            self._add_prizes()
            if self.lists:
                add_lists(self.lists, self.topics, self.chance, self.words.sentence)

    def _topics(self) -> list[Topic]:
        names = ["Robustness", "Monitoring", "Alignment", "Systemic safety"]
        for name in names:
            Topic.objects.get_or_create(
                slug=name.lower().replace(" ", "-"), defaults={"name": name}
            )
        return list(Topic.objects.order_by("pk"))

    def _authors(self) -> list[Author]:
        names = [f"{self.words.sentence(1)} {self.words.sentence(1)} {n}" for n in range(2_000)]
        Author.objects.bulk_create([Author(name=name) for name in names], ignore_conflicts=True)
        return list(Author.objects.filter(name__in=names, orcid=None).order_by("pk"))

    def _publication(self) -> Publication:
        defaults = {"name": "Demo digest", "source": "demo", "url": "https://demo.example"}
        return Publication.objects.get_or_create(slug="demo-digest", defaults=defaults)[0]

    def _add_papers(self, numbers: tuple[int, ...]) -> None:
        papers = Paper.objects.bulk_create(map(self._paper, numbers))
        Identifier.objects.bulk_create(
            Identifier(paper=paper, scheme="arxiv", value=_arxiv_id(number))
            for number, paper in zip(numbers, papers, strict=True)
        )
        Authorship.objects.bulk_create(
            Authorship(paper=paper, position=place, name_as_printed=author.name, author=author)
            for paper in papers
            for place, author in enumerate(self.chance.sample(self.authors, 4))
        )
        through = Paper.topics.through
        through.objects.bulk_create(
            through(paper=paper, topic=self.chance.choice(self.topics)) for paper in papers
        )
        record("paper", [paper.pk for paper in papers], Change.Verb.CREATED)
        if not self.are_mentioned:
            return
        numbered = zip(numbers, papers, strict=True)
        for number, part in groupby(numbered, lambda each: each[0] // PAPERS_AN_ISSUE):
            self._add_to_issue(number, [(n % PAPERS_AN_ISSUE, paper) for n, paper in part])

    def _paper(self, number: int) -> Paper:
        return Paper(
            title=self.words.sentence(self.chance.randint(5, 12)),
            title_source=Paper.TitleSource.OFFICIAL,
            kind=self.chance.choices(Paper.Kind.values, weights=[90, 2, 3, 2, 2, 1])[0],
            published_year=self.chance.randint(1990, 2026),
            published_month=self.chance.randint(1, 12),
            venue=self.chance.choice(["NeurIPS", "ICML", "ICLR", "ACL", None]),
            abstract=". ".join(self.words.sentence(20) for _ in range(8)) + ".",
            citation_key=f"demo{number}",
            url=f"https://arxiv.org/abs/{_arxiv_id(number)}",
        )

    def _add_to_issue(self, number: int, papers: list[tuple[int, Paper]]) -> None:
        published = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=number)
        issue, _ = Issue.objects.get_or_create(
            slug=f"demo-digest-{number}",
            defaults={
                "publication": self.publication,
                "number": number,
                "title": f"Demo digest #{number}",
                "published_at": published,
            },
        )
        entries = Entry.objects.bulk_create(
            Entry(
                issue=issue,
                topic=self.chance.choice(self.topics),
                kind=self.chance.choices(Entry.Kind.values, weights=[30, 60, 8, 2])[0],
                headline=paper.title,
                markdown=(text := self.words.sentence(30)),
                html=f"<p>{text}</p>",
                position=place,
                anchor=f"entry-{place}",
            )
            for place, paper in papers
        )
        record("entry", [entry.pk for entry in entries], Change.Verb.CREATED)
        Link.objects.bulk_create(
            Link(
                issue=issue,
                entry=entry,
                position=entry.position,
                url=paper.url or "",
                href=paper.url,
                label="Link",
                role=Link.Role.PRIMARY,
                paper=paper,
            )
            for entry, (_, paper) in zip(entries, papers, strict=True)
        )

    def _add_prizes(self) -> None:
        for number in range(self.start // PAPERS_A_PRIZE, self._end() // PAPERS_A_PRIZE):
            day = date(2022, 1, 1) + timedelta(days=number)
            amount = Decimal(self.chance.choice((5_000, 50_000, 250_000)))
            prize = Prize.objects.create(
                slug=f"demo-prize-{number}",
                name=f"{self.words.sentence(2)} prize {number}",
                kind=self.chance.choice(Prize.Kind.values),
                pool_amount=amount,
                pool_currency="USD",
                pool_qualifier="exact",
            )
            self._announce(prize, amount, day)

    def _announce(self, prize: Prize, amount: Decimal, day: date) -> None:
        deadline = Deadline(
            id=uuid.uuid5(NAMESPACE, prize.slug),
            prize=prize,
            kind=Deadline.Kind.SUBMISSION,
            date=day + timedelta(days=90),
            precision="day",
        )
        deadline.set_window()
        deadline.save()
        told = {
            "prize": prize,
            "source": "Demo digest",
            "announced_on": day,
            "announced_at": datetime(day.year, day.month, day.day, tzinfo=UTC),
        }
        dated = Announcement(deadline=deadline, date=deadline.date, precision="day", **told)
        dated.set_window()
        pool = Announcement(amount=amount, currency="USD", qualifier="exact", **told)
        Announcement.objects.bulk_create([dated, pool])

    def _end(self) -> int:
        return self.start + self.papers


def _arxiv_id(number: int) -> str:
    """An id of the right form that arXiv has not given: months beyond 12 do not exist."""
    return f"{number // 100_000:02d}99.{number % 100_000:05d}"
