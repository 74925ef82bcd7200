"""Bookmarks as browsers, linkding, Pocket and Pinboard export them (Netscape's format), by lxml."""

from collections.abc import Iterator

from lxml import etree

from markup.text import clean_line
from papers.identifiers import identify, looks_like_paper
from papers.models import Paper
from papers.references.reference import Aside, Problem, Record, Reference, checked

_SHOWN = 200
MOST_LINKS = 200_000


def read_bookmarks(text: str) -> Iterator[Record]:
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    # As bytes: lxml takes no text with a declaration of its encoding in it.
    root = etree.fromstring(text.encode(), parser=parser)
    if root is None:
        return
    folders: list[str] = []
    lines = text.split("\n")
    waiting: Reference | None = None
    for number, node in enumerate(root.iter("a", "h3", "dd", "dl")):
        if number > MOST_LINKS:
            yield Problem(node.sourceline or 0, f"more than {MOST_LINKS:,} links")
            return
        if node.tag == "dd" and waiting is not None:
            if (said := _own_text(node)) and said not in waiting.notes:
                waiting.notes = (*waiting.notes, said)
            continue
        if node.tag == "h3":
            folders = [*_open_folders(node, folders), clean_line("".join(node.itertext()))]
        if node.tag != "a" or node.get("href") is None:
            continue
        if waiting is not None:
            yield checked(waiting)
        waiting, other = _bookmark(node, lines, folders)
        if other is not None:
            yield other
    if waiting is not None:
        yield checked(waiting)
    if fatal := [error for error in parser.error_log if error.level_name == "FATAL"]:
        error = fatal[0]
        yield Problem(error.line, f"the rest cannot be read: {clean_line(error.message)[:200]}")


def _bookmark(node, lines: list[str], folders: list[str]) -> tuple[Reference | None, Aside | None]:
    address = node.get("href").strip()
    line = node.sourceline or 0
    raw = lines[line - 1].strip() if 0 < line <= len(lines) else address
    identity = identify(address)
    if identity is None:
        return None, Aside(line, f"no web address: {clean_line(address)[:_SHOWN]}", raw)
    title = clean_line("".join(node.itertext()))
    is_paper = looks_like_paper(address)
    tags = [tag.strip() for tag in (node.get("tags") or "").split(",")]
    return Reference(
        line=line,
        raw=raw,
        type="bookmark",
        kind=Paper.Kind.PAPER if is_paper else Paper.Kind.POST,
        title=title,
        title_is_provisional=True,
        identifiers=(identity,),
        url=address,
        keywords=tuple(filter(None, [*tags, *folders[-1:]])),
        is_any_address=not is_paper,
    ), None


def _own_text(node) -> str:
    """What stands in a description itself, not in the lists a browser nests into it."""
    return clean_line(node.text or "")


def _open_folders(node, folders: list[str]) -> list[str]:
    depth = sum(1 for parent in node.iterancestors("dl"))
    return folders[: max(0, depth - 1)]
