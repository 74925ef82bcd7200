"""Finding the issue a record is about, and saving what the record says of it."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from imports.effects import Effect
from imports.jsonl import Line
from markup.slugs import slugify, unique_slug
from newsletter.models import Issue, IssueSource, Publication
from newsletter.numbering import folded
from newsletter.reading import Reading
from newsletter.records import Record
from papers.identifiers import canonical_url

LONGEST_ADDRESS = 1000  # of IssueSource.canonical_url


@dataclass(frozen=True, slots=True)
class Found:
    """An issue, and whether the record is the issue itself or the same issue posted elsewhere."""

    issue: Issue
    is_itself: bool
    how: str


def find_issue(record: Record, publication: Publication | None) -> Found | None:
    """By any known source id, then by address, then as a cross-post of title and number."""
    sources = IssueSource.objects.select_related("issue__publication")
    source = sources.filter(source_id=record.source_id).first() if record.source_id else None
    if source is not None:
        return Found(source.issue, not source.note, "id")
    address = address_of(record)
    if address is not None:
        source = sources.filter(canonical_url=address).first()
        if source and not numbers_differ(source.issue, record):
            return Found(source.issue, not source.note, "address")
    if twin := _twin(record, publication):
        # What has neither id nor address of its own can only be known by title and number.
        return Found(twin, record.source_id is None and address is None, "title and number")
    return None


def _twin(record: Record, publication: Publication | None) -> Issue | None:
    """The issue of the same title and number; unnumbered ones must have the same text, too."""
    twins = Issue.objects.filter(withdrawn_at=None).select_related("publication")
    if publication is not None:
        twins = twins.filter(publication=publication.pk)
    if record.number is not None:
        twins = twins.filter(number=record.number)
    elif publication is not None:
        twins = twins.filter(number=None, title=record.title, markdown=record.text)
    else:
        return None
    title = folded(record.title)
    return next((issue for issue in twins.order_by("pk") if folded(issue.title) == title), None)


def numbers_differ(issue: Issue, record: Record) -> bool:
    return None not in (issue.number, record.number) and issue.number != record.number


def address_of(record: Record) -> str | None:
    """The record's own address in its one form; a site's front page is nobody's own."""
    if record.url is None or record.url.startswith("mailto:"):
        return None
    parts = urlsplit(record.url)
    if not parts.path.strip("/") and not parts.query:
        return None
    address = canonical_url(record.url)
    return address if address and len(address) <= LONGEST_ADDRESS else None


def slug_of(record: Record, publication: Publication) -> str:
    """The last part of the issue's own address, else its title."""
    last = unquote(urlsplit(record.url or "").path).rstrip("/").rpartition("/")[2]
    last = last.removesuffix(".html").removesuffix(".htm")
    slug = slugify(last) if last.strip(". -_") else slugify(record.title)
    # "12" or "2024-03-12" names nothing by itself, and would pass for an id.
    return slug if re.search("[a-z]", slug) else f"{publication.slug}-{slug}"


def create_issue(
    record: Record, publication: Publication, reading: Reading, line: Line, effect: Effect
) -> Issue:
    issue = Issue(
        publication=publication,
        slug=unique_slug(
            slug_of(record, publication), lambda s: Issue.objects.filter(slug=s).exists()
        ),
        **_values(record, reading, line),
    )
    _settle_number(issue, record)
    effect.create([issue])
    add_source(issue, record, effect)
    return issue


def update_issue(
    issue: Issue, record: Record, reading: Reading, line: Line, effect: Effect
) -> None:
    values = _values(record, reading, line)
    if "markdown" in issue.locked_fields:
        # The text was edited by hand: what belongs to it stays; only the source is kept.
        record.warnings.append("the text was edited by hand here; the new one is kept aside")
        for name in ("markdown", "html", "reading_minutes", "highlights"):
            del values[name]
    if values["source_id"] is None:
        del values["source_id"]
    number = values.pop("number")
    if number != issue.number and "number" not in issue.locked_fields and number is not None:
        renumbered = Issue(pk=issue.pk, publication=issue.publication, number=number)
        _settle_number(renumbered, record)
        values |= {"number": renumbered.number}
        if renumbered.needs_review:
            values |= {"needs_review": True, "review_note": renumbered.review_note}
    effect.change(issue, **values)
    effect.save_changes(Issue)
    add_source(issue, record, effect)


def _values(record: Record, reading: Reading, line: Line) -> dict[str, Any]:
    return {
        "number": record.number,
        "title": record.title,
        "source_id": record.source_id,
        "source_url": record.source_url,
        "url": record.url,
        "authors": record.authors,
        "published_at": record.published_at,
        "published_raw": record.published_raw,
        "highlights": list(reading.issue.highlights) if reading.issue else [],
        "markdown": record.text,
        "html": reading.html,
        "reading_minutes": min(reading.minutes, 32_767),
        "source_record": record.json,
        "source_digest": line.sha256,
        "extra": record.extra,
    }


def _settle_number(issue: Issue, record: Record) -> None:
    """Two issues of a publication cannot have one number: the later one waits for a person."""
    others = Issue.objects.filter(
        publication=issue.publication_id, number=issue.number, withdrawn_at=None
    ).exclude(pk=issue.pk)
    if issue.number is not None and (other := others.first()):
        note = f"number {issue.number} is taken by {other.slug}; left empty"
        issue.number, issue.needs_review, issue.review_note = None, True, note
        record.warnings.append(note)


def add_source(issue: Issue, record: Record, effect: Effect, note: str = "") -> bool:
    """Remember under which id and address a record came; whether there was anything new in it."""
    address = address_of(record)
    known = IssueSource.objects.filter(canonical_url=address) if address else None
    if known is not None and known.exists():
        address = None
    is_new_id = (
        record.source_id is not None
        and not IssueSource.objects.filter(source_id=record.source_id).exists()
    )
    if not is_new_id and address is None:
        return False
    source_id = record.source_id if is_new_id else None
    effect.create([IssueSource(issue=issue, source_id=source_id, canonical_url=address, note=note)])
    return True
