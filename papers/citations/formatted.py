"""Citations as a style prints them: by citeproc-py and the released style files beside us."""

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from html import escape, unescape
from pathlib import Path
from threading import Lock
from typing import Any

import nh3
from django.utils.html import strip_tags

from papers.citations.citation import Citation
from papers.citations.csl import Item, csl_item
from papers.citations.names import OTHERS, Name, split_name

FOLDER = Path(__file__).parent / "styles"
# No style shows more than 20 and the last.
MOST_AUTHORS = 30
_SHOWN_MARKUP = {"b", "i", "sub", "sup", "u"}
_KNOWN = frozenset(
    {
        *("id", "type", "title", "author", "issued", "container-title", "publisher", "genre"),
        *("volume", "issue", "page", "DOI", "URL", "archive", "archive_location"),
    }
)
# The library knows no "punctuation-in-quote", which American styles ask for.
_AMERICAN = ((re.compile(r"([?!]”)\."), r"\1"), (re.compile(r"”([.,])"), r"\1”"))
# Words that are left standing when what they speak of, such as a date of access, is not known.
_LEFT_OVER = (
    (re.compile(r"\bRetrieved (?=http)"), ""),
    (re.compile(r" Released\.(?= |$)"), ""),
    (re.compile(r"\bPreprint at (?=\()"), "Preprint "),
)
# Neither does it see a full stop behind what ends a sentence already.
_FULL_STOPS = (
    (re.compile(r"([?!](?:</[a-z]+>)?)\.(?=\s|$)"), r"\1"),
    (re.compile(r"(?<!\.)\.(</[a-z]+>)?\.(?!\.)"), r".\1"),
)
_STAND_INS = str.maketrans("<>", "\ue000\ue001")
_ENTITIES = ("&lt;", "&gt;")
_QUOTES = (("“", "”"), ("‘", "’"))
_NUMBER = re.compile(r"^(?:\[1\]|1\.)\s*")
_SPACES = re.compile(r" {2,}")


@dataclass(frozen=True, slots=True)
class Style:
    """A style on offer; `locale` is whose quotation marks and terms it is printed with."""

    name: str
    label: str
    file: str
    locale: str = "en-US"
    # The library overlooks a name's own `initialize="false"`; then the whole style goes without.
    keeps_given_names: bool = False


STYLES = {
    style.name: style
    for style in (
        Style("apa", "APA", "apa"),
        Style("chicago", "Chicago", "chicago-author-date", keeps_given_names=True),
        Style("harvard", "Harvard", "harvard-cite-them-right", locale="en-GB"),
        Style("ieee", "IEEE", "ieee"),
        Style("nature", "Nature", "nature"),
    )
}
DEFAULT_STYLE = "apa"
# Styles and their formatter are one mutable tree in the library.
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Formatted:
    """A citation as text, and as HTML with nothing but italics and the like."""

    text: str
    html: str


def formatted(citation: Citation, style: str = DEFAULT_STYLE) -> Formatted:
    """What styles print of a work depends on this much of it; of thousands of authors on few."""
    authors = citation.authors
    if len(authors) > MOST_AUTHORS:
        authors = (*authors[: MOST_AUTHORS - 1], authors[-1])
    return _formatted(replace(citation, authors=authors, notes=(), abstract=None), style)


@lru_cache(maxsize=2_000)
def _formatted(citation: Citation, style: str) -> Formatted:
    item = _item(citation)
    html = _rendered(item, style)
    title = escape(item["title"], quote=False).lower()
    if "author" not in item and html.lower().count(title) > 1:
        # Where a title stands for the author the library prints it a second time.
        quotes = next((marks for marks in _QUOTES if marks[0] + title in html.lower()), ("", ""))
        html = _rendered(_with_title_as_author(item, quotes), style)
    text = _with_brackets(unescape(strip_tags(html)), "<>")
    return Formatted(text, _with_brackets(html, _ENTITIES))


def bibliography(citations: Iterable[Citation], style: str) -> Iterable[str]:
    """One line a work, in the order given."""
    return (f"{formatted(citation, style).text}\n" for citation in citations)


def _item(citation: Citation) -> Item:
    known = {key: value for key, value in csl_item(citation).items() if key in _KNOWN}
    names = [_shown_name(name) for name in known.pop("author", [])]
    return _without_brackets({**known, **({"author": names} if names else {})})


def _without_brackets(value: Any) -> Any:
    """To the library <i> in a title is markup; to us it is what somebody printed."""
    if isinstance(value, dict):
        return {key: _without_brackets(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_brackets(inner) for inner in value]
    return value.translate(_STAND_INS) if isinstance(value, str) else value


def _with_brackets(text: str, brackets: Sequence[str]) -> str:
    return text.replace("\ue000", brackets[0]).replace("\ue001", brackets[1])


def _shown_name(parts: dict[str, str]) -> dict[str, str]:
    """Initials and turned names are for scripts with capitals; others stay as printed."""
    if parts.get("literal") == OTHERS.literal:
        return {"literal": "others"}
    name = Name(**parts)
    if name.literal or any(char.islower() or char.isupper() for char in name.given):
        return parts
    return {"literal": name.printed if split_name(name.printed) == name else name.sorted}


def _with_title_as_author(item: Item, quotes: Sequence[str]) -> Item:
    others = {key: value for key, value in item.items() if key != "title"}
    return {**others, "author": [{"literal": item["title"].join(quotes)}]}


def _rendered(item: Item, name: str) -> str:
    from citeproc import Citation as Cited
    from citeproc import CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    style = STYLES[name]
    with _lock, warnings.catch_warnings():
        # It tells of fields no style has; nothing here follows from that.
        warnings.simplefilter("ignore")
        loaded = _loaded(name)
        shelf = CitationStylesBibliography(loaded, CiteProcJSON([item]), formatter.html)
        shelf.register(Cited([CitationItem(item["id"])]))
        text = str(shelf.bibliography()[0])
    return nh3.clean(_mended(text, style), tags=_SHOWN_MARKUP, attributes={})


@cache
def _loaded(name: str) -> Any:
    """Read when first asked for; a style takes a hundredth of a second and some megabytes."""
    from citeproc import CitationStylesStyle

    style = STYLES[name]
    loaded = CitationStylesStyle(
        str(FOLDER / f"{style.file}.csl"), locale=style.locale, validate=False
    )
    if style.keeps_given_names:
        loaded.root.attrib.pop("initialize-with", None)
    return loaded


def _mended(text: str, style: Style) -> str:
    text = _NUMBER.sub("", text)
    quotes = _AMERICAN if style.locale == "en-US" else ()
    for pattern, replacement in (*_LEFT_OVER, *quotes, *_FULL_STOPS):
        text = pattern.sub(replacement, text)
    return _SPACES.sub(" ", text).strip()
