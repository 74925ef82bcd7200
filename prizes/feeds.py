"""Deadlines as entries of a feed: each one entry, that changes when the deadline does."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from markup.feeds import Category, Feed, FeedEntry, Person
from prizes.board import Row
from prizes.calendar.events import (
    address_of,
    history_of,
    is_placeable,
    summary_of,
    when_words,
)
from prizes.changes import change_words
from prizes.chosen import SHOWING, Chosen
from prizes.words import day_words

ATOM = "application/atom+xml"
JSON_FEED = "application/feed+json"


def feed_of(
    chosen: Chosen, path: str, page: str, alternatives: dict[str, str], name: str = ""
) -> Feed:
    """`path` is the feed's own address; `alternatives` are others of the same, by media type."""
    address = chosen.address(page, without=SHOWING)
    others = {media_type: chosen.address(other) for media_type, other in alternatives.items()}
    entries = [_entry(row, chosen) for row in chosen.rows]
    return Feed(
        id=address,
        url=address,
        self_url=chosen.address(path),
        title=name or ", ".join(filter(None, [f"{settings.SITE_NAME}: deadlines", chosen.words])),
        subtitle="Deadlines of prizes and competitions: what was announced, and what changed.",
        authors=[Person(settings.SITE_NAME, settings.SITE_URL)],
        entries=sorted(entries, key=_newest_change_first),
        language="en",
        generator="Shortlist",
        alternatives=others,
    )


def _newest_change_first(entry: FeedEntry) -> tuple[float, str]:
    return (-entry.updated.timestamp(), entry.id)


def _entry(row: Row, chosen: Chosen) -> FeedEntry:
    """`published` is when it was announced and `updated` when that changed, never the date
    itself: readers drop or hide what seems to come from the future."""
    _, announced_at, changed_at = history_of(row, chosen.as_of)
    prize = row.deadline.prize
    return FeedEntry(
        id=f"urn:uuid:{row.deadline.pk}",
        url=address_of(row.deadline),
        title=f"{summary_of(row)}, {day_words(row.stated)}",
        published=announced_at,
        updated=max(announced_at, changed_at),
        summary=" ".join(_summary(row)),
        content_html=render_to_string(
            "prizes/_feed_entry.html",
            {
                "row": row,
                "changes": list(_changes(row)),
                "notes": _notes(row),
                "site": settings.SITE_URL,
            },
        ),
        authors=_tellers(row),
        categories=[Category(topic.slug, topic.name) for topic in prize.topics.all()],
        original_url=row.announcement.source_url if row.announcement else None,
    )


def _summary(row: Row) -> Iterator[str]:
    yield from (f"{words}." for words, _ in _changes(row))
    yield from _notes(row)


def _notes(row: Row) -> list[str]:
    return list(when_words(row)) if is_placeable(row.stated) else []


def _changes(row: Row) -> Iterator[tuple[str, datetime]]:
    """The latest first: an extension says what the date was before."""
    for told in reversed(row.deadline.told):
        if words := change_words(told, row.deadline.told):
            yield words, told.announced_at


def _tellers(row: Row) -> list[Person]:
    """Who wrote what is quoted."""
    issue = row.announcement.issue if row.announcement else None
    if issue is None:
        return []
    return [Person(name) for name in (issue.authors or issue.publication.authors)]
