"""Which of two papers' values the one that stays has."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import GeneratedField
from django.utils import timezone

from curation.journal import Journal
from papers.models import Paper

# What is never taken from a duplicate: what makes it that row, and marks for maintainers.
OWN = frozenset(
    {
        *("id", "citation_key", "merged_into", "created_at", "updated_at"),
        *("alternative_titles", "locked_fields", "sources"),
        *("needs_review", "review_note", "is_hidden"),
    }
)
# Columns that only mean something together, by the name under which they are chosen.
TOGETHER: dict[str, tuple[str, ...]] = {
    "title": ("title", "title_source"),
    "published": ("published_year", "published_month", "published_day"),
    "retraction": ("retraction_note", "retraction_url"),
}


def _takeable() -> dict[str, tuple[str, ...]]:
    grouped = {name for names in TOGETHER.values() for name in names}
    single = [
        field.name
        for field in Paper._meta.concrete_fields
        if field.name not in OWN | grouped and not isinstance(field, GeneratedField)
    ]
    return TOGETHER | {name: (name,) for name in single}


# What may be taken from a duplicate: the name of a choice, and the columns it stands for.
TAKEABLE = _takeable()


def settle(duplicate: Paper, into: Paper, taken: Collection[str], journal: Journal) -> None:
    """Give the paper that stays what was chosen, and what it had no value for."""
    chosen = {c: getattr(duplicate, c) for name in taken for c in TAKEABLE[name]}
    filled = {c: v for c, v in _filled(duplicate, into) if c not in chosen}
    new = {c: v for c, v in (chosen | filled).items() if v != getattr(into, c)}
    # What was edited by hand is so here as well, and a choice is an edit by hand.
    by_hand = {c for c in new if c in chosen or c in duplicate.locked_fields}
    journal.change(
        [into],
        **new,
        alternative_titles=_titles(duplicate, into, new.get("title", into.title)),
        locked_fields=sorted({*into.locked_fields, *by_hand}) if by_hand else into.locked_fields,
        sources=_sources(duplicate, into, new),
        updated_at=timezone.now(),
    )


def _sources(duplicate: Paper, into: Paper, new: Collection[str]) -> dict[str, Any]:
    """Where each value came from goes along with it."""
    names = {name for name, columns in TAKEABLE.items() if set(columns) & set(new)}
    known = duplicate.sources.get("fields", {})
    moved = {name: known[name] for name in names if name in known}
    if not moved:
        return into.sources
    return into.sources | {"fields": into.sources.get("fields", {}) | moved}


def _filled(duplicate: Paper, into: Paper) -> Iterator[tuple[str, Any]]:
    for name, columns in TAKEABLE.items():
        for column in columns:
            value, offered = getattr(into, column), getattr(duplicate, column)
            if value == offered:
                continue
            # A month belongs to its year: what follows a column that differs is not taken.
            is_locked = {name, column} & set(into.locked_fields)
            if is_locked or not _is_empty(value) or _is_empty(offered):
                break
            yield column, offered


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _titles(duplicate: Paper, into: Paper, title: str) -> list[str]:
    """All titles under which either is known, each once."""
    names = [into.title, duplicate.title, *duplicate.alternative_titles]
    known = {each.casefold() for each in (title, *into.alternative_titles)}
    titles = list(into.alternative_titles)
    for name in names:
        if name.casefold() not in known:
            known.add(name.casefold())
            titles.append(name)
    return titles
