"""Papers and topics as the API shows them: plain values, one query a relation."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import CharField, Count, F, Model, Value

from api.among import Ids
from api.resources import absolute
from markup.urls import clean_url
from papers.models import Authorship, Identifier, Paper
from papers.models.works import paper_path, printed_date

PAPER_COLUMNS = (
    "id",
    "kind",
    "title",
    "title_source",
    "published_year",
    "published_month",
    "published_day",
    "published_order",
    "venue",
    "abstract",
    "citation_key",
    "url",
    "pdf_url",
    "code_url",
    "editor_note",
    "retraction_note",
    "retraction_url",
)


def related_model(model: type[Model], name: str) -> type[Model]:
    """The model of a reverse relation: packages above this one are known by no other name."""
    return model._meta.get_field(name).related_model


def paper_rows(papers: Sequence[Mapping[str, Any]], user) -> list[dict[str, Any]]:
    """From values of PAPER_COLUMNS, in three queries more."""
    ids = Ids(paper["id"] for paper in papers)
    authors = _authors(ids)
    identifiers, topics = _names(ids)
    mentions = _mention_counts(ids, user)
    site = absolute("")
    return [
        _paper_row(
            paper,
            authors.get(paper["id"], []),
            identifiers.get(paper["id"], []),
            topics.get(paper["id"], []),
            mentions.get(paper["id"], 0),
            site,
        )
        for paper in papers
    ]


def _paper_row(
    paper: Mapping[str, Any],
    authors: list[dict[str, Any]],
    identifiers: list[dict[str, str]],
    topics: list[str],
    mention_count: int,
    site: str,
) -> dict[str, Any]:
    published = printed_date(
        paper["published_year"], paper["published_month"], paper["published_day"]
    )
    return {
        "id": paper["id"],
        "kind": paper["kind"],
        "title": paper["title"],
        "title_source": paper["title_source"],
        "authors": authors,
        "published": published,
        "published_on": published if paper["published_day"] else None,
        "venue": paper["venue"] or None,
        "abstract": paper["abstract"] or None,
        "citation_key": paper["citation_key"],
        "identifiers": identifiers,
        "url": paper["url"] or None,
        "pdf_url": paper["pdf_url"] or None,
        "code_url": paper["code_url"] or None,
        "topics": topics,
        "mention_count": mention_count,
        "editor_note": paper["editor_note"] or None,
        "is_retracted": bool(paper["retraction_note"]),
        "retraction_note": paper["retraction_note"] or None,
        "retraction_url": clean_url(retracted) if (retracted := paper["retraction_url"]) else None,
        "web_url": f"{site}{paper_path(paper['id'], paper['title'])}",
    }


def _authors(ids: Ids) -> dict[int, list[dict[str, Any]]]:
    written = Authorship.objects.filter(paper__among=ids).order_by("paper", "position")
    rows = written.values_list("paper", "name_as_printed", "author__orcid")
    authors: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for paper, name, orcid in rows:
        authors[paper].append({"name": name, "orcid": orcid})
    return authors


def _names(ids: Ids) -> tuple[dict[int, list[dict[str, str]]], dict[int, list[str]]]:
    """Identifiers and topics of papers, in one round trip."""
    named = Identifier.objects.filter(paper__among=ids).order_by()
    filed = Paper.topics.through.objects.filter(paper__among=ids).order_by()
    rows = named.values_list("paper", "scheme", "value").union(
        filed.values_list("paper", Value("topic", CharField()), "topic__slug"), all=True
    )
    identifiers: dict[int, list[dict[str, str]]] = {}
    topics: dict[int, list[str]] = {}
    for paper, scheme, value in sorted(rows.order_by()):
        if scheme == "topic":
            topics.setdefault(paper, []).append(value)
        else:
            identifiers.setdefault(paper, []).append({"scheme": scheme, "value": value})
    return identifiers, topics


def _mention_counts(ids: Ids, user) -> dict[int, int]:
    links = related_model(Paper, "mentions").objects.visible_to(user).standing()
    links = links.filter(paper__among=ids).order_by()
    return dict(links.values_list("paper").annotate(number=Count("pk")))


def mention_rows(paper: int, user) -> list[dict[str, Any]]:
    """Every link to the paper that stands, in the order of issues and places."""
    return [mention_row(link) for link in mention_values(paper, user)]


def mention_values(paper: int, user) -> list[dict[str, Any]]:
    links = related_model(Paper, "mentions").objects.visible_to(user).standing()
    links = links.filter(paper=paper).order_by(
        F("issue__published_at").asc(nulls_last=True), "issue", "position"
    )
    columns = ("entry", "issue", "role", "label", "editor_note", "issue__slug")
    entry = ("entry__anchor", "entry__kind", "entry__section", "entry__topic__slug")
    return list(links.values(*columns, *entry))


def mention_row(link: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "entry": link["entry"],
        "issue": link["issue"],
        "topic": link["entry__topic__slug"],
        "kind": link["entry__kind"],
        "role": link["role"],
        "label": link["label"] or None,
        "editor_note": link["editor_note"] or None,
        "web_url": absolute(_place(link)),
    }


def _place(link: Mapping[str, Any]) -> str:
    anchor = f"#{link['entry__anchor']}" if link["entry__anchor"] else ""
    return f"/issues/{link['issue__slug']}/{anchor}"


def topic_rows(topics: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "id": topic["id"],
            "slug": topic["slug"],
            "name": topic["name"],
            "description": topic["description"] or None,
            "paper_count": topic["paper_count"],
            "entry_count": topic["entry_count"],
            "web_url": absolute(f"/topics/{topic['slug']}/"),
        }
        for topic in topics
    ]
