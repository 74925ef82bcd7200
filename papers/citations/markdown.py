"""A list in Markdown: each work a link, with what was said about it below."""

import re

from papers.citations.citation import Citation
from papers.citations.csl import landing_page
from papers.citations.names import OTHERS, split_names

AUTHORS_NAMED = 10
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
# What makes a list, a rule or a heading of a line that begins with it.
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))", re.MULTILINE)


def markdown(citation: Citation) -> str:
    title, page = escape_markdown(citation.title), landing_page(citation)
    head = f"- [{title}]({link_target(page)})" if page else f"- {title}"
    line = ". ".join([head, facts_of(citation)]).removesuffix(". ")
    quotes = "".join(f"\n{_quoted(note)}" for note in citation.notes)
    return f"{line}\n{quotes}"


def facts_of(citation: Citation) -> str:
    """Who, where and when, as far as it is known."""
    facts = filter(None, (_authors(citation), citation.venue, _year(citation)))
    return ", ".join(map(escape_markdown, facts))


def escape_markdown(text: str) -> str:
    escaped = _SIGNS.sub(r"\\\1", text)
    return _LINE_START.sub(lambda match: f"{match[1]}{_start(match[2])}", escaped)


def _start(sign: str) -> str:
    return f"{sign}\\" if sign.isdigit() else f"\\{sign}"


def link_target(address: str) -> str:
    return address.replace("(", "%28").replace(")", "%29").replace(" ", "%20")


def _authors(citation: Citation) -> str:
    names = [name for name in split_names(citation.authors) if name != OTHERS]
    shown = ", ".join(name.printed for name in names[:AUTHORS_NAMED])
    is_cut = len(names) > AUTHORS_NAMED or any(
        name == OTHERS for name in split_names(citation.authors)
    )
    return f"{shown} et al." if shown and is_cut else shown


def _year(citation: Citation) -> str | None:
    return str(citation.year) if citation.year else None


def _quoted(note: str) -> str:
    paragraphs = escape_markdown(note).split("\n\n")
    return "\n  >\n".join(f"  > {' '.join(each.split())}" for each in paragraphs) + "\n"
