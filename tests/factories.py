"""Rows for tests: a factory fills in what a test is not about."""

from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from newsletter.models import Entry, Image, Issue, Link, Publication, Section
from papers.models import Author, Authorship, Identifier, Paper, Topic
from prizes.models import Announcement, Award, Deadline, Outcome, Prize, PrizeMention


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence("reader{}".format)
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    password = factory.django.Password("a long enough passphrase")


# --- Papers -----------------------------------------------------------------------------------
class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic

    slug = factory.Sequence("topic-{}".format)
    name = factory.LazyAttribute(lambda topic: topic.slug.replace("-", " ").capitalize())
    position = factory.Sequence(lambda number: number % 30_000)


class PaperFactory(DjangoModelFactory):
    class Meta:
        model = Paper
        skip_postgeneration_save = True

    title = factory.Sequence("Paper number {}".format)
    title_source = Paper.TitleSource.OFFICIAL
    citation_key = factory.Sequence("author2022paper{}".format)

    @factory.post_generation
    def topics(self, create: bool, topics: list[Topic] | None, **kwargs: Any) -> None:
        if topics:
            self.topics.set(topics)


class AuthorFactory(DjangoModelFactory):
    class Meta:
        model = Author

    name = factory.Sequence("Author Number {}".format)


class AuthorshipFactory(DjangoModelFactory):
    class Meta:
        model = Authorship

    paper = factory.SubFactory(PaperFactory)
    position = factory.LazyAttribute(lambda place: place.paper.authorships.count())
    author = factory.SubFactory(AuthorFactory)
    name_as_printed = factory.LazyAttribute(
        lambda place: place.author.name if place.author else "N. N."
    )


class IdentifierFactory(DjangoModelFactory):
    class Meta:
        model = Identifier

    paper = factory.SubFactory(PaperFactory)
    scheme = Identifier.Scheme.ARXIV
    value = factory.Sequence(lambda number: f"2101.{number:05d}")


# --- Newsletter -------------------------------------------------------------------------------
class PublicationFactory(DjangoModelFactory):
    class Meta:
        model = Publication

    slug = factory.Sequence("newsletter-{}".format)
    name = factory.Sequence("Newsletter {}".format)
    source = factory.Sequence("source{}".format)
    authors = ["Dan Hendrycks"]


class IssueFactory(DjangoModelFactory):
    class Meta:
        model = Issue

    publication = factory.SubFactory(PublicationFactory)
    number = factory.Sequence(lambda number: number + 1)
    title = factory.LazyAttribute(lambda issue: f"{issue.publication.name} #{issue.number}")
    slug = factory.Sequence("newsletter-issue-{}".format)
    published_at = factory.Sequence(
        lambda number: datetime(2022, 1, 1, 12, tzinfo=UTC) + timedelta(days=number % 10_000)
    )
    source_id = factory.Sequence("{:032x}".format)
    source_url = factory.LazyAttribute(lambda issue: f"https://newsletter.example/p/{issue.slug}")
    url = factory.SelfAttribute("source_url")
    markdown = "# Robustness\n\nA text."
    html = "<h2>Robustness</h2><p>A text.</p>"


class SectionFactory(DjangoModelFactory):
    class Meta:
        model = Section

    issue = factory.SubFactory(IssueFactory)
    heading = factory.Sequence("Section {}".format)
    level = 1
    position = factory.Sequence(int)
    anchor = factory.Sequence("section-{}".format)


class EntryFactory(DjangoModelFactory):
    class Meta:
        model = Entry

    issue = factory.SubFactory(IssueFactory)
    kind = Entry.Kind.FEATURE
    headline = factory.Sequence("Headline {}".format)
    markdown = "Some **words**."
    html = "<p>Some <strong>words</strong>.</p>"
    position = factory.Sequence(int)
    anchor = factory.Sequence("entry-{}".format)


class LinkFactory(DjangoModelFactory):
    class Meta:
        model = Link

    issue = factory.LazyAttribute(lambda link: link.entry.issue)
    entry = factory.SubFactory(EntryFactory)
    position = factory.Sequence(int)
    url = factory.Sequence("https://example.org/{}".format)
    href = factory.SelfAttribute("url")
    label = "Link"
    role = Link.Role.PRIMARY


class ImageFactory(DjangoModelFactory):
    class Meta:
        model = Image

    issue = factory.LazyAttribute(lambda image: image.entry.issue)
    entry = factory.SubFactory(EntryFactory)
    position = factory.Sequence(int)
    url = factory.Sequence("https://images.example/{}.png".format)
    href = factory.SelfAttribute("url")
    caption = "A caption."


# --- Prizes -----------------------------------------------------------------------------------
class PrizeFactory(DjangoModelFactory):
    class Meta:
        model = Prize
        skip_postgeneration_save = True

    slug = factory.Sequence("prize-{}".format)
    name = factory.Sequence("Prize {}".format)
    kind = Prize.Kind.COMPETITION

    @factory.post_generation
    def topics(self, create: bool, topics: list[Topic] | None, **kwargs: Any) -> None:
        if topics:
            self.topics.set(topics)


class AwardFactory(DjangoModelFactory):
    class Meta:
        model = Award

    prize = factory.SubFactory(PrizeFactory)
    position = factory.Sequence(lambda number: number % 30_000)
    label = "First place"
    amount = 50_000
    currency = "USD"
    qualifier = "exact"


class StatedDateFactory(DjangoModelFactory):
    """A day somewhere on Earth: it ends within 26 hours."""

    class Meta:
        abstract = True

    date = None
    precision = factory.LazyAttribute(lambda stated: "day" if stated.date else "tba")
    earliest_utc = factory.LazyAttribute(lambda stated: _end(stated.date, hours=10))
    latest_utc = factory.LazyAttribute(lambda stated: _end(stated.date, hours=36))


def _end(day: Any, *, hours: int) -> datetime | None:
    """The end of a day: ten hours into it in UTC+14, twelve after it anywhere on Earth."""
    return (
        datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hours) if day else None
    )


class DeadlineFactory(StatedDateFactory):
    class Meta:
        model = Deadline

    prize = factory.SubFactory(PrizeFactory)
    kind = Deadline.Kind.SUBMISSION


class AnnouncementFactory(StatedDateFactory):
    """What an issue said of a deadline, on the day it appeared."""

    class Meta:
        model = Announcement

    deadline = factory.SubFactory(DeadlineFactory)
    prize = factory.LazyAttribute(
        lambda told: told.deadline.prize if told.deadline else told.award.prize
    )
    date = factory.LazyAttribute(lambda told: told.deadline.date if told.deadline else None)
    precision = factory.LazyAttribute(
        lambda told: ("day" if told.date else "tba") if told.deadline else None
    )
    quote = "The deadline is near."
    source = "A newsletter"
    announced_at = datetime(2022, 9, 26, 14, tzinfo=UTC)
    announced_on = factory.LazyAttribute(lambda told: told.announced_at.date())


class OutcomeFactory(DjangoModelFactory):
    class Meta:
        model = Outcome

    prize = factory.SubFactory(PrizeFactory)
    kind = Outcome.Kind.RESULTS
    source = "The organiser"


class PrizeMentionFactory(DjangoModelFactory):
    class Meta:
        model = PrizeMention

    prize = factory.SubFactory(PrizeFactory)
    entry = factory.SubFactory(EntryFactory)
    issue = factory.LazyAttribute(lambda mention: mention.entry.issue)
