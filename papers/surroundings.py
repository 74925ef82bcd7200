"""What stands around a paper where issues speak of it: links of the same entries and sections."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from papers.models import Paper
from papers.rows import related_model

# How far one looks: the latest so many entries, and so many links in and beside them.
MOST_ENTRIES = 20
MOST_LINKS = 500

type Row = dict[str, Any]
# The number of an entry that speaks of the paper, and of its section or none.
type Place = tuple[int, int | None]


def links_around(places: Sequence[Place], user) -> list[Row]:
    """Links to papers, and beside them to code, videos and articles, the latest issue first."""
    entries = {entry for entry, _ in places[:MOST_ENTRIES]}
    if not entries:
        return []
    sections = {section for _, section in places[:MOST_ENTRIES] if section is not None}
    links = related_model(Paper, "mentions")
    near = related_model(links, "entry").objects.filter(
        Q(pk__in=entries) | Q(section__in=sections), withdrawn_at=None
    )
    found = links.objects.visible_to(user).standing().filter(entry__in=near.values("pk"))
    found = found.exclude(role__in=["share", "inline"], paper=None).exclude(role="share")
    found = found.order_by("-issue__published_at", "issue", "position")
    columns = ("entry", "paper", "role", "href")
    where = ("issue__slug", "issue__title", "entry__anchor")
    section = ("entry__section", "entry__section__heading", "entry__section__anchor")
    return list(found.values(*columns, *where, *section)[:MOST_LINKS])


def places_in(links: Iterable[Any]) -> list[Place]:
    """The entries that some links of a paper stand in, each once, in the order of the links."""
    found = {link.entry_id: link.entry.section_id for link in links if link.entry is not None}
    return list(found.items())
