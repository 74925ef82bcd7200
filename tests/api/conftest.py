"""A library of any size, and what is asked of every collection."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from tests import factories

COLLECTIONS = ("publications", "issues", "topics", "entries", "papers", "prizes", "deadlines")


def fill_library(size: int) -> None:
    """`size` things of every kind, each related to others in every way it can be."""
    for number in range(size):
        topic = factories.TopicFactory()
        publication = factories.PublicationFactory()
        issue = factories.IssueFactory(publication=publication)
        section = factories.SectionFactory(issue=issue, topic=topic)
        paper = factories.PaperFactory(
            topics=[topic], published_year=2022, published_month=3, published_day=1 + number % 28
        )
        factories.AuthorshipFactory(paper=paper)
        factories.IdentifierFactory(paper=paper)
        entry = factories.EntryFactory(issue=issue, section=section, topic=topic)
        link = factories.LinkFactory(entry=entry, paper=paper)
        factories.LinkFactory(entry=None, issue=issue, role="share")
        factories.ImageFactory(entry=entry)
        prize = factories.PrizeFactory(
            topics=[topic], pool_amount=100_000, pool_currency="USD", pool_qualifier="exact"
        )
        factories.AwardFactory(prize=prize)
        factories.PrizeMentionFactory(prize=prize, entry=entry, link=link)
        deadline = factories.DeadlineFactory(prize=prize, date=date(2222, 1, 1))
        factories.AnnouncementFactory(
            deadline=deadline,
            issue=issue,
            entry=entry,
            announced_at=datetime(2022, 1, 1, tzinfo=UTC) + timedelta(days=number),
        )


@pytest.fixture
def library(db: None) -> Callable[[int], None]:
    return fill_library


def all_rows(client, path: str) -> list[dict]:
    """Every row of a collection, by following `next`."""
    rows: list[dict] = []
    address: str | None = path
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content
        body = answer.json()
        rows += body["results"]
        address = body["next"]
    return rows
