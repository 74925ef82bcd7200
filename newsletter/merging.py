"""What a merge of two papers does to links, and whom it concerns."""

from collections.abc import Sequence

from api.changes import record
from api.models import Change
from newsletter.models import Link

BATCH = 500


def tell(links: Sequence[int]) -> None:
    """Entries and issues name the papers of their links: they changed with them."""
    entries: set[int] = set()
    issues: set[int] = set()
    for start in range(0, len(links), BATCH):
        rows = Link.objects.filter(pk__in=links[start : start + BATCH])
        for entry, issue in rows.values_list("entry", "issue"):
            issues.add(issue)
            entries.add(entry)
    record("entry", sorted(entries - {None}), Change.Verb.UPDATED)
    record("issue", sorted(issues), Change.Verb.UPDATED)
