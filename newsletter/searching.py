"""What of an entry can be searched: its headline and what the newsletter says."""

import re
from collections.abc import Iterator, Sequence
from html import unescape

from django.utils.html import strip_tags

from fulltext import registry
from fulltext.registry import Document, Kind
from newsletter.models import Entry

# Before its caption a figure only names itself, and the host it is on.
_IMAGE = re.compile(r"<figure\b.*?(?=<figcaption|</figure)", re.DOTALL)


def register() -> None:
    registry.register(Kind("entry", 2, Entry, documents))


def documents(keys: Sequence[object]) -> Iterator[Document]:
    rows = Entry._base_manager.filter(pk__in=keys).values_list("pk", "headline", "html")
    for pk, headline, html in rows:
        yield document(pk, headline, html)


def document(key: int, headline: str, html: str) -> Document:
    # A tag ends what stands before it: list items and paragraphs are printed without spaces.
    text = unescape(strip_tags(_IMAGE.sub(" ", html).replace("<", " <")))
    return Document(key=key, title=(headline,), body=(text,))
