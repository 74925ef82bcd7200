"""What was said about papers, as notes that travel with them: each names whose words it is."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from api.resources import grouped
from markup.plain import plain_text
from markup.text import clean_line, clean_text
from markup.urls import clean_url
from papers.models import Paper
from papers.rows import related_model

_COLUMNS = (
    "paper",
    "role",
    "editor_note",
    "entry",
    "entry__headline",
    "entry__html",
    "entry__editor_note",
    "issue__title",
    "issue__url",
    "issue__source_url",
    "issue__authors",
    "issue__published_at",
    "issue__publication__name",
    "issue__publication__authors",
)
# An entry that presents a work speaks of it; one that only cites it speaks of another.
_PRESENTS = "primary"


def notes_of(papers: Sequence[int], user) -> dict[int, list[str]]:
    """Notes by paper, oldest issue first, in one query: only from issues this person may see."""
    links = related_model(Paper, "mentions").objects.visible_to(user).standing()
    links = links.filter(paper__among=papers).order_by(
        F("issue__published_at").asc(nulls_last=True), "issue", "position", "pk"
    )
    texts: dict[int, str] = {}
    told = grouped((link["paper"], link) for link in links.values(*_COLUMNS))
    return {paper: list(_notes(mentions, texts)) for paper, mentions in told.items()}


def editors_note(text: str | None, on: str = "") -> list[str]:
    """The one on the paper itself begins "Editor’s note: ", which is how it is found again."""
    of = f" on {on}" if on else ""
    return [f"Editor’s note{of}: {clean_text(text).strip()}"] if text and text.strip() else []


def _notes(links: Sequence[Mapping[str, Any]], texts: dict[int, str]) -> Iterable[str]:
    """One note an entry, in full where it presents the work, whichever of its links does."""
    presenting = {link["entry"] for link in links if link["role"] == _PRESENTS}
    told: set[int | None] = set()
    for link in links:
        entry = link["entry"]
        if entry is None or entry not in told:
            told.add(entry)
            is_presented = entry is not None and entry in presenting
            yield _commentary(link, texts) if is_presented else _citation(link)
            yield from editors_note(link["entry__editor_note"], _title(link))
        yield from editors_note(link["editor_note"], _title(link))


def _commentary(link: Mapping[str, Any], texts: dict[int, str]) -> str:
    entry = link["entry"]
    if entry not in texts:
        text = clean_text(plain_text(link["entry__html"]))
        headline = clean_line(link["entry__headline"])
        texts[entry] = text or headline
    return f"{_title(link)}: {texts[entry]}\n\n— {_source(link)}"


def _citation(link: Mapping[str, Any]) -> str:
    if link["entry"] is None:
        return f"Linked in {_title(link)} ({_source(link)})"
    headline = clean_line(link["entry__headline"])
    return f"Cited in {_title(link)} under “{headline}” ({_source(link)})"


def _title(link: Mapping[str, Any]) -> str:
    """With the newsletter's name, which most titles hold already."""
    title, name = clean_line(link["issue__title"]), clean_line(link["issue__publication__name"])
    return title if name.casefold() in title.casefold() else f"{name}, {title}"


def _source(link: Mapping[str, Any]) -> str:
    """Whose words, of which newsletter, from when, and where they first appeared."""
    authors = link["issue__authors"] or link["issue__publication__authors"]
    published: datetime | None = link["issue__published_at"]
    facts = (
        ", ".join(clean_line(str(author)) for author in authors),
        clean_line(link["issue__publication__name"]),
        f"{published.day} {published:%b %Y}" if published else "",
        clean_url(link["issue__url"] or "") or clean_url(link["issue__source_url"] or "") or "",
    )
    return ", ".join(filter(None, facts))
