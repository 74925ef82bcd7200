"""Publications, issues and entries as the API shows them: plain values, one query a relation.

The texts are their authors': every issue and entry names its publication, authors and address.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from api.resources import absolute, grouped
from newsletter.models import Entry, Image, Issue, Link, Section

ISSUE_COLUMNS = (
    "id",
    "number",
    "title",
    "slug",
    "source_id",
    "source_url",
    "url",
    "publication__slug",
    "publication__name",
    "publication__authors",
    "published_at",
    "authors",
    "highlights",
    "reading_minutes",
    "entry_count",
    "paper_count",
)
ENTRY_COLUMNS = (
    "id",
    "issue_id",
    "issue__slug",
    "issue__title",
    "issue__published_at",
    "issue__source_url",
    "issue__authors",
    "issue__publication__slug",
    "issue__publication__name",
    "issue__publication__authors",
    "section_id",
    "topic__slug",
    "kind",
    "headline",
    "markdown",
    "html",
    "position",
    "anchor",
    "editor_note",
)
LINK_COLUMNS = (
    "id",
    "entry_id",
    "url",
    "href",
    "label",
    "role",
    "position",
    "editor_note",
    "paper_id",
    "paper__is_hidden",
    "paper__merged_into",
)


def publication_rows(publications: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "id": publication["id"],
            "slug": publication["slug"],
            "name": publication["name"],
            "url": publication["url"] or None,
            "authors": publication["authors"],
            "language": publication["language"] or None,
            "description": publication["description"] or None,
            "issue_count": publication["issue_count"],
        }
        for publication in publications
    ]


def issue_rows(issues: Sequence[Mapping[str, Any]], user) -> list[dict[str, Any]]:
    """From values of ISSUE_COLUMNS."""
    topics = _topics_of_issues([issue["id"] for issue in issues], user)
    return [
        {
            "id": issue["id"],
            "number": issue["number"],
            "title": issue["title"],
            "slug": issue["slug"],
            "source_id": issue["source_id"] or None,
            "source_url": issue["source_url"] or None,
            "url": issue["url"] or None,
            "publication": issue["publication__slug"],
            "publication_name": issue["publication__name"],
            "published_at": issue["published_at"],
            "authors": issue["authors"] or issue["publication__authors"],
            "highlights": issue["highlights"],
            "topics": topics.get(issue["id"], []),
            "entry_count": issue["entry_count"],
            "paper_count": issue["paper_count"],
            "reading_minutes": issue["reading_minutes"],
            "web_url": absolute(_issue_path(issue["slug"])),
        }
        for issue in issues
    ]


def issue_details(issue: int, slug: str, user) -> dict[str, Any]:
    """What only the page of one issue shows: its text, sections, and links outside entries."""
    text = Issue.objects.visible_to(user).values("markdown", "html").get(pk=issue)
    links = Link.objects.visible_to(user).standing().filter(issue=issue, entry=None)
    return {
        "markdown": text["markdown"] or None,
        "html": text["html"] or None,
        "sections": _sections(issue, slug, user),
        "links": [row for _, row in _link_rows(links, _mentions(Q(issue=issue), user)[1], user)],
    }


def entry_rows(entries: Sequence[Mapping[str, Any]], user) -> list[dict[str, Any]]:
    """From values of ENTRY_COLUMNS, with links, images and prizes."""
    ids = [entry["id"] for entry in entries]
    prizes_of_entry, prize_of_link = _mentions(Q(entry__among=ids), user)
    standing = Link.objects.visible_to(user).standing().filter(entry__among=ids)
    links = grouped(_link_rows(standing, prize_of_link, user))
    images = _images(ids, user)
    return [
        _entry_row(
            entry,
            links=links.get(entry["id"], []),
            images=images.get(entry["id"], []),
            prizes=prizes_of_entry.get(entry["id"], []),
        )
        for entry in entries
    ]


def _entry_row(entry: Mapping[str, Any], **related: list[Any]) -> dict[str, Any]:
    return {
        "id": entry["id"],
        "issue": entry["issue_id"],
        "section": entry["section_id"],
        "topic": entry["topic__slug"],
        "kind": entry["kind"],
        "headline": entry["headline"],
        "markdown": entry["markdown"] or None,
        "html": entry["html"] or None,
        "position": entry["position"],
        **related,
        "editor_note": entry["editor_note"] or None,
        "issue_title": entry["issue__title"],
        "published_at": entry["issue__published_at"],
        "publication": entry["issue__publication__slug"],
        "publication_name": entry["issue__publication__name"],
        "authors": entry["issue__authors"] or entry["issue__publication__authors"],
        "source_url": entry["issue__source_url"] or None,
        "web_url": absolute(f"{_issue_path(entry['issue__slug'])}#{entry['anchor']}"),
    }


def _issue_path(slug: str) -> str:
    return f"/issues/{slug}/"


def _topics_of_issues(ids: Sequence[int], user) -> dict[int, list[str]]:
    entries = Entry.objects.visible_to(user).standing().filter(issue__among=ids)
    filed = entries.filter(topic__isnull=False).order_by("topic__position", "topic__slug")
    # DISTINCT takes in what is ordered by.
    rows = filed.distinct().values_list("issue", "topic__slug", "topic__position")
    return grouped((issue, slug) for issue, slug, _ in rows)


def _sections(issue: int, slug: str, user) -> list[dict[str, Any]]:
    sections = Section.objects.visible_to(user).standing().filter(issue=issue)
    sections = sections.order_by("position", "pk")
    return [
        {
            "id": section["id"],
            "topic": section["topic__slug"],
            "heading": section["heading"],
            "level": section["level"],
            "position": section["position"],
            "web_url": absolute(f"{_issue_path(slug)}#{section['anchor']}"),
        }
        for section in sections.values(
            "id", "topic__slug", "heading", "level", "position", "anchor"
        )
    ]


def _link_rows(
    links, prize_of_link: Mapping[int, int], user
) -> list[tuple[int | None, dict[str, Any]]]:
    """Links in order, each with the entry it stands in."""
    return [
        (
            link["entry_id"],
            {
                "url": link["url"],
                "href": link["href"] or None,
                "label": link["label"] or None,
                "role": link["role"],
                "position": link["position"],
                "paper": _visible_paper(link, user),
                "prize": prize_of_link.get(link["id"]),
                "editor_note": link["editor_note"] or None,
            },
        )
        for link in links.order_by("issue", "position", "pk").values(*LINK_COLUMNS)
    ]


def _visible_paper(link: Mapping[str, Any], user) -> int | None:
    """Where the paper was merged into another, that one; to whom may not see it, none."""
    if link["paper__is_hidden"] and not (user.is_authenticated and user.is_staff):
        return None
    return link["paper__merged_into"] or link["paper_id"]


def _images(ids: Sequence[int], user) -> dict[int, list[dict[str, Any]]]:
    images = Image.objects.visible_to(user).standing().filter(entry__among=ids)
    return grouped(
        (
            entry,
            {
                "url": url,
                "href": href or None,
                "alt": alt or None,
                "caption": caption or None,
                "position": position,
            },
        )
        for entry, url, href, alt, caption, position in images.order_by(
            "issue", "position", "pk"
        ).values_list("entry", "url", "href", "alt", "caption", "position")
    )


def _mentions(place: Q, user) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Prizes by entry and by link; known by the relation's name, since prizes stand above."""
    related = Entry._meta.get_field("prize_mentions").related_model.objects
    prizes: dict[int, list[int]] = {}
    of_link: dict[int, int] = {}
    mentions = related.visible_to(user).filter(place).order_by("prize")
    for entry, link, prize in mentions.values_list("entry", "link", "prize"):
        if entry is not None and prize not in prizes.setdefault(entry, []):
            prizes[entry].append(prize)
        if link is not None:
            of_link.setdefault(link, prize)
    return prizes, of_link
