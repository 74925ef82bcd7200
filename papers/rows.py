"""Papers and topics as the API shows them: plain values, one query a relation."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import CharField, Count, F, Model, Value

from api.among import Ids
from api.json_lists import Listed, Written, in_order
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
    # One for all, since to make lists has Python look for cycles more often.
    none: list[Any] = []
    return [
        _paper_row(
            paper,
            authors.get(pk, none),
            identifiers.get(pk, none),
            topics.get(pk, none),
            mentions.get(pk, 0),
            site,
        )
        for pk, paper in zip(ids.ids, papers, strict=True)
    ]


def _paper_row(
    paper: Mapping[str, Any],
    authors: Any,
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


def _authors(ids: Ids) -> dict[int, Any]:
    """Lists that the database writes: most rows of an export are these, and an object for each
    costs as much as reading it."""
    written = Authorship.objects.filter(paper__among=ids).order_by().values_list("paper")
    author = Written(name="name_as_printed", orcid="author__orcid")
    rows = written.annotate(positions=Listed("position"), authors=Listed(author))
    return {paper: in_order(authors, positions) for paper, positions, authors in rows}


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
