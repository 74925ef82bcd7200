"""Feeds as bytes: Atom (RFC 4287, pages by RFC 5005) and JSON Feed 1.1, of the same things.

The same feed gives the same bytes. Whatever its texts went through before, nothing in them breaks
it here: what XML cannot hold is left out (one such character, and readers drop the whole feed).
Addresses of the site's own are given whole; those of others pass `clean_url` or are left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from xml.sax.xmlreader import AttributesImpl

import orjson
from django.utils.encoding import iri_to_uri
from django.utils.xmlutils import SimplerXMLGenerator

from markup.text import clean_line, clean_text
from markup.urls import clean_url

NAMESPACE = "http://www.w3.org/2005/Atom"
JSON_FEED = "https://jsonfeed.org/version/1.1"
UNTITLED = "Untitled"
_NO_ATTRIBUTES: "AttributesImpl[str]" = AttributesImpl({})
# Of a feed with nothing in it: Atom asks for a moment, and one of now would differ every time.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    term: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One thing of a feed. `id` never changes, whatever becomes of its title and address."""

    id: str
    url: str
    title: str
    updated: datetime
    published: datetime | None = None
    summary: str = ""  # plain text
    content_html: str = ""  # sanitised
    authors: Sequence[Person] = ()
    categories: Sequence[Category] = ()
    original_url: str | None = None  # where it first appeared
    rights: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed: its own address, that of the page it belongs to, and pages around it."""

    id: str
    url: str
    self_url: str
    title: str
    subtitle: str = ""
    authors: Sequence[Person] = ()
    entries: Sequence[FeedEntry] = ()
    first_url: str | None = None
    previous_url: str | None = None
    next_url: str | None = None
    language: str = ""
    rights: str = ""
    generator: str = ""
    alternatives: Mapping[str, str] = field(default_factory=dict)  # the same feed, by media type

    @property
    def updated(self) -> datetime:
        """When the newest change in it was: by its content, never by the clock."""
        return max((entry.updated for entry in self.entries), default=NEVER)


# --- Atom -------------------------------------------------------------------------------------
def write_atom(feed: Feed) -> bytes:
    out = StringIO()
    xml = _Atom(out, "utf-8")
    xml.startDocument()
    attributes = {"xmlns": NAMESPACE}
    if feed.language:
        attributes["xml:lang"] = clean_line(feed.language)
    xml.startElement("feed", AttributesImpl(attributes))
    xml.element("id", _address(feed.id))
    xml.element("title", _title(feed.title))
    xml.optional("subtitle", clean_line(feed.subtitle))
    xml.element("updated", _moment(feed.updated))
    # Entries without authors of their own take the feed's, so it has to name one.
    xml.people(feed.authors or [Person(feed.title)])
    xml.link("alternate", feed.url, "text/html")
    xml.link("self", feed.self_url, "application/atom+xml")
    for media_type, address in feed.alternatives.items():
        xml.link("alternate", address, media_type)
    for relation in ("first", "previous", "next"):
        if address := getattr(feed, f"{relation}_url"):
            xml.link(relation, address, "application/atom+xml")
    xml.optional("rights", clean_line(feed.rights))
    xml.optional("generator", clean_line(feed.generator))
    for entry in feed.entries:
        xml.entry(entry)
    xml.endElement("feed")
    xml.endDocument()
    return out.getvalue().encode()


class _Atom(SimplerXMLGenerator):
    """Elements of Atom, each on its line."""

    def element(self, name: str, text: str | None = None, **attributes: str) -> None:
        self.ignorableWhitespace("\n")
        self.addQuickElement(name, text, attributes)

    def optional(self, name: str, text: str, **attributes: str) -> None:
        if text:
            self.element(name, text, **attributes)

    def link(self, relation: str, address: str, media_type: str) -> None:
        self.element("link", rel=relation, href=_address(address), type=media_type)

    def people(self, people: Iterable[Person]) -> None:
        for person in people:
            self.ignorableWhitespace("\n")
            self.startElement("author", _NO_ATTRIBUTES)
            self.addQuickElement("name", _title(person.name))
            if address := clean_url(person.url or ""):
                self.addQuickElement("uri", address)
            self.endElement("author")

    def entry(self, entry: FeedEntry) -> None:
        self.ignorableWhitespace("\n")
        self.startElement("entry", _NO_ATTRIBUTES)
        self.element("id", _address(entry.id))
        self.element("title", _title(entry.title))
        self.element("updated", _moment(entry.updated))
        if entry.published:
            self.element("published", _moment(entry.published))
        self.people(entry.authors)
        self.link("alternate", entry.url, "text/html")
        if original := clean_url(entry.original_url or ""):
            self.link("via", original, "text/html")
        for category in entry.categories:
            label = {"label": clean_line(category.label)} if category.label else {}
            self.element("category", term=clean_line(category.term), **label)
        self.optional("rights", clean_line(entry.rights))
        self.optional("summary", clean_text(entry.summary))
        self.optional("content", clean_text(entry.content_html), type="html")
        self.endElement("entry")


# --- JSON Feed --------------------------------------------------------------------------------
def write_json_feed(feed: Feed) -> bytes:
    body = {
        "version": JSON_FEED,
        "title": _title(feed.title),
        "home_page_url": _address(feed.url),
        "feed_url": _address(feed.self_url),
        "description": clean_line(feed.subtitle),
        "next_url": _address(feed.next_url) if feed.next_url else None,
        "authors": _people(feed.authors),
        "language": clean_line(feed.language),
        "items": [_item(entry) for entry in feed.entries],
    }
    kept = {name: value for name, value in body.items() if value or name == "items"}
    return orjson.dumps(kept, option=orjson.OPT_INDENT_2) + b"\n"


def _item(entry: FeedEntry) -> dict[str, Any]:
    content = clean_text(entry.content_html)
    summary = clean_text(entry.summary)
    item = {
        "id": _address(entry.id),
        "url": _address(entry.url),
        "external_url": clean_url(entry.original_url or ""),
        "title": _title(entry.title),
        "content_html": content,
        # An item has one of the two contents, whatever else it lacks.
        "content_text": "" if content else summary or _title(entry.title),
        "summary": summary,
        "date_published": _moment(entry.published) if entry.published else None,
        "date_modified": _moment(entry.updated),
        "authors": _people(entry.authors),
        "tags": [clean_line(category.label or category.term) for category in entry.categories],
    }
    return {name: value for name, value in item.items() if value}


def _people(people: Iterable[Person]) -> list[dict[str, str]]:
    return [
        {"name": _title(person.name), **({"url": address} if address else {})}
        for person in people
        for address in [clean_url(person.url or "")]
    ]


# --- What both need ---------------------------------------------------------------------------
def _title(text: str) -> str:
    return clean_line(text) or UNTITLED


def _address(address: str) -> str:
    """An address of ours as a URI: letters beyond ASCII escaped, and what no address may hold."""
    return iri_to_uri("".join(clean_text(address).split())).translate(_NOT_IN_ADDRESSES)


_NOT_IN_ADDRESSES = str.maketrans({char: f"%{ord(char):02X}" for char in '"<>\\^`{|}'})


def _moment(moment: datetime) -> str:
    utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return f"{utc.replace(tzinfo=None).isoformat(timespec='seconds')}Z"
