"""Hits and saved searches as the API shows them."""

from collections.abc import Sequence
from typing import Any

from api.resources import absolute
from search.finding import Search
from search.kinds import Hit
from search.models import SavedSearch
from search.saved import COUNTED_TO, new_counts


def saved_search_rows(searches: Sequence[SavedSearch], user) -> list[dict[str, Any]]:
    counts = new_counts(searches, user)
    return [_row(search, counts[search.pk]) for search in searches]


def _row(search: SavedSearch, new: int | None) -> dict[str, Any]:
    return {
        "id": str(search.pk),
        "version": search.version,
        "name": search.name,
        "page": search.page,
        "query": search.query,
        "new_count": None if new is None else min(new, COUNTED_TO),
        "new_count_is_exact": new is not None and new <= COUNTED_TO,
        "looked_at": search.looked_at,
        "has_feed": search.feed_digest is not None,
        "feed_made_at": search.feed_made_at,
        "created_at": search.created_at,
        "updated_at": search.updated_at,
        "results_url": absolute(search.results_url),
        "web_url": absolute(search.get_absolute_url()),
    }


def hit_row(hit: Hit) -> dict[str, Any]:
    return {
        "kind": hit.kind,
        "id": hit.key if isinstance(hit.key, int) else str(hit.key),
        "title": hit.title,
        "authors": hit.authors,
        "published": hit.published,
        "venue": hit.venue,
        "topics": [topic.slug for topic in hit.topics],
        "issue": hit.issue.pk if hit.issue else None,
        "highlights": {name: str(html) for name, html in hit.highlights.items()},
        "web_url": absolute(hit.path),
    }


def facet_rows(search: Search) -> dict[str, Any]:
    kinds = [
        {"value": name, "label": name, "count": count}
        for name, (count, _) in search.by_kind.items()
    ]
    rows: dict[str, Any] = {"kind": kinds}
    for name, values in search.facets.items():
        rows[name] = [
            {"value": each.value, "label": each.label, "count": each.count} for each in values
        ]
    return rows
