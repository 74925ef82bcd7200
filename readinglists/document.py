"""A list as one document: all that a person may see of it, in order, in plain values.

Exports, revisions and copies are made of it. Places are no numbers here but the order itself, and
what stands on the list is told so that another instance finds it again, or can file it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from readinglists.contents import Part, parts_of
from readinglists.models import ReadingList
from readinglists.rights import Standing

FORMAT = "shortlist/list"
FORMAT_VERSION = 1

type Document = dict[str, Any]


def document_of(reading_list: ReadingList, standing: Standing) -> Document:
    return assembled(head_of(reading_list), parts_of(reading_list, standing))


def head_of(reading_list: ReadingList) -> Document:
    """What a document says of the list itself."""
    topic = reading_list.cover_topic
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "title": reading_list.title,
        "description": reading_list.description,
        "cover_topic": topic.slug if topic else None,
        "language": reading_list.language,
        "notes_licence": reading_list.notes_licence,
        "owner": str(reading_list.owner),
    }


def assembled(head: Document, parts: Iterable[Part]) -> Document:
    document = {**head, "items": [], "sections": []}
    place = document["items"]
    for part in parts:
        if part.kind == "section":
            place = []
            document["sections"].append({**part.values, "items": place})
        else:
            place.append(part.values)
    return document


def parts_in(document: Document) -> Iterator[Part]:
    """The way back."""
    yield from (Part("item", item) for item in document["items"])
    for section in document["sections"]:
        yield Part("section", {name: section[name] for name in ("id", "title", "prose")})
        yield from (Part("item", item) for item in section["items"])
