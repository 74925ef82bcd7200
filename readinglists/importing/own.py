"""Files that we wrote: JSON, JSON Lines and web pages hold a list whole, Markdown most of it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from api.renderers import dump
from api.strict_json import StrictJSONError, read_json
from imports.jsonl import UnreadableSource
from markup.text import clean_line, clean_text
from readinglists.document import FORMAT, FORMAT_VERSION
from readinglists.importing.drafts import Draft, DraftItem, DraftSection, Unread, Values
from readinglists.importing.shapes import (
    LONGEST_TEXT,
    Unfit,
    line_of,
    read_id,
    read_item,
    text_of,
)

_IS_OURS = re.compile(r'\s*\{\s*"format"\s*:\s*"shortlist/list"')
_IS_LINES = re.compile(r'\s*\{"section":(?:null|"(?:[^"\\]|\\.)*"),"id":"')
_IS_PAGE = re.compile(r'\s*<!DOCTYPE html>.{0,20000}?<body data-list="', re.DOTALL)
_IS_MARKDOWN = re.compile(r"\s*# .+\n\nA reading list by ")


def own_form(text: str) -> str | None:
    """Which of our own formats a text is in."""
    for form, pattern in (
        ("json", _IS_OURS),
        ("jsonl", _IS_LINES),
        ("html", _IS_PAGE),
        ("markdown", _IS_MARKDOWN),
    ):
        if pattern.match(text):
            return form
    return None


def read_own(text: str, form: str) -> Draft:
    return {"json": _json, "jsonl": _json_lines, "html": _page, "markdown": read_markdown}[form](
        text
    )


# --- JSON -------------------------------------------------------------------------------------
def _json(text: str) -> Draft:
    document = _parsed(text)
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise UnreadableSource("This JSON is no list of Shortlist.")
    draft = _with_head("json", document)
    places = _Places(text)
    for said in _array(document, "items"):
        draft.add(_read(said, places, None))
    for number, section in enumerate(_array(document, "sections")):
        draft.sections.append(_section(section))
        for said in _array(section, "items"):
            draft.add(_read(said, places, number))
    return draft


def _with_head(form: str, said: Any) -> Draft:
    if not isinstance(said, Mapping):
        raise UnreadableSource("The list's own fields cannot be read.")
    version = said.get("format_version")
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise UnreadableSource(
            f"This file has version {version} of the format; up to {FORMAT_VERSION} is read here."
        )
    try:
        head: Values = {
            "title": line_of(said, "title", 300),
            "description": text_of(said, "description", LONGEST_TEXT),
            "cover_topic": line_of(said, "cover_topic", 120),
            "language": line_of(said, "language", 35),
            "notes_licence": line_of(said, "notes_licence", 100),
            "owner": line_of(said, "owner", 300),
        }
    except Unfit as error:
        raise UnreadableSource(f"The list's own fields cannot be read: {error}.") from error
    return Draft(form, head, is_exact=True)


def _section(said: Any) -> DraftSection:
    try:
        if not isinstance(said, Mapping):
            raise Unfit("it is no object")
        title = line_of(said, "title", 300)
        prose = text_of(said, "prose", LONGEST_TEXT)
    except Unfit as error:
        raise UnreadableSource(f"A section cannot be read: {error}.") from error
    pk = read_id(said.get("id"))
    return DraftSection(title or "Section", prose, str(pk) if pk else None)


def _array(said: Any, name: str) -> list[Any]:
    values = said.get(name, []) if isinstance(said, Mapping) else None
    if not isinstance(values, list):
        raise UnreadableSource(f"“{name}” is no list.")
    return values


class _Places:
    """In which line of the text things stand that have ids; read in order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.line = 1

    def of(self, said: Any) -> int:
        pk = said.get("id") if isinstance(said, Mapping) else None
        found = self.text.find(f'"{pk}"', self.position) if isinstance(pk, str) else -1
        if found >= 0:
            self.line += self.text.count("\n", self.position, found)
            self.position = found
        return self.line


def _read(said: Any, places: _Places, section: int | None) -> DraftItem | Unread:
    return read_item(places.of(said), dump(said).decode(), said, section)


def _parsed(text: str) -> Any:
    try:
        return read_json(text.encode(errors="surrogatepass"))
    except StrictJSONError as error:
        raise UnreadableSource(str(error)) from error


def _json_lines(text: str) -> Draft:
    draft = Draft("jsonl", is_exact=True)
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            said = read_json(line.encode(errors="surrogatepass"))
        except StrictJSONError as error:
            draft.add(Unread(number, line, str(error)))
            continue
        title = said.get("section") if isinstance(said, Mapping) else None
        section = draft.section_of(clean_line(title)[:300] if isinstance(title, str) else "")
        draft.add(read_item(number, line, said, section))
    return draft


# --- Web pages --------------------------------------------------------------------------------
def _page(text: str) -> Draft:
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    root = etree.fromstring(text.encode(errors="replace"), parser=parser)
    if root is None:
        raise UnreadableSource("This page holds no list of Shortlist.")
    draft: Draft | None = None
    for node in root.iter("body", "h2", "article"):
        for name in ("data-list", "data-section", "data-item"):
            if (value := node.get(name)) is None:
                continue
            if name == "data-list":
                draft = _with_head("html", _parsed(value))
            elif draft is not None and name == "data-section":
                draft.sections.append(_section(_parsed(value)))
            elif draft is not None:
                draft.add(_of_page(value, node.sourceline or 0, draft))
    if draft is None:
        raise UnreadableSource("This page holds no list of Shortlist.")
    return draft


def _of_page(value: str, line: int, draft: Draft) -> DraftItem | Unread:
    section = len(draft.sections) - 1 if draft.sections else None
    try:
        said = read_json(value.encode(errors="surrogatepass"))
    except StrictJSONError as error:
        return Unread(line, value, str(error))
    return read_item(line, value, said, section)


# --- Markdown -----------------------------------------------------------------------------------
_LOWERED = re.compile(r"^( {0,3})###(#+)(?=\s|$)", re.MULTILINE)
_LINK = re.compile(r"\[(.*)\]\((\S+)\)$")
_CODE = re.compile(r"`([^`]+)`")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>#|~&!+=.)-])")
_DIGIT_ESCAPE = re.compile(r"(\d)\\(?=[.)])")
_ABOUT = re.compile(r"(language|topic|licence of the notes): (.*)")
_SIGNATURE = re.compile(r"— (.+?)(?:, brought in by .+)?$")


def read_markdown(text: str) -> Draft:
    draft = Draft("markdown")
    blocks = list(_blocks(text))
    for line, level, title, body in blocks:
        if level == 1 and not draft.head:
            about, _, description = body.strip().partition("\n\n")
            draft.head = _about(title, about) | {"description": _raised(description)}
        elif level == 2:
            draft.sections.append(DraftSection(unescaped(title)[:300], _raised(body)))
        elif level == 3:
            section = len(draft.sections) - 1 if draft.sections else None
            draft.add(_item_of(line, title, body, section))
    return draft


def _blocks(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Our headings with the lines below each."""
    level, title, start = 0, "", 0
    body: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        match = re.match(r"(#{1,3}) (.*)", line)
        if match is None:
            body.append(line)
            continue
        if level:
            yield start, level, title, "\n".join(body)
        level, title, start, body = len(match[1]), match[2].strip(), number, []
    if level:
        yield start, level, title, "\n".join(body)


def _about(title: str, about: str) -> Values:
    said: dict[str, str] = dict(
        match.group(1, 2)
        for part in about.split(" · ")
        if (match := _ABOUT.fullmatch(part.strip()))
    )
    return {
        "title": unescaped(title)[:300],
        "language": unescaped(said.get("language", "")),
        "cover_topic": said.get("topic", ""),
        "notes_licence": unescaped(said.get("licence of the notes", "")),
    }


def _item_of(line: int, heading: str, body: str, section: int | None) -> DraftItem | Unread:
    link = _LINK.fullmatch(heading)
    title = unescaped(link[1] if link else heading)
    address = link[2] if link else ""
    words = [each for each in body.split("\n") if not each.startswith(">")]
    codes = _CODE.findall(" ".join(words))
    raw = f"### {heading}\n{body}".strip()
    notes = [_quoted(each) for each in _quotations(body)]
    said: Values = {"notes": [note for note in notes if note["markdown"]]}
    key = codes[0] if codes else ""
    if title == "No longer available" and not address:
        return Unread(line, raw, "it was no longer available where it was exported", True)
    if key.startswith("entry:") and key.count(":") >= 2:
        _, issue, anchor = key.split(":", 2)
        said["entry"] = {"issue": issue, "anchor": anchor, "headline": title, "url": address}
    elif key.startswith("prize:"):
        said["prize"] = {"slug": key.removeprefix("prize:"), "name": title, "website": address}
    elif key and not key.startswith(("http:", "https:")):
        said["paper"] = {
            "citation_key": key,
            "title": title,
            "url": address,
            "identifiers": codes[1:],
        }
    else:
        said |= {"url": address or key, "title": title}
    return read_item(line, raw, said, section)


def _quotations(body: str) -> Iterator[str]:
    """The words of each quotation: one ends where a line is not quoted."""
    lines: list[str] = []
    for line in [*body.split("\n"), ""]:
        if line.startswith(">"):
            lines.append(line.removeprefix(">").removeprefix(" "))
        elif lines:
            yield "\n".join(lines)
            lines = []


def _quoted(text: str) -> Values:
    words, _, last = text.strip().rpartition("\n\n")
    signed = _SIGNATURE.fullmatch(last.strip())
    if signed is None:
        return {"markdown": text.strip(), "author": ""}
    return {"markdown": words.strip(), "author": unescaped(signed[1])}


def _raised(text: str) -> str:
    return clean_text(_LOWERED.sub(r"\1\2", text)).strip()


def unescaped(text: str) -> str:
    return clean_line(_DIGIT_ESCAPE.sub(r"\1", _ESCAPED.sub(r"\1", text)))
