"""What an issue's text holds, brought in step with the text: sections, entries, links, images."""

from collections.abc import Hashable, Iterable, Sequence

from imports.effects import Effect
from markup.slugs import slugify, unique_slug
from markup.text import clean_line, clean_text
from newsletter.identity import Pair, Traits, pair_by_keys, pair_entries
from newsletter.importer.links import save_images, save_links
from newsletter.importer.working import Parts, withdraw
from newsletter.models import Entry, Issue, Link, Section
from newsletter.numbering import folded
from newsletter.reader import ReadEntry, ReadSection
from newsletter.reader.publications import topic_place
from newsletter.reading import Reading
from papers.identifiers import identify
from papers.models import Topic

# What is unsure about an entry, for maintainers.
PLACED_BY_GUESS = "After an edit, taken for the same entry by its place alone."


def save_parts(issue: Issue, reading: Reading, effect: Effect) -> list[Entry]:
    """Create, change, withdraw and restore parts until they say what was read; the entries."""
    if reading.issue is None:
        return list(issue.entries.standing())  # not read: what was read before still holds
    parts = Parts(issue, reading, effect)
    topics = _topics(parts)
    anchors = {*issue.sections.values_list("anchor", flat=True)}
    anchors |= {*issue.entries.values_list("anchor", flat=True)}
    old_sections = list(issue.sections.select_related("topic").order_by("position", "pk"))
    old_sections.sort(key=lambda section: section.withdrawn_at is not None)
    _save_sections(parts, old_sections, topics, anchors)
    _save_entries(parts, topics, anchors)
    effect.save_changes(Section)
    effect.save_changes(Entry)
    save_links(parts)
    save_images(parts)
    return parts.entries


def _topics(parts: Parts) -> dict[str | None, Topic | None]:
    told = [section.topic for section in parts.read.sections]
    told += [entry.topic for entry in parts.read.entries]
    slugs = {topic for topic in told if topic is not None}
    topics: dict[str | None, Topic | None] = {None: None}
    topics |= {topic.slug: topic for topic in Topic.objects.filter(slug__in=slugs)}
    new = [
        Topic(slug=slug, name=slug.replace("-", " ").capitalize(), position=topic_place(slug))
        for slug in sorted(slugs - topics.keys())
    ]
    parts.effect.create(new)
    return topics | {topic.slug: topic for topic in new}


def _anchor(text: str, taken: set[str]) -> str:
    anchor = unique_slug(slugify(text), taken)
    taken.add(anchor)
    return anchor


def _save_sections(parts: Parts, old: Sequence[Section], topics: dict, anchors: set[str]) -> None:
    read = parts.read.sections
    pairs = {
        new: old[place]
        for place, new in pair_by_keys(
            [
                _section_keys(s, s.topic.slug if s.topic else None, stands=s.withdrawn_at is None)
                for s in old
            ],
            [_section_keys(s, s.topic, stands=True) for s in read],
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
    withdraw(parts.effect, set(old) - set(parts.sections))


def _section_keys(
    section: Section | ReadSection, topic: str | None, *, stands: bool
) -> tuple[Hashable, ...]:
    heading, level = folded(section.heading), section.level
    # A renamed heading is known by its topic, or by its place, but only if it stood there.
    return (
        (heading, level),
        heading,
        ("topic", topic, level) if stands and topic else None,
        ("place", section.position, level) if stands else None,
    )


def _link_key(url: str) -> str:
    identity = identify(url)
    return str(identity) if identity else url


def _traits_of_row(row: Entry, links: Iterable[Link]) -> Traits:
    stands = row.withdrawn_at is None
    told = [link for link in links if link.withdrawn_at is None or not stands]
    primary = {_link_key(link.url) for link in told if link.role == Link.Role.PRIMARY}
    return Traits(folded(row.headline), frozenset(primary), row.section_id, stands)


def _traits_of_read(entry: ReadEntry, sections: Sequence[Section]) -> Traits:
    primary = {_link_key(link.url) for link in entry.links if link.role == "primary"}
    section = None if entry.section is None else sections[entry.section].pk
    return Traits(folded(entry.headline), frozenset(primary), section)


def _save_entries(parts: Parts, topics: dict, anchors: set[str]) -> None:
    old = list(parts.issue.entries.prefetch_related("links").order_by("position", "pk"))
    old.sort(key=lambda entry: entry.withdrawn_at is not None)
    pairs: dict[int, Pair] = {
        pair.new: pair
        for pair in pair_entries(
            [_traits_of_row(entry, entry.links.all()) for entry in old],
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
    withdraw(parts.effect, set(old) - set(parts.entries))


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
