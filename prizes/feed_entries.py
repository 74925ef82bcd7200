"""Prizes as entries of feeds."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from api.resources import absolute
from markup.feeds import Category, FeedEntry
from prizes.models import Prize
from prizes.templatetags.prize_words import pool


def with_feed_parts(prizes: QuerySet[Prize]) -> QuerySet[Prize]:
    return prizes.prefetch_related("topics")


def prize_entries(prizes: Iterable[Prize], user) -> list[FeedEntry]:
    """Of prizes read by `with_feed_parts`."""
    return [prize_entry(prize) for prize in prizes]


def prize_entry(prize: Prize) -> FeedEntry:
    return FeedEntry(
        id=absolute(f"/api/v1/prizes/{prize.pk}/"),
        url=absolute(prize.get_absolute_url()),
        title=prize.name,
        updated=prize.updated_at,
        summary=prize.description or "",
        content_html=content_of(prize),
        categories=[Category(topic.slug, topic.name) for topic in prize.topics.all()],
        original_url=prize.website,
    )


def content_of(prize: Prize) -> SafeString:
    known = [prize.get_kind_display().capitalize(), prize.organiser, pool(prize)]
    facts = format_html_join(" · ", "{}", ((fact,) for fact in known if fact))
    told = format_html("<p>{}</p>", prize.description) if prize.description else ""
    return format_html("<p>{}</p>{}", facts, told)
