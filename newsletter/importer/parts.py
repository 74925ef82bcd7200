"""What an issue's text holds, brought in step with the text: sections, entries, links, images."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from imports.effects import Effect
from markup.slugs import slugify, unique_slug
from markup.text import clean_line, clean_text
from markup.urls import clean_url
from newsletter.identity import Pair, Traits, pair_by_keys, pair_entries
from newsletter.models import Entry, Image, Issue, Link, Section
from newsletter.numbering import folded
from newsletter.reader import ReadEntry, ReadImage, ReadIssue, ReadLink, ReadSection
from newsletter.reading import Reading
from papers.cataloguing import Mention, papers_for
from papers.identifiers import identify
from papers.models import Paper, Topic

# What is unsure about an entry, for maintainers.
PLACED_BY_GUESS = "After an edit, taken for the same entry by its place alone."


@dataclass(slots=True)
class Parts:
    """One issue's parts, while they are brought in step with one reading of its text."""

    issue: Issue
    reading: Reading
    effect: Effect
    sections: list[Section] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    @property
    def read(self) -> ReadIssue:
        assert self.reading.issue is not None  # noqa: S101 -- checked by `save_parts`
        return self.reading.issue


def save_parts(issue: Issue, reading: Reading, effect: Effect) -> list[Entry]:
    """Create, change, withdraw and restore parts until they say what was read; the entries."""
    if reading.issue is None:
        return list(issue.entries.standing())  # not read: what was read before still holds
    parts = Parts(issue, reading, effect)
    topics = _topics(parts)
    anchors = {*issue.sections.values_list("anchor", flat=True)}
    anchors |= {*issue.entries.values_list("anchor", flat=True)}
    old_sections = list(issue.sections.order_by("withdrawn_at", "position", "pk"))
    section_ids = _save_sections(parts, old_sections, topics, anchors)
    _save_entries(parts, topics, anchors, section_ids)
    effect.save_changes(Section)
    effect.save_changes(Entry)
    _save_links(parts)
    _save_images(parts)
    return parts.entries


def _topics(parts: Parts) -> dict[str | None, Topic | None]:
    slugs = {part.topic for part in (*parts.read.sections, *parts.read.entries)} - {None}
    topics: dict[str | None, Topic | None] = {None: None}
    topics |= {topic.slug: topic for topic in Topic.objects.filter(slug__in=slugs)}
    new = [
        Topic(slug=slug, name=slug.replace("-", " ").capitalize(), position=place)
        for place, slug in enumerate(sorted(slugs - topics.keys()), start=Topic.objects.count())
    ]
    parts.effect.create(new)
    return topics | {topic.slug: topic for topic in new}


def _anchor(text: str, taken: set[str]) -> str:
    anchor = unique_slug(slugify(text), taken)
    taken.add(anchor)
    return anchor


def _save_sections(
    parts: Parts, old: Sequence[Section], topics: dict, anchors: set[str]
) -> dict[int, int]:
    """Save sections; for each old section's id, the id of what it is now."""
    read = parts.read.sections
    pairs = {
        new: old[place]
        for place, new in pair_by_keys(
            # A renamed heading keeps its place, but only if it stood there.
            [(*_heading_keys(s), None if s.withdrawn_at else (s.position, s.level)) for s in old],
            [(*_heading_keys(s), (s.position, s.level)) for s in read],
        )
    }
    created = []
    for place, section in enumerate(read):
        values = {
            "heading": section.heading,
            "level": section.level,
            "position": section.position,
            "topic": topics[section.topic],
        }
        row = pairs.get(place)
        if row is None:
            row = Section(
                issue=parts.issue, anchor=_anchor(section.heading or "section", anchors), **values
            )
            created.append(row)
        else:
            parts.effect.change(row, withdrawn_at=None, **values)
        parts.sections.append(row)
    parts.effect.create(created)
    _withdraw(parts.effect, set(old) - set(parts.sections))
    return {row.pk: row.pk for row in parts.sections}


def _heading_keys(section: Section | ReadSection) -> tuple[tuple[str, int], str]:
    return (folded(section.heading), section.level), folded(section.heading)


def _withdraw(effect: Effect, rows: Iterable) -> None:
    now = timezone.now()
    for row in rows:
        if row.withdrawn_at is None:
            effect.change(row, withdrawn_at=now)


def _link_key(url: str) -> str:
    identity = identify(url)
    return str(identity) if identity else url


def _traits_of_row(row: Entry, links: Iterable[Link], section_ids: dict[int, int]) -> Traits:
    stands = row.withdrawn_at is None
    told = [link for link in links if link.withdrawn_at is None or not stands]
    primary = {_link_key(link.url) for link in told if link.role == Link.Role.PRIMARY}
    section = section_ids.get(row.section_id, row.section_id)
    return Traits(folded(row.headline), frozenset(primary), section, stands)


def _traits_of_read(entry: ReadEntry, sections: Sequence[Section]) -> Traits:
    primary = {_link_key(link.url) for link in entry.links if link.role == "primary"}
    section = None if entry.section is None else sections[entry.section].pk
    return Traits(folded(entry.headline), frozenset(primary), section)


def _save_entries(
    parts: Parts, topics: dict, anchors: set[str], section_ids: dict[int, int]
) -> None:
    old = list(parts.issue.entries.prefetch_related("links").order_by("position", "pk"))
    old.sort(key=lambda entry: entry.withdrawn_at is not None)
    pairs: dict[int, Pair] = {
        pair.new: pair
        for pair in pair_entries(
            [_traits_of_row(entry, entry.links.all(), section_ids) for entry in old],
            [_traits_of_read(entry, parts.sections) for entry in parts.read.entries],
        )
    }
    created = []
    for place, entry in enumerate(parts.read.entries):
        values = _entry_values(parts, entry, place, topics)
        pair = pairs.get(place)
        if pair is None:
            row = _new_entry(parts, entry, values, anchors)
            created.append(row)
        else:
            row = old[pair.old]
            _change_entry(parts.effect, row, values, entry, sure=pair.sure)
        parts.entries.append(row)
    parts.effect.create(created)
    _withdraw(parts.effect, set(old) - set(parts.entries))


def _entry_values(parts: Parts, entry: ReadEntry, place: int, topics: dict) -> dict[str, object]:
    return {
        "section": None if entry.section is None else parts.sections[entry.section],
        "topic": topics[entry.topic],
        "kind": entry.kind,
        "headline": clean_line(entry.headline),
        "markdown": clean_text(entry.markdown),
        "html": parts.reading.entry_html[place],
        "position": entry.position,
    }


def _new_entry(parts: Parts, entry: ReadEntry, values: dict, anchors: set[str]) -> Entry:
    return Entry(
        issue=parts.issue,
        anchor=_anchor(values["headline"], anchors),
        needs_review=bool(entry.unsure),
        review_note="\n".join(entry.unsure) or None,
        **values,
    )


def _change_entry(effect: Effect, row: Entry, values: dict, read: ReadEntry, *, sure: bool) -> None:
    if "markdown" in row.locked_fields:
        del values["html"]  # it belongs to the text edited by hand
    before = (row.headline, row.markdown, row.kind)
    effect.change(row, withdrawn_at=None, **values)
    if before == (row.headline, row.markdown, row.kind):
        return
    doubts = [*read.unsure, *([] if sure else [PLACED_BY_GUESS])]
    known = (row.review_note or "").splitlines()
    new = [doubt for doubt in doubts if doubt not in known]
    if new:
        effect.change(row, needs_review=True, review_note="\n".join([*known, *new]))


def _placed(parts: Parts, name: str) -> list[tuple[Entry | None, ReadLink | ReadImage]]:
    """Links or images of all entries and outside of them, in the order of the text."""
    found = [(None, part) for part in getattr(parts.read, name)]
    for row, entry in zip(parts.entries, parts.read.entries, strict=True):
        found += [(row, part) for part in getattr(entry, name)]
    return sorted(found, key=lambda place: place[1].position)


def _save_links(parts: Parts) -> None:
    old = list(parts.issue.links.order_by("withdrawn_at", "position", "pk"))
    old.sort(key=lambda link: link.withdrawn_at is not None)
    placed = _placed(parts, "links")
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
        values = {"entry": entry, "position": link.position, "role": link.role}
        values |= _address_values(link, paper)
        row = pairs.get(place)
        if row is None:
            row = Link(issue=parts.issue, **values)
            created.append(row)
        else:
            parts.effect.change(row, withdrawn_at=None, **values)
        parts.links.append(row)
    _withdraw(parts.effect, set(old) - {row for row in parts.links if row.pk})
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


def _address_values(link: ReadLink, paper: Paper | None) -> dict[str, object]:
    identity = identify(link.url) if paper else None
    fragment = identity.fragment if identity else None
    version = (identity.version or "").removeprefix("v") if identity else ""
    longest = Link._meta.get_field("fragment").max_length
    return {
        "url": clean_text(link.url),
        "href": clean_url(link.url),
        "label": clean_line(link.label),
        "paper": paper,
        "fragment": fragment if fragment and len(fragment) <= longest else None,
        "version": int(version) if version.isdecimal() else None,
    }


def _save_images(parts: Parts) -> None:
    old = list(parts.issue.images.order_by("position", "pk"))
    old.sort(key=lambda image: image.withdrawn_at is not None)
    placed = _placed(parts, "images")
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
    _withdraw(parts.effect, set(old) - {row for row in rows if row.pk})
    parts.effect.save_changes(Image)
    parts.effect.create(created)
