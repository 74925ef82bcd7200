"""A list as Markdown that reads well in any editor, and can be read in again.

The list is a heading of the first level, sections of the second, items of the third; headings in
people's own texts stand three levels lower, and notes are quotations that end with their author.
"""

import re
from collections.abc import Iterator

from markup.text import clean_line, clean_text
from markup.urls import clean_url
from papers.citations.citation import Citation
from papers.citations.csl import landing_page
from papers.citations.markdown import escape_markdown, facts_of, link_target
from readinglists.contents import Part
from readinglists.exporting.citing import Values, citation_of, kind_of, said_by, standing_parts
from readinglists.exporting.source import Source

LOWERED = 3
NOT_AVAILABLE = "No longer available"
_HEADING = re.compile(r"^( {0,3})(#+)(?=\s|$)", re.MULTILINE)


def write_markdown(source: Source) -> Iterator[str]:
    head = source.head
    yield f"# {escape_markdown(clean_line(head['title']))}\n\n{_about(source)}\n"
    yield _prose(head["description"])
    for part in standing_parts(source.parts):
        yield "\n" + (_section(part) if part.kind == "section" else _item(part.values))


def _about(source: Source) -> str:
    head = source.head
    licence = head["notes_licence"]
    facts = [
        f"A reading list by {escape_markdown(head['owner'])}",
        f"language: {escape_markdown(head['language'])}",
        f"topic: {head['cover_topic']}" if head["cover_topic"] else "",
        f"licence of the notes: {escape_markdown(clean_line(licence))}" if licence else "",
        f"<{source.address}>" if source.address else "",
    ]
    return " · ".join(filter(None, facts))


def _section(part: Part) -> str:
    title = escape_markdown(clean_line(part.values["title"]))
    return f"## {title}\n{_prose(part.values['prose'])}"


def _prose(text: str) -> str:
    """A text as it was written, its headings below ours."""
    text = clean_text(text).strip()
    return f"\n{_HEADING.sub(rf'\g<1>{"#" * LOWERED}\g<2>', text)}\n" if text else ""


def _item(item: Values) -> str:
    citation = citation_of(item)
    notes = "".join(f"\n{_quotation(note)}" for note in item["notes"])
    if citation is None:
        return f"### {NOT_AVAILABLE}\n{notes}"
    own = clean_line(item.get("title") or "") or citation.title
    title, page = escape_markdown(own), landing_page(citation)
    heading = f"[{title}]({link_target(page)})" if page else title
    facts = _facts(item, citation)
    return f"### {heading}\n" + (f"\n{facts}\n" if facts else "") + notes


def _facts(item: Values, citation: Citation) -> str:
    kind = kind_of(item)
    names = [citation.key or ""] if kind != "url" else []
    names += [f"{scheme}:{value}" for scheme, value in citation.identifiers]
    told = attribution(item) if kind == "entry" else facts_of(citation)
    codes = " ".join(f"`{name}`" for name in names if "`" not in name)
    if kind == "url" and not clean_url(item["url"]):
        codes = f"`{item['url']}`"
    return ". ".join(filter(None, [told, codes]))


def attribution(item: Values) -> str:
    """What is taken from a newsletter, with source, authors and address."""
    entry = item["entry"]
    name, title = entry.get("publication", ""), entry.get("issue_title", "")
    facts = [
        escape_markdown(title if name.casefold() in title.casefold() else f"{name}, {title}"),
        escape_markdown(", ".join(entry.get("authors", ()))),
        entry.get("published"),
        f"<{entry['url']}>" if entry.get("url") else "",
    ]
    return "From " + ", ".join(filter(None, facts))


def _quotation(note: Values) -> str:
    words = clean_text(note["markdown"]).strip()
    lines = [*words.split("\n"), "", f"— {escape_markdown(said_by(note))}"]
    return "".join(f"> {line}".rstrip() + "\n" for line in lines)
