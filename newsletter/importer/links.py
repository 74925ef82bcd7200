"""The links and images of an issue, brought in step with its text."""

from collections.abc import Callable, Sequence
from typing import Any

from markup.text import clean_line, clean_text
from markup.urls import clean_url
from newsletter.identity import pair_by_keys
from newsletter.importer.working import Parts, withdraw
from newsletter.models import Entry, Image, Link
from newsletter.reader import ReadEntry, ReadImage, ReadLink
from papers.cataloguing import Mention, papers_for
from papers.identifiers import identify
from papers.models import Paper


def _placed[Part: (ReadLink, ReadImage)](
    parts: Parts, outside: Sequence[Part], of: Callable[[ReadEntry], Sequence[Part]]
) -> list[tuple[Entry | None, Part]]:
    """Links or images of all entries and outside of them, in the order of the text."""
    found: list[tuple[Entry | None, Part]] = [(None, part) for part in outside]
    for row, entry in zip(parts.entries, parts.read.entries, strict=True):
        found += [(row, part) for part in of(entry)]
    return sorted(found, key=lambda place: place[1].position)


LONGEST_FRAGMENT = 500


def save_links(parts: Parts) -> None:
    old = list(parts.issue.links.order_by("withdrawn_at", "position", "pk"))
    old.sort(key=lambda link: link.withdrawn_at is not None)
    placed = _placed(parts, parts.read.links, lambda entry: entry.links)
    latest = Paper.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    papers = papers_for([_mention(row, link) for row, link in placed])
    new_papers = {paper.pk: paper for paper in papers if paper is not None and paper.pk > latest}
    parts.effect.note_created(new_papers.values())
    pairs = {
        new: old[place]
        for place, new in pair_by_keys(
            [_link_keys(link.entry_id, link, link.withdrawn_at is None) for link in old],
            [_link_keys(row.pk if row else None, link, True) for row, link in placed],
        )
    }
    created = []
    for place, ((entry, link), paper) in enumerate(zip(placed, papers, strict=True)):
        values: dict[str, Any] = {"entry": entry, "position": link.position, "role": link.role}
        values |= _address_values(link, paper)
        row = pairs.get(place)
        if row is None:
            row = Link(issue=parts.issue, **values)
            created.append(row)
        else:
            parts.effect.change(row, withdrawn_at=None, **values)
        parts.links.append(row)
    withdraw(parts.effect, set(old) - {row for row in parts.links if row.pk})
    parts.effect.save_changes(Link)
    parts.effect.create(created)


def _mention(entry: Entry | None, link: ReadLink) -> Mention:
    words = entry.headline if entry and link.role == "primary" else ""
    return Mention(url=link.url, label=link.label, words=words, role=link.role)


def _link_keys(entry: int | None, link: Link | ReadLink, standing: bool) -> tuple:
    url, label = clean_text(link.url), clean_line(link.label)
    return (
        (entry, url, label),
        (entry, url),
        (url, label),
        # The same words in the same entry, pointing elsewhere now.
        (entry, label, link.role) if standing and entry is not None else None,
    )


def _address_values(link: ReadLink, paper: Paper | None) -> dict[str, Any]:
    identity = identify(link.url) if paper else None
    fragment = identity.fragment if identity else None
    version = (identity.version or "").removeprefix("v") if identity else ""
    return {
        "url": clean_text(link.url),
        "href": clean_url(link.url),
        "label": clean_line(link.label),
        "paper": paper,
        "fragment": fragment if fragment and len(fragment) <= LONGEST_FRAGMENT else None,
        "version": int(version) if version.isdecimal() else None,
    }


def save_images(parts: Parts) -> None:
    old = list(parts.issue.images.order_by("position", "pk"))
    old.sort(key=lambda image: image.withdrawn_at is not None)
    placed = _placed(parts, parts.read.images, lambda entry: entry.images)
    pairs = {
        new: old[place]
        for place, new in pair_by_keys(
            [((i.entry_id, i.url, i.alt), (i.entry_id, i.url), i.url) for i in old],
            [
                ((row.pk if row else None, i.url, i.alt), (row.pk if row else None, i.url), i.url)
                for row, i in placed
            ],
        )
    }
    rows, created = [], []
    for place, (entry, image) in enumerate(placed):
        values = {
            "entry": entry,
            "position": image.position,
            "url": clean_text(image.url),
            "href": clean_url(image.url),
            "link_url": clean_text(image.link_url) if image.link_url else None,
            "alt": clean_line(image.alt),
            "caption": clean_line(image.caption) if image.caption else None,
        }
        row = pairs.get(place)
        if row is None:
            row = Image(issue=parts.issue, **values)
            created.append(row)
        else:
            parts.effect.change(row, withdrawn_at=None, **values)
        rows.append(row)
    withdraw(parts.effect, set(old) - {row for row in rows if row.pk})
    parts.effect.save_changes(Image)
    parts.effect.create(created)
