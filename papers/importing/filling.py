"""What a reference adds to a paper that is there: only what is empty, and not locked by hand."""

from typing import Any

from papers.models import Paper
from papers.references import Reference

_PLAIN = ("venue", "abstract", "url", "pdf_url", "code_url")
_PUBLISHED = ("published_year", "published_month", "published_day")


def missing_values(paper: Paper, reference: Reference) -> dict[str, Any]:
    """Columns and their new values."""
    values = {
        name: value
        for name in _PLAIN
        if (value := getattr(reference, name)) and not getattr(paper, name)
    }
    if paper.title_source == Paper.TitleSource.LINK_TEXT and not reference.title_is_provisional:
        values |= _title(paper, reference)
    values |= _published(paper, reference)
    return {name: value for name, value in values.items() if name not in paper.locked_fields}


def takes_authors(paper: Paper, reference: Reference, *, has_authors: bool) -> bool:
    is_locked = bool({"authors", "authorships"} & {*paper.locked_fields})
    return bool(reference.authors) and not has_authors and not is_locked


def _title(paper: Paper, reference: Reference) -> dict[str, Any]:
    """A link's words give way to the work's own title, and stay as another one of it."""
    if "title" in paper.locked_fields:
        return {}
    values: dict[str, Any] = {
        "title": reference.title,
        "title_source": Paper.TitleSource.OFFICIAL,
    }
    if "://" not in paper.title and paper.title not in (
        reference.title,
        *paper.alternative_titles,
    ):
        values["alternative_titles"] = [*paper.alternative_titles, paper.title]
    return values


def _published(paper: Paper, reference: Reference) -> dict[str, Any]:
    """A date where there is none, or the rest of the same date."""
    if reference.published is None or {*_PUBLISHED} & {*paper.locked_fields}:
        return {}
    new = reference.published.parts
    old = tuple(getattr(paper, name) for name in _PUBLISHED)
    known = [part for part in old if part is not None]
    if new == old or [*new[: len(known)]] != known:
        return {}
    return {
        name: value
        for name, before, value in zip(_PUBLISHED, old, new, strict=True)
        if before is None and value is not None
    }
