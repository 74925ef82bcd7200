"""What items point at, in plain values by which another instance finds it again, or can file it:
only what a person may see; the rest is None and says nothing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markup.text import clean_line
from markup.urls import clean_url
from newsletter.models import Entry
from papers.citations.citation import Citation
from papers.citations.gathering import COLUMNS, citations_of
from papers.models import Paper
from prizes.models import Prize
from readinglists.models import Item

type Target = dict[str, Any]

# Fields of a citation that go as they are.
PLAIN = (
    *("kind", "title", "title_source", "venue", "volume", "issue", "pages"),
    *("url", "pdf_url", "code_url", "abstract"),
)
LISTS = ("alternative_titles", "authors", "keywords")


def targets_of(items: Sequence[Item], user: Any) -> dict[Any, Target]:
    """By item: the one key that says what it is, and what that is; in five queries."""
    papers, entries, prizes = _papers(items, user), _entries(items, user), _prizes(items, user)
    return {item.pk: _target(item, papers, entries, prizes) for item in items}


def _target(
    item: Item,
    papers: Mapping[int, Target],
    entries: Mapping[int, Target],
    prizes: Mapping[int, Target],
) -> Target:
    title = {"title": item.title} if item.title else {}
    for kind, pk, known in (
        ("paper", item.paper_id, papers),
        ("entry", item.entry_id, entries),
        ("prize", item.prize_id, prizes),
    ):
        if pk:
            # A title somebody gave it would still tell what it was.
            return {kind: known[pk], **title} if pk in known else {kind: None}
    return stood_for(item) or {"url": item.url, **title}


def stood_for(item: Item) -> Target | None:
    """What an address that came in a file was there, as long as it is that address."""
    kept = item.stands_for
    return kept["target"] if kept and kept.get("url") == item.url else None


def _papers(items: Iterable[Item], user: Any) -> dict[int, Target]:
    ids = [item.paper_id for item in items if item.paper_id]
    if not ids:
        return {}
    rows = list(Paper.objects.visible_to(user).filter(pk__in=ids).values(*COLUMNS))
    citations = citations_of(rows, user, with_notes=False)
    # Neither an editor's note nor one of an imported file is this list's to tell.
    return {row["id"]: paper_target(each) for row, each in zip(rows, citations, strict=True)}


def paper_target(citation: Citation) -> Target:
    """All of a work but what was said about it."""
    values: Target = {"citation_key": citation.key}
    values |= {name: getattr(citation, name) for name in PLAIN}
    values |= {name: list(getattr(citation, name)) for name in LISTS}
    values["published"] = published(citation)
    values["identifiers"] = [f"{scheme}:{value}" for scheme, value in citation.identifiers]
    return {name: value for name, value in values.items() if value}


def published(citation: Citation) -> str | None:
    """2022, 2022-03 or 2022-03-07: never more than is known."""
    if citation.year is None:
        return None
    known = [f"{citation.year:04d}"]
    for part in (citation.month, citation.day):
        if part is None:
            break
        known.append(f"{part:02d}")
    return "-".join(known)


def _entries(items: Iterable[Item], user: Any) -> dict[int, Target]:
    """With whose words they are, of which newsletter, from when, and where they first appeared."""
    ids = [item.entry_id for item in items if item.entry_id]
    if not ids:
        return {}
    rows = Entry.objects.visible_to(user).filter(pk__in=ids)
    entries = rows.select_related("issue__publication").defer(
        "markdown", "html", "issue__markdown", "issue__html", "issue__source_record"
    )
    return {entry.pk: _entry(entry) for entry in entries}


def _entry(entry: Entry) -> Target:
    issue, publication = entry.issue, entry.issue.publication
    authors = issue.authors or publication.authors
    values = {
        "issue": issue.slug,
        "anchor": entry.anchor,
        "headline": clean_line(entry.headline),
        "issue_title": clean_line(issue.title),
        "publication": clean_line(publication.name),
        "authors": [clean_line(str(author)) for author in authors],
        "published": issue.published_at.date().isoformat() if issue.published_at else None,
        "url": clean_url(issue.url or "") or clean_url(issue.source_url or ""),
    }
    return {name: value for name, value in values.items() if value}


def _prizes(items: Iterable[Item], user: Any) -> dict[int, Target]:
    ids = [item.prize_id for item in items if item.prize_id]
    if not ids:
        return {}
    prizes = Prize.objects.visible_to(user).filter(pk__in=ids)
    return {prize.pk: _prize(prize) for prize in prizes}


def _prize(prize: Prize) -> Target:
    values = {
        "slug": prize.slug,
        "name": prize.name,
        "kind": prize.kind,
        "organiser": prize.organiser,
        "website": clean_url(prize.website or ""),
    }
    return {name: value for name, value in values.items() if value}
