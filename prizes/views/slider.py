"""The day looked from, as something to slide, with the issues that told of prizes marked on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Self

from django.db.models import CharField, DateTimeField, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from newsletter.models import Issue
from papers.models import Topic
from prizes.as_of import AsOf
from prizes.models import Announcement

ISSUES_MARKED = 200
ISSUES_NAMED = 12
TOPIC, ISSUE = "topic", "issue"


@dataclass(frozen=True, slots=True)
class MarkedIssue:
    slug: str
    title: str
    number: int | None
    published_at: datetime

    @property
    def day(self) -> date:
        return self.published_at.astimezone(UTC).date()

    def get_absolute_url(self) -> str:
        return Issue(slug=self.slug).get_absolute_url()


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reader can choose from: topics, as slug and name, and days of issues."""

    topics: Sequence[tuple[str, str]]
    issues: Sequence[MarkedIssue]

    @classmethod
    def of(cls, user) -> Self:
        """In one query for both."""
        text, number = CharField(), IntegerField()
        topics = Topic.objects.visible_to(user).order_by()
        rows = topics.values_list(
            Value(TOPIC, text),
            Cast("slug", text),
            Cast("name", text),
            Cast("position", number),
            Cast(Value(None, DateTimeField()), DateTimeField()),
        ).union(
            issues_that_told(user)
            .order_by()
            .values_list(
                Value(ISSUE, text),
                Cast("slug", text),
                Cast("title", text),
                Cast("number", number),
                "published_at",
            ),
            all=True,
        )
        found = list(rows.order_by())
        named = sorted((row for row in found if row[0] == TOPIC), key=lambda row: (row[3], row[1]))
        issues = [MarkedIssue(*row[1:]) for row in found if row[0] == ISSUE]
        return cls(
            [(slug, name) for _, slug, name, *_ in named],
            sorted(issues, key=lambda issue: (issue.published_at, issue.slug)),
        )


def issues_that_told(user) -> QuerySet[Issue]:
    """Those that told of prizes; of very many the latest."""
    told = Announcement.objects.visible_to(user).filter(issue__isnull=False)
    issues = Issue.objects.visible_to(user).filter(pk__in=told.values("issue"))
    latest = issues.filter(published_at__isnull=False).order_by("-published_at", "pk")
    return Issue.objects.filter(pk__in=latest[:ISSUES_MARKED].values("pk"))


@dataclass(frozen=True, slots=True)
class Slider:
    """Days by number, as a range input has them, from the first issue until today."""

    lowest: int
    highest: int
    value: int
    marks: Sequence[tuple[int, str]]
    issues: Sequence[MarkedIssue]

    @classmethod
    def of(cls, issues: Sequence[MarkedIssue], as_of: AsOf) -> Self | None:
        if not issues:
            return None
        today = AsOf.now().day
        lowest = min(issues[0].day, today).toordinal()
        value = min(max(as_of.day.toordinal(), lowest), today.toordinal())
        marks = [(issue.day.toordinal(), issue.title) for issue in issues]
        return cls(lowest, today.toordinal(), value, marks, issues[-ISSUES_NAMED:])


def day_numbered(ordinal: str) -> str | None:
    """Of a range input; today is no day of the past."""
    if not (ordinal.isascii() and ordinal.isdigit() and len(ordinal) <= 7):
        return None
    number = int(ordinal)
    if not 0 < number < AsOf.now().day.toordinal():
        return None
    return date.fromordinal(number).isoformat()
