"""What a record changes, for people: shown by a dry run."""

from collections.abc import Iterator
from difflib import unified_diff
from typing import Any

from django.db import models

from imports.effects import Effect
from newsletter.models import Entry, Issue, Link

LINES_OF_TEXT = 40
NOT_SHOWN = frozenset(
    {"html", "source_record", "source_digest", "updated_at", "reading_minutes", "position"}
    | {"section", "topic", "entry", "paper", "review_note", "highlights", "extra"}
)


def differences(issue: Issue, effect: Effect) -> list[str]:
    return list(_lines(issue, effect))


def _lines(issue: Issue, effect: Effect) -> Iterator[str]:
    if issue.pk in effect.created.get("newsletter.issue", ()):
        counts = {
            "entries": issue.entries.count(),
            "links": issue.links.count(),
            "images": issue.images.count(),
        }
        told = ", ".join(f"{count} {name}" for name, count in counts.items())
        yield f"+ {issue.title} ({issue.slug}): {told}"
        return
    yield f"~ {issue.title} ({issue.slug})"
    for row, before in _changed(effect, Issue):
        yield from _fields(row, before)
    made = effect.created.get("newsletter.entry", ())
    for headline in Entry.objects.filter(pk__in=made).values_list("headline", flat=True):
        yield f"  + entry: {headline}"
    for row, before in _changed(effect, Entry):
        yield from _part(row, before, "entry")
    for row, before in _changed(effect, Link):
        yield from _part(row, before, "link")
    links = effect.created.get("newsletter.link", ())
    for label, url in Link.objects.filter(pk__in=links).values_list("label", "url"):
        yield f"  + link: {label} {url}"


def _changed(effect: Effect, model: type[models.Model]) -> Iterator[tuple[Any, dict]]:
    yield from effect.changed.get(model._meta.label_lower, {}).values()


def _part(row: Any, before: dict, name: str) -> Iterator[str]:
    words = row.headline if name == "entry" else f"{row.label} {row.url}"
    if "withdrawn_at" in before:
        sign, what = ("-", "withdrawn") if row.withdrawn_at else ("+", "restored")
        yield f"  {sign} {name} {what}: {words}"
        return
    lines = list(_fields(row, before))
    if lines:
        yield f"  ~ {name}: {words}"
        yield from (f"  {line}" for line in lines)


def _fields(row: models.Model, before: dict) -> Iterator[str]:
    for name, old in before.items():
        if name in NOT_SHOWN:
            continue
        new = getattr(row, name)
        if name == "markdown":
            yield from _text(old, new)
        else:
            yield f"  {name}: {_short(old)} -> {_short(new)}"


def _text(old: str, new: str) -> Iterator[str]:
    lines = list(unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm=""))[2:]
    for line in lines[:LINES_OF_TEXT]:
        yield f"  {_short(line) if line.startswith('@@') else line}"
    if len(lines) > LINES_OF_TEXT:
        yield f"  … and {len(lines) - LINES_OF_TEXT} more lines"


def _short(value: object) -> str:
    text = "nothing" if value in (None, "", []) else str(value)
    return text if len(text) <= 100 else f"{text[:100]}…"
