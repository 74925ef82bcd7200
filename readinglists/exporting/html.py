"""A list as one HTML file: no outside resources, readable without the site, fit to be printed.

Beside what is shown each part carries its values, so that the file can be read in again whole.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import orjson
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from api.resources import absolute
from markup.render import render_markdown
from markup.text import clean_line
from markup.urls import clean_url
from papers.citations.citation import Citation
from papers.citations.csl import landing_page
from papers.citations.formatted import formatted
from papers.citations.names import OTHERS, split_names
from readinglists.contents import Part
from readinglists.exporting.citing import Values, citation_of, kind_of, said_by, standing_parts
from readinglists.exporting.source import Source

STYLE = (Path(__file__).parent / "booklet.css").read_text("utf-8")
# Also for the file once it is kept: nothing in it runs, and nothing is loaded.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
AUTHORS_NAMED = 10

type WriteItem = Callable[[Values, Values], str]

# Of the site's own pages, such as papers that a note mentions.
_OWN_LINK = re.compile(r'(?<=\shref=")/(?!/)')


def write_html(source: Source) -> Iterator[str]:
    return _page(source, _item, with_values=True)


def write_bibliography(source: Source) -> Iterator[str]:
    """An annotated bibliography, each work as a style prints it."""
    return _page(source, lambda item, html: _formatted(item, html, source.style), with_values=False)


def _page(source: Source, write_item: WriteItem, *, with_values: bool) -> Iterator[str]:
    head = source.head
    title, language = escape(clean_line(head["title"])), escape(head["language"])
    values = f' data-list="{_values(head)}"' if with_values else ""
    yield (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body{values}>\n<header>\n"
        f'<h1 dir="auto">{title}</h1>\n<p class="about">{_about(source)}</p>\n'
        f"{_own(render_markdown(head['description']))}\n</header>\n<main>\n"
    )
    yield from _body(source.parts, write_item, with_values=with_values)
    yield "</main>\n</body>\n</html>\n"


def body_of(parts: Iterable[Part]) -> SafeString:
    """Sections and items for a page of the site."""
    return mark_safe("".join(_body(parts, _item, with_values=False)))  # noqa: S308 -- escaped here


def _body(parts: Iterable[Part], write_item: WriteItem, *, with_values: bool) -> Iterator[str]:
    for part in standing_parts(parts):
        if part.kind == "section":
            yield _heading(part, with_values=with_values)
        else:
            values = f' data-item="{_values(part.values)}"' if with_values else ""
            yield f"<article{values}>\n{write_item(part.values, part.html)}</article>\n"


def _about(source: Source) -> str:
    head = source.head
    facts = [f"A reading list by {escape(head['owner'])}"]
    if head["notes_licence"]:
        facts.append(f"notes: {escape(clean_line(head['notes_licence']))}")
    if source.address:
        facts.append(_link(source.address, source.address))
    return " · ".join(facts)


def _heading(part: Part, *, with_values: bool) -> str:
    values = f' data-section="{_values(part.values)}"' if with_values else ""
    prose = part.html.get(part.values["id"]) or render_markdown(part.values["prose"])
    return (
        f'<h2 dir="auto"{values}>{escape(clean_line(part.values["title"]))}</h2>\n{_own(prose)}\n'
    )


def _item(item: Values, html: Values) -> str:
    citation = citation_of(item)
    if citation is None:
        return f"<h3>No longer available</h3>\n{_notes(item, html)}"
    title = clean_line(item.get("title") or "") or citation.title
    page = landing_page(citation)
    shown = _link(page, title) if page else escape(title)
    facts = _attribution(item) if kind_of(item) == "entry" else _facts(item, citation)
    told = f'<p class="facts">{facts}</p>\n' if facts else ""
    return f'<h3 dir="auto">{shown}</h3>\n{told}{_notes(item, html)}'


def _formatted(item: Values, html: Values, style: str) -> str:
    citation = citation_of(item)
    words = formatted(citation, style).html if citation else "No longer available."
    return f'<p class="citation" dir="auto">{words}</p>\n{_notes(item, html)}'


def _facts(item: Values, citation: Citation) -> str:
    names = [name.printed for name in split_names(citation.authors) if name != OTHERS]
    more = " et al." if len(names) > AUTHORS_NAMED or OTHERS.literal in citation.authors else ""
    named = ", ".join(names[:AUTHORS_NAMED]) + more if names else ""
    facts = [named, citation.venue, str(citation.year or "")]
    facts += [f"{scheme}:{value}" for scheme, value in citation.identifiers if scheme != "url"]
    if kind_of(item) == "url" and not clean_url(item["url"]):
        facts.append(item["url"])
    return escape(" · ".join(filter(None, facts)))


def _attribution(item: Values) -> str:
    """What is taken from a newsletter, with source, authors and address."""
    entry = item["entry"]
    name, title = entry.get("publication", ""), entry.get("issue_title", "")
    facts = [
        escape(title if name.casefold() in title.casefold() else f"{name}, {title}"),
        escape(", ".join(entry.get("authors", ()))),
        escape(entry.get("published") or ""),
        _link(entry["url"], entry["url"]) if clean_url(entry.get("url") or "") else "",
    ]
    return "From " + " · ".join(filter(None, facts))


def _notes(item: Values, html: Values) -> str:
    return "".join(_note(note, html.get(note["id"])) for note in item["notes"])


def _note(note: Values, html: str | None) -> str:
    words = _own(html or render_markdown(note["markdown"]))
    footer = f"<footer>— {escape(said_by(note))}</footer>"
    return f'<blockquote dir="auto">\n{words}\n{footer}\n</blockquote>\n'


def _own(html: str) -> str:
    """Rendered text, in a file: its links to pages of this site lead there."""
    return _OWN_LINK.sub(lambda match: absolute("/"), html)


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}" rel="noopener noreferrer">{escape(words)}</a>'


def _values(values: Values) -> str:
    return escape(orjson.dumps(values).decode())
