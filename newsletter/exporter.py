"""Issues as JSON Lines again: the objects as they came, to the byte."""

import json
from collections.abc import Iterator
from datetime import UTC

from newsletter.models import Issue


def export_lines(publication: str | None = None) -> Iterator[str]:
    """One JSON object an issue, in the order in which they came in."""
    issues = Issue.objects.filter(withdrawn_at=None).select_related("publication").order_by("pk")
    if publication is not None:
        issues = issues.filter(publication__slug=publication)
    fields = ("source_record", "title", "source_id", "source_url", "markdown", "published_at")
    only = (*fields, "published_raw", "authors", "extra", "slug", "publication__source")
    for issue in issues.only(*only).iterator(chunk_size=50):
        yield issue.source_record or json.dumps(built_record(issue), ensure_ascii=False)


def built_record(issue: Issue) -> dict[str, object]:
    """The object of an issue that was made here, as the newest exporter writes it."""
    published = issue.published_at and issue.published_at.astimezone(UTC)
    return {
        "id": issue.source_id or issue.slug,
        "title": issue.title,
        "url": issue.source_url or issue.url,
        "source": issue.publication.source,
        "source_type": "blog",
        "text": issue.markdown,
        "date_published": (
            published.isoformat().replace("+00:00", "Z") if published else issue.published_raw
        ),
        "authors": issue.authors,
        "summaries": [],
        **issue.extra,
    }
