"""Saved searches as the API shows them."""

from collections.abc import Sequence
from typing import Any

from api.resources import absolute
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
